//! Signing and verifying file URLs, v1.

use crate::arguments::{Long, Name, Path, Short, maybe_presented, maybe_text, operation, presented, text, utf8};
use crate::class::{Arguments, Class, Functions, Method, native};
use crate::clock;
use crate::host::{Answer, Env, Thrown, Value};
use crate::thrown::{misuse, shown, wrong_value};
use crate::wiped::Wiped;
use crate::{grant, refusals};
use sandgate::v1::{FileUrl, FileUrlKey};
use sandgate::{AccessToken, Operation, UnixSeconds};

/// An access token as the key that signs and verifies file URLs.
pub(crate) fn file_url_key<'c>(env: Env<'c>, _: &Functions, &[token, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Short::new();
    let token = AccessToken::try_from(text(token, &mut buffer, "accessToken")?).map_err(misuse("accessToken"))?;
    let key = FileUrlKey::new(&token).map_err(misuse("accessToken"))?;
    env.stateful(key, &[]).map(Some)
}

impl Class for FileUrlKey {
    const METHODS: &'static [Method<Self>] =
        &[native(c"sign", sign), native(c"url", url), native(c"verify", verify), native(c"verifyQuery", verify_query)];
}

/// Where the parts of a URL are read to.
struct Buffers {
    path: Path,
    user: Name,
}

impl Buffers {
    #[inline(always)]
    const fn new() -> Self {
        Self { path: Path::new(), user: Name::new() }
    }

    /// What is signed.
    #[inline]
    fn read(
        &mut self,
        [path, operation, user]: [Value<'_>; 3],
        expires: Option<UnixSeconds>,
    ) -> Result<FileUrl<'_>, Thrown> {
        let path = text(path, &mut self.path, "path")?;
        let user = maybe_text(user, &mut self.user, "user")?;
        Ok(file_url(path, self::operation(operation)?, user, expires))
    }

    /// What a client presents.
    #[inline]
    fn read_presented(
        &mut self,
        [path, operation, user]: [Value<'_>; 3],
        expires: Option<UnixSeconds>,
    ) -> Result<FileUrl<'_>, Thrown> {
        let path = presented(path, &mut self.path, "path")?;
        let user = maybe_presented(user, &mut self.user, "user")?;
        Ok(file_url(path, self::operation(operation)?, user, expires))
    }
}

#[inline(always)]
fn file_url<'r>(
    path: &'r [u8],
    operation: Operation,
    user: Option<&'r [u8]>,
    expires: Option<UnixSeconds>,
) -> FileUrl<'r> {
    let url = FileUrl::new(operation, path).maybe_expires(expires);
    user.map_or(url, |user| url.user(user))
}

fn sign<'c>(env: Env<'c>, key: &FileUrlKey, &[path, operation, user, expires, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffers = Buffers::new();
    let url = buffers.read([path, operation, user], clock::maybe_time(expires, "expires")?)?;
    env.ascii(key.sign(&url).as_bytes()).map(Some)
}

fn url<'c>(env: Env<'c>, key: &FileUrlKey, &[base, path, operation, user, expires, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut base_buffer, mut buffers, mut out) = (Long::new(), Buffers::new(), Wiped::new());
    let base = utf8(text(base, &mut base_buffer, "base")?, "base")?;
    let url = buffers.read([path, operation, user], clock::maybe_time(expires, "expires")?)?;
    key.write_url(&mut out, base, &url).map_err(|error| wrong_value("base", &shown(&error)))?;
    env.text(utf8(&out, "base")?).map(Some)
}

fn verify<'c>(
    env: Env<'c>,
    key: &FileUrlKey,
    &[signature, path, user, expires, now, operation, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (mut signature_buffer, mut buffers) = (Short::new(), Buffers::new());
    let signature = presented(signature, &mut signature_buffer, "signature")?;
    let url = buffers.read_presented([path, operation, user], clock::maybe_time(expires, "expires")?)?;
    refusals::answer(env, key.verify(&url, signature, clock::now(now)?))
}

fn verify_query<'c>(env: Env<'c>, key: &FileUrlKey, &[query, operation, now, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    let query = presented(query, &mut buffer, "query")?;
    grant::answer(env, key.verify_query(self::operation(operation)?, query, clock::now(now)?))
}
