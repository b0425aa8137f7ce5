//! Wire format v2.

mod file_url;
mod file_url_key;
mod key_id;
mod keyring;
mod pass;
mod signed_host;
mod traffic_key;
mod traffic_keyring;

pub use file_url::*;
pub use file_url_key::*;
pub use keyring::*;
pub use pass::*;
pub use signed_host::*;
pub use traffic_key::*;
pub use traffic_keyring::*;
