//! The service without its sockets: the edge, the state, and the decision about one request.

use crate::config::{Config, StateTable};
use crate::metrics::Metrics;
use crate::profile::{Allow, Described, NotDescribed, Profile, token};
use crate::state::{FileState, RemoteState, State, watch};
use sandgate::{Code, Context, Denied, Edge, Gate, UnixSeconds, fingerprint};
use sandgate_tower::{EdgeRule, Refusal};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

/// The edge that decides now. SIGHUP replaces it.
type Current = Arc<RwLock<Arc<Edge>>>;

pub(crate) struct Gateway {
    config: Config,
    current: Current,
    rule: EdgeRule<State>,
    pub(crate) state: State,
    pub(crate) metrics: Arc<Metrics>,
}

impl Gateway {
    /// Reads seeds and state.
    ///
    /// # Errors
    /// What is wrong in a file, with its line.
    pub(crate) fn new(config: Config) -> anyhow::Result<Self> {
        let metrics = Arc::new(Metrics::new()?);
        let (edge, keys) = config.edge()?;
        metrics.loaded(&keys);
        let current: Current = Arc::new(RwLock::new(Arc::new(edge)));
        let state = match (&config.state, RemoteState::new(&config.state, config.store, Arc::clone(&metrics))?) {
            (_, Some(remote)) => State::Remote(Arc::new(remote)),
            (StateTable::File(path), None) => State::File(Arc::new(FileState::read(path)?)),
            (_, None) => anyhow::bail!("state: must be a file, redis or http"),
        };
        let edge = Arc::clone(&current);
        let edge = move || Arc::clone(&edge.read().unwrap_or_else(PoisonError::into_inner));
        Ok(Self { rule: EdgeRule::with(edge, state.clone()), config, current, state, metrics })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Keeps the state current, as long as the service runs.
    pub(crate) async fn follow(self: Arc<Self>) {
        match &self.state {
            State::File(file) => watch(Arc::clone(file)).await,
            State::Remote(remote) => Arc::clone(remote).follow().await,
        }
    }

    /// Reads seeds, the store's password and the state file again, all or nothing. Requests in progress keep the edge that they have.
    pub(crate) fn reload(&self) {
        let outcome = self.config.edge().and_then(|(edge, keys)| {
            self.state.reload(&self.config.state)?;
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(edge);
            self.metrics.loaded(&keys);
            Ok(keys)
        });
        self.metrics.reload(outcome.is_ok());
        match outcome {
            Ok(keys) => tracing::info!(keys = %keys.join(" "), "seeds and state were read again"),
            Err(error) => tracing::error!(error = %format!("{error:#}"), "seeds and state stay as they were"),
        }
    }

    /// Decides about the request that a gateway describes.
    pub(crate) async fn decide(
        &self,
        profile: Profile,
        bind_to_client: bool,
        described: Result<Described<'_>, NotDescribed>,
    ) -> Result<Allow, Refusal> {
        let start = Instant::now();
        let decided = match &described {
            Ok(described) => self.admit(bind_to_client, described).await,
            Err(_) => Err(malformed()),
        };
        let (gate, code) = match &decided {
            Ok(allowed) => ("allowed", allowed.1),
            Err(refusal) => (refusal.cause().gate(), refusal.cause().code()),
        };
        self.metrics.decision(profile, gate, code, start.elapsed());
        log(profile, gate, code, &described, decided.as_ref().err());
        decided.map(|(allow, _)| allow)
    }

    async fn admit(&self, bind_to_client: bool, described: &Described<'_>) -> Result<(Allow, &'static str), Refusal> {
        let head = described.head();
        let head = match (bind_to_client, described.client) {
            (true, client) => {
                head.context(client.and_then(|client| Context::try_from(client).ok()).ok_or_else(malformed)?)
            }
            (false, _) => head,
        };
        let permitted = self.rule.decide(&head, UnixSeconds::now()).await?;
        let allow = Allow::of(described, permitted.route).map_err(|_| malformed())?;
        Ok((allow, permitted.passed.basis()))
    }
}

/// The refusal of a request that is not described exactly once.
fn malformed() -> Refusal {
    Refusal::by_edge(Denied::new(Gate::Host, Code::Malformed), None, b"")
}

/// Logs every refusal, and at level debug every decision. Of a token only the fingerprint is shown, and never the target.
fn log(
    profile: Profile,
    gate: &'static str,
    code: &'static str,
    described: &Result<Described<'_>, NotDescribed>,
    refusal: Option<&Refusal>,
) {
    let profile = profile.as_str();
    match (described, refusal) {
        (Err(why), _) => tracing::warn!(profile, gate, code, %why, "refused"),
        (Ok(described), Some(refusal)) => {
            let presented = token(described.lines()).map(|token| fingerprint(token).to_string());
            let carrier = refusal.carrier().map(|carrier| carrier.as_str());
            tracing::info!(profile, gate, code, status = refusal.status().as_u16(), carrier, presented, "refused");
        }
        (Ok(_), None) => tracing::debug!(profile, gate, code, "allowed"),
    }
}
