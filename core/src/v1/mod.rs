//! Wire format v1: what E2B and Novita sandboxes speak today.

mod claims;
mod file_url;
mod keyring;
mod presented;
mod write_url;

#[cfg(feature = "explain")]
pub(crate) use file_url::SIGNATURE_PREFIX;
pub use file_url::{FileUrl, FileUrlKey, Signature};
pub use keyring::{Keyring, TOKEN_LEN};
pub(crate) use presented::PresentedUrl;
