//! Every array of `vectors/e2b-v1.json`: the answers of the real systems.

mod vectors;

use sandgate::v1::{FileUrl, FileUrlKey, Keyring};
use sandgate::{
    AccessToken, Controller, Denied, Gate, Header, Operation, Policy, Request, Route, SandboxId, UnixSeconds,
};
use serde::Deserialize;

const FILE: &str = "e2b-v1.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    /// Informative.
    #[serde(rename = "source")]
    _source: String,
    /// Each case has its own.
    #[serde(rename = "now")]
    _now: i64,
    derive: Vec<Derive>,
    sign: Vec<Sign>,
    verify: Vec<Verify>,
    controller: Vec<Middleware>,
    file_endpoint: Vec<FileEndpoint>,
    urls: Vec<Url>,
    hosts: Vec<Host>,
    invalid_sandbox_ids: Vec<String>,
    weak_seeds: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Derive {
    seed: String,
    sandbox_id: String,
    access_token: String,
    traffic_token: String,
}

#[derive(Debug, Deserialize)]
struct Sign {
    path: String,
    operation: String,
    user: String,
    token: String,
    expires: Option<i64>,
    signature: String,
}

#[derive(Debug, Deserialize)]
struct Verify {
    #[serde(flatten)]
    signed: Sign,
    now: i64,
    result: String,
}

#[derive(Debug, Deserialize)]
struct Middleware {
    method: String,
    path: String,
    access_token: String,
    x_access_token: Option<String>,
    allowed: bool,
    status: Option<u16>,
}

#[derive(Debug, Deserialize)]
struct FileEndpoint {
    path: String,
    operation: String,
    user: String,
    token: String,
    expires: Option<i64>,
    signature: Option<String>,
    x_access_token: Option<String>,
    now: i64,
    result: String,
}

#[derive(Debug, Deserialize)]
struct Url {
    sdk: String,
    sandbox_id: String,
    domain: String,
    token: String,
    path: String,
    user: Option<String>,
    operation: String,
    expires: Option<i64>,
    now: i64,
    url: String,
    result: String,
}

#[derive(Debug, Deserialize)]
struct Host {
    host: String,
    e2b_sandbox_id: Option<String>,
    e2b_sandbox_port: Option<String>,
    sandbox_id: Option<String>,
    port: Option<u16>,
    error: Option<String>,
}

fn each<T: std::fmt::Debug>(array: &str, of: impl FnOnce(Vectors) -> Vec<T>, check: impl Fn(&T)) {
    vectors::each(&format!("{FILE}/{array}"), &of(vectors::read(FILE)), check);
}

fn key(token: &str) -> FileUrlKey {
    FileUrlKey::new(&AccessToken::try_from(token).unwrap()).unwrap()
}

fn file_url<'a>(operation: &str, path: &'a str, user: &'a str, expires: Option<i64>) -> FileUrl<'a> {
    FileUrl::new(operation.parse().unwrap(), path.as_bytes())
        .user(user.as_bytes())
        .maybe_expires(expires.map(UnixSeconds::new))
}

fn outcome<T>(result: Result<T, Denied>) -> &'static str {
    result.map_or_else(|denied| denied.code().as_str(), |_| "ok")
}

fn header(value: &Option<String>) -> Header<'_> {
    Header::from(value.as_deref().map(str::as_bytes))
}

#[test]
fn derive() {
    each(
        "derive",
        |all| all.derive,
        |case| {
            let keyring = Keyring::new(case.seed.as_bytes()).unwrap();
            let id: SandboxId = case.sandbox_id.parse().unwrap();
            assert_eq!(keyring.access_token(&id).expose(), case.access_token);
            assert_eq!(keyring.traffic_token(&id).expose(), case.traffic_token);
            assert!(keyring.is_valid_access_token(&id, case.access_token.as_bytes()));
            assert!(keyring.is_valid_traffic_token(&id, case.traffic_token.as_bytes()));
            assert!(!keyring.is_valid_access_token(&id, case.traffic_token.as_bytes()));
            assert!(!keyring.is_valid_traffic_token(&id, case.access_token.as_bytes()));
        },
    );
}

#[test]
fn sign() {
    each(
        "sign",
        |all| all.sign,
        |case| {
            let url = file_url(&case.operation, &case.path, &case.user, case.expires);
            assert_eq!(key(&case.token).sign(&url).as_str(), case.signature);
        },
    );
}

#[test]
fn verify() {
    each(
        "verify",
        |all| all.verify,
        |case| {
            let Verify { signed, now, result } = &case;
            let now = UnixSeconds::new(*now);
            let url = file_url(&signed.operation, &signed.path, &signed.user, signed.expires);
            assert_eq!(outcome(key(&signed.token).verify(&url, signed.signature.as_bytes(), now)), result);
            let query = query(&signed.path, &signed.user, Some(&signed.signature), signed.expires);
            let operation = signed.operation.parse().unwrap();
            assert_eq!(outcome(key(&signed.token).verify_query(operation, query.as_bytes(), now)), result);
        },
    );
}

