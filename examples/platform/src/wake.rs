//! Whether a request wakes a paused sandbox. The edge asks; the API server, which holds the access secrets, decides.

use crate::issued::Issued;
use crate::platform::Platform;
use crate::sandbox::{Life, Sandbox};
use sandgate::{Controller, Denied, Head, Misuse, Policy, Route, wake};
use std::sync::Arc;

/// Why a request does not wake a sandbox.
pub(crate) enum NotWoken {
    Denied(Denied),
    /// It ended, is not to be woken by requests, or could not be started.
    Gone,
}

impl Platform {
    /// Wakes a paused sandbox for this request. Of many at once, the first one starts it, and the others wait for it.
    pub(crate) async fn wake(
        self: &Arc<Self>,
        sandbox: &Arc<Sandbox>,
        route: &Route,
        head: &Head<'_>,
    ) -> Result<(), NotWoken> {
        let mut life = sandbox.life.lock().await;
        match *life {
            Life::Running(_) => return Ok(()),
            Life::Paused if sandbox.plan.resumes => {}
            Life::Paused | Life::Ended => return Err(NotWoken::Gone),
        }
        self.may_wake(&sandbox.issued(), route, head)?;
        if let Err(error) = self.start(sandbox, &mut life).await {
            eprintln!("sandbox {} is not woken: {error:#}", sandbox.id);
            return Err(NotWoken::Gone);
        }
        eprintln!("sandbox {} is woken", sandbox.id);
        self.restart_clock(sandbox);
        Ok(())
    }

    fn may_wake(&self, issued: &Issued, route: &Route, head: &Head<'_>) -> Result<(), NotWoken> {
        let controller = controller(issued).map_err(|error| {
            eprintln!("sandbox {}: {error}", route.sandbox_id());
            NotWoken::Gone
        })?;
        let (holding, state) = (self.current.get(), issued.state(self.edge_tokens));
        let edge = holding.edge_for(issued);
        wake::check(edge, &controller, route, state, &head.request(), (self.now)()).map_err(NotWoken::Denied)
    }
}

/// The rule of the controller if it ran.
fn controller(issued: &Issued) -> Result<Controller, Misuse> {
    match &issued.access_token {
        Some(token) => Controller::new(std::slice::from_ref(token), Policy::default()),
        None => Ok(Controller::open()),
    }
}
