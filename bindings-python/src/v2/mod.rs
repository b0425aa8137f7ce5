//! Wire format v2.

mod file_url;
mod keyring;
mod traffic_key;
mod traffic_keyring;

pub(crate) use file_url::{FileUrlKey, is_access_token, unsignable};
pub(crate) use keyring::Keyring;
pub(crate) use traffic_key::TrafficKey;
pub(crate) use traffic_keyring::{TrafficKeyring, traffic_root};
