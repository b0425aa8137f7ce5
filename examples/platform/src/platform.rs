//! What the control API and the edge share.

use crate::launcher::Launcher;
use crate::sandbox::{Sandbox, Sandboxes};
use crate::sandbox_id::new_sandbox_id;
use crate::secrets::ApiKeys;
use crate::templates::Template;
use sandgate::creation::Credentials;
use sandgate::v1::Keyring;
use sandgate::{Edge, Policy, fingerprint};
use std::path::Path;
use std::sync::Arc;

/// Where the edge has the traffic tokens from.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum EdgeTokens {
    /// It is handed each sandbox's, and could not make one.
    Stored,
    /// It derives them, and could derive access tokens too.
    Derived,
}

/// A platform and its sandboxes.
pub struct Platform {
    keyring: Keyring,
    launcher: Launcher,
    pub(crate) api_keys: ApiKeys,
    pub(crate) domain: String,
    pub(crate) edge: Edge,
    pub(crate) edge_tokens: EdgeTokens,
    pub(crate) sandboxes: Sandboxes,
}

impl Platform {
    /// A platform without sandboxes.
    ///
    /// # Errors
    /// When there is no `controller`, or no temporary directory can be made.
    pub fn new(
        keyring: Keyring,
        api_keys: ApiKeys,
        controller: &Path,
        domain: String,
        edge_tokens: EdgeTokens,
    ) -> anyhow::Result<Self> {
        let edge = match edge_tokens {
            EdgeTokens::Stored => Edge::default(),
            EdgeTokens::Derived => Edge::new(Policy::default()).v1_keyring(keyring.clone()),
        };
        let launcher = Launcher::new(controller)?;
        Ok(Self { keyring, launcher, api_keys, domain, edge, edge_tokens, sandboxes: Sandboxes::default() })
    }

    /// A new sandbox with these credentials.
    pub(crate) async fn create(
        &self,
        template: &'static Template,
        credentials: Credentials,
    ) -> anyhow::Result<Arc<Sandbox>> {
        let id = new_sandbox_id()?;
        let access_token = credentials.access_token.then(|| self.keyring.access_token(&id));
        let traffic_token = credentials.traffic_token.then(|| self.keyring.traffic_token(&id));
        let shown =
            |token: Option<&str>| token.map_or("none".into(), |token| fingerprint(token.as_bytes()).to_string());
        eprintln!(
            "sandbox {id} of {}: access token {}, traffic token {}",
            template.name,
            shown(access_token.as_ref().map(|token| token.expose())),
            shown(traffic_token.as_ref().map(|token| token.expose())),
        );
        let running = self.launcher.launch(&id, access_token.as_ref()).await?;
        let sandbox = Arc::new(Sandbox::new(id, template, access_token, traffic_token, running));
        self.sandboxes.insert(Arc::clone(&sandbox));
        Ok(sandbox)
    }

    /// Ends all sandboxes.
    pub(crate) async fn stop_sandboxes(&self) {
        for sandbox in self.sandboxes.remove_all() {
            sandbox.stop().await;
        }
    }

    /// Removes what is left on disk.
    pub(crate) fn close(self) -> std::io::Result<()> {
        self.launcher.close()
    }
}
