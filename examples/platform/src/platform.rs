//! The state that the control API and the edge share.

use crate::current::{Current, SeedFiles};
use crate::edge_tokens::EdgeTokens;
use crate::issued::Generations;
use crate::launcher::Launcher;
use crate::sandbox::{Sandbox, Sandboxes};
use crate::sandbox_id::new_sandbox_id;
use crate::secrets::ApiKeys;
use crate::seeds::Seeds;
use crate::templates::Template;
use crate::version::Version;
use anyhow::Context;
use sandgate::creation::Credentials;
use sandgate::{Carriers, UnixSeconds};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// The options of a platform.
pub struct Settings {
    /// The seeds.
    pub seeds: Seeds,
    /// The format of a sandbox's tokens if its metadata name none.
    pub issue: Version,
    /// The keys of the control API.
    pub api_keys: ApiKeys,
    /// The controller that is started for each sandbox.
    pub controller: PathBuf,
    /// Sandboxes are reached at `{port}-{sandbox id}.{domain}`, where [`serve`](crate::serve) puts the edge's port in place of port 0.
    pub domain: String,
    /// The source of the edge's traffic tokens.
    pub edge_tokens: EdgeTokens,
    /// The carriers in which a request may carry a credential.
    pub carriers: Carriers,
}

/// A platform and its sandboxes.
pub struct Platform {
    pub(crate) current: Current,
    seed_files: SeedFiles,
    launcher: Launcher,
    pub(crate) issue: Version,
    pub(crate) api_keys: ApiKeys,
    pub(crate) domain: String,
    pub(crate) edge_tokens: EdgeTokens,
    pub(crate) sandboxes: Sandboxes,
    /// The edge's clock.
    pub(crate) now: fn() -> UnixSeconds,
}

fn system_time() -> UnixSeconds {
    UnixSeconds::try_from(SystemTime::now()).unwrap_or_default()
}

impl Platform {
    /// A platform without sandboxes.
    ///
    /// # Errors
    /// When there is no seed of the format that is issued, no controller, or no temporary directory can be made.
    pub fn new(settings: Settings) -> anyhow::Result<Self> {
        let Settings { seeds, issue, api_keys, controller, domain, edge_tokens, carriers } = settings;
        let current = Current::new(seeds, issue, edge_tokens, carriers)?;
        let launcher = Launcher::new(&controller)?;
        let (seed_files, sandboxes, now) = (SeedFiles::default(), Sandboxes::default(), system_time);
        Ok(Self { current, seed_files, launcher, issue, api_keys, domain, edge_tokens, sandboxes, now })
    }

    /// Returns the platform, which reads its seeds again from these files at SIGHUP.
    #[must_use]
    pub fn with_seed_files(self, seed_files: SeedFiles) -> Self {
        Self { seed_files, ..self }
    }

    /// Reads the seeds again, all or none, and reports the result on stderr.
    pub(crate) fn read_seeds_again(&self) {
        if self.seed_files.is_none() {
            eprintln!("SIGHUP: the seeds are not in files, so they cannot be read again");
            return;
        }
        match self.seed_files.read().and_then(|seeds| self.current.replace(seeds)) {
            Ok(()) => eprintln!("SIGHUP: the seeds were read again"),
            Err(error) => eprintln!("SIGHUP: the seeds stay as they were: {error:#}"),
        }
    }

    pub(crate) fn can_issue(&self, version: Version) -> bool {
        self.current.get().seeds.has(version)
    }

    /// A new sandbox with these credentials.
    pub(crate) async fn create(
        &self,
        template: &'static Template,
        version: Version,
        credentials: Credentials,
    ) -> anyhow::Result<Arc<Sandbox>> {
        let id = new_sandbox_id()?;
        let issued = self
            .current
            .get()
            .seeds
            .issue(version, &id, credentials, Generations::default())
            .context("there is no seed of this format")?;
        eprintln!("sandbox {id} of {}: {issued}", template.name);
        let running = self.launcher.launch(&id, &issued.access_tokens).await?;
        let sandbox = Arc::new(Sandbox::new(id, template, issued, running));
        self.sandboxes.insert(Arc::clone(&sandbox));
        Ok(sandbox)
    }

    /// Issues the tokens of the next generations, and revokes the others. If it fails, a retry results in the same tokens.
    pub(crate) async fn rotate(&self, sandbox: &Sandbox, access: bool, traffic: bool) -> anyhow::Result<()> {
        // Held to the end, so that concurrent rotations run one after the other.
        let running = sandbox.running.lock().await;
        let before = sandbox.issued();
        let generations = before.generations.raised(access, traffic).context("there is no further generation")?;
        let issued = self.current.get().seeds.issue(before.version, &sandbox.id, before.credentials, generations);
        let issued = issued.context("there is no seed of this format")?;
        if access {
            running.as_ref().context("it has ended")?.change_tokens(&issued.access_tokens).await?;
        }
        eprintln!("sandbox {}: {issued}", sandbox.id);
        sandbox.issue(issued);
        Ok(())
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
