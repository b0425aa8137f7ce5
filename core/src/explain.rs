//! Why a file URL is refused, and which single change of a field would make its signature right: for whoever holds the
//! token and looks for a mistake. No server needs it, so it stands behind the feature `explain`, and it allocates.

use crate::compare::equal;
use crate::error::{Code, Denied, Gate, Misuse};
use crate::file_query::FileQuery;
use crate::ids::{Context, KeyId, Operation};
use crate::number::{parse_decimal, parse_exact};
use crate::query::Decoded;
use crate::secret::AccessToken;
use crate::text::parse_hex;
use crate::time::UnixSeconds;
use crate::v1;
use crate::v2;
use core::fmt;
use std::borrow::ToOwned;
use std::string::String;
use std::vec::Vec;

/// Why a file URL is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The refusal that a server answers with.
    pub denied: Denied,
    /// The one change that makes the signature right, where it is wrong and there is such a change among those that are
    /// tried.
    pub change: Option<Change>,
    /// When the URL ends, as far as it says.
    pub expires: Option<UnixSeconds>,
}

/// What the signature is right for: the same URL with this field instead of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Another operation.
    Operation(Operation),
    /// Another path.
    Path(Vec<u8>),
    /// Another user, or none.
    User(Option<Vec<u8>>),
    /// Another end, or none.
    Expires(Option<UnixSeconds>),
    /// A directory, another one, or none.
    Directory(Option<Vec<u8>>),
    /// No limit on the bytes.
    NoMaxBytes,
    /// No hash of the content.
    NoContentSha256,
    /// Without the context that was given.
    NoContext,
    /// The key id of another of the tokens.
    KeyId(KeyId),
    /// Another spelling of the signature.
    Signature(Vec<u8>),
}

impl Change {
    /// The field's name, as the query has it where it stands there.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Operation(_) => "operation",
            Self::Path(_) => "path",
            Self::User(_) => "username",
            Self::Expires(_) => "signature_expiration",
            Self::Directory(_) => "signature_directory",
            Self::NoMaxBytes => "signature_max_bytes",
            Self::NoContentSha256 => "signature_sha256",
            Self::NoContext => "context",
            Self::KeyId(_) => "key id",
            Self::Signature(_) => "signature",
        }
    }

    /// What it should be; none: it should be absent.
    #[must_use]
    pub fn value(&self) -> Option<String> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match self {
            Self::Operation(operation) => Some(operation.as_str().to_owned()),
            Self::Path(path) => Some(text(path)),
            Self::User(user) => user.as_deref().map(text),
            Self::Expires(time) => time.map(|time| std::format!("{time}")),
            Self::Directory(directory) => directory.as_deref().map(text),
            Self::NoMaxBytes | Self::NoContentSha256 | Self::NoContext => None,
            Self::KeyId(kid) => Some(kid.as_str().to_owned()),
            Self::Signature(signature) => Some(text(signature)),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.value()) {
            (Self::Signature(_), _) => f.write_str(
                "the signature is right but for its spelling: was it escaped, unpadded, in the right alphabet?",
            ),
            (_, Some(value)) => write!(f, "the signature is right for another {}: {value:?}", self.field()),
            (_, None) => write!(f, "the signature is right without {}", self.field()),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.denied.code() {
            Code::Missing => "the URL has no signature",
            Code::Malformed => {
                "the URL cannot be read: a bad escape, a parameter twice or unknown, a number or a text of the wrong shape, \
                 or a signature of another wire format than the token"
            }
            Code::Invalid => "the signature is not that of this URL under this token",
            Code::Expired => "the signature is right, and its time is over",
            Code::LifetimeTooLong => "the signature is right, and it lasts longer than a verifier accepts",
            Code::OutOfScope => "the signature is right, and the path lies outside its directory",
        })?;
        match &self.change {
            Some(change) => write!(f, "; {change}"),
            None => Ok(()),
        }
    }
}

