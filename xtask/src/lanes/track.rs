//! Which lanes can run at the same time.

/// Lanes that run one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Track {
    /// Those that build or install the npm package, and some that build in a directory of their own, so that both tracks take as long.
    Npm,
    /// All others.
    Other,
}

impl Track {
    /// Its name on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Other => "other",
        }
    }
}
