//! The state that the control API and the edge share.

use crate::current::{Current, SeedFiles};
use crate::edge_tokens::EdgeTokens;
use crate::issued::Issued;
use crate::launcher::Launcher;
use crate::random;
use crate::sandbox::{Plan, Sandbox, Sandboxes};
use crate::secrets::ApiKeys;
use crate::seeds::Seeds;
use crate::templates::Template;
use crate::version::Version;
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
    /// Whether a sandbox is restricted if the request that makes it does not mention `allowPublicTraffic`.
    pub restricted_by_default: bool,
}

/// A platform and its sandboxes.
pub struct Platform {
    pub(crate) current: Current,
    seed_files: SeedFiles,
    pub(crate) launcher: Launcher,
    pub(crate) issue: Version,
    pub(crate) api_keys: ApiKeys,
    pub(crate) domain: String,
    pub(crate) edge_tokens: EdgeTokens,
    pub(crate) restricted_by_default: bool,
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
        let Settings { seeds, issue, api_keys, controller, domain, edge_tokens, carriers, restricted_by_default } =
            settings;
        let current = Current::new(seeds, issue, edge_tokens, carriers)?;
        let launcher = Launcher::new(&controller)?;
        let (seed_files, sandboxes, now) = (SeedFiles::default(), Sandboxes::default(), system_time);
        Ok(Self {
            current,
            seed_files,
            launcher,
            issue,
            api_keys,
            domain,
            edge_tokens,
            restricted_by_default,
            sandboxes,
            now,
        })
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

    /// A new sandbox with these credentials, which runs.
    pub(crate) async fn create(
        &self,
        template: &'static Template,
        version: Version,
        credentials: Credentials,
        plan: Plan,
    ) -> anyhow::Result<Arc<Sandbox>> {
        let id = random::sandbox_id()?;
        let issued = Issued::first(&self.current.get().seeds, version, &id, credentials)?;
        eprintln!("sandbox {id} of {}: {issued}", template.name);
        let home = self.launcher.prepare(&id).await?;
        let sandbox = Arc::new(Sandbox::new(id, template, issued, plan, home));
        self.start(&sandbox, &mut *sandbox.life.lock().await).await?;
        self.sandboxes.insert(Arc::clone(&sandbox));
        Ok(sandbox)
    }

    /// Ends all sandboxes.
    pub(crate) async fn stop_sandboxes(&self) {
        for sandbox in self.sandboxes.remove_all() {
            sandbox.kill().await;
        }
    }

    /// Removes what is left on disk.
    pub(crate) fn close(self) -> std::io::Result<()> {
        self.launcher.close()
    }
}
