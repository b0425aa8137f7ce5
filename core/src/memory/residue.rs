//! What a computation leaves on the stack.

use crate::memory::wipe::wipe;

/// Runs `run` and then overwrites `DEPTH` bytes of the stack that it used.
///
/// Rust moves values by copying, and a copy that is left behind is wiped by nobody. Wrap what makes or moves keys and tokens,
/// and let only the place where they stay lie outside:
///
/// ```
/// use sandgate::{Misuse, clean_stack, v2::Keyring};
///
/// let mut keyring = None;
/// clean_stack::<16_384, _>(|| {
///     keyring = Some(Keyring::new("a".parse()?, b"a seed of at least 32 bytes, kept secret")?);
///     Ok::<(), Misuse>(())
/// })?;
/// # Ok::<(), sandgate::Misuse>(())
/// ```
///
/// 16 KiB is more than anything in this crate uses. What `run` returns must be no secret: it is moved.
#[inline(never)]
pub fn clean_stack<const DEPTH: usize, R>(run: impl FnOnce() -> R) -> R {
    let done = below(run);
    overwrite::<DEPTH>();
    done
}

/// Makes a value that holds keys and keeps it on the heap, where moving it moves a pointer. The stack that this used is
/// overwritten.
///
/// # Errors
/// Those of `make`.
#[cfg(feature = "std")]
pub fn boxed<T, E>(make: impl FnOnce() -> Result<T, E>) -> Result<std::boxed::Box<T>, E> {
    clean_stack::<16_384, _>(|| make().map(std::boxed::Box::new))
}

/// A frame of its own, below that of the caller.
#[inline(never)]
fn below<R>(run: impl FnOnce() -> R) -> R {
    run()
}

#[inline(never)]
fn overwrite<const DEPTH: usize>() {
    wipe(&mut [0_u8; DEPTH]);
}
