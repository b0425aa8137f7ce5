//! The npm package: its tests here, and as it is packed and installed on every Node that is supported, on Bun and on Deno.

use super::residue;
use crate::addon::{self, Packed, quietly};
use crate::{cargo, machine};
use anyhow::{Context, ensure};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// Tests that need the source tree, features that only Node has, or tools that only Node runs: `serverless-http`, `inject` of Fastify.
const HERE_ONLY: [&str; 13] = [
    "guard_forwarders",
    "guard_views",
    "http_servers",
    "http_types",
    "loader",
    "memory",
    "on_refusal",
    "package",
    "readme",
    "realms",
    "types",
    "wasm_memory",
    "backend",
];
/// Tests that an engine cannot run, because a package that they need does not run on it, and what the engine says of it.
const NOT_THERE: [(&str, &str, &str); 3] = [
    ("node18", "frameworks_sdk", "require() of ES Module"),
    ("node18", "sdk", "crypto is not defined"),
    ("node18", "sdk", "Dynamic require of \"crypto\" is not supported"),
];
/// Tests of the addon itself, tests that choose a backend of their own, and tests that take minutes in WebAssembly.
const NOT_IN_WASM: [&str; 6] = ["backend", "http_types", "loader", "memory", "types", "wasm_memory"];
/// Text of every length around every buffer: in WebAssembly once with the strings of V8, and once with those of JavaScriptCore.
const BOUNDARIES: &str = "boundaries";
/// How tests run on each Node: by default, a machine with two processors runs one file after the other.
const NODE_TEST: [&str; 3] = ["--test", "--test-reporter=tap", "--test-concurrency=2"];
/// Fewer tests than this mean that the selection is broken.
const FEWEST: usize = 500;

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    machine::packages(sh, &[])?;
    let package = cargo::root()?.join("bindings-node");
    let packed = addon::packed(sh)?;
    contents(sh, &package, packed)?;
    no_addon(sh, packed)?;
    {
        let _package = sh.push_dir(&package);
        let all = tests(sh, |_| true)?;
        tested(sh, Path::new("node"), &NODE_TEST, &all)?;
        let _backend = sh.push_env("SANDGATE_BACKEND", "wasm");
        let portable = tests(sh, |name| !NOT_IN_WASM.contains(&name))?;
        tested(sh, Path::new("node"), &NODE_TEST, &portable)?;
    }
    elsewhere(sh, &package, packed)
}

/// The packages hold what users need, and nothing else.
fn contents(sh: &Shell, package: &Path, packed: &Packed) -> anyhow::Result<()> {
    let _package = sh.push_dir(package);
    let licences = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"].map(str::to_owned);
    let mut main = BTreeSet::from(licences.clone());
    for source in quietly(cmd!(sh, "find ts types -type f"))?.lines() {
        main.extend(match (source.strip_prefix("ts/"), source.rsplit_once('.')) {
            (Some(name), _) if name.ends_with(".d.ts") => None,
            // Only in `dist/esm`.
            (Some(name), _) if name.ends_with("workerd.ts") => None,
            (Some(_), Some((stem, extension))) => {
                Some(format!("{}.{}", stem.replacen("ts", "dist", 1), extension.replace("ts", "js")))
            }
            _ => Some(source.to_owned()),
        });
    }
    let modules = ["sandgate", "sandgate_sign", "sandgate_inspect", "sandgate_initialize"];
    main.extend(modules.map(|module| format!("dist/{module}.wasm")));
    main.extend(modules.map(|module| format!("dist/backend/{module}_wasm.js")));
    let mut platform = BTreeSet::from(licences);
    platform.insert(addon::ADDON.to_owned());
    for (tarball, expected) in [(&packed.main, main), (&packed.platform, platform)] {
        let listed = quietly(cmd!(sh, "tar --list --gzip --file {tarball}"))?;
        let listed = listed.lines().map(|line| line.trim_start_matches("package/").to_owned());
        // The same modules once more, as far as browsers need them: the bundles show that none is missing.
        let (modules, there) = listed.partition::<BTreeSet<_>, _>(|file| file.starts_with("dist/esm/"));
        let other = modules.iter().find(|file| !file.ends_with(".js") && *file != "dist/esm/package.json");
        ensure!(other.is_none(), "{} has {other:?}", tarball.display());
        let differences = there.symmetric_difference(&expected).collect::<Vec<_>>();
        ensure!(differences.is_empty(), "{} has unexpected or missing files: {differences:?}", tarball.display());
    }
    Ok(())
}

/// Without the addon, WebAssembly runs without a message. With `SANDGATE_BACKEND=native` the error names the missing package.
fn no_addon(sh: &Shell, packed: &Packed) -> anyhow::Result<()> {
    let folder = addon::out()?.join("without-addon");
    addon::install(sh, &folder, &[&packed.main], &["--omit=optional"])?;
    let _folder = sh.push_dir(&folder);
    for code in
        ["console.log(require('sandgate').backend)", "import('sandgate').then((all) => console.log(all.backend))"]
    {
        let output = cmd!(sh, "node --eval {code}").quiet().output()?;
        ensure!(output.stdout == b"wasm\n" && output.stderr.is_empty(), "{code} without an addon: {output:?}");
        let asked = cmd!(sh, "node --eval {code}").env("SANDGATE_BACKEND", "native");
        let said = asked.quiet().ignore_status().ignore_stdout().read_stderr()?;
        let clear =
            said.contains("the package sandgate-linux-x64-gnu is missing") && said.contains("ERR_SANDGATE_NO_ADDON");
        ensure!(clear, "{code} with SANDGATE_BACKEND=native, without an addon: {said}");
    }
    Ok(())
}

