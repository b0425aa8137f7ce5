//! Makes, uses and drops each kind of key. `xtask/residue/scan.py` then searches the memory for remains.
//!
//! Keys are made under `clean_stack`, because making them moves them. They are used without it, so that what an operation leaves on
//! its stack is seen.

use sandgate::webhook::{Headers, Verifier, sign};
use sandgate::{
    AccessToken, Controller, Edge, Header, Misuse, Operation, Policy, Request, Route, SandboxId, SandboxState,
    TrafficToken, UnixSeconds, clean_stack, v1, v2,
};
use std::hint::black_box;
use std::io::BufRead;
use std::mem::ManuallyDrop;

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);
const END: UnixSeconds = UnixSeconds::new(1_800_000_060);

/// A secret that the program does not contain as text. `scan.py` computes it too.
fn fill<const N: usize>(square: u32, step: u32, start: u32) -> [u8; N] {
    std::array::from_fn(|at| {
        let at = black_box(at) as u32;
        (at * at * square + at * step + start).to_le_bytes()[0]
    })
}

fn id() -> SandboxId {
    "i94gcaqbpvohfr764s5l".parse().expect("an id")
}

/// Everything that holds a key.
struct Keys {
    v1: v1::Keyring,
    v2: v2::Keyring,
    traffic: v2::TrafficKeyring,
    v1_url: v1::FileUrlKey,
    v2_url: v2::FileUrlKey,
    traffic_key: v2::TrafficKey,
    controllers: [Controller; 2],
    edge: Edge,
    verifier: Verifier,
    access: [AccessToken; 2],
    stored: TrafficToken,
    webhook_secret: [u8; 40],
}

/// This program must wipe its own copies.
impl Drop for Keys {
    fn drop(&mut self) {
        self.webhook_secret = [0; 40];
        black_box(&mut self.webhook_secret);
    }
}

/// The caller cleans the stack.
fn make() -> Result<Box<Keys>, Misuse> {
    let (v1_seed, v2_seed) = (fill::<32>(7, 31, 11), fill::<60>(13, 57, 101));
    let v1 = v1::Keyring::new(&v1_seed)?;
    let v2 = v2::Keyring::new('k'.try_into()?, &v2_seed)?;
    let access: [AccessToken; 2] = [v1.access_token(&id()), v2.access_token(&id(), 0)];
    let stored: TrafficToken = v2.traffic_token(&id(), 0);
    let controllers =
        [Controller::new(&access[..1], Policy::default())?, Controller::new(&access[1..], Policy::default())?];
    let edge = Edge::new(Policy::default()).v1_keyring(v1.clone()).v2_keyring(v2.traffic().clone());
    let webhook_secret = fill::<40>(17, 43, 5);
    let mut verifier = Verifier::new(&webhook_secret)?;
    verifier.add(&fill::<90>(19, 37, 3))?;
    let keys = Keys {
        traffic: v2::TrafficKeyring::new(&v2::TrafficRoot::derive('k'.try_into()?, &v2_seed)?)?,
        v1_url: v1::FileUrlKey::new(&access[0])?,
        v2_url: v2::FileUrlKey::new(&access[1])?,
        traffic_key: v2::TrafficKey::new(&stored)?,
        controllers,
        edge,
        verifier,
        access,
        stored,
        webhook_secret,
        v1,
        v2,
    };
    Ok(Box::new(keys))
}

type Use = fn(&Keys) -> Result<bool, Misuse>;

