//! Everything derived from the seeds. SIGHUP replaces all of it together.

use crate::edge_tokens::EdgeTokens;
use crate::issued::Issued;
use crate::secrets::read_secret;
use crate::seeds::Seeds;
use crate::version::Version;
use anyhow::{Context, ensure};
use sandgate::{Carriers, Edge, Policy};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

/// The seeds, and the edge with their keys: always from the same set.
pub(crate) struct Holding {
    pub(crate) seeds: Seeds,
    pub(crate) edge: Edge,
    /// An edge without seeds, for tokens that no seed derives: one with seeds would also accept the token that they derive.
    without_seeds: Edge,
}

impl Holding {
    /// The edge for a sandbox with these tokens.
    pub(crate) const fn edge_for(&self, issued: &Issued) -> &Edge {
        if issued.draws_traffic { &self.without_seeds } else { &self.edge }
    }
}

/// The current state. A request takes it once, and keeps it.
pub(crate) struct Current {
    holding: RwLock<Arc<Holding>>,
    issue: Version,
    edge_tokens: EdgeTokens,
    carriers: Carriers,
}

impl Current {
    pub(crate) fn new(
        seeds: Seeds,
        issue: Version,
        edge_tokens: EdgeTokens,
        carriers: Carriers,
    ) -> anyhow::Result<Self> {
        let holding = RwLock::new(Arc::new(holding(seeds, issue, edge_tokens, carriers)?));
        Ok(Self { holding, issue, edge_tokens, carriers })
    }

    pub(crate) fn get(&self) -> Arc<Holding> {
        Arc::clone(&self.holding.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn replace(&self, seeds: Seeds) -> anyhow::Result<()> {
        let new = Arc::new(holding(seeds, self.issue, self.edge_tokens, self.carriers)?);
        *self.holding.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn with_edge(self, edge: Edge) -> Self {
        let holding = self.holding.into_inner().unwrap_or_else(PoisonError::into_inner);
        let holding = Arc::into_inner(holding).expect("there is no other owner");
        Self { holding: RwLock::new(Arc::new(Holding { edge, ..holding })), ..self }
    }
}

fn holding(seeds: Seeds, issue: Version, edge_tokens: EdgeTokens, carriers: Carriers) -> anyhow::Result<Holding> {
    ensure!(seeds.has(issue), "--issue: must be a format that has a seed");
    let without_seeds = Edge::new(Policy::default().carriers(carriers));
    let edge = match edge_tokens {
        EdgeTokens::Stored => without_seeds.clone(),
        EdgeTokens::Derived => seeds.give_to(without_seeds.clone()),
    };
    Ok(Holding { seeds, edge, without_seeds })
}

/// The source of seeds: a file, which can be read again, or the environment, which cannot change.
#[derive(Default)]
pub struct SeedFiles {
    /// Of v1; without it `$SANDGATE_SEED`.
    pub v1: Option<PathBuf>,
    /// Of v2; without it `$SANDGATE_SEEDS_V2`.
    pub v2: Option<PathBuf>,
}

impl SeedFiles {
    /// Reads all of them.
    ///
    /// # Errors
    /// When a file cannot be read, and those of [`Seeds::new`].
    pub fn read(&self) -> anyhow::Result<Seeds> {
        let v1 = read_secret(self.v1.as_deref(), "SANDGATE_SEED").context("the seeds")?;
        let v2 = read_secret(self.v2.as_deref(), "SANDGATE_SEEDS_V2").context("the seeds of v2")?;
        let seeds = Seeds::new(v1.as_deref().map(Vec::as_slice), v2.as_deref().map(Vec::as_slice));
        seeds.context("the seeds, from files, $SANDGATE_SEED and $SANDGATE_SEEDS_V2")
    }

    pub(crate) const fn is_none(&self) -> bool {
        self.v1.is_none() && self.v2.is_none()
    }
}
