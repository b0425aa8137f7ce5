//! Wire format v1.

mod file_url;
mod keyring;

pub(crate) use file_url::file_url_key;
pub(crate) use keyring::keyring;