/// Looks at a file URL by its raw query as a controller with these tokens would. All tokens are of one wire format.
///
/// ```
/// use sandgate::{AccessToken, Operation, UnixSeconds, explain::{Change, file_url}, v1::{FileUrl, FileUrlKey}};
///
/// let token = AccessToken::try_from("token")?;
/// let mut url = String::new();
/// FileUrlKey::new(&token)?.write_url(&mut url, "x", &FileUrl::write(b"/a")).unwrap();
/// let query = url.split_once('?').unwrap().1.as_bytes();
///
/// let explained = file_url(&[token], Operation::Read, query, None, UnixSeconds::new(0))?.unwrap();
/// assert_eq!(explained.change, Some(Change::Operation(Operation::Write)));
/// # Ok::<(), sandgate::Misuse>(())
/// ```
///
/// # Errors
/// [`Misuse::NoToken`], [`Misuse::TokenVersion`] and [`Misuse::TokenShape`], as a controller's.
pub fn file_url(
    tokens: &[AccessToken],
    operation: Operation,
    query: &[u8],
    context: Option<Context<'_>>,
    now: UnixSeconds,
) -> Result<Option<Explanation>, Misuse> {
    let keys = Keys::new(tokens)?;
    let answer = keys.verify(operation, query, context, now);
    let Err(denied) = answer else { return Ok(None) };
    let said = Said::read(operation, query, context);
    let expires = said.as_ref().and_then(|said| said.expires);
    let wrong = matches!(denied.code(), Code::Invalid | Code::Malformed);
    let change = said.filter(|_| wrong).and_then(|said| keys.right_change(&said));
    Ok(Some(Explanation { denied, change, expires }))
}

/// The keys of one wire format.
enum Keys {
    V1(Vec<v1::FileUrlKey>),
    V2(Vec<v2::FileUrlKey>),
}

impl Keys {
    fn new(tokens: &[AccessToken]) -> Result<Self, Misuse> {
        let first = tokens.first().ok_or(Misuse::NoToken)?;
        Ok(if v2::is_access_token(first.as_bytes()) {
            Self::V2(tokens.iter().map(v2::FileUrlKey::new).collect::<Result<_, _>>()?)
        } else {
            Self::V1(tokens.iter().map(v1::FileUrlKey::new).collect::<Result<_, _>>()?)
        })
    }

    fn verify(
        &self,
        operation: Operation,
        query: &[u8],
        context: Option<Context<'_>>,
        now: UnixSeconds,
    ) -> Result<(), Denied> {
        const INVALID: Denied = Denied::new(Gate::FileSignature, Code::Invalid);
        let all: &mut dyn Iterator<Item = Result<(), Denied>> = match self {
            Self::V1(keys) => &mut keys.iter().map(|key| key.verify_query(operation, query, now).map(drop)),
            Self::V2(keys) => &mut keys.iter().map(|key| key.verify_query(operation, query, context, now).map(drop)),
        };
        // Another reason than that it is not the right key says more.
        all.reduce(|one, other| if one == Err(INVALID) { other } else { one }).unwrap_or(Err(INVALID))
    }

    /// The signatures that a URL has under each key.
    fn signatures(&self, said: &Said<'_>) -> Vec<(Option<KeyId>, Vec<u8>)> {
        match self {
            Self::V1(keys) => {
                let url = v1::FileUrl::new(said.operation, &said.path)
                    .user(said.user.as_deref().unwrap_or_default())
                    .maybe_expires(said.expires);
                keys.iter().map(|key| (None, key.sign(&url).as_str().as_bytes().to_vec())).collect()
            }
            Self::V2(keys) => {
                let Some(end) = said.expires else { return Vec::new() };
                let mut url = v2::FileUrl::new(said.operation, &said.path, end);
                url = said.user.as_deref().map_or(url, |user| url.user(user));
                url = said.directory.as_deref().map_or(url, |directory| url.directory(directory));
                url = said.max_bytes.map_or(url, |max| url.max_bytes(max));
                url = said.content_sha256.map_or(url, |sha256| url.content_sha256(sha256));
                url = said.context.map_or(url, |context| url.context(context));
                let sign =
                    |key: &v2::FileUrlKey| Some((Some(key.kid()), key.sign(&url).ok()?.as_str().as_bytes().to_vec()));
                keys.iter().filter_map(sign).collect()
            }
        }
    }

    fn right_change(&self, said: &Said<'_>) -> Option<Change> {
        let presented = &said.signature;
        let is_right = |said: &Said<'_>| self.signatures(said).iter().any(|(_, right)| equal(right, presented));
        if let Some((_, right)) = self.signatures(said).iter().find(|(_, right)| spelled_as(right, presented)) {
            return Some(Change::Signature(right.clone()));
        }
        let (_, of_presented) = presented.split_last_chunk::<TAG>()?;
        if let Some((kid, _)) = self
            .signatures(said)
            .iter()
            .find(|(_, right)| right.split_last_chunk::<TAG>().is_some_and(|(_, tag)| equal(tag, of_presented)))
        {
            return kid.map(Change::KeyId);
        }
        said.changes().into_iter().find(|change| is_right(&said.with(change)))
    }
}

const TAG: usize = 43;

