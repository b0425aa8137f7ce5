//! The C library as it is installed: its tests in C, its examples, and those who find it by pkg-config and CMake.

use crate::{install, setup};
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};
use xshell::{PushEnv, Shell, cmd};

/// Debian's packages for the tests, beyond those of the examples.
const PACKAGES: [&str; 4] = ["cmake", "g++", "libcmocka-dev", "valgrind"];

/// An installed library, and where those who use it are built.
struct Installed {
    prefix: PathBuf,
    out: PathBuf,
}

pub(super) fn run(sh: &Shell) -> anyhow::Result<()> {
    let (installed, _environment) = installed(sh)?;
    installed.make(sh, "check")?;
    let readme = sh.read_file("README.md")?;
    ensure!(readme.contains(&sh.read_file("examples/c/quick_start.c")?), "README.md shows another quick start");
    installed.examples(sh)?;
    installed.cmake(sh)?;
    installed.daemon(sh)?;
    installed.destdir(sh)
}

pub(super) fn memory(sh: &Shell) -> anyhow::Result<()> {
    let (installed, _environment) = installed(sh)?;
    installed.make(sh, "valgrind")?;
    installed.make(sh, "sanitize")
}

/// Installs, for as long as the environment is held so that pkg-config and the loader find it.
fn installed(sh: &Shell) -> anyhow::Result<(Installed, [PushEnv<'_>; 2])> {
    setup::packages(sh, &PACKAGES)?;
    let out = setup::target(&setup::root()?).join("capi");
    let prefix = out.join("prefix");
    sh.remove_path(&prefix)?;
    install::install(sh, &prefix, None)?;
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
    ("replace_seed", &[], true, "version 2 alone\nseed b alone"),
    ("edge_two_seeds", &["x"], false, r#"400 {"code":400,"message":"invalid host or routing headers"}"#),
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
    fn make(&self, sh: &Shell, goal: &str) -> anyhow::Result<()> {
        let vectors = sh.current_dir().join("vectors");
        let variables = [("PREFIX", &self.prefix), ("VECTORS", &vectors), ("OUT", &self.out.join("tests"))]
            .map(|(name, path)| format!("{name}={}", path.display()));
        cmd!(sh, "make --silent --directory ffi-c/tests/c {goal} {variables...}").run()?;
        Ok(())
    }

    /// Each is built as its README says.
    fn examples(&self, sh: &Shell) -> anyhow::Result<()> {
        let out = self.out.join("examples");
        sh.create_dir(&out)?;
        let flags = cmd!(sh, "pkg-config --cflags --libs sandgate").read()?;
        let mut sources = 0;
        for source in sh.read_dir("examples/c")? {
            if source.extension().is_none_or(|extension| extension != "c") {
                continue;
            }
            let name = source.file_stem().and_then(|name| name.to_str()).context("an example without a name")?;
            let (program, flags) = (out.join(name), flags.split_whitespace());
            cmd!(sh, "cc -std=c99 -Wall -Wextra -Wpedantic -Werror -o {program} {source} {flags...}").run()?;
            ensure!(EXAMPLES.iter().any(|example| example.0 == name), "{name} is built and not run");
            sources += 1;
        }
        ensure!(sources > 0, "no example was found");
        for &(name, arguments, succeeds, expected) in EXAMPLES {
            let program = out.join(name);
            let output = cmd!(sh, "{program} {arguments...}").ignore_status().output()?;
            let said = String::from_utf8(output.stdout)?;
            ensure!(said.trim_end() == expected, "{name} said {said}");
            ensure!(output.status.success() == succeeds, "{name} ended with {}", output.status);
        }
        Ok(())
    }

    fn cmake(&self, sh: &Shell) -> anyhow::Result<()> {
        let (out, prefix) = (self.out.join("cmake"), &self.prefix);
        // What an earlier run found must not be found again.
        sh.remove_path(&out)?;
        let options = [
            format!("-DCMAKE_PREFIX_PATH={}", prefix.display()),
            concat!("-DWANTED=", env!("CARGO_PKG_VERSION")).to_owned(),
            "--log-level=WARNING".to_owned(),
        ];
        cmd!(sh, "cmake -S ffi-c/tests/cmake -B {out} {options...}").ignore_stdout().run()?;
        cmd!(sh, "cmake --build {out}").ignore_stdout().run()?;
        for (program, is_shared) in
            [("c_sandgate", true), ("cxx_sandgate", true), ("c_static", false), ("cxx_static", false)]
        {
            let program = out.join(program);
            cmd!(sh, "{program}").run()?;
            ensure_linked(sh, &program, is_shared)?;
        }
        Ok(())
    }

    /// The daemon finds the library as any program does. Its own tests have a lane of theirs.
    fn daemon(&self, sh: &Shell) -> anyhow::Result<()> {
        let out = self.out.join("controller");
        // Its Makefile knows nothing of when the library changed.
        sh.remove_path(&out)?;
        let variable = format!("OUT={}", out.display());
        cmd!(sh, "make --silent --directory examples/controller {variable}").run()?;
        ensure_linked(sh, &out.join("controller"), true)
    }

    /// Under a destination directory, which may be relative, there is the same for everybody to read, whatever the
    /// caller's own files are; and nothing in it says where that was.
    fn destdir(&self, sh: &Shell) -> anyhow::Result<()> {
        let destdir = self.out.join("destdir");
        sh.remove_path(&destdir)?;
        let xtask = std::env::current_exe()?;
        {
            let _elsewhere = sh.push_dir(&self.out);
            let install = "umask 077; exec \"$0\" install --prefix /usr/local --destdir destdir";
            cmd!(sh, "sh -c {install} {xtask}").run()?;
        }
        let files = |base: &Path| -> anyhow::Result<String> {
            let _base = sh.push_dir(base);
            let found = cmd!(sh, "find . -mindepth 1 -type l -printf %P->%l\\n -o -printf %P:%m\\n").read()?;
            let mut found: Vec<&str> = found.lines().collect();
            found.sort_unstable();
            Ok(found.join("\n"))
        };
        let there = files(&destdir.join("usr/local"))?;
        ensure!(there.contains("lib/libsandgate.so->"), "{} has no library:\n{there}", destdir.display());
        ensure!(there.contains("lib:755") && there.contains("sandgate.pc:644"), "not for everybody to read:\n{there}");
        ensure!(there == files(&self.prefix)?, "{} has other files:\n{there}", destdir.display());
        let name = destdir.to_str().context("the path is not UTF-8")?;
        let traces = cmd!(sh, "grep --recursive --files-with-matches --fixed-strings {name} {destdir}");
        let traces = traces.ignore_status().read()?;
        ensure!(traces.is_empty(), "the destination directory is named in {traces}");
        for prefix in ["relative", "/with space", "/with\"quote", "/with$dollar"] {
            let refused = install::install(sh, Path::new(prefix), Some(&destdir)).is_err();
            ensure!(refused, "a prefix that sandgate.pc cannot spell was taken: {prefix}");
        }
        Ok(())
    }
}

/// A program that took the other library would test that one twice.
fn ensure_linked(sh: &Shell, program: &Path, is_shared: bool) -> anyhow::Result<()> {
    let needed = cmd!(sh, "readelf --dynamic {program}").read()?;
    ensure!(needed.contains("libsandgate.so.") == is_shared, "{} is linked wrongly", program.display());
    Ok(())
}
