//! Sandboxes in a service of the operator's.

mod common;

use common::{HEADER, ID, LONG, Service, ask_nginx, listener, token, within};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A status line, a body, and the pause before both.
type Said = (&'static str, &'static str, Duration);

/// Answers every request with what is set.
fn store() -> (u16, Arc<Mutex<Said>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = Arc::new(Mutex::new(("200 OK", "{}", Duration::ZERO)));
    let said = Arc::clone(&answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, said) = (stream.unwrap(), Arc::clone(&said));
            std::thread::spawn(move || {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    if stream.read(&mut byte).unwrap_or(0) == 0 {
                        return;
                    }
                    head.push(byte[0]);
                }
                assert!(head.starts_with(b"GET /sandboxes/"));
                let (status, body, pause) = *said.lock().unwrap();
                std::thread::sleep(pause);
                let length = body.len();
                let _ =
                    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
            });
        }
    });
    (port, answer)
}

#[test]
fn answers_of_the_service_decide_and_failures_close() {
    let (port, answer) = store();
    let seeds = "seeds.v2_traffic_roots = { file = \"FOLDER/roots\" }\nadmin = { address = \"127.0.0.1:0\" }\n";
    let state =
        format!("state.http = {{ address = \"127.0.0.1:{port}\" }}\nstore = {{ ttl_ms = 0, timeout_ms = 1500 }}\n");
    let service = Service::start(&format!("{seeds}{state}{}", listener("nginx")));
    let status = |generation| {
        let host = format!("8080-{ID}.sandbox.test");
        let answer = ask_nginx(service.listeners[0], "GET", "/", &host, &[(HEADER, &token(generation))]);
        answer.header("x-sandgate-status").map_or(answer.status, |status| status.parse().unwrap())
    };
    for (said, body, zero, one) in [
        ("200 OK", "{}", 200, 403),
        ("200 OK", r#"{"restricted":true,"generation":1}"#, 403, 200),
        ("200 OK", r#"{"restricted":false}"#, 200, 200),
        ("404 Not Found", "", 502, 502),
        ("500 Internal Server Error", "{}", 503, 503),
        ("204 No Content", "", 503, 503),
        ("302 Found", "{}", 503, 503),
        ("200 OK", r#"{"restricted":"no"}"#, 503, 503),
        ("200 OK", r#"{"open":true}"#, 503, 503),
        ("200 OK", "", 503, 503),
    ] {
        *answer.lock().unwrap() = (said, body, Duration::ZERO);
        assert_eq!((status(0), status(1)), (zero, one), "{said} {body}");
    }
    *answer.lock().unwrap() = ("200 OK", "{}", Duration::from_secs(5));
    assert_eq!(status(0), 503);
    // One slow answer is no outage; several are. The service itself asks on.
    assert!(within(LONG, || service.admin("/readyz").status == 503));
    *answer.lock().unwrap() = ("200 OK", "{}", Duration::ZERO);
    assert!(within(LONG, || service.admin("/readyz").status == 200), "without another request");
    assert_eq!(status(0), 200);
}
