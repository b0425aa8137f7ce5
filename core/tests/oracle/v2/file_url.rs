//! Signed file URLs.

use super::keys::{Key, file_url_key, hmac, read_token};
use super::text::{LAST_NUMBER, base64url, decimal, decode, kid_and_tag, lower_hex, pieces};
use super::{Code, Verifier, encode, u64_bytes};

/// A file URL and its grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileUrl {
    pub(crate) operation: String,
    pub(crate) path: Vec<u8>,
    pub(crate) directory: Option<Vec<u8>>,
    pub(crate) user: Option<Vec<u8>>,
    pub(crate) expires: i128,
    pub(crate) max_bytes: Option<i128>,
    pub(crate) content_sha256: Option<[u8; 32]>,
}

impl FileUrl {
    pub(crate) fn claims(&self, context: Option<&[u8]>) -> Vec<u8> {
        encode(&[
            (1, Some(self.operation.clone().into_bytes())),
            (2, self.directory.is_none().then(|| self.path.clone())),
            (3, self.directory.clone()),
            (4, self.user.clone()),
            (5, Some(u64_bytes(self.expires))),
            (7, self.max_bytes.map(u64_bytes)),
            (8, self.content_sha256.map(|digest| digest.to_vec())),
            (9, context.map(<[u8]>::to_vec)),
        ])
    }

    pub(crate) fn signature(&self, kid: char, access_key: &Key, context: Option<&[u8]>) -> String {
        let tag = hmac(&file_url_key(access_key), &self.claims(context));
        format!("v2.{kid}.{}", base64url(&tag))
    }
}

/// The values of a query with valid syntax.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) signature: Option<String>,
    pub(crate) path: Option<Vec<u8>>,
    pub(crate) expires: Option<i128>,
    pub(crate) directory: Option<Vec<u8>>,
    pub(crate) user: Option<Vec<u8>>,
    pub(crate) max_bytes: Option<i128>,
    pub(crate) content_sha256: Option<[u8; 32]>,
}

impl Query {
    /// None if the query is malformed. A malformed `signature` is kept here and refused by [`verify_query`], so that a fuzz
    /// target can parse a query before it inserts a signature.
    pub(crate) fn read(operation: &str, query: &[u8]) -> Option<Self> {
        let mut ours: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        for piece in pieces(query) {
            let (name, value) = (decode(piece.0)?, decode(piece.1)?);
            let in_table = TABLE.iter().any(|ours| ours.as_bytes() == name);
            let twice = ours.iter().any(|(earlier, _)| *earlier == name);
            if in_table && !twice {
                ours.push((name, value));
            } else if in_table || name.starts_with(b"signature") {
                return None;
            }
        }
        let text = |name: &str| match ours.iter().find(|(ours, _)| ours == name.as_bytes()) {
            Some((_, value)) => Some(Some(String::from_utf8(value.clone()).ok()?)),
            None => Some(None),
        };
        let said = Self {
            signature: text("signature")?,
            path: optional(text("path")?, |path| path_is_right(&path).then(|| path.into_bytes()))?,
            expires: optional(text("signature_expiration")?, |time| decimal(&time, LAST_NUMBER))?,
            directory: optional(text("signature_directory")?, |text| is_directory(&text).then(|| text.into_bytes()))?,
            user: optional(text("username")?, |user| user_is_right(&user).then(|| user.into_bytes()))?,
            max_bytes: optional(text("signature_max_bytes")?, |size| decimal(&size, LAST_NUMBER))?,
            content_sha256: optional(text("signature_sha256")?, |digest| lower_hex(&digest))?,
        };
        let limited = said.max_bytes.is_some() || said.content_sha256.is_some();
        (operation == "write" || !limited).then_some(said)
    }

    /// The URL to sign; none if a required parameter other than the signature is absent.
    pub(crate) fn file_url(&self, operation: &str) -> Option<FileUrl> {
        Some(FileUrl {
            operation: operation.to_owned(),
            path: self.path.clone()?,
            directory: self.directory.clone(),
            user: self.user.clone(),
            expires: self.expires?,
            max_bytes: self.max_bytes,
            content_sha256: self.content_sha256,
        })
    }
}

const TABLE: [&str; 7] = [
    "path",
    "username",
    "signature",
    "signature_expiration",
    "signature_directory",
    "signature_max_bytes",
    "signature_sha256",
];

/// A raw query against the access tokens of a controller.
pub(crate) fn verify_query(
    access_tokens: &[&str],
    operation: &str,
    query: &[u8],
    verifier: &Verifier<'_>,
) -> Result<FileUrl, Code> {
    let said = Query::read(operation, query).ok_or("malformed")?;
    let signature = said.signature.as_deref().ok_or("missing");
    if let Ok(signature) = signature
        && kid_and_tag(signature.strip_prefix("v2.")).is_none()
    {
        return Err("malformed");
    }
    let (signature, url) = (signature?, said.file_url(operation).ok_or("malformed")?);

    let keys = access_tokens.iter().map(|token| read_token("sg2a", token).expect("a token of v2"));
    let (kid, key) = keys.into_iter().find(|(kid, _)| signature[3..].starts_with(*kid)).ok_or("invalid")?;
    if url.signature(kid, &key, verifier.context) != signature {
        return Err("invalid");
    }
    verifier.check_time(url.expires)?;
    match &url.directory {
        Some(directory) if !covers(directory, &url.path) => Err("out_of_scope"),
        _ => Ok(url),
    }
}

/// A value that may be absent, but must not be malformed.
fn optional<T>(text: Option<String>, read: impl Fn(String) -> Option<T>) -> Option<Option<T>> {
    match text {
        Some(text) => read(text).map(Some),
        None => Some(None),
    }
}

fn path_is_right(path: &str) -> bool {
    (1..=4096).contains(&path.len()) && !path.contains('\0')
}

fn user_is_right(user: &str) -> bool {
    user.len() <= 255 && !user.contains('\0')
}

/// Whether a signed directory has the right shape.
pub(crate) fn is_directory(directory: &str) -> bool {
    let inner =
        directory.strip_prefix('/').and_then(|rest| if rest.is_empty() { Some("") } else { rest.strip_suffix('/') });
    directory.len() <= 4096 && inner.is_some_and(|inner| inner.is_empty() && directory == "/" || are_segments(inner))
}

fn are_segments(text: &str) -> bool {
    let right = |segment: &str| {
        let clean = segment.bytes().all(|byte| byte >= 0x20 && byte != 0x7f && byte != b'\\');
        clean && !["", ".", ".."].contains(&segment)
    };
    text.split('/').all(right)
}

pub(crate) fn covers(directory: &[u8], path: &[u8]) -> bool {
    let rest = path.strip_prefix(directory).and_then(|rest| core::str::from_utf8(rest).ok());
    rest.is_some_and(are_segments)
}
