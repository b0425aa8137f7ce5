//! A comparison that returns at the first difference: the test must see it.

use crate::classes::{class, measure};

pub(crate) fn run(number: usize) {
    let right = vec![b'a'; 64];
    let wrong = |at: usize| {
        let mut text = right.clone();
        text[at] = b'b';
        text
    };
    let classes = [class(|| wrong(0)), class(|| wrong(63))];
    measure("control", "early return", number, classes, |presented: &Vec<u8>| {
        std::hint::black_box(&right).iter().zip(presented).take_while(|(x, y)| x == y).count()
    });
}
