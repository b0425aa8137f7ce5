//! The SDK's own function.

use crate::arguments::{Name, Path, Short, named_operation, not_text};
use crate::clock::maybe_time;
use crate::raw::{Answer, Env, Read, Room, Value};
use crate::thrown::{Thrown, misuse, wrong_value};
use crate::v2::unsignable;
use sandgate::{AccessToken, v1, v2};

/// The bytes of a text as the SDK's `TextEncoder` gives them: a lone surrogate is U+FFFD.
#[inline]
fn encoded<'r, const N: usize, const SECRET: bool>(
    value: Value<'_>,
    room: &'r mut Room<N, SECRET>,
    name: &str,
) -> Result<Option<&'r [u8]>, Thrown> {
    match room.read(value, true) {
        Read::Text => Ok(Some(room.bytes())),
        Read::Absent => Ok(None),
        refused => Err(not_text(refused, name)),
    }
}

/// The signature of a file URL, as the SDK of E2B makes it; with an access token of v2 it is one of v2, which has to end.
pub(crate) fn e2b_sign<'c>(
    env: Env<'c>,
    (): &(),
    [path, operation, user, token, expires]: [Value<'c>; 5],
) -> Answer<'c> {
    let (mut path_room, mut operation_room, mut user_room, mut token_room) =
        (Path::new(), Room::<8, false>::new(), Name::new(), Short::new());
    let needed = |text: Option<_>, name| text.ok_or_else(|| not_text(Read::Other, name));
    let path = needed(encoded(path, &mut path_room, "path")?, "path")?;
    let operation = needed(encoded(operation, &mut operation_room, "operation")?, "operation")?;
    let operation = named_operation(operation)?;
    let user = encoded(user, &mut user_room, "user")?;
    let token = needed(encoded(token, &mut token_room, "envdAccessToken")?, "envdAccessToken")?;
    let expires = maybe_time(expires, "expires")?;
    if v2::is_access_token(token) {
        let end = expires.ok_or_else(|| wrong_value("expirationInSeconds", "a URL of v2 has to end"))?;
        let url = v2::FileUrl::new(operation, path, end);
        // The SDK leaves an empty user out of the URL.
        let url = user.filter(|user| !user.is_empty()).map_or(url, |user| url.user(user));
        let token = AccessToken::try_from(token).map_err(misuse("envdAccessToken"))?;
        let key = v2::FileUrlKey::new(&token).map_err(misuse("envdAccessToken"))?;
        env.ascii(key.sign(&url).map_err(unsignable)?.as_bytes()).map(Some)
    } else {
        let url = v1::FileUrl::new(operation, path).user(user.unwrap_or_default()).maybe_expires(expires);
        env.ascii(url.sign_once(token).map_err(misuse("envdAccessToken"))?.as_bytes()).map(Some)
    }
}