/// Each says whether it worked.
const USES: [Use; 14] = [
    |keys| Ok(keys.v1.access_token(&id()) == keys.access[0]),
    |keys| Ok(keys.v2.access_token(&id(), 0) == keys.access[1]),
    |keys| Ok(keys.v2.traffic_token(&id(), 0) == keys.stored),
    |keys| Ok(keys.v1.is_valid_access_token(&id(), keys.access[0].expose_bytes())),
    |keys| Ok(keys.v2.is_valid_access_token(&id(), 0, keys.access[1].expose_bytes())),
    |keys| Ok(keys.traffic.is_valid_traffic_token(&id(), 0, keys.stored.expose_bytes())),
    |keys| {
        let url = v1::FileUrl::download(b"/a");
        Ok(keys.v1_url.verify(&url, keys.v1_url.sign(&url).as_bytes(), NOW).is_ok())
    },
    |keys| {
        let url = v2::FileUrl::download(b"/a", END);
        let query = format!("path=/a&signature_expiration=1800000060&signature={}", keys.v2_url.sign(&url)?);
        Ok(keys.v2_url.verify_query(Operation::Read, query.as_bytes(), None, NOW).is_ok())
    },
    |keys| {
        let pass = keys.traffic_key.issue_pass(8080.try_into()?, END, None)?;
        passes(keys, SandboxState::restricted(), pass.as_bytes())
    },
    |keys| passes(keys, SandboxState::restricted(), keys.stored.expose_bytes()),
    |keys| passes(keys, SandboxState::restricted().traffic_token(&keys.stored), keys.stored.expose_bytes()),
    |keys| {
        let check = |which: usize| {
            let token = Header::Once(keys.access[which].expose_bytes());
            keys.controllers[which].check(&Request::new(b"GET", b"/metrics").access_token(token), NOW).is_ok()
        };
        Ok(check(0) && check(1))
    },
    |keys| {
        let signature = sign(&keys.webhook_secret, b"body")?;
        let headers = Headers { signature: Header::Once(signature.as_bytes()), ..Headers::default() };
        Ok(keys.verifier.verify(&headers, b"body").is_ok())
    },
    |keys| {
        let signature = sign(&keys.webhook_secret, b"body")?;
        let headers = Headers { signature: Header::Once(signature.as_bytes()), ..Headers::default() };
        // It is made and moved, like a key.
        let mut verification = None;
        clean_stack::<65_536, _>(|| verification = keys.verifier.start(&headers).ok());
        let Some(verification) = &mut verification else { return Ok(false) };
        verification.update(b"body");
        Ok(verification.finish().is_ok())
    },
];

fn passes(keys: &Keys, state: SandboxState<'_>, presented: &[u8]) -> Result<bool, Misuse> {
    let request = Request::new(b"GET", b"/").traffic_token(Header::Once(presented));
    Ok(keys.edge.check(&Route::new(id(), 8080.try_into()?), state, &request, NOW).is_ok())
}

/// Calls `run` that many rooms further down the stack, out of reach of other calls.
#[inline(never)]
fn below(rooms: usize, run: &mut dyn FnMut()) {
    let mut room = [0_u8; 16_384];
    black_box(&mut room);
    if rooms == 0 {
        run()
    } else {
        below(rooms - 1, run)
    }
    black_box(&mut room);
}

/// Uses each key, in a place of its own on the stack: the lowest first, since going down there overwrites the higher ones.
fn use_each(keys: &Keys) {
    for (rooms, operation) in USES.iter().enumerate().rev() {
        below(rooms + 1, &mut || assert_eq!(operation(keys), Ok(true), "operation {rooms}"));
    }
}

/// A token that is not wiped, as if its `Drop` did nothing: the search must find it.
fn leak(keys: &Keys) {
    below(1, &mut || {
        black_box(&ManuallyDrop::new(keys.v1.access_token(&id())));
    });
}

fn tell(stage: &str) {
    println!("{stage}");
    let _ = std::io::stdin().lock().read_line(&mut String::new());
}

fn main() -> Result<(), Misuse> {
    let is_leaking = std::env::args().nth(1).is_some_and(|argument| argument == "leak");
    let canary = black_box(String::from("canary of the residue check"));
    let mut keys = None;
    clean_stack::<65_536, _>(|| {
        keys = Some(make()?);
        Ok::<(), Misuse>(())
    })?;
    if let Some(keys) = keys.as_deref() {
        use_each(keys);
        if is_leaking {
            leak(keys);
        }
    }
    tell("live");
    drop(keys.take());
    tell("dropped");
    drop(canary);
    Ok(())
}
