//! What a verifier accepts.

use crate::gate::carrier::Carriers;
use crate::value::error::Misuse;
use crate::value::time::Window;

/// Which wire formats are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Versions {
    /// Only v1.
    V1,
    /// Only v2.
    V2,
    /// The formats of the secrets.
    Both,
}

impl Versions {
    pub(crate) const fn accept_v1(self) -> bool {
        matches!(self, Self::V1 | Self::Both)
    }

    pub(crate) const fn accept_v2(self) -> bool {
        matches!(self, Self::V2 | Self::Both)
    }
}

/// What a [`Controller`](crate::Controller) and an [`Edge`](crate::Edge) accept, apart from their secrets.
///
/// The default: both wire formats; at the edge the header and signed hosts; no leeway, lifetimes of at most 7 days, for
/// signed hosts of one day; v1 URLs without an expiry as the SDKs make them.
///
/// ```
/// use sandgate::{Carrier, Carriers, Policy};
///
/// let policy = Policy::V2_ALONE.leeway(30)?.max_lifetime(3600).carriers(Carriers::of(&Carrier::ALL));
/// assert_ne!(policy, Policy::default());
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// When v2 file URLs and passes are accepted.
    pub window: Window,
    /// When signed hosts are accepted.
    pub signed_host_window: Window,
    /// Where an edge looks for a credential.
    pub carriers: Carriers,
    /// Which wire formats are accepted.
    pub versions: Versions,
    /// Whether a file URL of v1 must have an expiry.
    pub v1_expiry_required: bool,
}

impl Policy {
    const DEFAULT: Self = Self {
        window: Window::DEFAULT,
        signed_host_window: Window::SIGNED_HOST,
        carriers: Carriers::HEADER_AND_HOST,
        versions: Versions::Both,
        v1_expiry_required: false,
    };

    /// Accepts what E2B's SDKs send today: only v1, in headers.
    pub const E2B_SDKS: Self = Self { versions: Versions::V1, carriers: Carriers::HEADER, ..Self::DEFAULT };

    /// Accepts only v2.
    pub const V2_ALONE: Self = Self { versions: Versions::V2, v1_expiry_required: true, ..Self::DEFAULT };

    /// Sets how many seconds clocks may disagree, at most 300. This is for v2 only: a v1 URL expires exactly at its time.
    ///
    /// # Errors
    /// [`Misuse::Leeway`].
    pub const fn leeway(self, leeway: u32) -> Result<Self, Misuse> {
        match (
            Window::new(leeway, self.window.max_lifetime()),
            Window::new(leeway, self.signed_host_window.max_lifetime()),
        ) {
            (Ok(window), Ok(signed_host_window)) => Ok(Self { window, signed_host_window, ..self }),
            _ => Err(Misuse::Leeway),
        }
    }

    /// Sets how many seconds ahead a v2 file URL or pass may expire.
    #[must_use]
    pub const fn max_lifetime(self, seconds: u32) -> Self {
        Self { window: self.window.with_max_lifetime(seconds), ..self }
    }

    /// Sets how many seconds ahead a signed host may expire.
    #[must_use]
    pub const fn signed_host_max_lifetime(self, seconds: u32) -> Self {
        Self { signed_host_window: self.signed_host_window.with_max_lifetime(seconds), ..self }
    }

    /// Sets where the edge looks for a credential. An edge without a v2 secret reads only the header.
    #[must_use]
    pub const fn carriers(self, carriers: Carriers) -> Self {
        Self { carriers, ..self }
    }

    /// Sets which wire formats are accepted. A secret of another format is misuse at a controller; an edge ignores it.
    #[must_use]
    pub const fn versions(self, versions: Versions) -> Self {
        Self { versions, ..self }
    }

    /// Sets whether a v1 file URL must have an expiry. One without is then
    /// [`LifetimeTooLong`](crate::Code::LifetimeTooLong).
    #[must_use]
    pub const fn v1_expiry_required(self, required: bool) -> Self {
        Self { v1_expiry_required: required, ..self }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::DEFAULT
    }
}
