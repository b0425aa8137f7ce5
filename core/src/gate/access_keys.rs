//! The access tokens of a controller, all of one wire format, and the keys that follow from them.

use crate::crypto::compare::{Choice, any, same};
use crate::crypto::tag::PresentedTag;
use crate::memory::slots::{Blank, Slots};
use crate::request::file_query::Known;
#[cfg(feature = "explain")]
use crate::request::{file_query::FileQuery, grant::Grant};
use crate::v1;
use crate::v2;
#[cfg(feature = "explain")]
use crate::value::error::Denied;
use crate::value::error::Misuse;
#[cfg(feature = "explain")]
use crate::value::ids::{Context, KeyId, Operation};
#[cfg(feature = "explain")]
use crate::value::time::UnixSeconds;
use crate::value::time::Window;
use crate::value::token::{AccessToken, is_of_v2};

const MAX_TOKENS: usize = 8;

/// 1 to 8 access tokens.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "nothing is allocated")]
pub(crate) enum AccessKeys {
    V1(Slots<v1::FileUrlKey, MAX_TOKENS>),
    V2(Slots<V2Key, MAX_TOKENS>),
}

#[derive(Clone)]
pub(crate) struct V2Key {
    token: AccessToken,
    pub(crate) file_url: v2::FileUrlKey,
}

impl Blank for V2Key {
    fn blank() -> Self {
        Self { token: AccessToken::blank(), file_url: v2::FileUrlKey::blank() }
    }
}

impl AccessKeys {
    /// Adds a token to the keys, in place; makes them if there are none yet. On an error they do not change.
    pub(crate) fn add(keys: &mut Option<Self>, token: &AccessToken, window: Window) -> Result<(), Misuse> {
        if is_of_v2(token.as_bytes())? {
            let mut presented = PresentedTag::new();
            let (kid, access_key) = v2::FileUrlKey::read(token, &mut presented)?;
            let Self::V2(keys) = keys.get_or_insert_with(|| Self::V2(Slots::new())) else {
                return Err(Misuse::MixedVersions);
            };
            if keys.as_slice().iter().any(|held| held.file_url.kid() == kid) {
                return Err(Misuse::RepeatedToken);
            }
            let set = |key: &mut V2Key| {
                key.file_url.set(kid, access_key);
                key.file_url.window = window;
                key.token.copy_from(token);
            };
            keys.push_with(set).ok_or(Misuse::TooManyTokens)
        } else {
            let Self::V1(keys) = keys.get_or_insert_with(|| Self::V1(Slots::new())) else {
                return Err(Misuse::MixedVersions);
            };
            keys.push_with(|key| key.set(token)).ok_or(Misuse::TooManyTokens)
        }
    }

    /// The query parameters that their wire format knows.
    pub(crate) const fn known(&self) -> Known {
        match self {
            Self::V1(_) => Known::V1,
            Self::V2(_) => Known::V2,
        }
    }

    /// Compares `presented` with every token and returns the undecided result. Comparing all of them keeps the time from
    /// revealing which one matched.
    pub(crate) fn has_token(&self, presented: &[u8]) -> Choice {
        match self {
            Self::V1(keys) => any(keys.as_slice().iter().map(|key| key.same_token(presented))),
            Self::V2(keys) => any(keys.as_slice().iter().map(|key| same(key.token.as_bytes(), presented))),
        }
    }
}

#[cfg(feature = "explain")]
impl AccessKeys {
    /// The keys of `tokens`, at least one.
    pub(crate) fn new(tokens: &[AccessToken]) -> Result<Self, Misuse> {
        let mut keys = None;
        tokens.iter().try_for_each(|token| Self::add(&mut keys, token, Window::DEFAULT))?;
        keys.ok_or(Misuse::NoToken)
    }

    /// Verifies a file URL, as a controller does for a request without a token.
    pub(crate) fn verify<'q>(
        &self,
        query: &FileQuery<'q>,
        operation: Operation,
        context: Option<Context<'_>>,
        now: UnixSeconds,
    ) -> Result<Grant<'q>, Denied> {
        match self {
            Self::V1(keys) => {
                let url = v1::PresentedUrl::read(query, &[], operation)?;
                url.verify(keys.as_slice(), now).map(|()| url.grant(query))
            }
            Self::V2(keys) => {
                let keys = keys.as_slice().iter().map(|key| &key.file_url);
                let url = v2::PresentedUrl::read(query, &[], operation)?;
                url.verify(keys, context, now).map(|()| url.grant(query))
            }
        }
    }

    /// The key ids of the tokens. Those of v1 have none.
    pub(crate) fn key_ids(&self) -> impl Iterator<Item = KeyId> {
        let keys: &[V2Key] = if let Self::V2(keys) = self { keys.as_slice() } else { &[] };
        keys.iter().map(|key| key.file_url.kid())
    }
}
