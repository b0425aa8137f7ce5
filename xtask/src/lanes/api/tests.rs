use super::*;

fn public(names: [&[&str]; 4]) -> [BTreeSet<String>; 4] {
    names.map(|names| names.iter().map(|name| (*name).to_owned()).collect())
}

const TABLE: &str = "\
| idea | Rust | C | Python | TypeScript | reason |
| --- | --- | --- | --- | --- | --- |
| derive | `v{1, 2}::Keyring`, `Keyring::{new, add}` | `sandgate_keyring{, _init}` | `Keyring` | – | no seeds there |
";

#[test]
fn page_that_names_everything_has_no_fault() -> anyhow::Result<()> {
    let rust: &[&str] = &["v1::Keyring", "v2::Keyring", "Keyring::new", "Keyring::add"];
    let public = public([rust, &["sandgate_keyring", "sandgate_keyring_init"], &["Keyring"], &[]]);
    assert_eq!(compare(TABLE, &public)?, Vec::<String>::new());
    Ok(())
}

#[test]
fn missing_and_unknown_names_are_told_per_language() -> anyhow::Result<()> {
    let rust: &[&str] = &["v1::Keyring", "v2::Keyring", "Keyring::new", "Keyring::extend"];
    let public = public([rust, &["sandgate_keyring", "sandgate_keyring_init"], &[], &["Keyring"]]);
    let expected = [
        "  Rust, missing: Keyring::extend",
        "  Rust, not public: Keyring::add",
        "  Python, not public: Keyring",
        "  TypeScript, missing: Keyring",
    ];
    assert_eq!(compare(TABLE, &public)?, expected);
    Ok(())
}

#[test]
fn rows_without_a_reason_or_a_name_and_doubled_names_are_refused() {
    for row in [
        "| derive | `a` | `b` | `c` | – |  |",
        "| derive | `a` | `b` | `c` |  | reason |",
        "| derive | `a` | `b` | `c` | reason |",
        "| derive | `a{b` | `b` | `c` | `d` |  |",
        "| derive | `a`, `a` | `b` | `c` | `d` |  |",
    ] {
        assert!(page::names(row).is_err(), "{row}");
    }
}

#[test]
fn rust_names_are_read_from_rustdoc_without_hidden_ones() -> anyhow::Result<()> {
    let item = |name: &str, attrs: &[&str], inner: serde_json::Value| serde_json::json!({ "name": name, "attrs": attrs, "visibility": "public", "inner": inner });
    let implementation = |of: Option<&str>, items: &[u32]| serde_json::json!({ "name": null, "attrs": [], "inner": { "impl": { "trait": of, "items": items } } });
    let function = || serde_json::json!({ "function": {} });
    let documented = serde_json::json!({ "root": 0, "index": {
        "0": item("gate", &[], serde_json::json!({ "module": { "items": [1, 2] } })),
        "1": item("v1", &[], serde_json::json!({ "module": { "items": [3, 4] } })),
        "2": item("", &[], serde_json::json!({ "use": { "name": "Renamed", "id": 4 } })),
        "3": item("hidden", &["#[doc(hidden)]"], function()),
        "4": item("Key", &[], serde_json::json!({ "struct": { "impls": [5, 6] } })),
        "5": implementation(None, &[7, 3]),
        "6": implementation(Some("Clone"), &[8]),
        "7": item("new", &[], function()),
        "8": item("clone", &[], function()),
    }});
    let names = rust::read(&documented)?;
    assert_eq!(names, BTreeSet::from(["Renamed", "Renamed::new", "v1::Key", "v1::Key::new"].map(str::to_owned)));
    Ok(())
}

#[test]
fn c_names_are_read_from_a_header() {
    let header = "/* sandgate_no(1)\n#define SANDGATE_NO 1\n*/\n#define SANDGATE_H\n#define SANDGATE_API extern\n#define SANDGATE_MAX 1\n\
        typedef enum sandgate_result sandgate_result;\nextern sandgate_key *at(int);\n    return sandgate_inner(1);\n\
        typedef struct sandgate_key {\n    uint8_t (*at)[1]; \n} sandgate_key;\n\
        SANDGATE_API sandgate_result sandgate_key_init(const uint8_t *seed,\n    sandgate_key *out);\n";
    let expected = ["SANDGATE_MAX", "sandgate_key", "sandgate_key_init", "sandgate_result"].map(str::to_owned);
    assert_eq!(c::names(header), BTreeSet::from(expected));
}

#[test]
fn typescript_names_are_read_from_declarations() -> anyhow::Result<()> {
    let sh = Shell::new()?;
    let folder = sh.create_temp_dir()?;
    for entry in ["v1/index.d.ts", "v2/index.d.ts", "wake.d.ts", "webhook.d.ts", "e2b.d.ts", "fetch.d.ts"] {
        sh.write_file(folder.path().join(entry), "export {};\n")?;
    }
    sh.write_file(
        folder.path().join("index.d.ts"),
        "export { type Options, Key } from './key.js';\nexport * as v1 from './v1.js';\n",
    )?;
    let key = "export interface Options {\n    at?: number;\n}\nexport declare class Key {\n    #private;\n    /**\n     * a: text\n     */\n    \
        static open(): Key;\n    get id(): string;\n    private constructor();\n}\n\
        /**\n * To export Nothing: a sentence.\n */\nexport interface Later {\n    until: number;\n}\ndeclare class Inner {\n    own(): void;\n}\n";
    sh.write_file(folder.path().join("key.d.ts"), key)?;
    sh.write_file(
        folder.path().join("http.d.ts"),
        "export declare function guard(): void;\nexport type { Inner };\n\
        declare class Own {\n    at(): void;\n}\n",
    )?;
    let expected = ["Key", "Key.id", "Key.open", "Options", "http.Inner", "http.guard"].map(str::to_owned);
    assert_eq!(typescript::names(folder.path())?, BTreeSet::from(expected));
    Ok(())
}

#[test]
fn python_names_are_those_of_all_and_the_members_of_classes() -> anyhow::Result<()> {
    let sh = Shell::new()?;
    let folder = sh.create_temp_dir()?;
    let key = "class Key:\n    kid: str\n    def sign(self): ...\n    def _own(self): ...\n";
    for (file, text) in [
        ("__init__.py", "from . import v1\nfrom ._core import Key\n__all__ = ['Key', 'v1']\n"),
        ("_core.pyi", key),
        ("v1.py", "from ._core import Key as Url\n__all__ = ['Url']\nhelper = 1\n"),
    ] {
        sh.write_file(folder.path().join(file), text)?;
    }
    let expected = ["Key", "Key.kid", "Key.sign", "v1.Url", "v1.Url.kid", "v1.Url.sign"].map(str::to_owned);
    assert_eq!(python::names(&sh, folder.path())?, BTreeSet::from(expected));
    Ok(())
}
