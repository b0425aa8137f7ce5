//! Small trees with a planted cycle of each kind.

use super::cycles::{Imports, cycles};
use super::*;

/// Writes files below a temporary folder, and returns their imports with that folder cut off.
fn read(files: &[(&str, &str)], imports: impl Fn(&Shell, &Path) -> anyhow::Result<Imports>) -> anyhow::Result<Imports> {
    let sh = Shell::new()?;
    let folder = sh.create_temp_dir()?;
    for (name, text) in files {
        sh.write_file(folder.path().join(name), text)?;
    }
    let cut = |file: &str| file.trim_start_matches(&format!("{}/", folder.path().display())).to_owned();
    let found = imports(&sh, folder.path())?;
    let found = found.iter().map(|(from, to)| (cut(from), to.iter().map(|file| cut(file)).collect()));
    Ok(found.collect())
}

fn read_rust(files: &[(&str, &str)]) -> anyhow::Result<Imports> {
    read(files, |_, folder| Ok(rust::imports(&folder.join("lib.rs"))?.imports))
}

fn read_core(files: &[(&str, &str)]) -> anyhow::Result<rust::Found> {
    let sh = Shell::new()?;
    let folder = sh.create_temp_dir()?;
    for (name, text) in files {
        sh.write_file(folder.path().join("src").join(name), text)?;
    }
    rust::imports(&folder.path().join("src/lib.rs"))
}

const ROOM: (&str, &str) = ("lib.rs", "mod room; mod other;");

#[test]
fn rust_cycle_is_found_in_a_nested_group() -> anyhow::Result<()> {
    let found = read_rust(&[
        ROOM,
        ("room/mod.rs", "mod a;"),
        ("room/a.rs", "use std::fmt; use crate::{other::{self as o, Thing}, room};\npub struct A;"),
        ("other.rs", "pub struct Thing(crate::room::a::A);"),
    ])?;
    assert_eq!(cycles(&found), [["other.rs", "room/a.rs"]]);
    Ok(())
}

#[test]
fn rust_cycle_is_found_through_a_reexport() -> anyhow::Result<()> {
    let found = read_rust(&[
        ("lib.rs", "mod room; pub use room::B;"),
        ("room/mod.rs", "mod a; mod b; pub(crate) use a::A; pub(crate) use self::b::B;"),
        ("room/a.rs", "use crate::B; pub struct A;"),
        ("room/b.rs", "use super::A; pub struct B;"),
    ])?;
    assert_eq!(cycles(&found), [["room/a.rs", "room/b.rs"]]);
    Ok(())
}

#[test]
fn rust_cycle_is_found_in_expressions_and_macros() -> anyhow::Result<()> {
    let found = read_rust(&[
        ROOM,
        ("room.rs", "use super::other; pub fn a() { assert!(other::b()); }"),
        ("other.rs", "pub fn b() -> bool { super::room::a(); true }"),
    ])?;
    assert_eq!(cycles(&found), [["other.rs", "room.rs"]]);
    Ok(())
}

#[test]
fn rust_module_that_calls_its_file_and_is_called_is_a_cycle() -> anyhow::Result<()> {
    let found = read_rust(&[
        ("lib.rs", "mod room;"),
        ("room/mod.rs", "mod a; pub fn shared() { a::a() }"),
        ("room/a.rs", "pub fn a() { super::shared() }"),
    ])?;
    assert_eq!(cycles(&found), [["room/a.rs", "room/mod.rs"]]);
    Ok(())
}

#[test]
fn rust_reexports_and_tests_are_no_cycle() -> anyhow::Result<()> {
    let found = read_rust(&[
        ROOM,
        ("room/mod.rs", "mod a; pub use a::A; pub const MOST: usize = 1;"),
        ("room/a.rs", "pub struct A([u8; super::MOST]);\n#[cfg(test)] mod tests { use crate::other::Thing; }"),
        ("other.rs", "pub struct Thing(crate::room::A);"),
    ])?;
    assert_eq!(cycles(&found), Vec::<Vec<&str>>::new());
    Ok(())
}

#[test]
fn typescript_cycle_is_found_also_of_types() -> anyhow::Result<()> {
    let found = read(
        &[
            ("a.ts", "// import './c.js'\nimport {\n  x,\n} from './v2/b.js'\n"),
            ("v2/b.ts", "import type { A } from '../a.js'\nexport const x = 1"),
            ("c.d.ts", "import { x } from './a.js'"),
        ],
        |_, folder| typescript::imports(folder),
    )?;
    assert_eq!(cycles(&found), [["a.ts", "v2/b.ts"]]);
    Ok(())
}

#[test]
fn python_cycle_is_found_also_in_functions() -> anyhow::Result<()> {
    let found = read(
        &[
            ("gate/__init__.py", "from .a import A\nfrom . import b"),
            ("gate/a.py", "from . import (\n    _compiled,\n    b,\n)"),
            ("gate/b.py", "def late():\n    from gate.a import A\n"),
            ("gate/_compiled.pyi", ""),
        ],
        |sh, folder| python::imports(sh, &folder.join("gate")),
    )?;
    assert_eq!(cycles(&found), [["gate/a.py", "gate/b.py"]]);
    Ok(())
}

#[test]
fn files_that_import_each_other_are_refused() {
    let imports = |arrows: &[(&str, &str)]| -> Imports {
        arrows.iter().map(|(from, to)| ((*from).to_owned(), BTreeSet::from([(*to).to_owned()]))).collect()
    };
    assert!(no_cycles(&imports(&[("a", "b"), ("b", "a")])).is_err());
    assert!(no_cycles(&imports(&[("a", "b"), ("b", "c")])).is_ok());
}

/// Every module with one file, and these files in addition.
fn core(changed: &[(&str, &str)]) -> anyhow::Result<rust::Found> {
    let rooms: Vec<&str> = ROOMS.iter().copied().flatten().copied().collect();
    let lib: String = rooms.iter().map(|room| format!("pub mod {room};\n")).collect();
    let names: Vec<String> = rooms.iter().map(|room| format!("{room}.rs")).collect();
    let mut files = vec![("lib.rs", lib.as_str())];
    files.extend(names.iter().map(|name| (name.as_str(), "pub fn a() {}")));
    files.extend(changed);
    read_core(&files)
}

#[test]
fn room_that_imports_upwards_or_beside_is_refused() -> anyhow::Result<()> {
    rooms(&core(&[("gate.rs", "use crate::{v1::a, v2};\nfn b() { v2::a() }")])?)?;
    for (file, text) in [
        ("value.rs", "use crate::gate::a;"),
        ("v1.rs", "pub use crate::v2::a;"),
        ("v2.rs", "fn b() { crate::v1::a() }"),
        ("creation.rs", "use crate::{v1, v2};\nfn b() { v1::a(); v2::a() }"),
        ("value.rs", "use sha2::Sha256;"),
    ] {
        assert!(rooms(&core(&[(file, text)])?).is_err(), "{file}: {text}");
    }
    Ok(())
}
