//! Requests to valgrind. Outside valgrind they do nothing and answer 0.
//!
//! Source: `valgrind/valgrind.h` and `valgrind/memcheck.h`.

use core::arch::asm;

const MAKE_UNDEFINED: usize = 0x4d43_0001;
const GET_BITS: usize = 0x4d43_0008;
const SET_BITS: usize = 0x4d43_0009;
const COUNT_ERRORS: usize = 0x1201;
const RUNNING_ON_VALGRIND: usize = 0x1001;

/// The bits of a character of ASCII that are secret: all but the highest.
const OF_CHARACTER: u8 = 0x7f;

/// Sends one request. Valgrind reads the arguments at an address, and may read or mark the memory that they name.
fn send(arguments: [usize; 6]) -> usize {
    let mut answer = 0;
    // SAFETY: on a processor the instructions rotate rdi by 128 bits in all and exchange rbx with itself, which changes
    // nothing. Valgrind reads the six arguments, which are alive, and writes rdx, which is declared.
    unsafe {
        asm!(
            "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
            in("rax") &raw const arguments,
            inout("rdx") answer,
        );
    }
    answer
}

pub(crate) fn is_valgrind() -> bool {
    send([RUNNING_ON_VALGRIND, 0, 0, 0, 0, 0]) > 0
}

/// The errors until now that no suppression names.
pub(crate) fn errors() -> usize {
    send([COUNT_ERRORS, 0, 0, 0, 0, 0])
}

/// Makes all bits secret.
pub(crate) fn hide(bytes: &mut [u8]) {
    send([MAKE_UNDEFINED, bytes.as_mut_ptr().expose_provenance(), bytes.len(), 0, 0, 0]);
}

/// Makes the characters secret, except that they are ASCII.
pub(crate) fn hide_text(text: &mut [u8]) {
    let bits = vec![OF_CHARACTER; text.len()];
    send([SET_BITS, text.as_mut_ptr().expose_provenance(), bits.as_ptr().expose_provenance(), text.len(), 0, 0]);
}

/// Whether a value depends on a secret.
pub(crate) fn is_hidden<T: ?Sized>(value: &T) -> bool {
    let mut bits = vec![0_u8; size_of_val(value)];
    send([
        GET_BITS,
        (&raw const *value).cast::<u8>().expose_provenance(),
        bits.as_mut_ptr().expose_provenance(),
        bits.len(),
        0,
        0,
    ]);
    std::hint::black_box(&mut bits).iter().any(|bits| *bits != 0)
}
