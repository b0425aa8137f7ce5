//! Whether the time of an operation depends on a secret: Welch's t-test on the build that is released, with the hash
//! instructions of this processor.
//!
//! The method is that of dudect (Reparaz, Balasch and Verbauwhede, 2017): two classes of inputs, interleaved at random; a
//! value of t near zero means that their times do not differ. Prints one line per operation: what it is, its name, and |t|.

mod classes;
mod clock;
mod control;
mod edges;
mod operations;
mod random;
mod signs;
mod welch;

fn main() {
    let each = std::env::args().nth(1).and_then(|number| number.parse().ok()).unwrap_or(1_000_000);
    operations::run(each);
    control::run(each);
}
