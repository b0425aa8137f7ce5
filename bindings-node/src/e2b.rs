//! The SDK's own function.

use crate::arguments::{Name, Path, Short, Word, maybe_presented, named_operation, presented};
use crate::class::{Arguments, Functions};
use crate::clock::maybe_time;
use crate::host::{Answer, Env, Thrown};
use crate::thrown::{misuse, shown, wrong_value};
use crate::v2::unsignable;
use sandgate::Misuse;
use sandgate::e2b::{self, SignError};

/// The signature of a file URL, as the SDK of E2B makes it; with an access token of v2 it is one of v2, which must have an expiry.
pub(crate) fn e2b_sign<'c>(
    env: Env<'c>,
    _: &Functions,
    &[path, operation, user, token, expires, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (mut path_buffer, mut operation_buffer, mut user_buffer, mut token_buffer) =
        (Path::new(), Word::new(), Name::new(), Short::new());
    // As the SDK's `TextEncoder` reads text: a lone surrogate is U+FFFD.
    let path = presented(path, &mut path_buffer, "path")?;
    let operation = named_operation(presented(operation, &mut operation_buffer, "operation")?)?;
    let user = maybe_presented(user, &mut user_buffer, "user")?;
    let token = presented(token, &mut token_buffer, "envdAccessToken")?;
    let expires = maybe_time(expires, "expires")?;
    let signature = e2b::sign(token, operation, path, user.unwrap_or_default(), expires).map_err(unsigned)?;
    env.ascii(signature.as_bytes()).map(Some)
}

/// Which argument core found wrong.
fn unsigned(error: SignError) -> Thrown {
    match error {
        SignError::Misuse(
            wrong @ (Misuse::Token | Misuse::TokenShape | Misuse::TrafficTokenGiven | Misuse::TrafficRootGiven),
        ) => misuse("envdAccessToken")(wrong),
        SignError::Misuse(wrong) => unsignable(wrong),
        no_expiry => wrong_value("expirationInSeconds", &shown(&no_expiry)),
    }
}
