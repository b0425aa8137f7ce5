//! The main operations, as a server or an SDK calls them.

use sandgate::{Edge, Header, Operation, Port, Request, Route, SandboxState, explain};
use sandgate_benches::deployment::{AT, Deployment, END, PORT, v1_url, v2_url};
use sandgate_benches::linear::once;
use sandgate_benches::urls::{BASE, token};
use std::hint::black_box;

type Called<'a> = Box<dyn Fn() + 'a>;

/// One operation: what it returns is not optimised away.
fn called<'a, R>(name: &str, operation: impl Fn() -> R + 'a) -> (String, Called<'a>) {
    let called: Called<'a> = Box::new(move || {
        black_box(operation());
    });
    (name.to_owned(), called)
}

/// Each by its name.
pub(crate) fn of(on: &Deployment) -> Vec<(String, Called<'_>)> {
    let mut all = of_v1(on);
    all.extend(of_v2(on));
    all.extend(traffic(on));
    all
}

fn of_v1(on: &Deployment) -> Vec<(String, Called<'_>)> {
    let (url, id) = (v1_url(), &on.id);
    let query = on.v1_targets[0].1.split_once('?').expect("a query").1;
    let request = Request::new(b"GET", b"/metrics").access_token(once(sandgate_benches::TOKEN));
    let mut all = vec![
        called("v1 sign", move || on.v1_key.sign(black_box(&url))),
        called("v1 verify", move || on.v1_key.verify(black_box(&url), on.v1_signature.as_bytes(), AT).is_ok()),
        called("v1 verify_query", || on.v1_key.verify_query(Operation::Read, black_box(query.as_bytes()), AT).is_ok()),
        called("v1 write a URL", move || {
            let mut out = [0; 512];
            on.v1_key.write_url_to_slice(black_box(&mut out), BASE, &url).is_ok()
        }),
        called("v1 derive a token", || on.v1.access_token(black_box(id))),
        called("v1 verify a token", || {
            on.v1.verify_access_token(black_box(id), on.v1_token.expose().as_bytes()).is_ok()
        }),
        called("v1 check, token", move || on.v1_controller.check(black_box(&request), AT).is_ok()),
        called("v1 explain", || {
            let tokens = [token()];
            explain::file_url(&tokens, Operation::Write, black_box(query.as_bytes()), None, AT).is_ok()
        }),
    ];
    for (whose, target) in &on.v1_targets {
        let check = || on.v1_controller.check(&Request::new(b"GET", black_box(target.as_bytes())), AT).is_ok();
        all.push(called(&format!("v1 check, {whose}"), check));
    }
    all
}

fn of_v2(on: &Deployment) -> Vec<(String, Called<'_>)> {
    let (url, id) = (v2_url(), &on.id);
    let query = on.v2_target.split_once('?').expect("a query").1;
    vec![
        called("v2 sign", move || on.v2_key.sign(black_box(&url)).is_ok()),
        called("v2 verify", move || on.v2_key.verify(black_box(&url), on.v2_signature.as_bytes(), AT).is_ok()),
        called("v2 verify_query", || {
            on.v2_key.verify_query(Operation::Read, black_box(query.as_bytes()), None, AT).is_ok()
        }),
        called("v2 check, ours", || {
            on.v2_controller.check(&Request::new(b"GET", black_box(on.v2_target.as_bytes())), AT).is_ok()
        }),
        called("v2 derive a token", || on.v2.access_token(black_box(id), 0)),
        called("v2 verify a token", || {
            on.v2.verify_access_token(black_box(id), 0, on.v2_token.expose().as_bytes()).is_ok()
        }),
    ]
}

fn traffic(on: &Deployment) -> Vec<(String, Called<'_>)> {
    let port = Port::try_from(PORT).expect("a port");
    let (plain, signed) = (on.route(&on.label()), on.route(&on.signed_host));
    let (v1_header, v2_header) = (once(on.v1_traffic.expose()), once(on.v2_traffic.expose()));
    vec![
        called("v2 issue a pass", move || on.traffic_key.issue_pass(black_box(port), END, None)),
        called("v2 verify a pass", move || on.traffic_key.verify_pass(on.pass.as_bytes(), port, None, AT)),
        called("parse a route", || on.route("8080-i94gcaqbpvohfr764s5l")),
        edge("v1 edge, token", &on.v1_edge, plain, v1_header),
        edge("v2 edge, token", &on.v2_edge, plain, v2_header),
        edge("v2 edge, pass", &on.v2_edge, plain, once(&on.pass)),
        edge("v2 edge, signed host", &on.v2_edge, signed, Header::Absent),
    ]
}

fn edge<'a>(name: &str, edge: &'a Edge, route: Route, header: Header<'a>) -> (String, Called<'a>) {
    let request = Request::new(b"GET", b"/").traffic_token(header);
    assert!(edge.check(&route, SandboxState::restricted(), &request, AT).is_ok(), "{name}");
    called(name, move || edge.check(&route, SandboxState::restricted(), black_box(&request), AT).is_ok())
}
