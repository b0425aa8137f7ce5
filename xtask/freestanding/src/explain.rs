//! Why a file URL is refused.

use crate::Sink;
use core::fmt::Write;
use sandgate::{AccessToken, Context, Operation, UnixSeconds, explain};

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
