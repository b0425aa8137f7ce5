//! A signer accepts and writes exactly what the oracle can parse.

use super::file_query::granted;
use super::oracle::{self, Verifier};
use super::sandbox::{access_key, access_token};
use super::{coded, outcome};
use sandgate::v2::{FileUrl, FileUrlKey};
use sandgate::{Context, Operation, UnixSeconds};

const KID: char = 'a';
const BASE: &str = "https://49983-i94gcaqbpvohfr764s5l.e2b.app";

/// The parts of a URL, any bytes and numbers.
#[derive(Clone, Debug)]
pub(crate) struct Case<'a> {
    pub(crate) operation: Operation,
    pub(crate) path: Vec<u8>,
    pub(crate) directory: Option<Vec<u8>>,
    pub(crate) user: Option<Vec<u8>>,
    pub(crate) expires: i64,
    pub(crate) max_bytes: Option<u64>,
    pub(crate) content_sha256: Option<[u8; 32]>,
    pub(crate) context: Option<&'a [u8]>,
}

impl<'a> Case<'a> {
    /// The values of a query, parsed without any rule.
    pub(crate) fn of_query(operation: Operation, query: &[u8], context: Option<&'a [u8]>) -> Self {
        let value = |name: &str| {
            let start = [name.as_bytes(), b"="].concat();
            let value = query.split(|byte| *byte == b'&').find_map(|piece| piece.strip_prefix(&start[..]))?;
            Some(percent_encoding::percent_decode(value).collect::<Vec<u8>>())
        };
        let number = |name| String::from_utf8(value(name)?).ok()?.parse::<i128>().ok();
        Self {
            operation,
            path: value("path").unwrap_or_default(),
            directory: value("signature_directory"),
            user: value("username"),
            expires: number("signature_expiration").and_then(|time| time.try_into().ok()).unwrap_or(1_800_000_000),
            max_bytes: number("signature_max_bytes").and_then(|size| size.try_into().ok()),
            content_sha256: value("signature_sha256").map(|text| oracle::hmac(&text, b"")),
            context,
        }
    }

    /// Whether it can be signed. Both must agree.
    pub(crate) fn check(&self) -> bool {
        let key = FileUrlKey::new(&access_token(KID).parse().unwrap()).unwrap();
        let url = self.url();
        let expected = self.signed_by_oracle();
        let signature = key.sign(&url).ok().map(|signature| signature.as_str().to_owned());
        assert_eq!(signature, expected, "{self:?}");

        let mut text = String::new();
        assert_eq!(key.write_url(&mut text, BASE, &url).is_ok(), expected.is_some(), "{self:?}");
        if expected.is_some() {
            self.check_written(&key, &text);
        }
        // A wrong signature of the right shape, so that only the parts are in question.
        let signature = expected.clone().unwrap_or(format!("v2.{KID}.{}", "A".repeat(43)));
        self.check_parts(&key, &signature);
        expected.is_some()
    }

    fn url(&self) -> FileUrl<'_> {
        let mut url = FileUrl::new(self.operation, &self.path, UnixSeconds::new(self.expires));
        if let Some(directory) = &self.directory {
            url = url.directory(directory);
        }
        if let Some(user) = &self.user {
            url = url.user(user);
        }
        if let Some(max_bytes) = self.max_bytes {
            url = url.max_bytes(max_bytes);
        }
        if let Some(sha256) = self.content_sha256 {
            url = url.content_sha256(sha256);
        }
        match self.context {
            Some(context) => url.context(Context::try_from(context).unwrap()),
            None => url,
        }
    }

    /// Every byte is escaped. With a signed directory, the user of the URL adds the path.
    fn query(&self) -> Vec<u8> {
        let path = Some(&self.path).filter(|path| !path.is_empty() || self.directory.is_none());
        let expires = self.expires.to_string().into_bytes();
        let parameters = [
            ("path", path.cloned()),
            ("username", self.user.clone()),
            ("signature_expiration", Some(expires)),
            ("signature_directory", self.directory.clone()),
            ("signature_max_bytes", self.max_bytes.map(|size| size.to_string().into_bytes())),
            ("signature_sha256", self.content_sha256.map(|digest| hex(&digest).into_bytes())),
        ];
        let pieces = parameters.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", escaped(&value?))));
        pieces.collect::<Vec<_>>().join("&").into_bytes()
    }

    fn signed_by_oracle(&self) -> Option<String> {
        let operation = self.operation.as_str();
        let mut said = oracle::Query::read(operation, &self.query())?;
        if let (Some(directory), Some(path)) = (&said.directory, &said.path)
            && !oracle::covers(directory, path)
        {
            return None;
        }
        said.path.get_or_insert_default();
        Some(said.file_url(operation)?.signature(KID, &access_key(KID), self.context))
    }

    /// A written URL grants what was signed. A path that it does not contain is added.
    fn check_written(&self, key: &FileUrlKey, text: &str) {
        let (base, query) = text.split_once('?').unwrap();
        assert_eq!(base.strip_suffix("/files"), Some(BASE));
        let mut query = query.as_bytes().to_vec();
        if self.path.is_empty() {
            query.extend([b"&path=", escaped(self.directory.as_ref().unwrap()).as_bytes(), b"a"].concat());
        }
        let expected = self.oracle(&query);
        let now = UnixSeconds::new(self.expires);
        let context = self.context.map(|context| context.try_into().unwrap());
        let answer = key.verify_query(self.operation, &query, context, now);
        assert_eq!(coded(answer).map(granted), expected, "{text}");
        // A directory may leave no room for a path.
        let fits = self.directory.as_ref().is_none_or(|directory| directory.len() < 4096);
        assert_eq!(outcome(&expected), if fits || !self.path.is_empty() { "ok" } else { "malformed" }, "{text}");
    }

    fn check_parts(&self, key: &FileUrlKey, signature: &str) {
        if self.path.is_empty() {
            return;
        }
        let query = [&self.query()[..], b"&signature=", signature.as_bytes()].concat();
        let answer = key.verify(&self.url(), signature.as_bytes(), UnixSeconds::new(self.expires));
        assert_eq!(coded(answer), self.oracle(&query).map(drop), "{self:?}");
    }

    fn oracle(&self, query: &[u8]) -> Result<oracle::FileUrl, oracle::Code> {
        let verifier = Verifier { context: self.context, leeway: 0, max_lifetime: 604_800, now: self.expires };
        oracle::verify_query(&[&access_token(KID)], self.operation.as_str(), query, &verifier)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02x}")).collect()
}
