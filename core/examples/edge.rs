//! An edge proxy finds the sandbox and the port of each request, then decides whether to forward it.
//!
//! ```sh
//! cargo run --package sandgate --example edge
//! ```

use sandgate::v2::Keyring;
use sandgate::{Denied, Edge, Head, HeaderLine, Misuse, Passed, Policy, Route, SandboxId, SandboxState, UnixSeconds};

fn main() -> Result<(), Misuse> {
    // The API server holds the seed. The edge gets the traffic roots, from which no access token can be derived.
    let keyring = Keyring::new("a".parse()?, b"a seed of at least 32 bytes, kept secret")?;
    let edge = Edge::new(Policy::default()).v2_keyring(keyring.traffic().clone());

    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse()?;
    let token = keyring.traffic_token(&id, 0);
    let host: HeaderLine<'_> = (b"Host", b"8080-i94gcaqbpvohfr764s5l.sandbox.example.com");
    let requests: [(&str, &[HeaderLine<'_>]); 4] = [
        ("no token", &[host]),
        ("the sandbox's traffic token", &[host, (b"e2b-traffic-access-token", token.expose().as_bytes())]),
        ("another token", &[host, (b"e2b-traffic-access-token", b"another token")]),
        ("a host that names no sandbox", &[(b"Host", b"www.example.com")]),
    ];
    for (what, lines) in requests {
        match decide(&edge, &Head::new(b"GET", b"/", lines)) {
            Ok((route, passed)) => println!("{what}: forward to {route}, {}", passed.basis()),
            Err(denied) => println!("{what}: {} {}", denied.status(), denied.message()),
        }
    }
    Ok(())
}

/// The route first, then the look-up of the sandbox, then the rule.
fn decide(edge: &Edge, head: &Head<'_>) -> Result<(Route, Passed), Denied> {
    let now = UnixSeconds::new(1_800_000_000); // A server reads its clock here.
    let route = edge.route(head)?;
    let state = SandboxState::restricted(); // A server looks it up by `route.sandbox_id()`.
    Ok((route, edge.guard(&route, state, head, now)?))
}
