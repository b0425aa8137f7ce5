//! The templates of sandboxes.

/// A template. Only the version of its controller matters here.
pub(crate) struct Template {
    pub(crate) name: &'static str,
    /// None: built before versions were recorded.
    pub(crate) envd_version: Option<&'static str>,
}

impl Template {
    /// The version that the SDKs get. For an unknown version this is the newest that is safe to state.
    pub(crate) fn version_for_sdk(&self) -> &'static str {
        self.envd_version.unwrap_or("0.0.0")
    }
}

/// The SDKs request `base` by default. 0.5.7 is the first version that they send streams and gzip to;
/// they send no user from 0.4.0 on, and metadata, which our controller does not keep, from 0.6.2 on.
const TEMPLATES: [Template; 3] = [
    Template { name: "base", envd_version: Some("0.5.7") },
    Template { name: "old", envd_version: Some("0.1.5") },
    Template { name: "unversioned", envd_version: None },
];

pub(crate) fn find(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.name == name)
}
