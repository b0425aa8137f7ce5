//! Another library in Rust, with std, for a program that links two of them.

/// Returns 1 if its own panic was caught, which needs its own runtime.
#[unsafe(no_mangle)]
pub extern "C" fn second_catches_a_panic() -> i32 {
    std::panic::set_hook(Box::new(|_| {}));
    let caught = std::panic::catch_unwind(|| -> i32 { panic!("{}", std::env::args().count()) });
    i32::from(caught.is_err())
}
