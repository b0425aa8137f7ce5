//! The existing sandboxes.

use crate::deadline::Deadline;
use crate::issued::Issued;
use crate::launcher::{Home, Running};
use crate::templates::Template;
use sandgate::{Port, SandboxId};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// Port 8080 of every sandbox is the user's program.
const WEB_PORT: u16 = 8080;

pub(crate) struct Sandbox {
    pub(crate) id: SandboxId,
    pub(crate) template: &'static Template,
    pub(crate) started_at: SystemTime,
    pub(crate) plan: Plan,
    pub(crate) deadline: Mutex<Deadline>,
    pub(crate) home: Home,
    /// Held while the sandbox is started, stopped, or gets other tokens: one change at a time.
    pub(crate) life: tokio::sync::Mutex<Life>,
    issued: Mutex<Arc<Issued>>,
    /// None unless its controller has its token.
    listeners: Mutex<Option<Listeners>>,
}

/// What happens at its end, and with requests to it while it is paused.
#[derive(Clone, Copy, Default)]
pub(crate) struct Plan {
    /// Whether its end is a pause.
    pub(crate) pauses: bool,
    /// Whether a request wakes it.
    pub(crate) resumes: bool,
}

pub(crate) enum Life {
    Running(Box<Running>),
    Paused,
    Ended,
}

#[derive(Clone, Copy)]
struct Listeners {
    controller: SocketAddr,
    web: SocketAddr,
}

impl Sandbox {
    /// One that is not started yet.
    pub(crate) fn new(id: SandboxId, template: &'static Template, issued: Issued, plan: Plan, home: Home) -> Self {
        Self {
            id,
            template,
            started_at: SystemTime::now(),
            plan,
            deadline: Mutex::default(),
            home,
            life: tokio::sync::Mutex::new(Life::Paused),
            issued: Mutex::new(Arc::new(issued)),
            listeners: Mutex::new(None),
        }
    }

    /// One without processes, whose ports all lead to `address`.
    #[cfg(test)]
    pub(crate) fn at(address: SocketAddr, id: SandboxId, template: &'static Template, issued: Issued) -> Self {
        let listeners = Mutex::new(Some(Listeners { controller: address, web: address }));
        Self { listeners, ..Self::new(id, template, issued, Plan::default(), Home::nowhere()) }
    }

    /// Its current credentials.
    pub(crate) fn issued(&self) -> Arc<Issued> {
        Arc::clone(&self.issued.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sets the credentials; earlier ones are no longer valid.
    pub(crate) fn issue(&self, issued: Issued) {
        eprintln!("sandbox {}: {issued}", self.id);
        *self.issued.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(issued);
    }

    /// Sets where requests go.
    pub(crate) fn open(&self, running: &Running) {
        let (controller, web) = (running.controller.address(), running.web.address());
        *self.listeners() = Some(Listeners { controller, web });
    }

    /// From now on no request goes to it.
    pub(crate) fn close(&self) {
        *self.listeners() = None;
    }

    pub(crate) fn is_open(&self) -> bool {
        self.listeners().is_some()
    }

    /// The listener on a port of the sandbox.
    pub(crate) fn address(&self, port: Port) -> Option<SocketAddr> {
        let listeners = (*self.listeners())?;
        match port {
            Port::CONTROLLER => Some(listeners.controller),
            _ if port.get() == WEB_PORT => Some(listeners.web),
            _ => None,
        }
    }

    fn listeners(&self) -> std::sync::MutexGuard<'_, Option<Listeners>> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Default)]
pub(crate) struct Sandboxes(Mutex<HashMap<SandboxId, Arc<Sandbox>>>);

impl Sandboxes {
    pub(crate) fn insert(&self, sandbox: Arc<Sandbox>) {
        self.map().insert(sandbox.id, sandbox);
    }

    pub(crate) fn get(&self, id: &SandboxId) -> Option<Arc<Sandbox>> {
        self.map().get(id).cloned()
    }

    pub(crate) fn remove(&self, id: &SandboxId) -> Option<Arc<Sandbox>> {
        self.map().remove(id)
    }

    pub(crate) fn remove_all(&self) -> Vec<Arc<Sandbox>> {
        self.map().drain().map(|(_, sandbox)| sandbox).collect()
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<SandboxId, Arc<Sandbox>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
