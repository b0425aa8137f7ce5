//! A receiver of webhooks: the body comes in pieces, and the secret is being replaced.
//!
//! ```sh
//! cargo run --package sandgate --example webhook
//! ```

use sandgate::webhook::{Headers, SIGNATURE_HEADER, VERSION, VERSION_HEADER, Verifier, sign};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The platform signs the body with the secret that it has.
    let (old, new) = (b"the secret until today, 2026", b"the secret from today, 2026");
    let body = br#"{"type":"sandbox.lifecycle.killed","sandboxId":"i94gcaqbpvohfr764s5l"}"#;
    let signature = sign(old, body)?;
    println!("{SIGNATURE_HEADER}: {signature}\n{VERSION_HEADER}: {VERSION}");

    // The receiver accepts both secrets for a while.
    let mut verifier = Verifier::new(new)?;
    verifier.add(old)?;

    // It reads the two headers, then the pieces of the body. It acts only after `finish`.
    let lines = [(SIGNATURE_HEADER.as_bytes(), signature.as_bytes()), (VERSION_HEADER.as_bytes(), VERSION.as_bytes())];
    let headers = Headers::read(lines);
    let mut verification = verifier.start(&headers)?;
    for piece in body.chunks(16) {
        verification.update(piece);
    }
    verification.finish()?;
    println!("verified");

    // A body that was parsed and written again has other bytes.
    let written_again = String::from_utf8_lossy(body).replace(':', ": ");
    let refused = verifier.verify(&headers, written_again.as_bytes()).unwrap_err();
    println!("refused: {} ({}, {})", refused, refused.status(), refused.code());
    Ok(())
}
