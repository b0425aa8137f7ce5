//! Wire format v2: stronger than v1.
//!
//! It uses HMAC instead of a plain hash, one key per purpose, an unambiguous encoding, and a mandatory, bounded expiry. Key
//! ids allow seeds to rotate without an outage, and a generation allows one sandbox's credentials to be revoked.
//! `docs/format.md` in the repository describes it byte by byte.

mod claims;
mod directory;
mod file_url;
mod keyring;
mod pass;
mod presented;
mod roots;
mod signed_host;
mod spelling;
mod traffic_key;
mod traffic_keyring;
mod write_url;

pub use crate::value::token::TrafficRoot;
pub use file_url::{FileUrl, FileUrlKey, Signature};
pub use keyring::Keyring;
pub use pass::Pass;
pub(crate) use pass::{PresentedPass, pass_key};
pub(crate) use presented::PresentedUrl;
pub use signed_host::SignedHost;
pub(crate) use signed_host::{PresentedHost, signed_host_key};
pub(crate) use spelling::{PASS_PREFIX, presented_kid, traffic_key_of, traffic_token_kid};
#[cfg(feature = "explain")]
pub(crate) use spelling::{SIGNATURE_PREFIX, kid_after};
pub use spelling::{TOKEN_LEN, is_access_token};
pub use traffic_key::TrafficKey;
pub use traffic_keyring::TrafficKeyring;
