//! Time is an argument. Only [`UnixSeconds::now`], under the feature `std`, reads a clock.

use crate::value::error::{Code, Misuse};
use core::ops::Add;
use core::time::Duration;

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted; negative before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSeconds(i64);

impl UnixSeconds {
    /// Returns the instant `seconds` after the epoch.
    #[must_use]
    pub const fn new(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Returns the current time of the system's clock, floored. A time outside the range of `i64` is clamped to it.
    ///
    /// ```
    /// use sandgate::UnixSeconds;
    /// use std::time::Duration;
    ///
    /// let end = UnixSeconds::now() + Duration::from_secs(3600);
    /// assert!(!end.is_past(UnixSeconds::now()));
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn now() -> Self {
        let now = std::time::SystemTime::now();
        let nearest = if now < std::time::UNIX_EPOCH { i64::MIN } else { i64::MAX };
        Self::try_from(now).unwrap_or(Self(nearest))
    }

    /// The number of seconds.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether something that expires at `self` has expired at `now`. It is still valid in its last second.
    #[must_use]
    pub const fn is_past(self, now: Self) -> bool {
        self.0 < now.0
    }
}

/// Returns the instant `duration` later. A fraction of a second is dropped and the sum saturates at `i64::MAX`, so that a
/// signature expires no later than requested.
///
/// ```
/// use core::time::Duration;
/// use sandgate::UnixSeconds;
///
/// let time = UnixSeconds::new(1_800_000_000);
/// assert_eq!(time + Duration::from_millis(1999), UnixSeconds::new(1_800_000_001));
/// assert_eq!(time + Duration::MAX, UnixSeconds::new(i64::MAX));
/// ```
impl Add<Duration> for UnixSeconds {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.as_secs()))
    }
}

impl From<i64> for UnixSeconds {
    fn from(seconds: i64) -> Self {
        Self(seconds)
    }
}

impl From<UnixSeconds> for i64 {
    fn from(time: UnixSeconds) -> Self {
        time.0
    }
}

impl core::fmt::Display for UnixSeconds {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

/// Fractions are floored, also before the epoch.
#[cfg(feature = "std")]
impl TryFrom<std::time::SystemTime> for UnixSeconds {
    type Error = Misuse;

    fn try_from(time: std::time::SystemTime) -> Result<Self, Misuse> {
        let seconds = match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).ok(),
            Err(before) => {
                let before = before.duration();
                let floored = 0_i64.checked_sub_unsigned(before.as_secs());
                floored.and_then(|seconds| seconds.checked_sub(i64::from(before.subsec_nanos() > 0)))
            }
        };
        seconds.map(Self).ok_or(Misuse::Time)
    }
}

/// How long before its expiry a v2 signature is accepted, and how long after it.
///
/// ```
/// use sandgate::Window;
/// let window = Window::new(30, 3600)?;
/// assert_eq!((window.leeway(), window.max_lifetime()), (30, 3600));
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    leeway: u32,
    max_lifetime: u32,
}

impl Window {
    /// For signed hosts, which are visible in many places: no leeway, one day.
    pub const SIGNED_HOST: Self = Self { leeway: 0, max_lifetime: 86_400 };

    /// The default: no leeway, 7 days.
    pub const DEFAULT: Self = Self { leeway: 0, max_lifetime: 604_800 };
    const MAX_LEEWAY: u32 = 300;

    /// Returns a window with this leeway for clocks that disagree and this longest accepted lifetime, both in seconds.
    ///
    /// # Errors
    /// [`Misuse::Leeway`] for a leeway of more than 300 seconds.
    pub const fn new(leeway: u32, max_lifetime: u32) -> Result<Self, Misuse> {
        if leeway > Self::MAX_LEEWAY { Err(Misuse::Leeway) } else { Ok(Self { leeway, max_lifetime }) }
    }

    pub(crate) const fn with_max_lifetime(self, max_lifetime: u32) -> Self {
        Self { max_lifetime, ..self }
    }

    /// Seconds.
    #[must_use]
    pub const fn leeway(self) -> u32 {
        self.leeway
    }

    /// Seconds.
    #[must_use]
    pub const fn max_lifetime(self) -> u32 {
        self.max_lifetime
    }

    /// Whether a signature that expires at `expires` is accepted at `now`, including the first and the last second.
    pub(crate) fn check(self, expires: UnixSeconds, now: UnixSeconds) -> Result<(), Code> {
        let (leeway, max_lifetime) = (i64::from(self.leeway), i64::from(self.max_lifetime));
        // A saturated sum compares like the exact one.
        if now.0 > expires.0.saturating_add(leeway) {
            Err(Code::Expired)
        } else if expires.0 > now.0.saturating_add(max_lifetime).saturating_add(leeway) {
            Err(Code::LifetimeTooLong)
        } else {
            Ok(())
        }
    }
}

/// No leeway, 7 days.
impl Default for Window {
    fn default() -> Self {
        Self::DEFAULT
    }
}
