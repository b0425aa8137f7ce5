//! Wire format v2.

mod file_url;
mod keyring;
mod traffic_key;
mod traffic_keyring;

pub(crate) use file_url::{file_url_key, is_access_token, unsignable};
pub(crate) use keyring::keyring;
pub(crate) use traffic_key::traffic_key;
pub(crate) use traffic_keyring::{traffic_keyring, traffic_root};
