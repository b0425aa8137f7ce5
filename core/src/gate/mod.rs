//! The rule for one whole request, at the controller and at the edge. Here both wire formats meet.

pub(crate) mod carrier;
pub(crate) mod controller;
pub mod deciding;
pub(crate) mod edge;
pub mod forward;
pub(crate) mod head;
pub(crate) mod policy;
pub(crate) mod request;
pub(crate) mod sandbox_state;
pub(crate) mod scrub;
pub mod unknown_sandbox;
