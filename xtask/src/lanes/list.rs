//! The lanes, and the files that each of them reads.

use super::track::Track;
use super::{
    api, bundlers, capi, clock, constant_time, controller, demo, freestanding, fuzz, gateways, glibc, header,
    inspector, layers, lint, node, python, quick_start, residue, rot, rust, vectors,
};
use crate::{bench, counts};
use xshell::Shell;

/// One lane: its name, its function, and the files that can change its outcome.
///
/// A file that is in no list affects all lanes; these are the manifests of the workspace, and this crate.
pub(super) struct Lane {
    pub(super) name: &'static str,
    pub(super) run: fn(&Shell) -> anyhow::Result<()>,
    pub(super) reads: &'static [&'static str],
    pub(super) track: Track,
}

/// A check before a release: its name, and its function, which returns its figure in words.
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) run: fn(&Shell) -> anyhow::Result<String>,
}

type Run = fn(&Shell) -> anyhow::Result<()>;

const fn lane(name: &'static str, run: Run, reads: &'static [&'static str]) -> Lane {
    Lane { name, run, reads, track: Track::Other }
}

/// A lane of the track that builds and installs the npm package.
const fn npm(name: &'static str, run: Run, reads: &'static [&'static str]) -> Lane {
    Lane { name, run, reads, track: Track::Npm }
}

/// Cheap ones first.
pub(super) const TEST: &[Lane] = &[
    lane("format and lints", lint::run, RUST),
    lane("relative links lead somewhere", lint::links, PAGES),
    lane(
        "layers, and no cycle of imports",
        layers::run,
        &["core/", "ffi-c/", "bindings-node/", "bindings-python/", "examples/platform/", "gateways/"],
    ),
    lane("the C header is as generated", header::check, &["core/", "ffi-c/"]),
    lane(
        "docs/api.md names the public surfaces",
        api::run,
        &["docs/api.md", "core/", "ffi-c/", "bindings-node/", "bindings-python/"],
    ),
    lane("vectors are as generated", vectors::run, &["vectors/"]),
    lane("tests in Rust", rust::run, RUST_AND_PAGES),
    npm("core freestanding, without a path that panics", freestanding::run, &["core/", "ffi-c/"]),
    npm("constant time under valgrind", constant_time::run, &["core/", "ffi-c/"]),
    npm("fuzzing, 10 seconds a target", |sh| fuzz::run(sh, 10).map(drop), &["core/", "ffi-c/", "fuzz/"]),
    npm("instruction counts, and linear growth", |sh| counts::run(sh, false), &["core/", "benches/"]),
    npm("benches run", |sh| bench::run(sh, true), &["core/", "bindings-node/", "bindings-python/", "benches/"]),
    lane("the installed C library", capi::run, C),
    lane("the installed C library under valgrind and sanitizers", capi::memory, C),
    lane("the Python package", python::run, PYTHON),
    lane("poisoned vectors fail in Rust, C and Python", rot::run, DOORS),
    npm("the npm package", node::run, NODE),
    npm("poisoned vectors fail in Node", rot::node, &["core/", "bindings-node/", "vectors/"]),
    npm("the npm package in bundles", bundlers::run, &["core/", "bindings-node/"]),
    npm("the inspector in a browser", inspector::run, &["core/", "bindings-node/", "docs/inspector/"]),
    npm("the controller daemon in C", controller::run, &["core/", "ffi-c/", "examples/controller/", "vectors/"]),
    npm("gateways: nginx", gateways::run, &["core/", "ffi-c/", "gateways/", "examples/controller/"]),
    npm("the packages need glibc 2.17 alone", glibc::run, &["core/", "bindings-node/", "bindings-python/"]),
    npm(
        "the README's quick starts",
        quick_start::run,
        &["README.md", "core/", "gateways/tower/", "bindings-node/", "bindings-python/"],
    ),
    npm("the demo's rows", demo::run, &["core/", "ffi-c/", "bindings-node/", "bindings-python/", "examples/"]),
];

const RUST: &[&str] = &[
    "core/",
    "ffi-c/",
    "bindings-node/",
    "bindings-python/",
    "examples/platform/",
    "gateways/",
    "fuzz/",
    "benches/",
    "rustfmt.toml",
];
const RUST_AND_PAGES: &[&str] = &[
    "core/",
    "ffi-c/",
    "bindings-node/",
    "bindings-python/",
    "examples/platform/",
    "gateways/",
    "vectors/",
    "README.md",
    "docs/format.md",
    "docs/migration.md",
];
/// The places of documents.
const PAGES: &[&str] = &[
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/",
    "core/",
    "ffi-c/",
    "bindings-node/",
    "bindings-python/",
    "examples/",
    "benches/",
    "fuzz/",
    "gateways/",
    "vectors/",
];
const C: &[&str] = &["core/", "ffi-c/", "examples/c/", "examples/controller/", "vectors/", "README.md"];
const DOORS: &[&str] = &["core/", "ffi-c/", "bindings-python/", "vectors/"];
const PYTHON: &[&str] = &["core/", "bindings-python/", "vectors/", "README.md", "docs/migration.md", "LICENSE-"];
const NODE: &[&str] =
    &["core/", "bindings-node/", "bindings-python/README.md", "vectors/", "README.md", "docs/migration.md", "LICENSE-"];

/// The checks of `cargo xtask assure`, each with a row in docs/assurance.md.
pub(super) const ASSURE: &[Check] = &[
    Check { name: "constant time under valgrind", run: constant_time::figure },
    Check { name: "constant time by the clock", run: clock::figure },
    Check { name: "core freestanding", run: freestanding::figure },
    Check { name: "known answers", run: rust::known_answers },
    Check { name: "memory search", run: residue::figure },
    Check { name: "nothing shown", run: rust::secrecy },
    Check { name: "poisoned vectors", run: rot::figure },
    Check { name: "C under memcheck and sanitizers", run: capi::memory_figure },
    Check { name: "properties, 200,000 cases each", run: rust::many_cases },
    Check { name: "the controller daemon under sanitizers", run: controller::assure },
    Check { name: "four gateways in front of sandboxes", run: gateways::assure },
    Check { name: "fuzzing, 10 minutes a target", run: |sh| fuzz::run(sh, 600) },
    Check { name: "C and Go peers", run: bench::assure },
];
