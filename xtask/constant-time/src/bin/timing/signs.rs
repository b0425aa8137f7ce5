//! Signing with one key again and again, and with random keys.

use crate::classes::measure;
use crate::operations::{HEX, NOW, fixed_and_random};
use crate::random::Random;
use sandgate::{AccessToken, Port, SandboxId, v1, v2, webhook};

pub(crate) fn run(number: usize, random: &mut Random) {
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse().expect("an id");
    let (kid, port) = ("a".parse().expect("a key id"), Port::try_from(8080).expect("a port"));
    let keys = fixed_and_random(|| {
        let token = AccessToken::try_from(&random.text(64, HEX)[..]).expect("a token");
        v1::FileUrlKey::new(&token).expect("a key")
    });
    let url = v1::FileUrl::download(b"/home/user/a").user(b"user");
    measure("ours", "v1::FileUrlKey::sign", number, keys, |key| key.sign(&url));

    let mut keyring = || v2::Keyring::new(kid, &random.text(40, HEX)).expect("a keyring");
    let keys = fixed_and_random(|| v2::FileUrlKey::new(&keyring().access_token(&id, 0)).expect("a key"));
    let url = v2::FileUrl::download(b"/home/user/a", NOW).user(b"user");
    measure("ours", "v2::FileUrlKey::sign", number, keys, |key| key.sign(&url));
    let keys = fixed_and_random(|| v2::TrafficKey::new(&keyring().traffic_token(&id, 0)).expect("a key"));
    measure("ours", "v2::TrafficKey::issue_pass", number, keys.clone(), |key| key.issue_pass(port, NOW, None));
    measure("ours", "v2::TrafficKey::issue_signed_host", number, keys, |key| key.issue_signed_host(&id, port, NOW));

    let secrets = fixed_and_random(|| random.text(40, HEX));
    measure("ours", "webhook::sign", number, secrets, |secret| webhook::sign(secret, b"{}"));
}
