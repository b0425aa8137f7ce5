//! The signing function of the SDK.

use crate::arguments::{Name, Path, Short, Word, maybe_presented, named_operation, presented};
use crate::class::{Arguments, Functions};
use crate::clock::maybe_time;
use crate::host::{Answer, Env, Thrown};
use crate::thrown::{misuse, shown, wrong_value};
use crate::v2::unsignable;
use sandgate::Misuse;
use sandgate::e2b::{self, SignError};

/// Signs a file URL as E2B's SDK does. With a v2 access token it makes a v2 signature, which requires an expiry.
pub(crate) fn e2b_sign<'c>(
    env: Env<'c>,
    _: &Functions,
    &[path, operation, user, token, expires, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (mut path_buffer, mut operation_buffer, mut user_buffer, mut token_buffer) =
        (Path::new(), Word::new(), Name::new(), Short::new());
    // Like the SDK's `TextEncoder`: a lone surrogate becomes U+FFFD.
    let path = presented(path, &mut path_buffer, "path")?;
    let operation = named_operation(presented(operation, &mut operation_buffer, "operation")?)?;
    let user = maybe_presented(user, &mut user_buffer, "user")?;
    let token = presented(token, &mut token_buffer, "envdAccessToken")?;
    let expires = maybe_time(expires, "expires")?;
    let signature = e2b::sign(token, operation, path, user.unwrap_or_default(), expires).map_err(unsigned)?;
    env.ascii(signature.as_bytes()).map(Some)
}

/// Names the argument that core rejected.
fn unsigned(error: SignError) -> Thrown {
    match error {
        SignError::Misuse(
            wrong @ (Misuse::Token | Misuse::TokenShape | Misuse::TrafficTokenGiven | Misuse::TrafficRootGiven),
        ) => misuse("envdAccessToken")(wrong),
        SignError::Misuse(wrong) => unsignable(wrong),
        no_expiry => wrong_value("expirationInSeconds", &shown(&no_expiry)),
    }
}
