//! The second that it is, for bindings whose callers give no time. Core itself reads no clock.

use crate::error::Misuse;
use crate::time::UnixSeconds;
use std::time::SystemTime;

/// The second that it is.
///
/// # Errors
/// [`Misuse::Time`] where the system's clock stands before 1970.
#[inline]
pub fn now() -> Result<UnixSeconds, Misuse> {
    #[cfg(target_os = "linux")]
    if let Some(second) = second_of_tick() {
        return Ok(second);
    }
    SystemTime::now().try_into()
}

/// The second by the clock that the kernel keeps in whole ticks, which takes a fifth of the time to read. None near the end of a
/// second, where another one may have begun since the tick, of 10 milliseconds at the most.
#[cfg(target_os = "linux")]
fn second_of_tick() -> Option<UnixSeconds> {
    let tick = rustix::time::clock_gettime(rustix::time::ClockId::RealtimeCoarse);
    (tick.tv_sec >= 0 && tick.tv_nsec < 980_000_000).then_some(UnixSeconds::new(tick.tv_sec))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_second_of_the_system() {
        let exact = || UnixSeconds::try_from(SystemTime::now()).unwrap().get();
        let end = std::time::Instant::now() + std::time::Duration::from_millis(1200);
        while std::time::Instant::now() < end {
            let before = exact();
            let second = now().unwrap().get();
            assert!((before..=exact()).contains(&second));
        }
    }
}
