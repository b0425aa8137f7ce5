//! Which files of a crate import which others.
//!
//! A path counts anywhere: in `use`, in a type, in an expression, in a macro's arguments. It is followed through re-exports
//! to the file that defines the item. A re-export itself does not count: a `mod.rs` that re-exports items of its files does
//! not depend on them. Tests may import anything.

use super::cycles::Imports;
use anyhow::Context;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

/// The imports of a crate.
#[derive(Default)]
pub(super) struct Found {
    pub(super) imports: Imports,
    pub(super) reexports: Imports,
    /// The first names of paths that lead out of the crate.
    pub(super) crates: Imports,
}

/// One module. An inline one has the file of its parent.
struct Module {
    file: String,
    parent: usize,
    children: BTreeMap<String, usize>,
    items: BTreeSet<String>,
    /// The names from `use`: name → path.
    uses: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
    /// Paths that count as imports, and those that are re-exported.
    paths: Vec<Vec<String>>,
    reexported: Vec<Vec<String>>,
}

/// Reads a crate from its root file on. Files are named as `root` is.
pub(super) fn imports(root: &Path) -> anyhow::Result<Found> {
    let mut modules = Vec::new();
    let text = std::fs::read_to_string(root).with_context(|| root.display().to_string())?;
    let folder = root.parent().context("a file without a folder")?;
    add(&mut modules, root, folder, 0, syn::parse_file(&text)?.items)?;
    let mut found = Found::default();
    for (index, module) in modules.iter().enumerate() {
        let arrows = found.imports.entry(module.file.clone()).or_default();
        for path in &module.paths {
            arrows.extend(resolve(&modules, index, path, 0).filter(|file| *file != module.file));
        }
        let arrows = found.reexports.entry(module.file.clone()).or_default();
        for path in &module.reexported {
            arrows.extend(resolve(&modules, index, path, 0).filter(|file| *file != module.file));
        }
        let crates = module.paths.iter().chain(&module.reexported).filter(|path| path.len() > 1);
        found.crates.entry(module.file.clone()).or_default().extend(crates.map(|path| path[0].clone()));
    }
    Ok(found)
}

/// Adds a module and those below it. `folder` is where the files of its children are.
fn add(
    modules: &mut Vec<Module>,
    file: &Path,
    folder: &Path,
    parent: usize,
    items: Vec<Item>,
) -> anyhow::Result<usize> {
    let index = modules.len();
    modules.push(Module {
        file: file.display().to_string(),
        parent,
        children: BTreeMap::new(),
        items: BTreeSet::new(),
        uses: BTreeMap::new(),
        globs: Vec::new(),
        paths: Vec::new(),
        reexported: Vec::new(),
    });
    for item in items {
        if is_test(attributes(&item)) {
            continue;
        }
        if let Item::Mod(module) = item {
            let name = module.ident.to_string();
            let below = folder.join(&name);
            let child = match module.content {
                Some((_, items)) => add(modules, file, &below, index, items)?,
                None => {
                    let child = source(folder, &name);
                    let text = std::fs::read_to_string(&child).with_context(|| child.display().to_string())?;
                    let file = syn::parse_file(&text).with_context(|| child.display().to_string())?;
                    add(modules, &child, &below, index, file.items)?
                }
            };
            modules[index].children.insert(name, child);
        } else {
            modules[index].items.extend(name_of(&item));
            Reader { module: &mut modules[index] }.visit_item(&item);
        }
    }
    Ok(index)
}

fn source(folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(format!("{name}.rs"));
    if file.exists() { file } else { folder.join(name).join("mod.rs") }
}

/// Follows a path from a module to the file that defines what it names. A path to a module does not count; the used items
/// of that module do.
fn resolve(modules: &[Module], from: usize, path: &[String], depth: usize) -> Option<String> {
    // A name that refers to itself, `use sha2`, would loop forever.
    if depth > 16 {
        return None;
    }
    let (first, mut rest) = path.split_first()?;
    let mut at = match first.as_str() {
        "crate" => 0,
        "self" => from,
        "super" => modules[from].parent,
        name => {
            // A path without these starts with a child, or with a name from a `use` of this module.
            let module = &modules[from];
            if !module.children.contains_key(name) && !module.uses.contains_key(name) {
                return None;
            }
            rest = path;
            from
        }
    };
    while let Some((name, after)) = rest.split_first() {
        let module = &modules[at];
        if name == "super" {
            at = module.parent;
        } else if let Some(child) = module.children.get(name) {
            at = *child;
        } else if let Some(used) = module.uses.get(name) {
            return resolve(modules, at, &[used, after].concat(), depth + 1);
        } else if module.items.contains(name) || module.globs.is_empty() {
            return Some(module.file.clone());
        } else {
            return module.globs.iter().find_map(|glob| resolve(modules, at, &[glob, rest].concat(), depth + 1));
        }
        rest = after;
    }
    None
}

/// Collects the paths of an item into its module.
struct Reader<'m> {
    module: &'m mut Module,
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            self.read(&item.tree, &mut Vec::new(), !matches!(item.vis, Visibility::Inherited));
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.module.paths.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        // Its arguments are tokens with spaces between: `super :: limits :: MOST`.
        let text = call.tokens.to_string().replace(" :: ", "::");
        let words = text.split(|sign: char| !(sign.is_alphanumeric() || sign == '_' || sign == ':'));
        for word in words.filter(|word| word.contains("::")) {
            self.module.paths.push(word.split("::").map(str::to_owned).collect());
        }
    }

    // These import nothing: `pub(in crate::gate)`, `#[derive(…)]`.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}
    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}

impl Reader<'_> {
    fn read(&mut self, tree: &UseTree, before: &mut Vec<String>, is_reexport: bool) {
        let depth = before.len();
        let named = match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.read(&path.tree, before, is_reexport);
                before.truncate(depth);
                return;
            }
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.read(tree, before, is_reexport));
                return;
            }
            UseTree::Glob(_) => {
                self.module.globs.push(before.clone());
                return;
            }
            UseTree::Name(name) => (name.ident.to_string(), name.ident.to_string()),
            UseTree::Rename(rename) => (rename.ident.to_string(), rename.rename.to_string()),
        };
        let (name, alias) = named;
        let mut path = before.clone();
        // `use x::{self}` brings in x.
        let alias = if name == "self" { before.last().cloned().unwrap_or(alias) } else { alias };
        if name != "self" {
            path.push(name);
        }
        if is_reexport { &mut self.module.reexported } else { &mut self.module.paths }.push(path.clone());
        self.module.uses.insert(alias, path);
    }
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether an item is built only for tests.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        let tokens = list.tokens.to_string();
        let mut words = tokens.split(|sign: char| !sign.is_alphanumeric());
        list.path.is_ident("cfg") && words.any(|word| word == "test") && !tokens.contains("not")
    })
}
