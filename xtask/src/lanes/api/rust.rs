//! The public names of the crate, as rustdoc lists them.

use crate::cargo;
use anyhow::Context;
use serde_json::Value;
use std::collections::BTreeSet;
use xshell::{Shell, cmd};

/// Types, functions, methods, constants, each with its path. Variants, fields and what traits bring are parts of their types.
pub(super) fn names(sh: &Shell) -> anyhow::Result<BTreeSet<String>> {
    // In a directory of its own: everything else is built without this variable.
    let out = cargo::target_directory()?.join("api");
    let options = ["--quiet", "--package", "sandgate", "--all-features", "--lib", "--target-dir"];
    let json = ["-Zunstable-options", "--output-format", "json"];
    cmd!(sh, "cargo rustdoc {options...} {out} -- {json...}").env("RUSTC_BOOTSTRAP", "1").quiet().run()?;
    let documented: Value = serde_json::from_str(&sh.read_file(out.join("doc/sandgate.json"))?)?;
    read(&documented)
}

pub(super) fn read(documented: &Value) -> anyhow::Result<BTreeSet<String>> {
    let index = &documented["index"];
    let root = item(index, &documented["root"]).context("rustdoc names no root")?;
    let mut names = BTreeSet::new();
    add_children(index, &root["inner"]["module"]["items"], "", &mut names);
    Ok(names)
}

fn item<'d>(index: &'d Value, id: &Value) -> Option<&'d Value> {
    index.get(id.to_string())
}

/// The items of a list of ids that can be seen from outside.
fn items<'d>(index: &'d Value, ids: &'d Value) -> impl Iterator<Item = &'d Value> {
    let items = ids.as_array().into_iter().flatten().filter_map(|id| item(index, id));
    items.filter(|item| !item["attrs"].to_string().contains("hidden"))
}

fn add_children(index: &Value, ids: &Value, path: &str, names: &mut BTreeSet<String>) {
    for child in items(index, ids) {
        let used = &child["inner"]["use"];
        let (of, name) =
            if used.is_null() { (Some(child), &child["name"]) } else { (item(index, &used["id"]), &used["name"]) };
        if let (Some(of), Some(name)) = (of, name.as_str()) {
            add(index, of, format!("{path}{name}"), names);
        }
    }
}

fn add(index: &Value, item: &Value, name: String, names: &mut BTreeSet<String>) {
    let Some((kind, inner)) = item["inner"].as_object().and_then(|inner| inner.iter().next()) else { return };
    if kind == "module" {
        return add_children(index, &inner["items"], &format!("{name}::"), names);
    }
    for implementation in items(index, &inner["impls"]).map(|item| &item["inner"]["impl"]) {
        if implementation["trait"].is_null() {
            let public = items(index, &implementation["items"]).filter(|item| item["visibility"] == "public");
            names.extend(public.filter_map(|item| Some(format!("{name}::{}", item["name"].as_str()?))));
        }
    }
    names.insert(name);
}