/// Whether two signatures are one, but for padding, the alphabet, and a `+` that was read as a space.
fn spelled_as(right: &[u8], presented: &[u8]) -> bool {
    let plain = |signature: &[u8]| -> Vec<u8> {
        let end = signature.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last.saturating_add(1));
        let alphabet = |byte: &u8| match byte {
            b' ' | b'-' => b'+',
            b'_' => b'/',
            other => *other,
        };
        signature.iter().take(end).map(alphabet).collect()
    };
    right != presented && equal(&plain(right), &plain(presented))
}

/// What a query says, as far as it can be read.
#[derive(Clone)]
struct Said<'c> {
    operation: Operation,
    path: Vec<u8>,
    user: Option<Vec<u8>>,
    expires: Option<UnixSeconds>,
    directory: Option<Vec<u8>>,
    max_bytes: Option<u64>,
    content_sha256: Option<[u8; 32]>,
    context: Option<Context<'c>>,
    signature: Vec<u8>,
}

impl<'c> Said<'c> {
    fn read(operation: Operation, query: &[u8], context: Option<Context<'c>>) -> Option<Self> {
        let query = FileQuery::parse(query).ok()?;
        let bytes = |text: Decoded<'_>| text.bytes().collect::<Vec<u8>>();
        Some(Self {
            operation,
            path: query.path.map(bytes).unwrap_or_default(),
            user: query.user.map(bytes),
            expires: query.expiration.and_then(|digits| parse_decimal(digits.bytes())).map(UnixSeconds::new),
            directory: query.beyond_v1.directory.map(bytes),
            max_bytes: query.beyond_v1.max_bytes.and_then(|digits| parse_exact(digits.bytes())),
            content_sha256: query.beyond_v1.sha256.and_then(|digits| parse_hex(digits.bytes())),
            context,
            signature: query.signature.map(bytes)?,
        })
    }

    /// The changes that are tried: the mistakes that are made.
    fn changes(&self) -> Vec<Change> {
        let other = if self.operation == Operation::Read { Operation::Write } else { Operation::Read };
        let mut changes = std::vec![Change::Operation(other)];
        changes.extend(self.paths().into_iter().map(Change::Path));
        let users = [None, Some(&b""[..]), Some(b"user"), Some(b"root")];
        changes.extend(users.map(|user| Change::User(user.map(<[u8]>::to_vec))));
        changes.push(Change::Expires(None));
        // Milliseconds for seconds, and the other way round.
        if let Some(expires) = self.expires.map(UnixSeconds::get) {
            let scaled = [expires.checked_div(1000), expires.checked_mul(1000)];
            changes.extend(scaled.into_iter().flatten().map(|time| Change::Expires(Some(UnixSeconds::new(time)))));
        }
        changes.push(Change::Directory(None));
        changes.extend(parents(&self.path).into_iter().map(|directory| Change::Directory(Some(directory))));
        changes.extend([Change::NoMaxBytes, Change::NoContentSha256, Change::NoContext]);
        changes
    }

    /// Decoded once too often or too seldom, and slashes at the ends.
    fn paths(&self) -> Vec<Vec<u8>> {
        let path = &self.path;
        let mut paths = std::vec![path.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect()];
        if let Ok(decoded) = Decoded::from_query(path) {
            paths.push(decoded.bytes().collect());
        }
        let mut escaped = String::new();
        // A String takes everything.
        let _ = crate::query::write_escaped(&mut escaped, path);
        paths.push(escaped.replace("%2F", "/").into_bytes());
        paths.push(escaped.into_bytes());
        paths.push([b"/", path.as_slice()].concat());
        paths.push([path.as_slice(), b"/"].concat());
        paths.extend(path.strip_prefix(b"/").map(<[u8]>::to_vec));
        paths.extend(path.strip_suffix(b"/").map(<[u8]>::to_vec));
        paths
    }

    fn with(&self, change: &Change) -> Self {
        let mut said = self.clone();
        match change {
            Change::Operation(operation) => said.operation = *operation,
            Change::Path(path) => said.path.clone_from(path),
            Change::User(user) => said.user.clone_from(user),
            Change::Expires(expires) => said.expires = *expires,
            Change::Directory(directory) => said.directory.clone_from(directory),
            Change::NoMaxBytes => said.max_bytes = None,
            Change::NoContentSha256 => said.content_sha256 = None,
            Change::NoContext => said.context = None,
            Change::KeyId(_) | Change::Signature(_) => {}
        }
        said
    }
}

/// The directories that a path lies in.
fn parents(path: &[u8]) -> Vec<Vec<u8>> {
    let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    slashes.filter_map(|(at, _)| path.get(..=at)).map(<[u8]>::to_vec).collect()
}
