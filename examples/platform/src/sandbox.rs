//! The sandboxes that there are.

use crate::launcher::Running;
use crate::templates::Template;
use sandgate::{AccessToken, Port, SandboxId, SandboxState, TrafficToken};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// Port 8080 of every sandbox stands for whatever its user runs in it.
const WEB_PORT: u16 = 8080;

pub(crate) struct Sandbox {
    pub(crate) id: SandboxId,
    pub(crate) template: &'static Template,
    pub(crate) started_at: SystemTime,
    /// None: the sandbox was asked to be open.
    pub(crate) access_token: Option<AccessToken>,
    /// None: everybody may reach it.
    pub(crate) traffic_token: Option<TrafficToken>,
    controller: SocketAddr,
    web: SocketAddr,
    running: Mutex<Option<Running>>,
}

impl Sandbox {
    pub(crate) fn new(
        id: SandboxId,
        template: &'static Template,
        access_token: Option<AccessToken>,
        traffic_token: Option<TrafficToken>,
        running: Running,
    ) -> Self {
        let (controller, web) = (running.controller.address(), running.web.address());
        let running = Mutex::new(Some(running));
        Self { id, template, started_at: SystemTime::now(), access_token, traffic_token, controller, web, running }
    }

    /// What the edge knows of it where it is handed each sandbox's traffic token.
    pub(crate) fn state(&self) -> SandboxState<'_> {
        match &self.traffic_token {
            Some(token) => SandboxState::restricted().traffic_token(token),
            None => SandboxState::public(),
        }
    }

    /// What it knows where it derives the tokens itself.
    pub(crate) fn state_without_token(&self) -> SandboxState<'_> {
        if self.traffic_token.is_some() { SandboxState::restricted() } else { SandboxState::public() }
    }

    /// What listens on a port of the sandbox.
    pub(crate) fn address(&self, port: Port) -> Option<SocketAddr> {
        match port {
            Port::CONTROLLER => Some(self.controller),
            _ if port.get() == WEB_PORT => Some(self.web),
            _ => None,
        }
    }

    pub(crate) async fn stop(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
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
