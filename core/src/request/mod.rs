//! What a gate reads of a request: target, query, headers, host, and what a verified request was granted.

pub(crate) mod address;
pub(crate) mod file_query;
pub(crate) mod grant;
pub(crate) mod header;
pub(crate) mod internal_route;
pub(crate) mod query;
pub(crate) mod route;
pub(crate) mod target;
pub(crate) mod url_writer;
