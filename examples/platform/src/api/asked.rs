//! What a request asks about access and traffic. Creation, connect and reset read it the same way.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Network {
    #[serde(rename = "allowPublicTraffic", default, deserialize_with = "even_null")]
    pub(super) allow_public_traffic: Option<Value>,
}

/// `null` is falsy, and differs from absent.
pub(super) fn even_null<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// Only `false` leaves the sandbox open.
pub(super) fn is_secure(value: &Value) -> bool {
    *value != Value::Bool(false)
}

/// Anything but `false`, `null`, `0` and `""`.
pub(super) fn is_public(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}
