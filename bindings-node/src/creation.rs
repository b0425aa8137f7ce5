//! The decision when a sandbox is created.

use crate::arguments::{Name, maybe_flag, maybe_presented};
use crate::class::{Arguments, Functions};
use crate::host::{Answer, Env};
use crate::properties::Properties;
use alloc::string::String;
use sandgate::creation::{self, Options};

/// Returns which credentials a new sandbox gets, or why it is not created.
pub(crate) fn decide<'c>(
    env: Env<'c>,
    _: &Functions,
    &[secure, allow_public_traffic, envd_version, restricted_by_default, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let mut buffer = Name::new();
    let envd_version = maybe_presented(envd_version, &mut buffer, "envdVersion")?;
    let options = Options {
        secure: maybe_flag(secure, "secure")?,
        allow_public_traffic: maybe_flag(allow_public_traffic, "allowPublicTraffic")?,
        restricted_by_default: maybe_flag(restricted_by_default, "restrictedByDefault")?.unwrap_or(false),
        envd_version: envd_version.map(creation::read_version),
    };
    match creation::decide(&options) {
        Ok(credentials) => {
            env.array([env.boolean(credentials.access_token)?, env.boolean(credentials.traffic_token)?]).map(Some)
        }
        Err(why) => {
            let mut body = String::new();
            // Writing to a String cannot fail.
            let _ = why.write_json(&mut body);
            let mut made = Properties::of(env);
            made.word(c"reason", Some(why.as_str()))?;
            made.word(c"message", Some(why.message()))?;
            made.integer(c"status", Some(why.status().into()))?;
            made.word(c"body", Some(&body))?;
            made.object()
        }
    }
}
