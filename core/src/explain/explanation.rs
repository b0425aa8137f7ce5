//! Why something is refused.

use super::change::Change;
use crate::value::error::Denied;
use crate::value::time::UnixSeconds;

/// Why a file URL, a pass or a signed host is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation<'q> {
    /// The refusal that a server answers with.
    pub denied: Denied,
    /// The one change that makes the signature right, if it is wrong and one of the changes that are tried helps.
    pub change: Option<Change<'q>>,
    /// When it ends, if it says so in a way that can be read.
    pub expires: Option<UnixSeconds>,
}
