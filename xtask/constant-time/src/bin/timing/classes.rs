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

/// The inputs of both classes in random order.
fn mixed<I: Clone>(classes: [Vec<I>; 2], random: &mut Random) -> Vec<(bool, I)> {
    let [first, second] = classes;
    let mut all: Vec<(bool, I)> =
        first.into_iter().map(|input| (false, input)).chain(second.into_iter().map(|input| (true, input))).collect();
    for at in (1..all.len()).rev() {
        all.swap(at, random.below(at + 1));
    }
    // In memory of their own, allocated in this order.
    all.iter().map(|(class, input)| (*class, input.clone())).collect()
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
    // Always the same memory, whichever input it holds, and always copied from the same memory. The inputs of both classes are mixed:
    // one class beside the other would be in other sets of the caches, which programs at the same time empty unequally.
    let (mut place, mut source) = (classes[0][0].clone(), classes[0][0].clone());
    let mixed = mixed(classes, &mut random);
    for at in 0..WARM_UP + number {
        let (class, input) = &mixed[random.below(mixed.len())];
        source.clone_from(input);
        place.clone_from(black_box(&source));
        let input = black_box(&place);
        let before = ticks();
        black_box(run(input));
        let taken = ticks().wrapping_sub(before);
        if at >= WARM_UP {
            samples.push((u32::try_from(taken).unwrap_or(u32::MAX), *class));
        }
    }
    println!("{kind}\t{name}\t{:.2}", greatest(&mut samples));
}
