//! What a request asks about the credentials of a sandbox that exists.

use crate::issued::Issued;
use crate::templates::Template;
use sandgate::creation::{Credentials, Options, Refused, decide};

/// None: it stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) secure: Option<bool>,
    pub(crate) public: Option<bool>,
}

impl Wanted {
    /// Decides as at creation.
    pub(crate) fn decide(self, before: &Issued, template: &Template) -> Result<Credentials, Refused> {
        let Credentials { access_token, traffic_token, .. } = before.credentials;
        decide(&Options {
            secure: Some(self.secure.unwrap_or(access_token)),
            allow_public_traffic: Some(self.public.unwrap_or(!traffic_token)),
            envd_version: template.envd_version,
            ..Options::default()
        })
    }
}
