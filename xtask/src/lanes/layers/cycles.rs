//! Import cycles between files.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Which files each file imports.
pub(super) type Imports = BTreeMap<String, BTreeSet<String>>;

/// Returns the cycles, each as the files along it. A file is named in one cycle only.
pub(super) fn cycles(imports: &Imports) -> Vec<Vec<&str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    for start in imports.keys() {
        if found.iter().flatten().any(|file| file == start) {
            continue;
        }
        found.extend(shortest(imports, start, start));
    }
    found
}

/// Returns the files on the shortest way along imports between two files, without the last one.
fn shortest<'i>(imports: &'i Imports, start: &'i str, end: &str) -> Option<Vec<&'i str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for next in imports.get(file).into_iter().flatten() {
            if next == end {
                let mut way = vec![file];
                while let Some(before) = way.last().filter(|last| **last != start).and_then(|last| came_from.get(last))
                {
                    way.push(before);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next.as_str()) {
                came_from.insert(next, file);
                queue.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(arrows: &[(&str, &str)]) -> Imports {
        let mut imports = Imports::new();
        for (from, to) in arrows {
            imports.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        imports
    }

    #[test]
    fn imports_that_only_go_down_have_no_cycle() {
        assert!(cycles(&imports(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")])).is_empty());
    }

    #[test]
    fn pair_that_imports_each_other_is_found_once() {
        assert_eq!(cycles(&imports(&[("a", "b"), ("b", "c"), ("c", "b")])), [["b", "c"]]);
    }

    #[test]
    fn longer_cycle_is_named_along_its_imports() {
        assert_eq!(cycles(&imports(&[("a", "c"), ("c", "b"), ("b", "a"), ("b", "d")])), [["a", "c", "b"]]);
    }
}
