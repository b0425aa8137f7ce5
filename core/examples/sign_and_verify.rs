//! Signs a URL that downloads one file, then verifies it as the sandbox does: once as signed, once with another path.
//!
//! ```sh
//! cargo run --package sandgate --example sign_and_verify
//! ```

use sandgate::v2::{FileUrl, FileUrlKey, Keyring};
use sandgate::{Controller, Misuse, Policy, Request, SandboxId, UnixSeconds};

const BASE: &str = "https://49983-i94gcaqbpvohfr764s5l.sandbox.example.com";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let now = UnixSeconds::new(1_800_000_000); // A server reads its clock here.
    let token = token()?;

    // The SDK signs with the sandbox's access token.
    let mut url = String::new();
    let file = FileUrl::download(b"/home/user/report.pdf", UnixSeconds::new(1_800_000_060));
    FileUrlKey::new(&token)?.write_url(&mut url, BASE, &file)?;
    println!("{url}");

    // The controller in the sandbox verifies the target of the request, and acts on what the grant says.
    let controller = Controller::new(&[token], Policy::default())?;
    let target = url.strip_prefix(BASE).unwrap_or_default();
    for target in [target, &target.replace("report", "payroll")] {
        match controller.check(&Request::new(b"GET", target.as_bytes()), now) {
            Ok(allowed) => println!("allowed by {}: {:?}", allowed.basis(), allowed.grant()),
            Err(denied) => println!("{} {}", denied.status(), denied.message()),
        }
    }
    Ok(())
}

/// The API server derives the token from the deployment's seed.
fn token() -> Result<sandgate::AccessToken, Misuse> {
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse()?;
    Ok(Keyring::new("a".parse()?, b"a seed of at least 32 bytes, kept secret")?.access_token(&id, 0))
}
