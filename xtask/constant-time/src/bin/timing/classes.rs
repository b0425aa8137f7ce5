//! Measures an operation on two classes of inputs.

use crate::clock::ticks;
use crate::random::Random;
use crate::welch::greatest;
use std::hint::black_box;

/// The inputs of each class. The same number in both, so that caches treat them alike.
const INPUTS: usize = 64;

/// Measurements before the ones that count: caches and branch predictors learn.
const WARM_UP: usize = 10_000;

/// Makes the inputs of a class.
pub(crate) fn class<I>(mut make: impl FnMut() -> I) -> Vec<I> {
    (0..INPUTS).map(|_| make()).collect()
}

/// Prints |t| of an operation. `kind` says what the lane that runs this program requires.
pub(crate) fn measure<I: Clone, R>(
    kind: &str,
    name: &str,
    number: usize,
    classes: [Vec<I>; 2],
    mut run: impl FnMut(&I) -> R,
) {
    eprintln!("{name}: {number} measurements …");
    let mut random = Random::new();
    let mut samples = Vec::with_capacity(number);
    // Always the same memory, whichever input it holds.
    let mut place = classes[0][0].clone();
    for at in 0..WARM_UP + number {
        let choice = random.next();
        let (class, input) = (choice >> 63 == 1, random.below(INPUTS));
        place.clone_from(&classes[usize::from(class)][input]);
        let input = black_box(&place);
        let before = ticks();
        black_box(run(input));
        let taken = ticks().wrapping_sub(before);
        if at >= WARM_UP {
            samples.push((u32::try_from(taken).unwrap_or(u32::MAX), class));
        }
    }
    println!("{kind}\t{name}\t{:.2}", greatest(&mut samples));
}
