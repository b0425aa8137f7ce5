//! The SDK's own function.

use crate::arguments::{Name, Path, Short, maybe_presented, named_operation, presented};
use crate::clock::maybe_time;
use crate::raw::{Answer, Env, Room, Value};
use crate::thrown::{misuse, wrong_value};
use crate::v2::unsignable;
use sandgate::{AccessToken, v1, v2};

/// The signature of a file URL, as the SDK of E2B makes it; with an access token of v2 it is one of v2, which has to end.
pub(crate) fn e2b_sign<'c>(
    env: Env<'c>,
    (): &(),
    [path, operation, user, token, expires]: [Value<'c>; 5],
) -> Answer<'c> {
    let (mut path_room, mut operation_room, mut user_room, mut token_room) =
        (Path::new(), Room::<8, false>::new(), Name::new(), Short::new());
    // As the SDK's `TextEncoder` reads text: a lone surrogate is U+FFFD.
    let path = presented(path, &mut path_room, "path")?;
    let operation = named_operation(presented(operation, &mut operation_room, "operation")?)?;
    let user = maybe_presented(user, &mut user_room, "user")?;
    let token = presented(token, &mut token_room, "envdAccessToken")?;
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
