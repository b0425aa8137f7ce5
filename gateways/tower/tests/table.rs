//! `vectors/guard.json` through both layers: every request of the table, and the answer of each guard.

mod common;

use common::{Expect, Granted, NOW, Row, Table, text};
use http::request::Parts;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use sandgate::{Passed, Route};
use sandgate_tower::{Allowed, ControllerLayer, EdgeLayer, Grant};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io::Cursor;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tower::{Layer, Service, ServiceExt};

type Body = Full<Cursor<Vec<u8>>>;
type Answer = Full<Cursor<String>>;

/// A service that keeps the head of the request that reaches it.
#[derive(Clone, Default)]
struct Keeper(Arc<Mutex<Option<Parts>>>);

impl Keeper {
    fn take(&self) -> Option<Parts> {
        self.0.lock().unwrap().take()
    }
}

impl Service<Request<Body>> for Keeper {
    type Response = Response<Answered>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        *self.0.lock().unwrap() = Some(request.into_parts().0);
        ready(Ok(Response::new(Answered::from(String::new()))))
    }
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
        let keeper = Keeper::default();
        let controller = table.controller(row.deployment.as_deref().unwrap());
        let response =
            ControllerLayer::new(controller).clock(|| NOW).layer(keeper.clone()).oneshot(request).await.unwrap();
        match (&row.expect, keeper.take()) {
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
        let keeper = Keeper::default();
        let layer = EdgeLayer::new(table.edge.edge(), table.edge.lookup()).clock(|| NOW);
        let response = layer.layer(keeper.clone()).oneshot(request).await.unwrap();
        match (expected(row), keeper.take()) {
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