fn query(path: &str, user: &str, signature: Option<&str>, expires: Option<i64>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("path", path).append_pair("username", user);
    if let Some(signature) = signature {
        query.append_pair("signature", signature);
    }
    if let Some(expires) = expires {
        query.append_pair("signature_expiration", &expires.to_string());
    }
    query.finish()
}

fn controller(token: &str) -> Controller {
    Controller::new(&[AccessToken::try_from(token).unwrap()], Policy::default()).unwrap()
}

/// Only the middleware. If it allows a file route, the route's own check follows: a wrong or no token is refused there.
#[test]
fn middleware() {
    each(
        "controller",
        |all| all.controller,
        |case| {
            let request =
                Request::new(case.method.as_bytes(), case.path.as_bytes()).access_token(header(&case.x_access_token));
            let answer = controller(&case.access_token).check(&request, UnixSeconds::new(0));
            if case.path == "/files" && ["GET", "POST"].contains(&case.method.as_str()) {
                let has_token = case.x_access_token.as_deref() == Some(case.access_token.as_str());
                assert!(case.allowed && case.status.is_none());
                assert_eq!(answer.is_ok(), has_token);
                assert!(answer.is_ok_and(|allowed| allowed.basis() == "token") || !has_token);
                assert!(answer.is_ok() || answer.is_err_and(|denied| denied.gate() != Gate::Route));
            } else {
                assert_eq!(answer.is_ok(), case.allowed);
                assert_eq!(answer.err().map(Denied::status), case.status);
            }
        },
    );
}

#[test]
fn file_endpoint() {
    each(
        "file_endpoint",
        |all| all.file_endpoint,
        |case| {
            assert_eq!(case.operation, "read");
            let query = query(&case.path, &case.user, case.signature.as_deref(), case.expires);
            let target = format!("/files?{query}");
            let request = Request::new(b"GET", target.as_bytes()).access_token(header(&case.x_access_token));
            let answer = controller(&case.token).check(&request, UnixSeconds::new(case.now));
            let said = answer.map_or_else(Denied::message, |allowed| {
                let grant = allowed.grant().unwrap();
                assert!(grant.path() == *case.path.as_str() && grant.user().unwrap_or_default() == *case.user.as_str());
                "ok"
            });
            assert_eq!(said, case.result);
        },
    );
}

#[test]
fn urls() {
    each(
        "urls",
        |all| all.urls,
        |case| {
            let (base, query) = case.url.split_once("/files?").unwrap();
            assert_eq!(base, format!("https://49983-{}.{}", case.sandbox_id, case.domain));
            let operation: Operation = case.operation.parse().unwrap();
            let user = case.user.as_deref().unwrap_or_default();

            let answer = key(&case.token).verify_query(operation, query.as_bytes(), UnixSeconds::new(case.now));
            if let Ok(grant) = &answer {
                assert_eq!(grant.operation(), operation);
                assert!(grant.path() == *case.path.as_str() && grant.user().unwrap_or_default() == *user);
                assert_eq!(grant.expires().map(UnixSeconds::get), case.expires);
            }
            assert_eq!(outcome(answer), case.result);

            // The Python SDK escapes and orders as this crate does.
            if case.sdk == "python" {
                let mut ours = String::new();
                let url = file_url(&case.operation, &case.path, user, case.expires);
                key(&case.token).write_url(&mut ours, base, &url).unwrap();
                assert_eq!(ours, case.url);
            }
        },
    );
}

#[test]
fn hosts() {
    each(
        "hosts",
        |all| all.hosts,
        |case| {
            let route = Route::parse(
                Header::Once(case.host.as_bytes()),
                header(&case.e2b_sandbox_id),
                header(&case.e2b_sandbox_port),
            );
            assert_eq!(route.is_err(), case.error.is_some(), "{route:?}");
            if let Ok(route) = route {
                assert_eq!(Some(route.sandbox_id().as_str()), case.sandbox_id.as_deref());
                assert_eq!(Some(route.port().get()), case.port);
            }
        },
    );
}

#[test]
fn invalid_sandbox_ids() {
    each(
        "invalid_sandbox_ids",
        |all| all.invalid_sandbox_ids,
        |id| {
            assert!(SandboxId::try_from(id.as_str()).is_err());
        },
    );
}

#[test]
fn weak_seeds() {
    each(
        "weak_seeds",
        |all| all.weak_seeds,
        |seed| {
            assert!(Keyring::new(seed.as_bytes()).is_err());
            assert!(Keyring::new(&[b's'; 16]).unwrap().add(seed.as_bytes()).is_err());
        },
    );
}
