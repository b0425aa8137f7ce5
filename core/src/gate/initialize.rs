//! How a running controller gets, keeps, replaces and loses its access token: `POST /init`.
//!
//! Source: E2B's controller, `envd`.

use crate::crypto::compare::{no_match, verdict};
use crate::crypto::sha512::is_sha512_hex;
use crate::encoding::bytes::has;
use crate::encoding::json_object::{Member, read_members};
use crate::gate::controller::Controller;
use crate::value::error::{Code, Denied, Gate};
use crate::value::timestamp::Timestamp;
use crate::value::token::AccessToken;

/// What an accepted request to initialise a controller did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Initialized {
    /// The controller requires what it required before.
    Kept,
    /// It requires the presented token, and no other from now on.
    Replaced,
    /// It requires no token: it is open.
    Cleared,
    /// The request was authorised, but is not newer than the last one that was applied. Nothing changed.
    Stale,
}

impl Initialized {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 4] = [Self::Kept, Self::Replaced, Self::Cleared, Self::Stale];

    /// The outcome as text, as bindings name it: `kept`, `replaced`, `cleared` or `stale`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Replaced => "replaced",
            Self::Cleared => "cleared",
            Self::Stale => "stale",
        }
    }
}

const MALFORMED: Denied = Denied::new(Gate::Init, Code::Malformed);
const NO_RESET: Denied = Denied::new(Gate::Init, Code::Missing);
const INVALID: Denied = Denied::new(Gate::Init, Code::Invalid);

impl Controller {
    /// Decides about the body of `POST /init` and applies it. Answer 204 to what is accepted.
    ///
    /// `body` is JSON with two optional members: `accessToken`, the token to require, and `timestamp` (RFC 3339). Other
    /// members are ignored. `expected_hash` is what the host publishes out of band:
    /// the SHA-512 of the token in lower-case hexadecimal, 128 characters; that of the empty string if the token may be
    /// cleared; or empty, if it publishes nothing.
    ///
    /// | presented token | accepted if | then |
    /// | --- | --- | --- |
    /// | one that the controller requires | always | [`Kept`](Initialized::Kept) |
    /// | another | its hash is the expected one | [`Replaced`](Initialized::Replaced), whatever the wire formats |
    /// | another | there is no expected hash, and the controller requires none or waits | `Replaced` |
    /// | none | the expected hash is that of the empty string | [`Cleared`](Initialized::Cleared) |
    /// | none | there is no expected hash, and the controller requires none or waits | `Cleared`; `Kept` if it was open |
    ///
    /// An accepted request whose timestamp is not later than the last one that was applied is
    /// [`Stale`](Initialized::Stale). One without a timestamp always applies.
    ///
    /// On a refusal nothing changes. Where other threads use the controller, keep it in an `RwLock`: requests check under
    /// its read lock, and this call needs the write lock. The example `replace_token` shows it. Let only one call run at a time,
    /// from the reading of the expected hash on: with a hash that was read earlier, a late request brings a token back that
    /// was replaced meanwhile.
    ///
    /// # Errors
    /// [`Gate::Init`]: status 401 for a request that is not authorised; 400 ([`Code::Malformed`]) for a body that is not
    /// one JSON object (an empty one is none: it may have been lost on the way), that has one of the two members twice
    /// or in other upper and lower case, a token that is empty, contains a JSON escape or is none that this controller
    /// can require, or a timestamp that cannot be read.
    ///
    /// ```
    /// use sandgate::{AccessToken, Controller, Initialized, Policy};
    ///
    /// let mut controller = Controller::waiting(Policy::default());
    /// assert_eq!(controller.initialize(br#"{"accessToken":"first"}"#, b""), Ok(Initialized::Replaced));
    ///
    /// // Nobody replaces it without the host.
    /// assert!(controller.initialize(br#"{"accessToken":"second"}"#, b"").is_err());
    /// assert_eq!(controller.initialize(br#"{"accessToken":"first"}"#, b""), Ok(Initialized::Kept));
    /// ```
    pub fn initialize(&mut self, body: &[u8], expected_hash: &[u8]) -> Result<Initialized, Denied> {
        let Asked { token, timestamp } = Asked::read(body).ok_or(MALFORMED)?;
        let mut next = Self::without_token(false, self.policy);
        if let Some(token) = &token {
            next.add(token).map_err(|_| MALFORMED)?;
        }
        let outcome = self.authorize(token.as_ref(), expected_hash)?;
        if timestamp.is_some() && timestamp <= self.applied {
            return Ok(Initialized::Stale);
        }
        if outcome != Initialized::Kept {
            // A swap leaves no copy of the old keys, which are wiped with `next`.
            core::mem::swap(&mut self.keys, &mut next.keys);
        }
        self.waiting = false;
        self.applied = timestamp.or(self.applied);
        Ok(outcome)
    }

    /// What an accepted request does. Both comparisons always run, so that the time does not reveal which one matched.
    fn authorize(&self, token: Option<&AccessToken>, expected_hash: &[u8]) -> Result<Initialized, Denied> {
        let presented = token.map_or(&b""[..], AccessToken::as_bytes);
        let keys = self.keys.as_ref();
        let held = verdict(keys.map_or(no_match(), |keys| keys.has_token(presented)));
        let expected = verdict(is_sha512_hex(expected_hash, presented));
        let first = keys.is_none() && expected_hash.is_empty();
        match token {
            Some(_) if held => Ok(Initialized::Kept),
            Some(_) if expected || first => Ok(Initialized::Replaced),
            Some(_) => Err(INVALID),
            None if first && self.is_open() => Ok(Initialized::Kept),
            None if expected || first => Ok(Initialized::Cleared),
            None => Err(NO_RESET),
        }
    }
}

/// What a body asks for.
#[derive(Default)]
struct Asked {
    token: Option<AccessToken>,
    timestamp: Option<Timestamp>,
}

impl Asked {
    fn read(body: &[u8]) -> Option<Self> {
        let mut asked = Self::default();
        let (mut tokens, mut timestamps) = (0_u8, 0_u8);
        read_members(body, |name, value| {
            let (is_token, is_timestamp) = (name.is("accessToken").ok()?, name.is("timestamp").ok()?);
            let seen = if is_token {
                &mut tokens
            } else if is_timestamp {
                &mut timestamps
            } else {
                return Some(());
            };
            // Readers differ in which of two members they take.
            *seen = seen.checked_add(1).filter(|times| *times == 1)?;
            match value {
                Member::Null => {}
                Member::String(text) if is_token => asked.token = Some(read_token(text)?),
                Member::String(text) => asked.timestamp = Some(Timestamp::parse(text)?),
                Member::Other => return None,
            }
            Some(())
        })?;
        Some(asked)
    }
}

/// A token has one spelling: without escapes.
fn read_token(text: &str) -> Option<AccessToken> {
    if has(text.as_bytes(), b'\\') { None } else { AccessToken::try_from(text).ok() }
}
