//! Wire format v1.

mod file_url;
mod file_url_key;
mod keyring;

pub use file_url::*;
pub use file_url_key::*;
pub use keyring::*;
