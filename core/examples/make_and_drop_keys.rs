//! Makes and drops each kind of key. `xtask/residue/scan.py` then searches the memory for remains.

use sandgate::{
    AccessToken, Controller, Edge, Header, Misuse, Policy, Request, Route, SandboxId, SandboxState, TrafficToken,
    UnixSeconds, clean_stack, v1, v2,
};
use std::hint::black_box;
use std::io::BufRead;

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);

/// A seed that the program does not contain as text. `scan.py` computes it too.
fn fill(seed: &mut [u8], square: u32, step: u32, start: u32) {
    for (at, byte) in (0..).zip(seed) {
        *byte = (at * at * square + at * step + start).to_le_bytes()[0];
    }
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
}

fn make() -> Result<Box<Keys>, Misuse> {
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse()?;
    // The caller cleans the stack.
    let (mut v1_seed, mut v2_seed) = ([0; 32], [0; 60]);
    fill(black_box(&mut v1_seed), 7, 31, 11);
    fill(black_box(&mut v2_seed), 13, 57, 101);
    let v1 = v1::Keyring::new(&v1_seed)?;
    let v2 = v2::Keyring::new('k'.try_into()?, &v2_seed)?;
    let tokens: [AccessToken; 2] = [v1.access_token(&id), v2.access_token(&id, 0)];
    let stored: TrafficToken = v2.traffic_token(&id, 0);
    let controllers =
        [Controller::new(&tokens[..1], Policy::default())?, Controller::new(&tokens[1..], Policy::default())?];
    let edge = Edge::new(Policy::default()).v1_keyring(v1.clone()).v2_keyring(v2.traffic().clone());
    let keys = Keys {
        traffic: v2::TrafficKeyring::new(&v2::TrafficRoot::derive('k'.try_into()?, &v2_seed)?)?,
        v1_url: v1::FileUrlKey::new(&tokens[0])?,
        v2_url: v2::FileUrlKey::new(&tokens[1])?,
        traffic_key: v2::TrafficKey::new(&stored)?,
        controllers,
        edge,
        v1,
        v2,
    };
    Ok(Box::new(keys))
}

/// Uses each key once: the intermediate values of verifying and signing must be wiped too.
fn use_once(keys: &Keys) -> Result<(), Misuse> {
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse()?;
    let end = UnixSeconds::new(1_800_000_060);
    let token = keys.v1.access_token(&id);
    assert!(keys.v1.is_valid_access_token(&id, token.expose_bytes()));
    assert!(keys.v2.is_valid_access_token(&id, 0, keys.v2.access_token(&id, 0).expose_bytes()));
    assert!(keys.traffic.is_valid_traffic_token(&id, 0, keys.v2.traffic_token(&id, 0).expose_bytes()));
    let _ = keys.v1_url.sign(&v1::FileUrl::download(b"/a"));
    let _ = keys.v2_url.sign(&v2::FileUrl::download(b"/a", end))?;
    let pass = keys.traffic_key.issue_pass(8080.try_into()?, end, None)?;
    let header = Header::Once(pass.as_bytes());
    let request = Request::new(b"GET", b"/").traffic_token(header);
    let route = Route::new(id, 8080.try_into()?);
    assert!(keys.edge.check(&route, SandboxState::restricted(), &request, NOW).is_ok());
    for controller in &keys.controllers {
        let request = Request::new(b"GET", b"/metrics").access_token(Header::Once(b"wrong"));
        assert!(controller.check(&request, NOW).is_err());
    }
    Ok(())
}

fn tell(stage: &str) {
    println!("{stage}");
    let _ = std::io::stdin().lock().read_line(&mut String::new());
}

fn main() -> Result<(), Misuse> {
    let is_leaking = std::env::args().nth(1).is_some_and(|argument| argument == "leak");
    let mut leaked = [0; 8];
    let canary = black_box(String::from("canary of the residue check"));
    let mut keys = None;
    clean_stack::<65_536, _>(|| {
        keys = Some(make()?);
        keys.as_deref().map_or(Ok(()), use_once)
    })?;
    tell("live");
    if let Some(keys) = keys.as_deref().filter(|_| is_leaking) {
        let token = keys.v1.access_token(&"i94gcaqbpvohfr764s5l".parse()?);
        leaked.copy_from_slice(&token.expose_bytes()[..8]);
    }
    clean_stack::<65_536, _>(|| drop(keys.take()));
    black_box(&mut leaked);
    tell("dropped");
    drop((canary, black_box(leaked)));
    Ok(())
}
