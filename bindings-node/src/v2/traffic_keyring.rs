//! The edge's form of a keyring.

use crate::arguments::{Short, key_id, presented, sandbox_id, text, texts};
use crate::class::{Arguments, Class, Functions, Method, native};
use crate::host::{Answer, Env};
use crate::refusals::answer;
use crate::thrown::{misuse, wrong_value};
use sandgate::v2::{TrafficKeyring, TrafficRoot};

/// 1 to 8 traffic roots with distinct key ids: the first one derives, all verify. They open no controller.
pub(crate) fn traffic_keyring<'c>(env: Env<'c>, _: &Functions, &[roots, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut keyring: Option<TrafficKeyring> = None;
    for root in texts(roots, "roots")? {
        let mut buffer = Short::new();
        let root = TrafficRoot::try_from(text(root?, &mut buffer, "root")?).map_err(misuse("root"))?;
        match &mut keyring {
            Some(keyring) => keyring.add(&root).map_err(misuse("root"))?,
            None => keyring = Some(TrafficKeyring::new(&root).map_err(misuse("root"))?),
        }
    }
    object(env, keyring.ok_or_else(|| wrong_value("roots", "must contain at least one traffic root"))?)
}

pub(super) fn object(env: Env<'_>, keyring: TrafficKeyring) -> Answer<'_> {
    env.stateful(keyring, &[]).map(Some)
}

impl Class for TrafficKeyring {
    const METHODS: &'static [Method<Self>] =
        &[native(c"trafficToken", traffic_token), native(c"verifyTrafficToken", verify_traffic_token)];
    const HAS_HANDLE: bool = true;
}

fn traffic_token<'c>(env: Env<'c>, keyring: &TrafficKeyring, &[id, generation, ..]: &Arguments<'c>) -> Answer<'c> {
    let (id, generation) = (sandbox_id(id, "sandboxId")?, crate::arguments::generation(generation)?);
    keyring.with_traffic_token(&id, generation, |token| env.ascii(token)).map(Some)
}

fn verify_traffic_token<'c>(
    env: Env<'c>,
    keyring: &TrafficKeyring,
    &[id, presented, generation, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (id, mut buffer) = (sandbox_id(id, "sandboxId")?, Short::new());
    let presented = self::presented(presented, &mut buffer, "presented")?;
    answer(env, keyring.verify_traffic_token(&id, crate::arguments::generation(generation)?, presented))
}

/// The traffic root of a seed, for the configuration of an edge: `sg2r.…`, a secret.
pub(crate) fn traffic_root<'c>(env: Env<'c>, _: &Functions, &[key_id, seed, ..]: &Arguments<'c>) -> Answer<'c> {
    let (kid, mut buffer) = (self::key_id(key_id, "keyId")?, Short::new());
    let root = TrafficRoot::derive(kid, text(seed, &mut buffer, "seed")?).map_err(misuse("seed"))?;
    env.ascii(root.expose_bytes()).map(Some)
}
