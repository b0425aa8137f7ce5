//! Makes and drops each kind of key. `xtask/residue/scan.py` then searches the memory for remains.

use sandgate::{
    AccessToken, Controller, Edge, Header, Misuse, Policy, Request, Route, SandboxId, SandboxState, TrafficToken,
    UnixSeconds, clean_stack, v1, v2,
};
use std::io::BufRead;

const V1_SEED: &[u8] = b"the v1 seed of the residue check";
const V2_SEED: &[u8] = b"the v2 seed of the residue check, with more than 32 bytes";
const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);

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
    let v1 = v1::Keyring::new(V1_SEED)?;
    let v2 = v2::Keyring::new('k'.try_into()?, V2_SEED)?;
    let tokens: [AccessToken; 2] = [v1.access_token(&id), v2.access_token(&id, 0)];
    let stored: TrafficToken = v2.traffic_token(&id, 0);
    let controllers =
        [Controller::new(&tokens[..1], Policy::default())?, Controller::new(&tokens[1..], Policy::default())?];
    let edge = Edge::new(Policy::default()).v1_keyring(v1.clone()).v2_keyring(v2.traffic().clone());
    let keys = Keys {
        traffic: v2::TrafficKeyring::new(&v2::TrafficRoot::derive('k'.try_into()?, V2_SEED)?)?,
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
    let canary = std::hint::black_box(String::from("canary of the residue check"));
    let mut keys = None;
    clean_stack::<65_536, _>(|| {
        keys = Some(make()?);
        keys.as_deref().map_or(Ok(()), use_once)
    })?;
    tell("live");
    clean_stack::<65_536, _>(|| drop(keys.take()));
    tell("dropped");
    drop(canary);
    Ok(())
}
