//! Webhooks.

use crate::presented::{BASE64, all, hidden};
use crate::report::{decides, derives};
use sandgate::webhook::{Headers, Verifier, sign};

const SECRET: &[u8] = b"the secret of the webhook";
const BODY: &[u8] = br#"{"type":"sandbox.lifecycle.killed"}"#;

pub(crate) fn run() {
    let secret = hidden(SECRET, SECRET.len());
    let verifier = Verifier::new(&secret).unwrap();
    derives("webhook::sign", || sign(&secret, BODY).unwrap());
    let signature = sign(SECRET, BODY).unwrap();
    for (which, presented, right) in all(signature.as_bytes(), signature.as_bytes().len(), BASE64) {
        let headers = Headers { signature: Some(&presented[..]).into(), ..Headers::default() };
        decides(&format!("webhook::Verifier, {which}"), right, || verifier.verify(&headers, BODY).is_ok());
        decides(&format!("webhook::Verification, {which}"), right, || {
            let mut verification = verifier.start(&headers).unwrap();
            BODY.chunks(7).for_each(|piece| verification.update(piece));
            verification.finish().is_ok()
        });
    }
}
