//! The parts of a request that a gate reads: target, query, headers and host. Also the grant of a verified request.

pub(crate) mod address;
pub(crate) mod file_query;
pub(crate) mod grant;
pub(crate) mod header;
pub(crate) mod internal_route;
pub(crate) mod query;
pub(crate) mod route;
pub(crate) mod target;
pub(crate) mod url_writer;
