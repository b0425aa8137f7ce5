//! The keys and servers of one deployment, with a credential for each.

use crate::urls::{BASE, ESCAPED_PATH, token, v1_targets};
use crate::{EXPIRES, ID, NOW, PATH, SEED, USER};
use sandgate::{
    AccessToken, Carrier, Carriers, Controller, Edge, Policy, Port, Route, SandboxId, TrafficToken, UnixSeconds, v1, v2,
};

/// The end of every credential.
pub const END: UnixSeconds = UnixSeconds::new(EXPIRES);
/// The current second.
pub const AT: UnixSeconds = UnixSeconds::new(NOW);
/// The port of an app in the sandbox.
pub const PORT: u16 = 8080;

/// What the parties of one deployment hold.
pub struct Deployment {
    pub id: SandboxId,
    pub v1: v1::Keyring,
    pub v1_token: AccessToken,
    pub v1_traffic: TrafficToken,
    pub v1_key: v1::FileUrlKey,
    pub v1_signature: String,
    pub v1_targets: [(&'static str, String); 3],
    pub v1_controller: Controller,
    pub v1_edge: Edge,
    pub v2: v2::Keyring,
    pub v2_token: AccessToken,
    pub v2_traffic: TrafficToken,
    pub v2_key: v2::FileUrlKey,
    pub v2_signature: String,
    pub v2_target: String,
    pub v2_controller: Controller,
    pub v2_edge: Edge,
    pub traffic_key: v2::TrafficKey,
    pub pass: String,
    pub signed_host: String,
}

impl Deployment {
    /// The deployment of all benches.
    ///
    /// # Panics
    /// Never: all inputs are constants.
    #[must_use]
    pub fn new() -> Self {
        let id: SandboxId = ID.parse().expect("an id");
        let v1 = v1::Keyring::new(SEED).expect("a seed");
        let v1_key = v1::FileUrlKey::new(&token()).expect("a token");
        let v2 = v2::Keyring::new('a'.try_into().expect("a key id"), SEED).expect("a seed");
        let (v2_token, v2_traffic) = (v2.access_token(&id, 0), v2.traffic_token(&id, 0));
        let v2_key = v2::FileUrlKey::new(&v2_token).expect("a token");
        let traffic_key = v2::TrafficKey::new(&v2_traffic).expect("a token");
        let port = Port::try_from(PORT).expect("a port");
        let mut v2_target = String::new();
        let url = v2::FileUrl::download(ESCAPED_PATH.as_bytes(), END).user(USER);
        v2_key.write_url(&mut v2_target, BASE, &url).expect("a text takes everything");
        let cookies = Policy::default().carriers(Carriers::of(&Carrier::ALL));
        let controller = |token: &AccessToken| Controller::new(std::slice::from_ref(token), Policy::default());
        Self {
            v1_token: v1.access_token(&id),
            v1_traffic: v1.traffic_token(&id),
            v1_signature: v1_key.sign(&v1_url()).as_str().to_owned(),
            v1_targets: v1_targets(),
            v1_controller: controller(&token()).expect("a token"),
            v1_edge: Edge::new(Policy::default()).v1_keyring(v1.clone()),
            v2_signature: v2_key.sign(&v2_url()).expect("a URL").as_str().to_owned(),
            v2_target: v2_target.split_off(BASE.len()),
            v2_controller: controller(&v2_token).expect("a token"),
            v2_edge: Edge::new(cookies).v2_keyring(v2.traffic().clone()),
            pass: traffic_key.issue_pass(port, END, None).expect("a pass").as_str().to_owned(),
            signed_host: traffic_key.issue_signed_host(&id, port, END).expect("a host").as_str().to_owned(),
            id,
            v1,
            v1_key,
            v2,
            v2_token,
            v2_traffic,
            v2_key,
            traffic_key,
        }
    }

    /// The route to the app in the sandbox, from this label of the host.
    ///
    /// # Panics
    /// If the label is not one of a sandbox.
    #[must_use]
    pub fn route(&self, label: &str) -> Route {
        let host = format!("{label}.e2b.app");
        let (absent, host) = (sandgate::Header::Absent, sandgate::Header::Once(host.as_bytes()));
        Route::parse(host, absent, absent).expect("a route")
    }

    /// The label that is not signed.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{PORT}-{ID}")
    }
}

impl Default for Deployment {
    fn default() -> Self {
        Self::new()
    }
}

/// The file URL that is signed and verified without a query.
#[must_use]
pub fn v1_url() -> v1::FileUrl<'static> {
    v1::FileUrl::download(PATH).user(USER).expires(END)
}

/// The same in v2.
#[must_use]
pub fn v2_url() -> v2::FileUrl<'static> {
    v2::FileUrl::download(PATH, END).user(USER)
}
