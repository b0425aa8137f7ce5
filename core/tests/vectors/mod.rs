//! The files of `vectors/`, and a check of all cases of one array.

use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads a file of `vectors/`, or of the folder that `SANDGATE_VECTORS` names: a lane puts poisoned copies there.
pub(crate) fn read<T: DeserializeOwned>(file: &str) -> T {
    let tree = || concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors").to_owned();
    let folder = std::env::var("SANDGATE_VECTORS").unwrap_or_else(|_| tree());
    let text = std::fs::read(format!("{folder}/{file}")).unwrap();
    serde_json::from_slice(&text).unwrap_or_else(|error| {
        let said = error.to_string();
        let unknown = said.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
        panic!("{file}/{}: {error}", unknown.unwrap_or_default())
    })
}

/// Checks every case of an array, and names all that fail as `file/array/number`. An array without cases would test nothing.
pub(crate) fn each<T: Debug>(array: &str, cases: &[T], check: impl Fn(&T)) {
    assert!(!cases.is_empty(), "{array}");
    let is_wrong = |case: &T| catch_unwind(AssertUnwindSafe(|| check(case))).is_err();
    let wrong = cases.iter().enumerate().filter(|(_, case)| is_wrong(case));
    let wrong: Vec<_> = wrong.map(|(number, case)| format!("{array}/{number}: {case:?}")).collect();
    assert!(wrong.is_empty(), "wrong, for the reasons above:\n{}", wrong.join("\n"));
}
