//! What is not constant time. If valgrind does not report it, the whole run proves nothing.

use crate::presented::hidden;
use crate::report::leaks;
use std::hint::black_box;

const TOKEN: &[u8; 64] = b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

pub(crate) fn run() {
    let (right, presented) = (hidden(TOKEN, 64), black_box(TOKEN.to_vec()));
    leaks("control: ==", || usize::from(right == presented));
    leaks("control: early return", || right.iter().zip(&presented).take_while(|(x, y)| x == y).count());
    let table: [u8; 256] = black_box(std::array::from_fn(|at| at as u8));
    leaks("control: table look-up", || table[usize::from(right[0])].into());
    // A branch on a secret that takes the same time either way is still one.
    leaks("control: one bit", || if right[63] & 1 == 1 { black_box(1) } else { black_box(2) });
}
