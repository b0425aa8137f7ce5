//! The C library installed below a private prefix, and the programs that are built against it.

use super::residue;
use crate::install::{self, Place};
use crate::{cargo, machine};
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use xshell::{PushEnv, Shell, cmd};

/// Debian's packages for the tests, beyond those of the examples.
const PACKAGES: [&str; 4] = ["cmake", "g++", "libcmocka-dev", "valgrind"];

/// An installed library, and the build directory of programs that use it.
pub(super) struct Installed {
    pub(super) prefix: PathBuf,
    pub(super) out: PathBuf,
}

/// Installs the library. pkg-config and the loader find it while the caller holds the environment.
pub(super) fn install(sh: &Shell) -> anyhow::Result<(Installed, [PushEnv<'_>; 2])> {
    machine::packages(sh, &PACKAGES)?;
    let out = cargo::target_directory()?.join("capi");
    let prefix = out.join("prefix");
    sh.remove_path(&prefix)?;
    install::install(sh, &Place::new(&prefix, Path::new("lib"), None)?)?;
    let environment = [("PKG_CONFIG_PATH", "lib/pkgconfig"), ("LD_LIBRARY_PATH", "lib")]
        .map(|(name, directory)| sh.push_env(name, prefix.join(directory)));
    Ok((Installed { prefix, out }, environment))
}

const URL: &str = "https://49983-i94gcaqbpvohfr764s5l.e2b.app/files?path=%2Fhome%2Fuser%2Fmy%20report.pdf&username=user\
    &signature=v1_2o%2FufExm%2BEz8pN5wGzjN1i%2BRfV%2BT578SvXtpvPEiFd0&signature_expiration=4102444800";
const TARGET: &str = "/files?path=%2Fa.txt&username=user\
    &signature=v1_gMNqi6kqR6ecvPryJoAUDkADvoej9X7wPINcb84xvNw&signature_expiration=4102444800";
const TRAFFIC_TOKEN: &str = "c1b0e5078607cc5355ea57632b9e28906cbdd69e8ca768bd3a65f3c11ad37500";
const HOST: &str = "8080-i94gcaqbpvohfr764s5l.e2b.app";

/// An example, its arguments, whether it succeeds, and what it prints.
type Example = (&'static str, &'static [&'static str], bool, &'static str);

const EXAMPLES: &[Example] = &[
    ("quick_start", &[], true, "401 invalid signature"),
    (
        "issue_tokens",
        &[],
        true,
        "envdAccessToken    249814dde4dad1ee492a3e64a2c066df8705c2882e8f51805febbeb14cfa32f8\n\
         trafficAccessToken c1b0e5078607cc5355ea57632b9e28906cbdd69e8ca768bd3a65f3c11ad37500",
    ),
    ("sign_url", &["/home/user/my report.pdf", "4102444800"], true, URL),
    ("check_request", &["GET", TARGET], true, "allowed: /a.txt"),
    ("check_request", &["POST", "/files?path=/b", "tok"], true, "allowed to write: /b"),
    ("check_request", &["POST", TARGET], false, r#"401 {"code":401,"message":"invalid signature"}"#),
    ("edge_two_seeds", &[HOST, TRAFFIC_TOKEN], true, "on to port 8080 of i94gcaqbpvohfr764s5l"),
    ("replace_controller", &[], true, "replaced"),
    ("replace_seed", &[], true, "only version 2\nonly seed b"),
    ("edge_two_seeds", &["x"], false, r#"400 {"code":400,"message":"invalid host or routing headers"}"#),
    ("verify_webhook", &[], true, "verified\n401 invalid webhook signature"),
    (
        "v2_credentials",
        &[],
        true,
        "success: 1048576 bytes at most\n\
         success: for 60 seconds\n\
         traffic access token does not cover this port",
    ),
];

impl Installed {
    /// No key stays in memory, with the shared library and with the archive.
    /// Returns for how many forms of keys it searched.
    pub(super) fn residue(&self, sh: &Shell) -> anyhow::Result<usize> {
        let (source, mut forms) = (residue::program("c")?, 0);
        for kind in ["--shared", "--static"] {
            let program = self.out.join(format!("make_and_drop_keys{kind}"));
            let flags = cmd!(sh, "pkg-config {kind} --cflags --libs sandgate").quiet().read()?;
            let flags = flags.split_whitespace();
            // Lazy binding saves registers, and the secrets in them, to the stack at the first call.
            let now = ["-O2", "-Wall", "-Wextra", "-Werror", "-Wl,-z,now"];
            cmd!(sh, "cc {now...} -o {program} {source} {flags...}").run()?;
            forms = residue::scan(sh, &[program])?;
        }
        Ok(forms)
    }

    pub(super) fn make(&self, sh: &Shell, goal: &str) -> anyhow::Result<()> {
        let vectors = sh.current_dir().join("vectors");
        let variables = [("PREFIX", &self.prefix), ("VECTORS", &vectors), ("OUT", &self.out.join("tests"))]
            .map(|(name, path)| format!("{name}={}", path.display()));
        cmd!(sh, "make --silent --directory ffi-c/tests/c {goal} {variables...}").run()?;
        Ok(())
    }

    /// Builds and runs each example as its README says.
    pub(super) fn examples(&self, sh: &Shell) -> anyhow::Result<()> {
        let out = self.out.join("examples");
        sh.create_dir(&out)?;
        let flags = cmd!(sh, "pkg-config --cflags --libs sandgate").read()?;
        let mut sources = 0;
        for source in sh.read_dir("examples/c")? {
            if source.extension().is_none_or(|extension| extension != "c") {
                continue;
            }
            let name = source.file_stem().and_then(|name| name.to_str()).context("an example has no file name")?;
            let (program, flags) = (out.join(name), flags.split_whitespace());
            cmd!(sh, "cc -std=c99 -Wall -Wextra -Wpedantic -Werror -o {program} {source} {flags...}").run()?;
            ensure!(EXAMPLES.iter().any(|example| example.0 == name), "{name} is built but not run");
            sources += 1;
        }
        ensure!(sources > 0, "no example was found");
        for &(name, arguments, succeeds, expected) in EXAMPLES {
            let program = out.join(name);
            let output = cmd!(sh, "{program} {arguments...}").ignore_status().output()?;
            let said = String::from_utf8(output.stdout)?;
            ensure!(said.trim_end() == expected, "{name} printed {said}");
            ensure!(output.status.success() == succeeds, "{name} ended with {}", output.status);
        }
        Ok(())
    }

    /// Runs the compiler commands of the READMEs.
    pub(super) fn readmes(&self, sh: &Shell) -> anyhow::Result<()> {
        let (prefix, source) = (self.prefix.display().to_string(), cargo::root()?.join("examples/c/quick_start.c"));
        let out = self.out.join("readmes");
        sh.create_dir(&out)?;
        let mut kinds = Vec::new();
        for readme in ["README.md", "ffi-c/README.md"] {
            let text = sh.read_file(readme)?;
            let commands = text.split(['`', '\n']).filter_map(|line| line.split(" &&").next());
            for command in commands.filter(|command| command.starts_with("cc ")) {
                let is_shared = !command.contains("--static") && !command.contains(".a");
                let said = command.replace("/usr/local", &prefix);
                let said = said.replace("quick_start.c", &source.to_string_lossy());
                let _out = sh.push_dir(&out);
                cmd!(sh, "sh -c {said}").quiet().run()?;
                let answer = cmd!(sh, "./a.out").quiet().read()?;
                ensure!(answer == "401 invalid signature", "{command}: {answer}");
                ensure_linked(sh, &out.join("a.out"), is_shared)?;
                kinds.push(is_shared);
            }
        }
        ensure!(
            kinds == [true, false, true, false, false],
            "the READMEs must link shared, static, shared, static, static: {kinds:?}"
        );
        Ok(())
    }

    pub(super) fn cmake(&self, sh: &Shell) -> anyhow::Result<()> {
        let (out, prefix) = (self.out.join("cmake"), &self.prefix);
        // CMake must not reuse what an earlier run found.
        sh.remove_path(&out)?;
        let options = [
            format!("-DCMAKE_PREFIX_PATH={}", prefix.display()),
            concat!("-DWANTED=", env!("CARGO_PKG_VERSION")).to_owned(),
            "--log-level=WARNING".to_owned(),
        ];
        cmd!(sh, "cmake -S ffi-c/tests/cmake -B {out} {options...}").ignore_stdout().run()?;
        cmd!(sh, "cmake --build {out}").ignore_stdout().run()?;
        for kind in ["sandgate", "static", "sandgate-static"] {
            for program in [format!("c_{kind}"), format!("cxx_{kind}")].map(|program| out.join(program)) {
                cmd!(sh, "{program}").quiet().run()?;
                ensure_linked(sh, &program, kind == "sandgate")?;
            }
        }
        Ok(())
    }

    /// The daemon finds the library as any program does. Its own tests are in another lane.
    pub(super) fn daemon(&self, sh: &Shell) -> anyhow::Result<()> {
        let out = self.out.join("controller");
        // The Makefile does not notice that the library changed.
        sh.remove_path(&out)?;
        let variable = format!("OUT={}", out.display());
        cmd!(sh, "make --silent --directory examples/controller {variable}").run()?;
        let program = out.join("controller");
        ensure_linked(sh, &program, true)?;
        // The loader finds the library below the private prefix without LD_LIBRARY_PATH.
        let found = cmd!(sh, "ldd {program}").env_remove("LD_LIBRARY_PATH").quiet().read()?;
        let library = format!("libsandgate.so.0 => {}/lib/", self.prefix.display());
        ensure!(found.contains(&library), "the loader finds:\n{found}");
        Ok(())
    }
}

/// Checks which library a program is linked with: otherwise one of them could be tested twice and the other not at all.
fn ensure_linked(sh: &Shell, program: &Path, is_shared: bool) -> anyhow::Result<()> {
    let needed = cmd!(sh, "readelf --dynamic {program}").read()?;
    ensure!(needed.contains("libsandgate.so.") == is_shared, "{} is linked with the wrong library", program.display());
    Ok(())
}
