//! The processor's time-stamp counter.

use core::arch::x86_64::{_mm_lfence, _rdtsc};

/// Returns the counter, after all earlier instructions and before all later ones.
#[inline(always)]
pub(crate) fn ticks() -> u64 {
    // SAFETY: every x86-64 processor has SSE2 and the counter, and Linux lets programs read it.
    unsafe {
        _mm_lfence();
        let ticks = _rdtsc();
        _mm_lfence();
        ticks
    }
}
