//! A second, slow implementation of wire format v2: it allocates, uses well-known crates, and shares nothing with the crate
//! that it tests.
//!
//! It is written from the specification, not from the crate. Every number is an `i128`, so that sums of times cannot
//! overflow. Wrong use (a bad sandbox id, a leeway over 300) is not checked: callers must avoid it.

// Each test and fuzz target includes this file for the part that it needs.
#![allow(dead_code, unused_imports)]

// The paths make this file work under any name that includes it.
#[path = "v2/file_url.rs"]
mod file_url;
#[path = "v2/keys.rs"]
mod keys;
#[path = "v2/text.rs"]
mod text;
#[path = "v2/traffic.rs"]
mod traffic;

pub(crate) use file_url::{FileUrl, Query, covers, is_directory, verify_query};
pub(crate) use keys::*;
pub(crate) use text::{base32, base36, base64url};
pub(crate) use traffic::*;

/// Why something is refused, as the crate names it: `"missing"`, `"malformed"`, …
pub(crate) type Code = &'static str;

/// The verifier's inputs besides its keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verifier<'a> {
    pub(crate) context: Option<&'a [u8]>,
    pub(crate) leeway: u32,
    pub(crate) max_lifetime: u32,
    pub(crate) now: i64,
}

impl Verifier<'_> {
    /// The last step but one, for a credential with the right tag.
    fn check_time(&self, expires: i128) -> Result<(), Code> {
        let (now, leeway, longest) = (i128::from(self.now), i128::from(self.leeway), i128::from(self.max_lifetime));
        if now > expires + leeway {
            return Err("expired");
        }
        if expires > now + longest + leeway { Err("lifetime_too_long") } else { Ok(()) }
    }
}

/// The fields that are present, in the order given, which must be the order of their numbers.
fn encode(fields: &[(u8, Option<Vec<u8>>)]) -> Vec<u8> {
    let present = fields.iter().filter_map(|(number, value)| Some((number, value.as_ref()?)));
    let encoded = present.map(|(number, value)| {
        let length = u16::try_from(value.len()).unwrap().to_be_bytes();
        [&[*number], &length[..], value].concat()
    });
    encoded.collect::<Vec<_>>().concat()
}

/// A time or a size as its eight bytes; those of the wire format are never negative.
fn u64_bytes(number: i128) -> Vec<u8> {
    u64::try_from(number).unwrap().to_be_bytes().to_vec()
}
