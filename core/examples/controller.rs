//! A controller decides about requests as a server receives them: request line and header lines.
//!
//! ```sh
//! cargo run --package sandgate --example controller
//! ```

use sandgate::{AccessToken, Controller, Head, HeaderLine, Misuse, Policy, UnixSeconds};

fn main() -> Result<(), Misuse> {
    let now = UnixSeconds::new(1_800_000_000); // A server reads its clock here.
    let controller = Controller::new(&[AccessToken::try_from("the sandbox's access token")?], Policy::default())?;

    let (right, wrong) = (b"the sandbox's access token", b"another token");
    let requests: [(&str, &str, &[HeaderLine<'_>]); 5] = [
        ("GET", "/health", &[]),
        ("GET", "/metrics", &[]),
        ("GET", "/metrics", &[(b"X-Access-Token", right)]),
        ("GET", "/files?path=%2Fa.txt", &[(b"X-Access-Token", right)]),
        ("GET", "/files?path=%2Fa.txt", &[(b"X-Access-Token", wrong)]),
    ];
    for (method, target, lines) in requests {
        print!("{method} {target}: ");
        match controller.guard(&Head::new(method.as_bytes(), target.as_bytes(), lines), now) {
            Ok(Some(allowed)) => println!("allowed, {}", allowed.basis()),
            Ok(None) => println!("a CORS preflight: the server answers it"),
            Err(denied) => println!("{} {}", denied.status(), denied.message()),
        }
    }
    Ok(())
}
