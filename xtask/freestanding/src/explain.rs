//! Why a file URL, a pass, a signed host or a webhook is refused, and what a text is.

use crate::Sink;
use core::fmt::Write;
use sandgate::{AccessToken, Context, Header, Operation, TrafficToken, UnixSeconds, explain, webhook};

pub(crate) fn run(data: &[u8], now: UnixSeconds, sink: &mut Sink) -> Option<()> {
    let tokens = [AccessToken::try_from(data).ok()?];
    let context = Context::try_from(data).ok();
    let explanation = explain::file_url(&tokens, Operation::Write, data, context, now).ok()??;
    let _ = write!(sink, "{explanation}");
    let _ = write!(sink, "{explanation:?}");
    if let Some(value) = explanation.change?.value() {
        let _ = write!(sink, "{value}");
        sink.0 ^= u32::from(value.is_percent_encoded());
    }
    Some(())
}

/// What a text is, and why a pass and a signed host are refused.
pub(crate) fn traffic(data: &[u8], now: UnixSeconds, sink: &mut Sink) -> Option<()> {
    let described = explain::describe(data);
    sink.0 ^= u32::from(described.is_well_formed) ^ described.kind.as_str().len() as u32;
    let _ = write!(sink, "{described:?}");
    let (token, id) = (TrafficToken::try_from(data).ok()?, *described.sandbox_id()?);
    let context = Context::try_from(data).ok();
    let of_pass = explain::pass(&token, data, described.port?, context, now).ok()?;
    let of_host = explain::signed_host(&token, data, &id, described.port?, now).ok()?;
    let _ = write!(sink, "{} {}", of_pass?, of_host?);
    Some(())
}

/// Why a webhook is refused.
pub(crate) fn webhook(data: &[u8], sink: &mut Sink) -> Option<()> {
    let (secret, body) = data.split_at_checked(data.len() / 2)?;
    for signature in [Header::Once(secret), Header::Repeated] {
        let headers = webhook::Headers { signature, version: Header::Once(body) };
        if let Some(explanation) = explain::webhook(secret, &headers, body).ok()? {
            let _ = write!(sink, "{explanation} {explanation:?}");
        }
    }
    Some(())
}
