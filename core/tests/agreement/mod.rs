//! Compares the crate with the reference implementation of wire format v2. Both decide each case, and they must agree
//! on the code and on the grant.
//!
//! Random bytes never contain a right signature, so the texts of a case have placeholders, which [`template`] describes.
//! The property tests and the fuzz targets share these comparisons; only the source of their cases differs.

// Each test and fuzz target includes this for the part that it needs.
#![allow(dead_code)]

#[path = "../oracle/v2.rs"]
pub(crate) mod oracle;

mod credentials;
pub(crate) mod edge;
pub(crate) mod file_query;
pub(crate) mod forwarded;
pub(crate) mod pass;
pub(crate) mod sandbox;
pub(crate) mod sign;
pub(crate) mod signed_host;
pub(crate) mod template;
pub(crate) mod times;

use sandgate::Denied;

/// `"ok"`, or why not.
pub(crate) type Outcome = &'static str;

pub(crate) fn outcome<T>(result: &Result<T, oracle::Code>) -> Outcome {
    result.as_ref().err().copied().unwrap_or("ok")
}

/// Converts the crate's answer to the oracle's form.
pub(crate) fn coded<T>(answer: Result<T, Denied>) -> Result<T, oracle::Code> {
    answer.map_err(|denied| denied.code().as_str())
}
