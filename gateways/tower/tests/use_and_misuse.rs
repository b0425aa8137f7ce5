//! What a layer does with what its application gives: clocks, contexts, hooks, replaced secrets, failing look-ups.

mod common;

use common::{ID, NOW, PUBLIC_ID, Table};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty, Full};
use sandgate::{AccessToken, Context, Controller, Passed, Policy, Port, UnixSeconds, v2};
use sandgate_tower::{Allowed, Cause, ControllerLayer, EdgeLayer, Sandbox, StateUnavailable};
use std::convert::Infallible;
use std::io::Cursor;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tower::{Layer, ServiceExt, service_fn};

type Bytes = Empty<Cursor<String>>;

struct Answered(Full<Cursor<String>>);

impl From<String> for Answered {
    fn from(text: String) -> Self {
        Self(Full::new(Cursor::new(text)))
    }
}

/// Answers 200 with the basis of what was verified.
async fn basis(request: Request<Bytes>) -> Result<Response<Answered>, Infallible> {
    let allowed = request.extensions().get::<Allowed>().map(|allowed| allowed.basis());
    let passed = request.extensions().get::<Passed>().map(|passed| passed.basis());
    Ok(Response::new(allowed.or(passed).unwrap_or("none").to_owned().into()))
}

async fn text(response: Response<Answered>) -> (u16, String) {
    let status = response.status().as_u16();
    let body = response.into_body().0.collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn get(target: &str, headers: &[(&str, &str)]) -> Request<Bytes> {
    let request = Request::builder().uri(target);
    headers.iter().fold(request, |request, line| request.header(line.0, line.1)).body(Bytes::new()).unwrap()
}

fn controller(token: &str) -> Controller {
    Controller::new(&[AccessToken::try_from(token).unwrap()], Policy::default()).unwrap()
}

#[tokio::test]
async fn replaced_controller_decides_about_the_next_request() {
    let current = Arc::new(Mutex::new(Arc::new(Controller::waiting(Policy::default()))));
    let given = Arc::clone(&current);
    let service = ControllerLayer::with(move || Arc::clone(&given.lock().unwrap())).layer(service_fn(basis));
    let ask = async |token: &str| service.clone().oneshot(get("/metrics", &[("x-access-token", token)])).await.unwrap();

    assert_eq!(text(ask("one").await).await, (401, r#"{"code":401,"message":"envd not initialized"}"#.into()));
    *current.lock().unwrap() = Arc::new(controller("one"));
    assert_eq!(text(ask("one").await).await, (200, "token".into()));
    *current.lock().unwrap() = Arc::new(controller("two"));
    assert_eq!(ask("one").await.status(), 401);
    assert_eq!(ask("two").await.status(), 200);
}

#[tokio::test]
async fn outer_layers_cannot_say_what_was_verified() {
    let open: Arc<Mutex<Option<Allowed>>> = Arc::default();
    let keep = Arc::clone(&open);
    let keeper = service_fn(move |request: Request<Bytes>| {
        *keep.lock().unwrap() = request.extensions().get::<Allowed>().cloned();
        std::future::ready(Ok::<_, Infallible>(Response::new(Answered::from(String::new()))))
    });
    let allowed = ControllerLayer::new(Controller::open()).layer(keeper.clone());
    allowed.oneshot(get("/metrics", &[])).await.unwrap();
    let forged = open.lock().unwrap().take().unwrap();

    let preflight = [("origin", "https://a.test"), ("access-control-request-method", "PUT")];
    let mut request = get("/metrics", &preflight);
    *request.method_mut() = http::Method::OPTIONS;
    request.extensions_mut().insert(forged);
    let response = ControllerLayer::new(controller("one")).layer(keeper).oneshot(request).await.unwrap();
    assert_eq!((response.status(), open.lock().unwrap().take()), (StatusCode::OK, None));
}

#[tokio::test]
async fn preflight_with_a_body_that_no_header_announces_needs_the_token() {
    let ended = |body: &'static str| {
        let request = Request::builder().method("OPTIONS").uri("/").header("origin", "https://a.test");
        let request = request.header("access-control-request-method", "PUT");
        request.body(Full::new(Cursor::new(body))).unwrap()
    };
    let inner = service_fn(async |_: Request<_>| Ok::<_, Infallible>(Response::new(Answered::from(String::new()))));
    let service = ControllerLayer::new(controller("one")).layer(inner);
    assert_eq!(service.clone().oneshot(ended("")).await.unwrap().status(), 200);
    assert_eq!(service.oneshot(ended("{}")).await.unwrap().status(), 401);
}

#[tokio::test]
async fn context_of_the_application_decides_and_a_wrong_one_allows_nothing() {
    let table = Table::read();
    let key = v2::TrafficKey::new(&table.edge.v2().traffic_token(&ID.parse().unwrap(), 0)).unwrap();
    let context = Context::try_from(&b"10.0.0.1"[..]).unwrap();
    let port = Port::try_from(8080).unwrap();
    let pass = key.issue_pass(port, NOW, Some(context)).unwrap();

    let host = format!("8080-{ID}.sandbox.test");
    let headers = [("host", host.as_str()), ("e2b-traffic-access-token", pass.as_str()), ("client", "10.0.0.1")];
    let layer = || EdgeLayer::new(table.edge.edge(), table.edge.lookup()).clock(|| NOW);
    let of_client = |parts: &http::request::Parts| parts.headers.get("client").map(|value| value.as_bytes().to_vec());
    let service = layer().context(of_client).layer(service_fn(basis));
    assert_eq!(text(service.clone().oneshot(get("/", &headers)).await.unwrap()).await, (200, "pass".into()));
    assert_eq!(service.clone().oneshot(get("/", &headers[..2])).await.unwrap().status(), 403);
    let other = [headers[0], headers[1], ("client", "10.0.0.2")];
    assert_eq!(service.oneshot(get("/", &other)).await.unwrap().status(), 403);

    for wrong in [0, 256] {
        let service = layer().context(move |_| Some(vec![b'x'; wrong])).layer(service_fn(basis));
        for host in [&host, &format!("8080-{PUBLIC_ID}.sandbox.test")] {
            let response = service.clone().oneshot(get("/", &[("host", host)])).await.unwrap();
            assert_eq!(text(response).await, (500, r#"{"code":500,"message":"internal server error"}"#.into()));
        }
        let service = ControllerLayer::new(Controller::open()).context(move |_| Some(vec![b'x'; wrong]));
        let response = service.layer(service_fn(basis)).oneshot(get("/", &[])).await.unwrap();
        assert_eq!(response.status(), 500);
    }
}

#[tokio::test]
async fn failed_lookup_is_503_and_is_not_asked_about_what_no_edge_forwards() {
    let table = Table::read();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let lookup = move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        std::future::ready(Err::<Option<Sandbox>, _>(StateUnavailable))
    };
    let told: Arc<Mutex<Vec<(Cause, u16)>>> = Arc::default();
    let tell = Arc::clone(&told);
    let service = EdgeLayer::new(table.edge.edge(), lookup)
        .on_refusal(move |_, refusal| tell.lock().unwrap().push((refusal.cause(), refusal.status().as_u16())))
        .layer(service_fn(basis));
    let body = r#"{"sandboxId":"abc","message":"The state of the sandbox is not available","code":503}"#;
    let response = service.clone().oneshot(get("/", &[("host", "8080-abc.sandbox.test")])).await.unwrap();
    assert_eq!(text(response).await, (503, body.into()));
    assert!(serde_json::from_str::<serde_json::Value>(body).is_ok());

    for (target, host, status) in [
        ("/init", "49983-abc.sandbox.test", 404),
        ("//init", "49983-abc.sandbox.test", 400),
        ("/%69nit", "49983-abc.sandbox.test", 404),
        ("/x/../init", "49983-abc.sandbox.test", 404),
        ("/", "example.test", 400),
        ("http://8080-abc.sandbox.test/", "8080-abc.sandbox.test", 400),
    ] {
        let response = service.clone().oneshot(get(target, &[("host", host)])).await.unwrap();
        assert_eq!(response.status(), status, "{target}");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    let told: Vec<_> =
        told.lock().unwrap().iter().map(|(cause, status)| (cause.gate(), cause.code(), *status)).collect();
    assert_eq!(told[..2], [("state", "unavailable", 503), ("internal_route", "out_of_scope", 404)]);
    assert_eq!(told.len(), 7);
}

#[tokio::test]
async fn stored_token_of_a_sandbox_opens_it() {
    let token = sandgate::TrafficToken::try_from("stored").unwrap();
    let sandbox = Sandbox { restricted: true, generation: 0, traffic_token: Some(token) };
    let lookup = move |_| std::future::ready(Ok::<_, StateUnavailable>(Some(sandbox.clone())));
    let service = EdgeLayer::new(sandgate::Edge::default(), lookup).layer(service_fn(basis));
    let host = ("host", "8080-abc.sandbox.test");
    let ask =
        async |token| service.clone().oneshot(get("/", &[host, ("e2b-traffic-access-token", token)])).await.unwrap();
    assert_eq!(ask("stored").await.status(), 200);
    assert_eq!(ask("other").await.status(), 403);
}

#[tokio::test]
async fn expiry_follows_the_given_clock() {
    let token = AccessToken::try_from("token").unwrap();
    let key = sandgate::v1::FileUrlKey::new(&token).unwrap();
    let mut url = String::new();
    key.write_url(&mut url, "http://a.test", &sandgate::v1::FileUrl::download(b"/a").expires(NOW)).unwrap();
    let target = url.strip_prefix("http://a.test").unwrap();
    for (now, status) in [(NOW, 200), (UnixSeconds::new(NOW.get() + 1), 401)] {
        let service = ControllerLayer::new(controller("token")).clock(move || now).layer(service_fn(basis));
        assert_eq!(service.oneshot(get(target, &[])).await.unwrap().status(), status);
    }
}

#[test]
fn debug_shows_no_credential() {
    let table = Table::read();
    let edge = EdgeLayer::new(table.edge.edge(), table.edge.lookup());
    let sandbox = Sandbox { traffic_token: Some("secret".parse().unwrap()), ..Sandbox::restricted() };
    let shown = format!("{:?} {edge:?} {sandbox:?}", ControllerLayer::new(controller("secret")));
    assert_eq!(
        shown,
        "ControllerLayer EdgeLayer Sandbox { restricted: true, generation: 0, traffic_token: Some(TrafficToken(redacted)) }"
    );
}
