//! The state of the sandboxes: an embedded file, Redis, or a service of the operator's.

mod cache;
mod file;
mod http;
mod known;
mod questions;
mod redis;
mod remote;
mod row;
mod text;

pub(crate) use file::{FileState, watch};
pub(crate) use remote::RemoteState;

use crate::config::StateTable;
use sandgate::Route;
use sandgate_tower::{Lookup, Sandbox, StateUnavailable};
use std::sync::Arc;

/// Where the service looks sandboxes up.
#[derive(Clone)]
pub(crate) enum State {
    File(Arc<FileState>),
    Remote(Arc<RemoteState>),
}

impl State {
    /// Whether look-ups are answered now.
    pub(crate) fn is_ready(&self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Remote(remote) => remote.is_ready(),
        }
    }

    /// Reads the file again, or the password of the store. On an error everything stays as it was.
    ///
    /// # Errors
    /// `file:line: what is wrong`.
    pub(crate) fn reload(&self, table: &StateTable) -> anyhow::Result<()> {
        match self {
            Self::File(file) => file.reload().map(drop),
            Self::Remote(remote) => remote.reload(table),
        }
    }

    /// Whether a store that is elsewhere answers. None for a file.
    pub(crate) fn store_is_up(&self) -> Option<bool> {
        match self {
            Self::File(_) => None,
            Self::Remote(remote) => Some(remote.is_up()),
        }
    }
}

impl Lookup for State {
    async fn lookup(&self, route: Route) -> Result<Option<Sandbox>, StateUnavailable> {
        match self {
            Self::File(file) => Ok(file.find(route.sandbox_id().as_str())),
            Self::Remote(remote) => remote.find(route.sandbox_id()).await,
        }
    }
}
