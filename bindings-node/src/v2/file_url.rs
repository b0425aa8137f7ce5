//! Signing and verifying file URLs, v2.

use crate::arguments::{
    Long, Name, Path, Short, context, maybe_number, maybe_presented, maybe_text, operation, presented, text, utf8,
};
use crate::class::{Arguments, Class, Functions, Method, native};
use crate::clock;
use crate::host::{Answer, Env, Thrown, Value};
use crate::policy::window;
use crate::thrown::{misuse, shown, wrong_type, wrong_value};
use crate::wiped::Wiped;
use crate::{grant, refusals};
use sandgate::v2::{FileUrl, FileUrlKey};
use sandgate::{AccessToken, Misuse, UnixSeconds, Window, WriteUrlError, v2};

/// What follows from an access token of v2 to sign and verify file URLs.
pub(crate) fn file_url_key<'c>(
    env: Env<'c>,
    _: &Functions,
    &[token, leeway, max_lifetime, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let mut buffer = Short::new();
    let token = AccessToken::try_from(text(token, &mut buffer, "accessToken")?).map_err(misuse("accessToken"))?;
    let key = FileUrlKey::new(&token).map_err(misuse("accessToken"))?;
    env.stateful(key.window(window(Window::DEFAULT, leeway, max_lifetime, "maxLifetime")?), &[]).map(Some)
}

impl Class for FileUrlKey {
    const METHODS: &'static [Method<Self>] =
        &[native(c"sign", sign), native(c"url", url), native(c"verify", verify), native(c"verifyQuery", verify_query)];
}

/// Whether an access token claims to be one of v2.
pub(crate) fn is_access_token<'c>(env: Env<'c>, _: &Functions, &[token, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Short::new();
    env.boolean(v2::is_access_token(presented(token, &mut buffer, "token")?)).map(Some)
}

/// The parts of a URL but for its end.
#[derive(Clone, Copy)]
struct Parts<'c> {
    path: Value<'c>,
    operation: Value<'c>,
    user: Value<'c>,
    directory: Value<'c>,
    max_bytes: Value<'c>,
    content_sha256: Value<'c>,
    context: Value<'c>,
}

/// Where they are read to.
struct Buffers {
    path: Path,
    user: Name,
    directory: Path,
    context: Long,
}

impl Buffers {
    #[inline(always)]
    const fn new() -> Self {
        Self { path: Path::new(), user: Name::new(), directory: Path::new(), context: Long::new() }
    }

    /// What is signed.
    #[inline]
    fn read(&mut self, parts: Parts<'_>, expires: Option<UnixSeconds>) -> Result<FileUrl<'_>, Thrown> {
        let path = text(parts.path, &mut self.path, "path")?;
        let user = maybe_text(parts.user, &mut self.user, "user")?;
        let directory = maybe_text(parts.directory, &mut self.directory, "directory")?;
        file_url(parts, (path, user, directory), expires, &mut self.context)
    }

    /// What a client presents.
    #[inline]
    fn read_presented(&mut self, parts: Parts<'_>, expires: Option<UnixSeconds>) -> Result<FileUrl<'_>, Thrown> {
        let path = presented(parts.path, &mut self.path, "path")?;
        let user = maybe_presented(parts.user, &mut self.user, "user")?;
        let directory = maybe_presented(parts.directory, &mut self.directory, "directory")?;
        file_url(parts, (path, user, directory), expires, &mut self.context)
    }
}

/// A URL of these texts, and of the parts that are no text of a client.
#[inline(always)]
fn file_url<'r>(
    parts: Parts<'_>,
    (path, user, directory): (&'r [u8], Option<&'r [u8]>, Option<&'r [u8]>),
    expires: Option<UnixSeconds>,
    context_buffer: &'r mut Long,
) -> Result<FileUrl<'r>, Thrown> {
    let operation = operation(parts.operation)?;
    let expires = expires
        .ok_or_else(|| wrong_value("expires", "must be given, or else expiresIn, because a URL of v2 must end"))?;
    Ok(FileUrl::new(operation, path, expires)
        .maybe_user(user)
        .maybe_directory(directory)
        .maybe_max_bytes(maybe_number(parts.max_bytes, "maxBytes", "an integer between 0 and 9007199254740991")?)
        .maybe_content_sha256(maybe_sha256(parts.content_sha256)?)
        .maybe_context(context(parts.context, context_buffer)?))
}

fn maybe_sha256(value: Value<'_>) -> Result<Option<[u8; 32]>, Thrown> {
    let (name, mut buffer) = ("contentSha256", Short::new());
    if value.is_absent() {
        return Ok(None);
    }
    if !buffer.read_bytes(value) {
        return Err(wrong_type(name, "a Uint8Array"));
    }
    buffer.bytes().try_into().map(Some).map_err(|_| wrong_value(name, "must be 32 bytes"))
}

/// Which argument core found wrong.
pub(crate) fn unsignable(misuse: Misuse) -> Thrown {
    let name = match misuse {
        Misuse::Path => "path",
        Misuse::Directory => "directory",
        Misuse::User => "user",
        Misuse::Limit => "maxBytes or contentSha256",
        Misuse::Time => "expires",
        _ => "url",
    };
    self::misuse(name)(misuse)
}

#[rustfmt::skip]
fn sign<'c>(
    env: Env<'c>,
    key: &FileUrlKey,
    &[path, operation, user, expires, directory, max_bytes, content_sha256, context, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (mut buffers, end) = (Buffers::new(), clock::maybe_time(expires, "expires")?);
    let parts = Parts { path, operation, user, directory, max_bytes, content_sha256, context };
    env.ascii(key.sign(&buffers.read(parts, end)?).map_err(unsignable)?.as_bytes()).map(Some)
}

#[rustfmt::skip]
fn url<'c>(
    env: Env<'c>,
    key: &FileUrlKey,
    &[base, path, operation, user, expires, directory, max_bytes, content_sha256, context, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (mut base_buffer, mut buffers, mut out) = (Long::new(), Buffers::new(), Wiped::new());
    let base = utf8(text(base, &mut base_buffer, "base")?, "base")?;
    let end = clock::maybe_time(expires, "expires")?;
    let parts = Parts { path, operation, user, directory, max_bytes, content_sha256, context };
    match key.write_url(&mut out, base, &buffers.read(parts, end)?) {
        Ok(()) => env.text(utf8(&out, "base")?).map(Some),
        Err(WriteUrlError::Misuse(misuse)) => Err(unsignable(misuse)),
        Err(error) => Err(wrong_value("base", &shown(&error))),
    }
}

#[rustfmt::skip]
fn verify<'c>(
    env: Env<'c>,
    key: &FileUrlKey,
    &[signature, path, operation, user, expires, now, directory, max_bytes, content_sha256, context, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (mut signature_buffer, mut buffers) = (Short::new(), Buffers::new());
    let signature = presented(signature, &mut signature_buffer, "signature")?;
    let expires = clock::maybe_time(expires, "expires")?;
    let parts = Parts { path, operation, user, directory, max_bytes, content_sha256, context };
    refusals::answer(env, key.verify(&buffers.read_presented(parts, expires)?, signature, clock::now(now)?))
}

fn verify_query<'c>(
    env: Env<'c>,
    key: &FileUrlKey,
    &[query, operation, context, now, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (mut buffer, mut context_buffer) = (Long::new(), Long::new());
    let (query, operation) = (presented(query, &mut buffer, "query")?, self::operation(operation)?);
    let context = self::context(context, &mut context_buffer)?;
    grant::answer(env, key.verify_query(operation, query, context, clock::now(now)?))
}
