//! The text of a state file: TOML or JSON.

use super::row::Row;
use crate::config::Located;
use anyhow::{anyhow, bail};
use sandgate::SandboxId;
use sandgate_tower::Sandbox;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::HashMap;
use std::marker::PhantomData;
use toml::Spanned;

pub(super) type Sandboxes = HashMap<String, Sandbox>;

/// `K` is an id, in TOML with its place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table<K> {
    #[serde(default = "Rows::none", bound(deserialize = "K: Deserialize<'de>"))]
    sandboxes: Rows<K>,
}

/// The rows in their order. A map would keep one of two rows with the same id.
struct Rows<K>(Vec<(K, Row)>);

impl<K> Rows<K> {
    const fn none() -> Self {
        Self(Vec::new())
    }
}

impl<'de, K: Deserialize<'de>> Deserialize<'de> for Rows<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<K>(PhantomData<K>);
        impl<'de, K: Deserialize<'de>> Visitor<'de> for Read<K> {
            type Value = Rows<K>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a table of sandboxes")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut rows = Vec::new();
                while let Some(row) = map.next_entry()? {
                    rows.push(row);
                }
                Ok(Rows(rows))
            }
        }
        deserializer.deserialize_map(Read(PhantomData))
    }
}

/// Returns the sandboxes of a file.
///
/// # Errors
/// `file:line: what is wrong`, without a value of the file.
pub(super) fn parse(file: &Located<'_>) -> anyhow::Result<Sandboxes> {
    let rows: Vec<(usize, String, Row)> = match file.path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => {
            let table: Table<Spanned<String>> = toml::from_str(file.text).map_err(|error| file.toml(&error))?;
            let rows = table.sandboxes.0.into_iter();
            rows.map(|(id, row)| (id.span().start, id.into_inner(), row)).collect()
        }
        // serde_json's message may repeat a value, but names the place.
        Some("json") => {
            let table: Table<String> = serde_json::from_str(file.text).map_err(|error| {
                anyhow!("{}:{}: must be JSON with sandboxes as documented", file.path.display(), error.line().max(1))
            })?;
            let mut after = 0;
            let mut place = |id: &str| {
                let found = key(file.text, id, after).unwrap_or(after);
                after = found + 1;
                found
            };
            table.sandboxes.0.into_iter().map(|(id, row)| (place(&id), id, row)).collect()
        }
        _ => bail!("{}:1: the file's name must end with .toml or .json", file.path.display()),
    };
    let mut sandboxes = Sandboxes::with_capacity(rows.len());
    for (place, id, row) in rows {
        // What is no id may be a secret in the wrong place, so it is not shown.
        SandboxId::try_from(id.as_str()).map_err(|misuse| file.error(place, &format!("sandboxes: {misuse}")))?;
        let wrong = |why: &str| file.error(place, &format!("sandboxes.{id}: {why}"));
        let sandbox = row.sandbox().map_err(|error| wrong(&format!("{error:#}")))?;
        if sandboxes.insert(id.clone(), sandbox).is_some() {
            return Err(wrong("must be given only once"));
        }
    }
    Ok(sandboxes)
}

/// The place of a JSON key from a place on. Keys come in the order of the text.
fn key(text: &str, id: &str, from: usize) -> Option<usize> {
    let quoted = format!("\"{id}\"");
    let is_key = |place: &usize| text[place + quoted.len()..].trim_start().starts_with(':');
    text.get(from..)?.match_indices(&quoted).map(|(place, _)| from + place).find(is_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sandgate::TrafficToken;
    use std::path::Path;

    fn parsed(name: &str, text: &str) -> Result<Sandboxes, String> {
        parse(&Located { path: Path::new(name), text }).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn toml_and_json_say_the_same() {
        let toml = "[sandboxes.abc]\ngeneration = 3\ntraffic_token = \"t\"\n[sandboxes.pub]\nrestricted = false\n";
        let json = r#"{"sandboxes":{"abc":{"generation":3,"traffic_token":"t"},"pub":{"restricted":false}}}"#;
        for (name, text) in [("s.toml", toml), ("s.json", json)] {
            let sandboxes = parsed(name, text).unwrap();
            let token = Some(TrafficToken::try_from("t").unwrap());
            assert_eq!(sandboxes["abc"], Sandbox { restricted: true, generation: 3, traffic_token: token });
            assert_eq!((&sandboxes["pub"], sandboxes.len()), (&Sandbox::public(), 2));
        }
    }

    #[test]
    fn errors_name_file_and_line_and_no_value() {
        for (name, text, line) in [
            ("s.toml", "[sandboxes.abc]\nrestricted = \"SECRET\"\n", 2),
            ("s.toml", "[sandboxes.abc]\ngeneration = \"SECRET\"\n", 2),
            ("s.toml", "\n[sandboxes.abc]\nSECRET = true\n", 3),
            ("s.toml", "\n\n[sandboxes.\"SECRET b\"]\n", 3),
            ("s.toml", "# abc\n[sandboxes.abc]\ntraffic_token = \"\"\n", 2),
            ("s.toml", "\n[sandboxes.abc]\ntraffic_token = \"SECRET\n", 3),
            ("s.toml", "[sandboxes.abc]\n[sandboxes.abc]\n", 2),
            ("s.toml", "sandboxes = \"SECRET\"", 1),
            ("s.json", "{\"sandboxes\":\n{\"abc\":{\"traffic_token\":7}}}", 2),
            ("s.json", "{\"sandboxes\":\n{\"abc\":{\"generation\":\"SECRET\"}}}", 2),
            ("s.json", "{\"sandboxes\":\n{\"abc\":{\"traffic_token\":\"SECRET\"}}", 2),
            ("s.json", "{\"sandboxes\":{\"a\":{\"traffic_token\":\"abc\"},\n\"abc\":{\"traffic_token\":\"\"}}}", 2),
            ("s.json", "{\"sandboxes\":{\"abc\":{\"generation\":1},\n\"abc\":{}}}", 2),
            ("s.yaml", "", 1),
        ] {
            let error = parsed(name, text).unwrap_err();
            assert!(error.starts_with(&format!("{name}:{line}: ")), "{text}: {error}");
            assert!(!error.contains("SECRET"), "{error}");
        }
    }
}
