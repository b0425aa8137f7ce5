//! The two headers of a webhook.

use crate::encoding::bytes::trim;
use crate::request::header::Header;
use crate::value::error::{Code, Denied, Gate};

/// The header with the signature.
pub const SIGNATURE_HEADER: &str = "e2b-signature";

/// The header with the version of the signature. It may be absent.
pub const VERSION_HEADER: &str = "e2b-signature-version";

/// The only version.
pub const VERSION: &str = "v1";

/// The headers of a webhook, as received.
///
/// `Debug` shows no value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers<'a> {
    /// [`SIGNATURE_HEADER`].
    pub signature: Header<'a>,
    /// [`VERSION_HEADER`].
    pub version: Header<'a>,
}

impl<'a> Headers<'a> {
    /// Finds the two headers among the lines of a request. Upper and lower case of names, and spaces and tabs around values,
    /// do not count. Other lines are ignored.
    pub fn read(lines: impl IntoIterator<Item = (&'a [u8], &'a [u8])>) -> Self {
        let mut headers = Self::default();
        for (name, value) in lines {
            let header = if name.eq_ignore_ascii_case(SIGNATURE_HEADER.as_bytes()) {
                &mut headers.signature
            } else if name.eq_ignore_ascii_case(VERSION_HEADER.as_bytes()) {
                &mut headers.version
            } else {
                continue;
            };
            *header = if *header == Header::Absent { Header::Once(trim(value)) } else { Header::Repeated };
        }
        headers
    }

    /// Returns the presented signature if it has the right shape.
    pub(super) fn signature(&self) -> Result<&'a [u8; 43], Denied> {
        let malformed = Denied::new(Gate::Webhook, Code::Malformed);
        let signature = self.signature.non_empty().map_err(|_| malformed)?;
        let signature = signature.ok_or(Denied::new(Gate::Webhook, Code::Missing))?;
        let is_known = matches!(self.version, Header::Absent) || self.version == Header::Once(VERSION.as_bytes());
        // Whether the characters are of the alphabet is no secret: the client has chosen them.
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        let signature = signature.try_into().ok().filter(|text: &&[u8; 43]| is_known && text.iter().all(is_base64));
        signature.ok_or(malformed)
    }
}
