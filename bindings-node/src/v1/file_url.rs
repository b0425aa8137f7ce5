//! Signing and verifying file URLs, v1.

use crate::arguments::{Long, Name, Path, Short, maybe_presented, maybe_text, operation, presented, text, utf8};
use crate::clock;
use crate::raw::{Answer, Env, Value};
use crate::thrown::{Thrown, misuse, wrong_value};
use crate::wiped::Wiped;
use crate::{grant, refusals};
use sandgate::v1::{FileUrl, FileUrlKey};
use sandgate::{AccessToken, Operation, UnixSeconds};
use std::rc::Rc;

/// An access token as the key that signs and verifies file URLs.
pub(crate) fn file_url_key<'c>(env: Env<'c>, (): &(), [token]: [Value<'c>; 1]) -> Answer<'c> {
    let mut room = Short::new();
    let token = AccessToken::try_from(text(token, &mut room, "accessToken")?).map_err(misuse("accessToken"))?;
    let key = Rc::new(FileUrlKey::new(&token).map_err(misuse("accessToken"))?);
    env.natives(&[
        (c"sign", env.function(c"sign", &key, sign)?),
        (c"url", env.function(c"url", &key, url)?),
        (c"verify", env.function(c"verify", &key, verify)?),
        (c"verifyQuery", env.function(c"verifyQuery", &key, verify_query)?),
    ])
    .map(Some)
}

/// Where the parts of a URL are read to.
struct Rooms {
    path: Path,
    user: Name,
}

impl Rooms {
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

fn sign<'c>(env: Env<'c>, key: &FileUrlKey, [path, operation, user, expires]: [Value<'c>; 4]) -> Answer<'c> {
    let mut rooms = Rooms::new();
    let url = rooms.read([path, operation, user], clock::maybe_time(expires, "expires")?)?;
    env.ascii(key.sign(&url).as_bytes()).map(Some)
}

fn url<'c>(env: Env<'c>, key: &FileUrlKey, [base, path, operation, user, expires]: [Value<'c>; 5]) -> Answer<'c> {
    let (mut base_room, mut rooms, mut out) = (Long::new(), Rooms::new(), Wiped::new());
    let base = utf8(text(base, &mut base_room, "base")?, "base")?;
    let url = rooms.read([path, operation, user], clock::maybe_time(expires, "expires")?)?;
    key.write_url(&mut out, base, &url).map_err(|error| wrong_value("base", error))?;
    env.text(utf8(&out, "base")?).map(Some)
}

fn verify<'c>(
    env: Env<'c>,
    key: &FileUrlKey,
    [signature, path, user, expires, now, operation]: [Value<'c>; 6],
) -> Answer<'c> {
    let (mut signature_room, mut rooms) = (Short::new(), Rooms::new());
    let signature = presented(signature, &mut signature_room, "signature")?;
    let url = rooms.read_presented([path, operation, user], clock::maybe_time(expires, "expires")?)?;
    refusals::answer(env, key.verify(&url, signature, clock::now(now)?))
}

fn verify_query<'c>(env: Env<'c>, key: &FileUrlKey, [query, operation, now]: [Value<'c>; 3]) -> Answer<'c> {
    let mut room = Long::new();
    let query = presented(query, &mut room, "query")?;
    grant::answer(env, key.verify_query(self::operation(operation)?, query, clock::now(now)?))
}
