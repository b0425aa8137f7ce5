//! Every array of `vectors/v2.json`: the answers of an independent implementation of wire format v2.

mod vectors;

use sandgate::v2::{FileUrl, FileUrlKey, Keyring, TrafficKey, TrafficKeyring, TrafficRoot};
use sandgate::{
    AccessToken, Carrier, Carriers, Context, Controller, Denied, Edge, Header, KeyId, Operation, Policy, Port, Request,
    Route, SandboxId, SandboxState, TrafficToken, UnixSeconds,
};
use serde::Deserialize;

const FILE: &str = "v2.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    /// Each case has its own.
    #[serde(rename = "now")]
    _now: i64,
    derive: Vec<Derive>,
    file_urls: Vec<FileUrlCase>,
    edge: Vec<EdgeCase>,
    directories: Vec<Directory>,
    labels: Vec<Label>,
}

#[derive(Debug, Deserialize)]
struct Derive {
    seed_hex: String,
    kid: String,
    sandbox_id: String,
    generation: u32,
    access_token: String,
    traffic_token: String,
    traffic_root: String,
}

#[derive(Debug, Deserialize)]
struct FileUrlCase {
    access_tokens: Vec<String>,
    operation: String,
    query: String,
    context: Option<String>,
    leeway: u32,
    now: i64,
    result: String,
    granted: Option<Granted>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Granted {
    path_hex: String,
    user_hex: Option<String>,
    expires: i64,
    directory_hex: Option<String>,
    max_bytes: Option<u64>,
    content_sha256: Option<String>,
}

#[derive(Debug, Deserialize)]
struct EdgeCase {
    traffic_roots: Vec<String>,
    generation: u32,
    host: String,
    sandbox_id: String,
    port: u16,
    header: Vec<String>,
    query: String,
    cookie: Vec<String>,
    accept: Vec<String>,
    context: Option<String>,
    leeway: u32,
    now: i64,
    result: String,
    carrier: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Directory {
    directory: String,
    valid: bool,
}

#[derive(Debug, Deserialize)]
struct Label {
    traffic_token: String,
    sandbox_id: String,
    port: u16,
    expires: i64,
    label: String,
    pass: String,
}

fn each<T: std::fmt::Debug>(array: &str, of: impl FnOnce(Vectors) -> Vec<T>, check: impl Fn(&T)) {
    vectors::each(&format!("{FILE}/{array}"), &of(vectors::read(FILE)), check);
}

fn outcome<T>(result: &Result<T, Denied>) -> &'static str {
    result.as_ref().map_or_else(|denied| denied.code().as_str(), |_| "ok")
}

#[test]
fn derive() {
    each(
        "derive",
        |all| all.derive,
        |case| {
            let seed = hex::decode(&case.seed_hex).unwrap();
            let (kid, id): (KeyId, SandboxId) = (case.kid.parse().unwrap(), case.sandbox_id.parse().unwrap());
            let keyring = Keyring::new(kid, &seed).unwrap();
            assert_eq!(keyring.access_token(&id, case.generation).expose(), case.access_token);
            assert_eq!(keyring.traffic_token(&id, case.generation).expose(), case.traffic_token);
            assert!(keyring.is_valid_access_token(&id, case.generation, case.access_token.as_bytes()));
            assert!(keyring.is_valid_traffic_token(&id, case.generation, case.traffic_token.as_bytes()));

            let root = TrafficRoot::derive(kid, &seed).unwrap();
            assert_eq!(root.expose(), case.traffic_root);
            let edge = TrafficKeyring::new(&case.traffic_root.parse().unwrap()).unwrap();
            assert_eq!(edge.traffic_token(&id, case.generation).expose(), case.traffic_token);
            assert!(edge.is_valid_traffic_token(&id, case.generation, case.traffic_token.as_bytes()));
        },
    );
}

#[test]
fn file_urls() {
    each(
        "file_urls",
        |all| all.file_urls,
        |case| {
            let tokens: Vec<AccessToken> = case.access_tokens.iter().map(|token| token.parse().unwrap()).collect();
            let policy = Policy::V2_ALONE.leeway(case.leeway).unwrap();
            let controller = Controller::new(&tokens, policy).unwrap();
            let operation: Operation = case.operation.parse().unwrap();
            let now = UnixSeconds::new(case.now);
            let methods: [&[u8]; 2] = match operation {
                Operation::Read => [b"GET", b"HEAD"],
                Operation::Write => [b"POST", b"PUT"],
            };
            let target = format!("/files?{}", case.query);
            for method in methods {
                let mut request = Request::new(method, target.as_bytes());
                if let Some(context) = &case.context {
                    request = request.context(context.as_str().try_into().unwrap());
                }
                let answer = controller.check(&request, now);
                assert_eq!(outcome(&answer), case.result);
                let grant = answer.ok().map(|allowed| *allowed.grant().unwrap());
                let said = grant.map(|grant| {
                    assert_eq!(grant.operation(), operation);
                    Granted {
                        path_hex: hex::encode(grant.path().bytes().collect::<Vec<u8>>()),
                        user_hex: grant.user().map(|user| hex::encode(user.bytes().collect::<Vec<u8>>())),
                        expires: grant.expires().unwrap().get(),
                        directory_hex: grant.directory().map(|text| hex::encode(text.bytes().collect::<Vec<u8>>())),
                        max_bytes: grant.max_bytes(),
                        content_sha256: grant.content_sha256().map(hex::encode),
                    }
                });
                assert_eq!(said, case.granted);
            }
        },
    );
}

#[test]
fn edge() {
    each(
        "edge",
        |all| all.edge,
        |case| {
            let mut roots = case.traffic_roots.iter().map(|root| root.parse::<TrafficRoot>().unwrap());
            let mut keyring = TrafficKeyring::new(&roots.next().unwrap()).unwrap();
            roots.for_each(|root| keyring.add(&root).unwrap());
            let accepted: Vec<Carrier> = case
                .accept
                .iter()
                .map(|name| Carrier::ALL.into_iter().find(|carrier| carrier.as_str() == name).unwrap())
                .collect();
            let policy = Policy::default().carriers(Carriers::of(&accepted)).leeway(case.leeway).unwrap();
            let edge = Edge::new(policy).v2_keyring(keyring);

            let route = Route::parse(Header::Once(case.host.as_bytes()), Header::Absent, Header::Absent).unwrap();
            assert_eq!((route.sandbox_id().as_str(), route.port().get()), (case.sandbox_id.as_str(), case.port));
            let (target, cookies) = (format!("/?{}", case.query), case.cookie.iter().map(String::as_bytes));
            let cookies: Vec<&[u8]> = cookies.collect();
            let header = case.header.iter().map(String::as_bytes).collect();
            let mut request = Request::new(b"GET", target.as_bytes()).traffic_token(header).cookies(&cookies);
            if let Some(context) = &case.context {
                request = request.context(Context::try_from(context.as_str()).unwrap());
            }
            let state = SandboxState::restricted().generation(case.generation);
            let answer = edge.check(&route, state, &request, UnixSeconds::new(case.now));
            assert_eq!(outcome(&answer), case.result);
            assert_eq!(edge.carrier(&route, state, &request).map(Carrier::as_str), case.carrier.as_deref());
            if let Ok(passed) = answer {
                assert_eq!(passed.carrier().map(Carrier::as_str), case.carrier.as_deref());
            }
        },
    );
}

#[test]
fn directories() {
    let keyring = Keyring::new("a".parse().unwrap(), &[1; 32]).unwrap();
    let key = FileUrlKey::new(&keyring.access_token(&"abc".parse().unwrap(), 0)).unwrap();
    each(
        "directories",
        |all| all.directories,
        |case| {
            let url = FileUrl::download(b"", UnixSeconds::new(1)).directory(case.directory.as_bytes());
            assert_eq!(key.sign(&url).is_ok(), case.valid);
        },
    );
}

#[test]
fn labels() {
    each(
        "labels",
        |all| all.labels,
        |case| {
            let key = TrafficKey::new(&case.traffic_token.parse::<TrafficToken>().unwrap()).unwrap();
            let (id, port) = (case.sandbox_id.parse().unwrap(), Port::try_from(case.port).unwrap());
            let expires = UnixSeconds::new(case.expires);
            assert_eq!(key.issue_signed_host(&id, port, expires).unwrap().as_str(), case.label);
            assert_eq!(key.issue_pass(port, expires, None).unwrap().as_str(), case.pass);
            assert_eq!(key.verify_signed_host(case.label.as_bytes(), &id, port, expires), Ok(expires));
            assert_eq!(key.verify_pass(case.pass.as_bytes(), port, None, expires), Ok(expires));
        },
    );
}
