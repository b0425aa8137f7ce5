//! What the service counts, in Prometheus' text format.

use crate::profile::Profile;
use prometheus::{Encoder, Histogram, HistogramOpts, IntCounterVec, Opts, Registry, TextEncoder};
use std::time::Duration;

/// Bounds in seconds: a decision takes microseconds, a look-up milliseconds.
const BOUNDS: [f64; 9] = [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1, 0.5];

pub(crate) struct Metrics {
    registry: Registry,
    decisions: IntCounterVec,
    seconds: Histogram,
    cache: IntCounterVec,
    store_errors: IntCounterVec,
    reloads: IntCounterVec,
}

impl Metrics {
    /// # Errors
    /// If two metrics had one name.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| -> anyhow::Result<IntCounterVec> {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok(counter)
        };
        let decisions =
            counter("sandgate_decisions_total", "Decisions, by profile, gate and code.", &["profile", "gate", "code"])?;
        let cache = counter("sandgate_cache_total", "Look-ups in the cache, by outcome.", &["outcome"])?;
        let store_errors =
            counter("sandgate_store_errors_total", "Questions without an answer, by cause.", &["cause"])?;
        let reloads = counter("sandgate_reloads_total", "Reloads of seeds and state, by outcome.", &["outcome"])?;
        let help = "Time from a gateway's request to the answer.";
        let seconds =
            Histogram::with_opts(HistogramOpts::new("sandgate_decision_seconds", help).buckets(BOUNDS.to_vec()))?;
        registry.register(Box::new(seconds.clone()))?;
        Ok(Self { registry, decisions, seconds, cache, store_errors, reloads })
    }

    pub(crate) fn decision(&self, profile: Profile, gate: &str, code: &str, took: Duration) {
        self.decisions.with_label_values(&[profile.as_str(), gate, code]).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    pub(crate) fn cache(&self, hit: bool) {
        self.cache.with_label_values(&[if hit { "hit" } else { "miss" }]).inc();
    }

    pub(crate) fn store_error(&self, cause: &str) {
        self.store_errors.with_label_values(&[cause]).inc();
    }

    pub(crate) fn reload(&self, succeeded: bool) {
        self.reloads.with_label_values(&[if succeeded { "ok" } else { "failed" }]).inc();
    }

    /// Everything, as text.
    pub(crate) fn text(&self) -> String {
        let mut text = Vec::new();
        // Writing to a Vec fails only for a metric without a name.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        String::from_utf8(text).unwrap_or_default()
    }
}
