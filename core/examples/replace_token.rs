//! A controller waits for its token, gets it while other threads ask it, and has it replaced.
//!
//! ```sh
//! cargo run --package sandgate --features initialize --example replace_token
//! ```

use sandgate::{Controller, Head, HeaderLine, Policy, UnixSeconds};
use std::sync::{PoisonError, RwLock};
use std::thread;

fn main() {
    // The lock makes every request see one controller as a whole: the old one or the new one.
    let controller = RwLock::new(Controller::waiting(Policy::default()));
    let serve = |token: &str| {
        let lines: [HeaderLine<'_>; 1] = [(b"X-Access-Token", token.as_bytes())];
        let controller = controller.read().unwrap_or_else(PoisonError::into_inner);
        match controller.guard(&Head::new(b"GET", b"/metrics", &lines), UnixSeconds::new(1_800_000_000)) {
            Ok(_) => "allowed".to_owned(),
            Err(denied) => format!("{} {}", denied.status(), denied.message()),
        }
    };
    // A server reads the body of `POST /init`, of at most 64 KiB, and the hash that the host has published.
    let initialize = |body: &str, expected_hash: &str| {
        let outcome = {
            let mut controller = controller.write().unwrap_or_else(PoisonError::into_inner);
            controller.initialize(body.as_bytes(), expected_hash.as_bytes())
        };
        match outcome {
            Ok(outcome) => format!("204 {}", outcome.as_str()),
            Err(denied) => format!("{} {}", denied.status(), denied.message()),
        }
    };

    println!("before /init: {}", serve("first"));
    println!("/init: {}", initialize(r#"{"accessToken":"first"}"#, ""));
    println!("after it: {}", serve("first"));
    println!("without the host's word: {}", initialize(r#"{"accessToken":"second"}"#, ""));

    // SHA-512 of `second`, which the host has published.
    let published = concat!(
        "9381e9a67aa361751cea90178c094ad6133742163cbd14f146be5c3ee6606d4e",
        "8ab4bdd839e7c672baa6eb87e06f59b2d3a68ad0533f2a13ef6c0c5d8769216a"
    );
    thread::scope(|scope| {
        let requests = scope.spawn(|| while serve("second") != "allowed" {});
        println!("with it: {}", initialize(r#"{"accessToken":"second"}"#, published));
        let _ = requests.join();
    });
    println!("the old token: {}", serve("first"));
}
