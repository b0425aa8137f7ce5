//! Wire format v2.

use crate::presented::{BASE32, BASE64, all, hidden};
use crate::report::{decides, derives, publishes};
use crate::request::hide;
use crate::v1::id;
use sandgate::v2::{FileUrl, FileUrlKey, Keyring, TrafficKey, TrafficKeyring, TrafficRoot};
use sandgate::{AccessToken, Context, KeyId, Operation, Port, SandboxId, TrafficToken, UnixSeconds};

const SEEDS: [&[u8]; 2] = [b"a seed of at least 32 bytes, kept secret", b"another of at least 32 bytes, kept secret"];
const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);

/// The characters of a token, a root, a signature or a pass after its public part.
pub(crate) const SECRET: usize = 43;
/// The characters of a signed host's tag.
const OF_HOST: usize = 26;

pub(crate) fn kid(name: &str) -> KeyId {
    name.parse().unwrap()
}

/// The same keyring, known.
pub(crate) fn known() -> Keyring {
    Keyring::new(kid("a"), SEEDS[0]).unwrap()
}

pub(crate) fn run() {
    let id = id();
    let [mut first, mut second] = SEEDS.map(<[u8]>::to_vec);
    hide(&mut first);
    hide(&mut second);
    let mut keyring = derives("v2::Keyring::new", || Keyring::new(kid("a"), &first).unwrap());
    decides("v2::Keyring::add", true, || keyring.add(kid("b"), &second).is_ok());
    decides("v2::Keyring::add, the same seed again", false, || keyring.add(kid("c"), &second).is_ok());
    derives("v2::Keyring::access_token", || keyring.access_token(&id, 1));
    derives("v2::Keyring::traffic_token", || keyring.traffic_token(&id, 1));
    derives("v2::TrafficRoot::derive", || TrafficRoot::derive(kid("a"), &first).unwrap());
    let root = hidden(TrafficRoot::derive(kid("a"), SEEDS[0]).unwrap().expose_bytes(), SECRET);
    let edge =
        derives("v2::TrafficKeyring::new", || TrafficKeyring::new(&TrafficRoot::try_from(&root[..]).unwrap()).unwrap());
    derives("v2::TrafficKeyring::traffic_token", || edge.traffic_token(&id, 1));

    for (which, access, right) in all(known().access_token(&id, 1).expose_bytes(), SECRET, BASE64) {
        let name = format!("v2::Keyring::verify_access_token, {which}");
        decides(&name, right, || keyring.verify_access_token(&id, 1, &access).is_ok());
        let access = hidden(&access, SECRET);
        decides(&format!("{name}, secret"), right, || keyring.verify_access_token(&id, 1, &access).is_ok());
    }
    for (which, traffic, right) in all(known().traffic_token(&id, 1).expose_bytes(), SECRET, BASE64) {
        let name = format!("v2::TrafficKeyring::verify_traffic_token, {which}");
        decides(&name, right, || edge.verify_traffic_token(&id, 1, &traffic).is_ok());
        let traffic = hidden(&traffic, SECRET);
        decides(&format!("{name}, secret"), right, || edge.verify_traffic_token(&id, 1, &traffic).is_ok());
    }
    file_urls(known().access_token(&id, 1).expose_bytes());
    traffic(&id, known().traffic_token(&id, 1).expose_bytes());
}

fn file_urls(token: &[u8]) {
    let known = FileUrlKey::new(&AccessToken::try_from(token).unwrap()).unwrap();
    let token = hidden(token, SECRET);
    let key = derives("v2::FileUrlKey::new", || FileUrlKey::new(&AccessToken::try_from(&token[..]).unwrap()).unwrap());
    let context = Context::try_from(&b"tenant"[..]).unwrap();
    let urls = [
        ("download", FileUrl::download(b"/home/user/a b.txt", NOW).user(b"user")),
        (
            "upload",
            FileUrl::upload(b"/in/a", NOW).directory(b"/in/").max_bytes(9).content_sha256([1; 32]).context(context),
        ),
    ];
    for (kind, url) in urls {
        derives(&format!("v2::FileUrlKey::sign, {kind}"), || key.sign(&url).unwrap());
        let mut out = [0; 512];
        publishes(&format!("v2::FileUrlKey::write_url, {kind}"), || {
            key.write_url_to_bytes(&mut out, "https://a.example", &url).unwrap();
        });
        for (which, presented, right) in all(known.sign(&url).unwrap().as_bytes(), SECRET, BASE64) {
            let name = format!("v2::FileUrlKey::verify, {kind}, {which}");
            decides(&name, right, || key.verify(&url, &presented, NOW).is_ok());
            let presented = hidden(&presented, SECRET);
            decides(&format!("{name}, secret"), right, || key.verify(&url, &presented, NOW).is_ok());
        }
    }
    let mut text = String::new();
    known.write_url(&mut text, "https://a.example", &urls[0].1).unwrap();
    let (_, query) = text.split_once('?').unwrap();
    let signature = known.sign(&urls[0].1).unwrap();
    for (which, presented, right) in all(signature.as_bytes(), SECRET, BASE64) {
        let presented = String::from_utf8(presented).unwrap();
        let query = query.replace(signature.as_str(), &presented);
        let name = format!("v2::FileUrlKey::verify_query, {which}");
        decides(&name, right, || key.verify_query(Operation::Read, query.as_bytes(), None, NOW).is_ok());
    }
}

fn traffic(id: &SandboxId, token: &[u8]) {
    let port = Port::try_from(8080).unwrap();
    let known = TrafficKey::new(&TrafficToken::try_from(token).unwrap()).unwrap();
    let token = hidden(token, SECRET);
    let key = derives("v2::TrafficKey::new", || TrafficKey::new(&TrafficToken::try_from(&token[..]).unwrap()).unwrap());
    derives("v2::TrafficKey::issue_pass", || key.issue_pass(port, NOW, None).unwrap());
    derives("v2::TrafficKey::issue_signed_host", || key.issue_signed_host(id, port, NOW).unwrap());
    for (which, pass, right) in all(known.issue_pass(port, NOW, None).unwrap().as_bytes(), SECRET, BASE64) {
        let name = format!("v2::TrafficKey::verify_pass, {which}");
        decides(&name, right, || key.verify_pass(&pass, port, None, NOW).is_ok());
        let pass = hidden(&pass, SECRET);
        decides(&format!("{name}, secret"), right, || key.verify_pass(&pass, port, None, NOW).is_ok());
    }
    for (which, host, right) in all(known.issue_signed_host(id, port, NOW).unwrap().as_bytes(), OF_HOST, BASE32) {
        let name = format!("v2::TrafficKey::verify_signed_host, {which}");
        decides(&name, right, || key.verify_signed_host(&host, id, port, NOW).is_ok());
    }
}
