//! Time is an argument: this crate reads no clock.

#[cfg(feature = "std")]
use crate::error::Misuse;

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted; negative before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSeconds(i64);

impl UnixSeconds {
    /// The instant `seconds` after the epoch.
    #[must_use]
    pub const fn new(seconds: i64) -> Self {
        Self(seconds)
    }

    /// The number of seconds.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether something that ends at `self` is over at `now`. The last second still counts.
    #[must_use]
    pub const fn is_past(self, now: Self) -> bool {
        self.0 < now.0
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
