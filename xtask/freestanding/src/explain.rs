//! Why a file URL, a pass or a signed host is refused, and what a text is.

use crate::Sink;
use core::fmt::Write;
use sandgate::{AccessToken, Context, Operation, TrafficToken, UnixSeconds, explain};

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
