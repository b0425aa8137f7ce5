//! Wire format v1.

mod file_url;
mod keyring;

pub(crate) use file_url::FileUrlKey;
pub(crate) use keyring::Keyring;
