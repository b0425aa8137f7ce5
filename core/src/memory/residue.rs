//! Overwrites copies that a computation leaves on the stack.

use crate::memory::wipe::wipe;

/// Runs `run` and then overwrites `DEPTH` bytes of the stack that it used.
///
/// Rust moves a value by copying it, and nothing wipes the old copy. Wrap code that makes or moves keys and tokens, and
/// keep only their final place outside:
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
/// 16 KiB is more than any function of this crate uses. `run` must not return a secret, because its result is moved.
#[inline(never)]
pub fn clean_stack<const DEPTH: usize, R>(run: impl FnOnce() -> R) -> R {
    let done = below(run);
    overwrite::<DEPTH>();
    done
}

/// Makes a value that holds keys on the heap, so that moving it moves only a pointer. Overwrites the stack that `make`
/// used.
///
/// # Errors
/// Those of `make`.
#[cfg(feature = "std")]
pub fn boxed<T, E>(make: impl FnOnce() -> Result<T, E>) -> Result<std::boxed::Box<T>, E> {
    clean_stack::<16_384, _>(|| make().map(std::boxed::Box::new))
}

/// Not inlined, so that it has its own frame below the caller's.
#[inline(never)]
fn below<R>(run: impl FnOnce() -> R) -> R {
    run()
}

#[inline(never)]
fn overwrite<const DEPTH: usize>() {
    wipe(&mut [0_u8; DEPTH]);
}
