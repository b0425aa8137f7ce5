//! `vectors/guard.json` through both layers: every request of the table, and the answer of each guard.

mod common;

use common::{Expect, Granted, NOW, Row, Table, text};
use http::request::Parts;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use sandgate::{Passed, Route};
use sandgate_tower::{Allowed, ControllerLayer, EdgeLayer, Grant};
use std::convert::Infallible;
use std::io::Cursor;
use std::sync::{Arc, Mutex};
use tower::{Layer, ServiceExt, service_fn};

type Body = Full<Cursor<Vec<u8>>>;
type Answer = Full<Cursor<String>>;

/// A service that keeps the head of the request that reaches it.
fn keeper() -> (
    Arc<Mutex<Option<Parts>>>,
    impl tower::Service<
        Request<Body>,
        Response = Response<Answered>,
        Error = Infallible,
        Future = impl Future<Output = Result<Response<Answered>, Infallible>> + Send,
    > + Clone
    + Send
    + 'static,
) {
    let kept: Arc<Mutex<Option<Parts>>> = Arc::default();
    let keep = Arc::clone(&kept);
    let service = service_fn(move |request: Request<Body>| {
        *keep.lock().unwrap() = Some(request.into_parts().0);
        std::future::ready(Ok(Response::new(Answered::from(String::new()))))
    });
    (kept, service)
}

/// A body that is made from text.
struct Answered(Answer);

impl From<String> for Answered {
    fn from(text: String) -> Self {
        Self(Full::new(Cursor::new(text)))
    }
}

async fn refusal(response: Response<Answered>) -> (u16, String) {
    assert_eq!(response.headers()["content-type"], "application/json");
    let status = response.status().as_u16();
    let body = response.into_body().0.collect().await.unwrap().to_bytes();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["code"], status);
    (status, body["message"].as_str().unwrap().to_owned())
}

fn granted(grant: &Grant) -> Granted {
    Granted {
        operation: grant.operation().to_string(),
        path: text(grant.path()),
        user: grant.user().map(text),
        expires: grant.expires().map(sandgate::UnixSeconds::get),
    }
}

/// The expected answer. `http` cuts a target at `#`, so that only the rest is seen and forwarded.
fn expected(row: &Row) -> &Expect {
    match &row.normalised {
        Some(normalised) if row.target.contains('#') => &normalised.expect,
        _ => &row.expect,
    }
}

fn assert_forwarded(row: &Row, parts: &Parts) {
    let Some(forwarded) = &expected(row).forwarded else { return };
    assert_eq!(parts.uri.to_string(), forwarded.target, "{row:?}");
    for (name, values) in &forwarded.headers {
        let there: Vec<_> = parts.headers.get_all(name).iter().map(|value| text(value.as_bytes())).collect();
        assert_eq!(&there, values, "{name} of {row:?}");
    }
}

#[tokio::test]
async fn every_row_of_a_controller_has_the_answer_of_the_table() {
    let table = Table::read();
    let (mut refused, mut allowed, mut preflights) = (0, 0, 0);
    for row in table.rows.iter().filter(|row| row.gate == "controller") {
        let Some(request) = row.request() else { panic!("http has no such request: {row:?}") };
        let (kept, service) = keeper();
        let controller = table.controller(row.deployment.as_deref().unwrap());
        let response = ControllerLayer::new(controller).clock(|| NOW).layer(service).oneshot(request).await.unwrap();
        let kept = kept.lock().unwrap().take();
        match (&row.expect, kept) {
            (Expect { status: Some(status), message: Some(message), .. }, None) => {
                refused += 1;
                assert_eq!(refusal(response).await, (*status, message.clone()), "{row:?}");
            }
            (Expect { preflight: Some(true), .. }, Some(parts)) => {
                preflights += 1;
                assert_eq!(parts.extensions.get::<Allowed>(), None, "{row:?}");
            }
            (Expect { allowed: Some(basis), grant, .. }, Some(parts)) => {
                allowed += 1;
                let said = parts.extensions.get::<Allowed>().unwrap();
                assert_eq!((said.basis(), &said.grant().map(granted)), (basis.as_str(), grant), "{row:?}");
            }
            (_, kept) => panic!("{row:?}: {} {}", response.status(), kept.is_some()),
        }
    }
    assert!(refused > 150 && allowed > 50 && preflights > 2, "{refused} {allowed} {preflights}");
}

#[tokio::test]
async fn every_row_of_an_edge_has_the_answer_of_the_table() {
    let table = Table::read();
    let (mut refused, mut passed, mut unsendable) = (0, 0, 0);
    for row in table.rows.iter().filter(|row| row.gate == "edge") {
        let Some(request) = row.request() else {
            assert_eq!(row.expect.status, Some(400), "{row:?}");
            unsendable += 1;
            continue;
        };
        let (kept, service) = keeper();
        let layer = EdgeLayer::new(table.edge.edge(), table.edge.lookup()).clock(|| NOW);
        let response = layer.layer(service).oneshot(request).await.unwrap();
        let kept = kept.lock().unwrap().take();
        match (expected(row), kept) {
            (Expect { status: Some(status), message: Some(message), .. }, None) => {
                refused += 1;
                assert_eq!(refusal(response).await, (*status, message.clone()), "{row:?}");
            }
            (Expect { passed: Some(basis), route: Some(route), .. }, Some(parts)) => {
                passed += 1;
                assert_eq!(parts.extensions.get::<Passed>().unwrap().basis(), basis, "{row:?}");
                assert_eq!(&parts.extensions.get::<Route>().unwrap().to_string(), route, "{row:?}");
                assert_forwarded(row, &parts);
            }
            (_, kept) => panic!("{row:?}: {} {}", response.status(), kept.is_some()),
        }
    }
    assert!(refused > 130 && passed > 70 && unsendable < 12, "{refused} {passed} {unsendable}");
}
