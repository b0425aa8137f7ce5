//! The complete rule for one request, at the controller and at the edge. Only this folder and `explain` know both wire
//! formats.

pub(crate) mod access_keys;
pub(crate) mod carrier;
pub(crate) mod checked_request;
pub(crate) mod controller;
pub(crate) mod edge;
pub mod forward;
pub(crate) mod head;
pub mod header_names;
#[cfg(feature = "initialize")]
pub(crate) mod initialize;
pub(crate) mod policy;
pub(crate) mod sandbox_state;
pub(crate) mod scrub;
pub(crate) mod traffic_secrets;
pub mod unknown_sandbox;
pub mod wake;
