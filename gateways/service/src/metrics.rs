//! What the service counts, in Prometheus' text format.

use crate::profile::Profile;
use prometheus::{
    Encoder, Histogram, HistogramOpts, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};
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
    store_up: IntGauge,
    keys: IntGaugeVec,
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
        let store_up = IntGauge::new("sandgate_store_up", "Whether the store answers and tells of changes.")?;
        registry.register(Box::new(store_up.clone()))?;
        let keys = Opts::new("sandgate_loaded_keys", "The keys that verify now: v2:KEY_ID, or v1:NUMBER.");
        let keys = IntGaugeVec::new(keys, &["key"])?;
        registry.register(Box::new(keys.clone()))?;
        Ok(Self { registry, decisions, seconds, cache, store_errors, reloads, store_up, keys })
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

    /// Replaces the names of the loaded keys.
    pub(crate) fn loaded(&self, keys: &[String]) {
        self.keys.reset();
        for key in keys {
            self.keys.with_label_values(&[key]).set(1);
        }
    }

    /// Everything, as text. A file is a store that is always up.
    pub(crate) fn text(&self, store_is_up: Option<bool>) -> String {
        self.store_up.set(store_is_up.unwrap_or(true).into());
        let mut text = Vec::new();
        // Writing to a Vec fails only for a metric without a name.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        String::from_utf8(text).unwrap_or_default()
    }
}
