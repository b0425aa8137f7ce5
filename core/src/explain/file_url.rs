//! Why a controller refuses a file URL.

use super::candidates;
use super::explanation::Explanation;
use super::said::Said;
use crate::gate::access_keys::AccessKeys;
use crate::request::file_query::{FileQuery, text_of};
use crate::value::error::{Code, Denied, Gate, Misuse};
use crate::value::ids::{Context, Operation};
use crate::value::time::UnixSeconds;
use crate::value::token::AccessToken;

/// Explains why a controller with these tokens refuses a file URL, from its raw query. Returns none for a URL that it grants.
///
/// Changes that make a path longer than 4096 bytes are not tried; in v2 such a path is malformed.
///
/// ```
/// use sandgate::{AccessToken, Operation, UnixSeconds, explain::{Change, file_url}, v1::{FileUrl, FileUrlKey}};
///
/// let token = AccessToken::try_from("token")?;
/// let mut url = String::new();
/// FileUrlKey::new(&token)?.write_url(&mut url, "x", &FileUrl::upload(b"/a")).unwrap();
/// let query = url.split_once('?').unwrap().1.as_bytes();
///
/// let explained = file_url(&[token], Operation::Read, query, None, UnixSeconds::new(0))?.unwrap();
/// assert_eq!(explained.change, Some(Change::Operation(Operation::Write)));
/// # Ok::<(), sandgate::Misuse>(())
/// ```
///
/// # Errors
/// Those of [`Controller::new`](crate::Controller::new) for these tokens.
pub fn file_url<'q>(
    tokens: &[AccessToken],
    operation: Operation,
    query: &'q [u8],
    context: Option<Context<'_>>,
    now: UnixSeconds,
) -> Result<Option<Explanation<'q>>, Misuse> {
    let keys = AccessKeys::new(tokens)?;
    let Ok(query) = FileQuery::parse(query, keys.known()) else {
        return Ok(Some(Explanation {
            denied: Denied::new(Gate::FileSignature, Code::Malformed),
            change: None,
            expires: None,
        }));
    };
    let said = Said { query, operation, context };
    let Err(denied) = said.check(&keys, now) else { return Ok(None) };
    let mut change = None;
    if matches!(denied.code(), Code::Invalid | Code::Malformed) {
        candidates::each(&query, operation, &keys, &mut |tried| {
            if change.is_none() && said.is_signed_with(&tried, &keys, now) {
                change = Some(tried);
            }
        });
    }
    let expires = text_of(query.expiration).and_then(|digits| digits.decimal()).map(UnixSeconds::new);
    Ok(Some(Explanation { denied, change, expires }))
}
