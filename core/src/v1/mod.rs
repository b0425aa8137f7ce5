//! Wire format v1: what E2B and Novita sandboxes speak today.

mod file_url;
mod keyring;
mod write_url;

pub(crate) use file_url::FileClaims;
pub use file_url::{FileUrl, FileUrlKey, Signature};
pub use keyring::{Keyring, TOKEN_LEN};
