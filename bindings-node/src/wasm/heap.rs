//! The heap of a call: addresses go up, nothing is freed, and JavaScript overwrites all of it when the call is over.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size, unreachable};
use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering};

const PAGE: usize = 65_536;

/// Where the next allocation begins, at the earliest.
static NEXT: AtomicUsize = AtomicUsize::new(0);

struct Heap;

#[global_allocator]
static HEAP: Heap = Heap;

/// The heap begins here, empty.
pub(super) fn begin(address: usize) {
    NEXT.store(address, Ordering::Relaxed);
}

/// Where it ends now.
pub(super) fn end() -> usize {
    NEXT.load(Ordering::Relaxed)
}

// SAFETY: each allocation is memory of its own: between the address that the last one ended at and the end of linear memory.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(start) = end().checked_next_multiple_of(layout.align()) else { return ptr::null_mut() };
        let Some(end) = start.checked_add(layout.size()) else { return ptr::null_mut() };
        let missing = end.saturating_sub(memory_size(0).saturating_mul(PAGE)).div_ceil(PAGE);
        if missing > 0 && memory_grow(0, missing) == usize::MAX {
            return ptr::null_mut();
        }
        begin(end);
        ptr::without_provenance_mut(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

/// JavaScript throws away a module that trapped, with all of its memory.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unreachable()
}
