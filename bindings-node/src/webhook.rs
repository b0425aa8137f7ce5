//! Webhooks: the signature of E2B's lifecycle events. In WebAssembly these natives are in the module that initialises controllers.

use crate::arguments::{Long, Short, text, texts};
use crate::class::{Arguments, Class, Functions, Method};
use crate::host::{Answer, Env, State, Thrown, Value};
use crate::properties::Properties;
use crate::read::Read;
use crate::refusals::{answer, refused};
use crate::thrown::{misuse, not_text, wrong_type, wrong_value};
use crate::wiped::Wiped;
use alloc::vec::Vec;
use sandgate::webhook::{Headers, Verification, Verifier, sign};

impl Class for Verifier {
    const METHODS: &'static [Method<Self>] = &[];
    const HAS_HANDLE: bool = true;
}

impl Class for Verification {
    const METHODS: &'static [Method<Self>] = &[];
    const HAS_HANDLE: bool = true;
}

/// Makes a verifier of 1 to 8 secrets.
pub(crate) fn verifier<'c>(env: Env<'c>, _: &Functions, &[secrets, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut verifier: Option<Verifier> = None;
    for secret in texts(secrets, "secrets")? {
        let mut buffer = Short::new();
        let secret = text(secret?, &mut buffer, "secret")?;
        match &mut verifier {
            Some(verifier) => verifier.add(secret).map_err(misuse("secret"))?,
            None => verifier = Some(Verifier::new(secret).map_err(misuse("secret"))?),
        }
    }
    let verifier = verifier.ok_or_else(|| wrong_value("secrets", "must contain at least one secret"))?;
    env.stateful(verifier, &[]).map(Some)
}

/// Verifies a whole body.
pub(crate) fn verify<'c>(env: Env<'c>, _: &Functions, &[verifier, lines, body, ..]: &Arguments<'c>) -> Answer<'c> {
    let (lines, mut buffer) = (Lines::read(lines)?, Long::new());
    let body = text(body, &mut buffer, "body")?;
    answer(env, given(verifier)?.verify(&lines.headers(), body))
}

/// Begins to verify a body in pieces.
pub(crate) fn start<'c>(env: Env<'c>, _: &Functions, &[verifier, lines, ..]: &Arguments<'c>) -> Answer<'c> {
    match given(verifier)?.start(&Lines::read(lines)?.headers()) {
        Ok(verification) => env.stateful(verification, &[]).map(Some),
        Err(denied) => refused(env, denied),
    }
}

/// Returns the verification that takes the place of the given one. A state is never changed: in WebAssembly it is a copy.
pub(crate) fn update<'c>(env: Env<'c>, _: &Functions, &[verification, piece, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut buffer = Long::new();
    let piece = text(piece, &mut buffer, "piece")?;
    let mut next = Verification::clone(&*begun(verification)?);
    next.update(piece);
    env.stateful(next, &[]).map(Some)
}

/// Whether the pieces so far are the signed body.
pub(crate) fn finish<'c>(env: Env<'c>, _: &Functions, &[verification, ..]: &Arguments<'c>) -> Answer<'c> {
    answer(env, begun(verification)?.finish())
}

/// Signs a body.
pub(crate) fn signature<'c>(env: Env<'c>, _: &Functions, &[secret, body, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut secret_buffer, mut body_buffer) = (Short::new(), Long::new());
    let secret = text(secret, &mut secret_buffer, "secret")?;
    let signature = sign(secret, text(body, &mut body_buffer, "body")?).map_err(misuse("secret"))?;
    env.ascii(signature.as_bytes()).map(Some)
}

/// Explains why a receiver refuses a webhook.
pub(crate) fn explain<'c>(env: Env<'c>, _: &Functions, &[lines, secret, body, ..]: &Arguments<'c>) -> Answer<'c> {
    let (lines, mut secret_buffer, mut body_buffer) = (Lines::read(lines)?, Short::new(), Long::new());
    let secret = text(secret, &mut secret_buffer, "secret")?;
    let body = text(body, &mut body_buffer, "body")?;
    let why = sandgate::explain::webhook(secret, &lines.headers(), body).map_err(misuse("secret"))?;
    let Some(why) = why else { return Ok(None) };
    let mut made = Properties::of(env);
    made.word(c"code", Some(why.denied.code().as_str()))?;
    made.integer(c"status", Some(why.denied.status().into()))?;
    made.word(c"message", Some(why.denied.message()))?;
    made.text(c"text", Some(&why))?;
    made.object()
}

fn given<'c>(value: Value<'c>) -> Result<State<'c, Verifier>, Thrown> {
    value.state()?.ok_or_else(|| wrong_type("verifier", "a Verifier"))
}

fn begun<'c>(value: Value<'c>) -> Result<State<'c, Verification>, Thrown> {
    value.state()?.ok_or_else(|| wrong_type("verification", "a Verification"))
}

/// Names and values of header lines, in turn.
struct Lines(Vec<Wiped>);

impl Lines {
    fn read(lines: Value<'_>) -> Result<Self, Thrown> {
        let mut read = Vec::new();
        for given in texts(lines, "headers")? {
            let mut buffer = Long::new();
            match buffer.read_received(given?) {
                Read::Text => read.push(Wiped::from(buffer.bytes())),
                refused => return Err(not_text(refused, "headers")),
            }
        }
        Ok(Self(read))
    }

    fn headers(&self) -> Headers<'_> {
        Headers::read(self.0.as_chunks().0.iter().map(|[name, value]| (name.as_slice(), value.as_slice())))
    }
}
