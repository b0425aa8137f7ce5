//! The process: who may connect, and how it ends.

mod common;

use common::{LONG, PUBLIC_ID, SEEDS_AND_STATE, Service, ask_nginx, listener, within};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

fn nginx() -> String {
    format!("{SEEDS_AND_STATE}{}", listener("nginx"))
}

#[test]
fn core_dumps_are_off() {
    let service = Service::start(&nginx());
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", service.child.id())).unwrap();
    let core: Vec<_> =
        limits.lines().find(|line| line.starts_with("Max core file size")).unwrap().split_whitespace().collect();
    assert_eq!(core[4..6], ["0", "0"]);
}

#[test]
fn requests_in_progress_end_before_the_service() {
    let mut service = Service::start(&format!("drain_ms = 2000{}", nginx()));
    assert_eq!((service.admin("/healthz").status, service.admin("/readyz").status), (200, 200));
    let mut stream = TcpStream::connect(service.listeners[0]).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    let public = format!("8080-{PUBLIC_ID}.sandbox.test");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: gateway\r\nX-Sandgate-Method: GET\r\nX-Sandgate-Target: /\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(100));
    service.signal("TERM");
    let address = service.listeners[0];
    assert!(within(LONG, || TcpStream::connect(address).is_err()), "it accepts no other connection");
    assert_eq!(service.admin("/readyz").status, 503);
    stream.write_all(format!("X-Sandgate-Host: {public}\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
    assert!(service.child.wait().unwrap().success());
}

#[test]
fn gateways_have_time_to_notice_that_the_service_leaves() {
    let mut service = Service::start(&format!("drain_ms = 3600000{}", nginx()));
    let address = service.listeners[0];
    let public = format!("8080-{PUBLIC_ID}.sandbox.test");
    service.signal("TERM");
    assert!(within(LONG, || service.admin("/readyz").status == 503));
    assert_eq!(ask_nginx(address, "GET", "/", &public, &[]).status, 200, "new connections are still answered");
    service.signal("TERM");
    assert!(service.child.wait().unwrap().success());
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn connections_of_other_peers_are_closed_without_an_answer() {
    let service = Service::start(&nginx().replace("127.0.0.0/8", "192.0.2.0/24"));
    let mut stream = TcpStream::connect(service.listeners[0]).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    // Nothing was sent: the address is enough.
    match stream.read(&mut [0]) {
        Ok(count) => assert_eq!(count, 0),
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
    }
}
