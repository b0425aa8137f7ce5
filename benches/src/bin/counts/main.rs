//! Runs each operation inside `counted`, for callgrind, and prints one line per operation, in this order.
//!
//! `cargo xtask counts` runs it and reads what callgrind wrote. Without callgrind it only shows that each operation runs.

mod operations;

use sandgate_benches::deployment::Deployment;
use sandgate_benches::linear::SERIES;

/// How often an operation runs, and by what its count is divided.
const CALLS: u32 = 100;
/// Explaining a longer path takes too long under callgrind.
const LONGEST: usize = 1 << 16;

/// Callgrind counts inside this function alone, and writes a file each time that it returns.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C-unwind" fn counted(calls: u32, operation: &&dyn Fn()) {
    for _ in 0..calls {
        operation();
    }
}

fn count(kind: &str, name: &str, calls: u32, operation: &dyn Fn()) {
    // The first call finds out what the processor can do.
    operation();
    counted(calls, &operation);
    println!("{kind}\t{name}\t{calls}");
}

fn main() {
    let on = Deployment::new();
    for (name, operation) in operations::of(&on) {
        count("operation", &name, CALLS, &*operation);
    }
    for series in SERIES {
        for size in series.sizes.counted.iter().filter(|size| **size <= LONGEST) {
            let name = format!("{}\t{}\t{size}", series.name, series.grows);
            count("series", &name, 1, &*(series.make)(&on, *size));
        }
    }
}
