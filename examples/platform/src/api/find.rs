//! The sandbox that a call names.

use super::error::ApiError;
use crate::Platform;
use crate::sandbox::Sandbox;
use sandgate::SandboxId;
use std::sync::Arc;

/// The sandbox with an id, or 404. Old clients call it `{id}-{client}`.
pub(super) fn find(platform: &Platform, id: &str) -> Result<Arc<Sandbox>, ApiError> {
    let id = SandboxId::shorten(id.as_bytes()).map_err(|_| ApiError::not_found())?;
    platform.sandboxes.get(&id).ok_or(ApiError::not_found())
}
