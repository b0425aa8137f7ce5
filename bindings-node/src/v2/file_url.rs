//! Signing and verifying file URLs, v2.

use crate::arguments::{
    Long, Name, Path, Short, context, maybe_number, maybe_presented, maybe_text, operation, presented, text, utf8,
};
use crate::clock;
use crate::policy::window;
use crate::raw::{Answer, Env, Value};
use crate::thrown::{Thrown, misuse, wrong_type, wrong_value};
use crate::wiped::Wiped;
use crate::{grant, refusals};
use sandgate::v2::{FileUrl, FileUrlKey};
use sandgate::{AccessToken, Misuse, UnixSeconds, Window, WriteUrlError, v2};
use std::rc::Rc;

/// What follows from an access token of v2 to sign and verify file URLs.
pub(crate) fn file_url_key<'c>(env: Env<'c>, (): &(), [token, leeway, max_lifetime]: [Value<'c>; 3]) -> Answer<'c> {
    let mut room = Short::new();
    let token = AccessToken::try_from(text(token, &mut room, "accessToken")?).map_err(misuse("accessToken"))?;
    let key = FileUrlKey::new(&token).map_err(misuse("accessToken"))?;
    let key = Rc::new(key.window(window(Window::DEFAULT, leeway, max_lifetime, "maxLifetime")?));
    env.natives(&[
        (c"sign", env.function(c"sign", &key, sign)?),
        (c"url", env.function(c"url", &key, url)?),
        (c"verify", env.function(c"verify", &key, verify)?),
        (c"verifyQuery", env.function(c"verifyQuery", &key, verify_query)?),
    ])
    .map(Some)
}

/// Whether an access token claims to be one of v2.
pub(crate) fn is_access_token<'c>(env: Env<'c>, (): &(), [token]: [Value<'c>; 1]) -> Answer<'c> {
    let mut room = Short::new();
    env.boolean(v2::is_access_token(presented(token, &mut room, "token")?)).map(Some)
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
struct Rooms {
    path: Path,
    user: Name,
    directory: Path,
    context: Long,
}

impl Rooms {
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
    context_room: &'r mut Long,
) -> Result<FileUrl<'r>, Thrown> {
    let operation = operation(parts.operation)?;
    let expires = expires.ok_or_else(|| wrong_value("expires", "is required: a URL of v2 must end"))?;
    Ok(FileUrl::new(operation, path, expires)
        .maybe_user(user)
        .maybe_directory(directory)
        .maybe_max_bytes(maybe_number(parts.max_bytes, "maxBytes")?)
        .maybe_content_sha256(maybe_sha256(parts.content_sha256)?)
        .maybe_context(context(parts.context, context_room)?))
}

fn maybe_sha256(value: Value<'_>) -> Result<Option<[u8; 32]>, Thrown> {
    let (name, mut room) = ("contentSha256", Short::new());
    if value.is_absent() {
        return Ok(None);
    }
    if !room.read_bytes(value) {
        return Err(wrong_type(name, "a Uint8Array"));
    }
    room.bytes().try_into().map(Some).map_err(|_| wrong_value(name, "must be 32 bytes"))
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
    [path, operation, user, expires, directory, max_bytes, content_sha256, context]: [Value<'c>; 8],
) -> Answer<'c> {
    let (mut rooms, end) = (Rooms::new(), clock::maybe_time(expires, "expires")?);
    let parts = Parts { path, operation, user, directory, max_bytes, content_sha256, context };
    env.ascii(key.sign(&rooms.read(parts, end)?).map_err(unsignable)?.as_bytes()).map(Some)
}

#[rustfmt::skip]
fn url<'c>(
    env: Env<'c>,
    key: &FileUrlKey,
    [base, path, operation, user, expires, directory, max_bytes, content_sha256, context]: [Value<'c>; 9],
) -> Answer<'c> {
    let (mut base_room, mut rooms, mut out) = (Long::new(), Rooms::new(), Wiped::new());
    let base = utf8(text(base, &mut base_room, "base")?, "base")?;
    let end = clock::maybe_time(expires, "expires")?;
    let parts = Parts { path, operation, user, directory, max_bytes, content_sha256, context };
    match key.write_url(&mut out, base, &rooms.read(parts, end)?) {
        Ok(()) => env.text(utf8(&out, "base")?).map(Some),
        Err(WriteUrlError::Misuse(misuse)) => Err(unsignable(misuse)),
        Err(error) => Err(wrong_value("base", error)),
    }
}

#[rustfmt::skip]
fn verify<'c>(
    env: Env<'c>,
    key: &FileUrlKey,
    [signature, path, operation, user, expires, now, directory, max_bytes, content_sha256, context]: [Value<'c>; 10],
) -> Answer<'c> {
    let (mut signature_room, mut rooms) = (Short::new(), Rooms::new());
    let signature = presented(signature, &mut signature_room, "signature")?;
    let expires = clock::maybe_time(expires, "expires")?;
    let parts = Parts { path, operation, user, directory, max_bytes, content_sha256, context };
    refusals::answer(env, key.verify(&rooms.read_presented(parts, expires)?, signature, clock::now(now)?))
}

fn verify_query<'c>(env: Env<'c>, key: &FileUrlKey, [query, operation, context, now]: [Value<'c>; 4]) -> Answer<'c> {
    let (mut room, mut context_room) = (Long::new(), Long::new());
    let (query, operation) = (presented(query, &mut room, "query")?, self::operation(operation)?);
    let context = self::context(context, &mut context_room)?;
    grant::answer(env, key.verify_query(operation, query, context, clock::now(now)?))
}