/// The tests that need no sources, on the installed packages.
fn elsewhere(sh: &Shell, package: &Path, packed: &Packed) -> anyhow::Result<()> {
    let out = addon::out()?.join("elsewhere");
    let folder = out.join("package");
    sh.remove_path(&out)?;
    addon::install(sh, &folder, &[&packed.main, &packed.platform], &[])?;
    let (sources, vectors, peers) =
        (package.join("tests"), cargo::root()?.join("vectors"), package.join("node_modules"));
    // Copies: from a link Node would find the package of the sources.
    cmd!(sh, "cp -r {sources} {folder}").quiet().run()?;
    cmd!(sh, "ln -s {vectors} {peers} {out}").quiet().run()?;

    // Beside the package, where it is found.
    let made_and_dropped = folder.join("make_and_drop_keys.mjs");
    sh.copy_file(residue::program("mjs")?, &made_and_dropped)?;
    residue::scan(sh, &["node".into(), "--expose-gc".into(), made_and_dropped])?;

    let runtimes = runtimes(sh, &sources)?;
    let _folder = sh.push_dir(&folder);
    let _plain = [
        sh.push_env("NO_COLOR", "1"),
        sh.push_env("DENO_DIR", out.join("deno")),
        sh.push_env("DENO_NO_UPDATE_CHECK", "1"),
    ];
    for is_wasm in [false, true] {
        let _backend = sh.push_env("SANDGATE_BACKEND", if is_wasm { "wasm" } else { "native" });
        let files = |runtime: &str| {
            tests(sh, |name| {
                let is_once = name == BOUNDARIES && runtime != "bun";
                let is_there = NOT_THERE.iter().all(|(engine, test, _)| (*engine, *test) != (runtime, name));
                !HERE_ONLY.contains(&name) && is_there && !(is_wasm && (NOT_IN_WASM.contains(&name) || is_once))
            })
        };
        // Between the oldest and the newest Node WebAssembly runs in Node 20, in the source tree.
        let nodes: &[_] = if is_wasm { &["node18", "node26"] } else { &["node18", "node22", "node24", "node26"] };
        for runtime in nodes.iter().copied() {
            let binary = runtimes.join(runtime).join("bin/node");
            tested(sh, &binary, &NODE_TEST, &files(runtime)?)?;
            for (_, test, why) in NOT_THERE.iter().filter(|(engine, ..)| *engine == runtime) {
                not_there(sh, &binary, test, why)?;
            }
        }
        tested(sh, &runtimes.join("@oven/bun-linux-x64/bin/bun"), &["test"], &files("bun")?)?;
        let deno = ["test", "--allow-all", "--no-check", "--parallel"];
        tested(sh, &runtimes.join("@deno/linux-x64-glibc/deno"), &deno, &files("deno")?)?;
    }
    Ok(())
}

/// Says which tests an engine cannot run, and why, in its own words.
fn not_there(sh: &Shell, node: &Path, test: &str, why: &str) -> anyhow::Result<()> {
    let file = format!("tests/{test}.test.mjs");
    let output = cmd!(sh, "{node} {NODE_TEST...} {file}").quiet().ignore_status().output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(!output.status.success(), "{test} runs on {} now: test it there", node.display());
    ensure!(said.contains(why), "{test} on {} does not fail by {why:?}: {said}", node.display());
    let version = quietly(cmd!(sh, "{node} --version"))?;
    println!("the SDK in {test} does not run on {}: {why}", version.trim());
    Ok(())
}

/// Node, Bun and Deno from npm. Their install scripts are not needed.
pub(super) fn runtimes(sh: &Shell, sources: &Path) -> anyhow::Result<PathBuf> {
    let folder = addon::out()?.join("runtimes");
    sh.create_dir(&folder)?;
    let files = [".npmrc", "package.json", "package-lock.json"].map(|file| sources.join("runtimes").join(file));
    cmd!(sh, "cp {files...} {folder}").quiet().run()?;
    machine::node_modules(sh, &folder)?;
    Ok(folder.join("node_modules"))
}

/// The test files whose name before `.test` passes `chosen`.
fn tests(sh: &Shell, chosen: impl Fn(&str) -> bool) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = sh.read_dir("tests")?;
    files.retain(|file| match file.file_name().and_then(|name| name.to_str()?.split_once('.')) {
        Some((name, "test.mjs" | "test.cjs")) => chosen(name),
        _ => false,
    });
    Ok(files)
}

fn tested(sh: &Shell, runtime: &Path, options: &[&str], files: &[PathBuf]) -> anyhow::Result<()> {
    let version = quietly(cmd!(sh, "{runtime} --version"))?;
    let command = cmd!(sh, "{runtime} {options...} {files...}").quiet().ignore_status();
    let output = command.output()?;
    // Bun reports on stderr.
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    ensure!(output.status.success(), "{}: {said}", runtime.display());
    let count = passed(&said).with_context(|| format!("on {}", runtime.display()))?;
    println!("{count} tests on {}", version.lines().next().unwrap_or_default());
    Ok(())
}

/// How many tests passed: `# pass 7` of Node, ` 7 pass` of Bun, `ok | 7 passed | 0 failed` of Deno.
fn passed(said: &str) -> anyhow::Result<usize> {
    let count = said.lines().rev().find_map(|line| {
        let words = line.split_whitespace().collect::<Vec<_>>();
        match words.as_slice() {
            ["#", "pass", count] | [count, "pass"] | ["ok", "|", count, "passed", ..] => count.parse().ok(),
            _ => None,
        }
    });
    let count: usize = count.with_context(|| format!("no tests were counted: {said}"))?;
    ensure!(count >= FEWEST, "only {count} tests: {said}");
    Ok(count)
}
