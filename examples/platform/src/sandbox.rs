//! The existing sandboxes.

use crate::issued::Issued;
use crate::launcher::Running;
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
    issued: Mutex<Arc<Issued>>,
    controller: SocketAddr,
    web: SocketAddr,
    /// None: it has ended.
    pub(crate) running: tokio::sync::Mutex<Option<Running>>,
}

impl Sandbox {
    pub(crate) fn new(id: SandboxId, template: &'static Template, issued: Issued, running: Running) -> Self {
        let (controller, web) = (running.controller.address(), running.web.address());
        let (issued, running) = (Mutex::new(Arc::new(issued)), tokio::sync::Mutex::new(Some(running)));
        Self { id, template, started_at: SystemTime::now(), issued, controller, web, running }
    }

    /// One without processes, whose ports all lead to `address`.
    #[cfg(test)]
    pub(crate) fn at(address: SocketAddr, id: SandboxId, template: &'static Template, issued: Issued) -> Self {
        let (issued, running) = (Mutex::new(Arc::new(issued)), tokio::sync::Mutex::new(None));
        Self { id, template, started_at: SystemTime::now(), issued, controller: address, web: address, running }
    }

    /// Its current credentials.
    pub(crate) fn issued(&self) -> Arc<Issued> {
        Arc::clone(&self.issued.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sets the credentials; earlier ones are no longer valid.
    pub(crate) fn issue(&self, issued: Issued) {
        *self.issued.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(issued);
    }

    /// The listener on a port of the sandbox.
    pub(crate) fn address(&self, port: Port) -> Option<SocketAddr> {
        match port {
            Port::CONTROLLER => Some(self.controller),
            _ if port.get() == WEB_PORT => Some(self.web),
            _ => None,
        }
    }

    pub(crate) async fn stop(&self) {
        let running = self.running.lock().await.take();
        if let Some(running) = running {
            running.stop().await;
        }
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
