//! The changes of a sandbox: started, paused, woken, reset, ended. Each holds its lock, so that they run one after the other.

use crate::issued::{Issued, Renewal};
use crate::platform::Platform;
use crate::sandbox::{Life, Sandbox};
use crate::wanted::Wanted;
use sandgate::creation::{Credentials, Refused};
use std::mem::replace;
use std::sync::Arc;

/// Why a change is not made.
pub(crate) enum NotChanged {
    Paused,
    Ended,
    /// Another change is under way.
    Busy,
    Refused(Refused),
    Failed(anyhow::Error),
}

impl From<Refused> for NotChanged {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<anyhow::Error> for NotChanged {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl Sandbox {
    /// Ends the processes, if there are any.
    pub(crate) async fn stop(&self, life: &mut Life, next: Life) {
        self.close();
        self.stop_clock();
        if let Life::Running(running) = replace(life, next) {
            running.stop().await;
        }
    }

    pub(crate) async fn kill(&self) {
        let mut life = self.life.lock().await;
        self.stop(&mut life, Life::Ended).await;
        self.home.remove().await;
    }
}

impl Platform {
    /// Starts a paused sandbox.
    pub(crate) async fn start(&self, sandbox: &Sandbox, life: &mut Life) -> anyhow::Result<()> {
        let issued = sandbox.issued();
        let running = self.launcher.start(&sandbox.home, issued.access_token.as_ref()).await?;
        eprintln!("sandbox {}: its controller is at {}", sandbox.id, running.controller.address());
        sandbox.open(&running);
        *life = Life::Running(Box::new(running));
        Ok(())
    }

    pub(crate) async fn pause(&self, sandbox: &Sandbox) -> Result<(), NotChanged> {
        let mut life = sandbox.life.lock().await;
        match *life {
            Life::Paused => Err(NotChanged::Paused),
            Life::Ended => Err(NotChanged::Ended),
            Life::Running(_) => {
                sandbox.stop(&mut life, Life::Paused).await;
                Ok(())
            }
        }
    }

    /// Decides again what the sandbox requires, wakes it if it is paused, and returns whether it was.
    ///
    /// The tokens stay the same. A controller that was restarted gets its token again.
    pub(crate) async fn connect(
        self: &Arc<Self>,
        sandbox: &Arc<Sandbox>,
        wanted: Wanted,
        timeout: Option<u32>,
    ) -> Result<bool, NotChanged> {
        let mut life = sandbox.life.lock().await;
        let before = sandbox.issued();
        let issued = self.follow(sandbox, &before, wanted.decide(&before, sandbox.template)?, Renewal::default())?;
        match *life {
            Life::Ended => Err(NotChanged::Ended),
            Life::Running(_) => {
                sandbox.home.initialize(issued.access_token.as_ref()).await?;
                sandbox.issue(issued);
                timeout.inspect(|seconds| self.extend(sandbox, *seconds));
                Ok(false)
            }
            Life::Paused => {
                sandbox.issue(issued);
                self.start(sandbox, &mut life).await?;
                match timeout {
                    Some(seconds) => self.set_timeout(sandbox, seconds),
                    None => self.restart_clock(sandbox),
                }
                Ok(true)
            }
        }
    }

    /// Starts the sandbox anew with its files and another traffic token, which revokes the one before; without `resume` it is
    /// paused.
    pub(crate) async fn reset(
        self: &Arc<Self>,
        sandbox: &Arc<Sandbox>,
        wanted: Wanted,
        resume: bool,
        timeout: Option<u32>,
    ) -> Result<(), NotChanged> {
        let mut life = sandbox.life.try_lock().map_err(|_| NotChanged::Busy)?;
        if matches!(*life, Life::Ended) {
            return Err(NotChanged::Ended);
        }
        let (before, renewal) = (sandbox.issued(), Renewal { access: false, traffic: true });
        let issued = self.follow(sandbox, &before, wanted.decide(&before, sandbox.template)?, renewal)?;
        sandbox.issue(issued);
        sandbox.stop(&mut life, Life::Paused).await;
        if resume {
            self.start(sandbox, &mut life).await?;
            match timeout {
                Some(seconds) => self.set_timeout(sandbox, seconds),
                None => self.restart_clock(sandbox),
            }
        }
        Ok(())
    }

    /// Issues the tokens of the next generations, and revokes the others. If it fails, a retry results in the same tokens.
    pub(crate) async fn rotate(&self, sandbox: &Sandbox, renewal: Renewal) -> Result<(), NotChanged> {
        let life = sandbox.life.lock().await;
        let before = sandbox.issued();
        let issued = self.follow(sandbox, &before, before.credentials, renewal)?;
        match *life {
            Life::Ended => return Err(NotChanged::Ended),
            Life::Running(_) if renewal.access => sandbox.home.initialize(issued.access_token.as_ref()).await?,
            // A paused one gets it when it is woken.
            Life::Running(_) | Life::Paused => {}
        }
        sandbox.issue(issued);
        Ok(())
    }

    fn follow(
        &self,
        sandbox: &Sandbox,
        before: &Issued,
        credentials: Credentials,
        renewal: Renewal,
    ) -> anyhow::Result<Issued> {
        before.then(&self.current.get().seeds, &sandbox.id, credentials, renewal)
    }
}
