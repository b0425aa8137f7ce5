//! The deployment's seeds, v1.

use crate::arguments::{Short, presented, sandbox_id, text, texts};
use crate::class::{Arguments, Class, Functions, Method, native};
use crate::host::{Answer, Env};
use crate::refusals::answer;
use crate::thrown::{misuse, wrong_value};
use sandgate::v1::Keyring;

/// 1 to 8 seeds of at least 16 bytes each: the first one derives tokens, all verify them.
pub(crate) fn keyring<'c>(env: Env<'c>, _: &Functions, &[seeds, ..]: &Arguments<'c>) -> Answer<'c> {
    let mut keyring: Option<Keyring> = None;
    for seed in texts(seeds, "seeds")? {
        let mut buffer = Short::new();
        let seed = text(seed?, &mut buffer, "seed")?;
        match &mut keyring {
            Some(keyring) => keyring.add(seed).map_err(misuse("seed"))?,
            None => keyring = Some(Keyring::new(seed).map_err(misuse("seed"))?),
        }
    }
    let keyring = keyring.ok_or_else(|| wrong_value("seeds", "must contain at least one seed"))?;
    env.stateful(keyring, &[]).map(Some)
}

impl Class for Keyring {
    const METHODS: &'static [Method<Self>] = &[
        native(c"accessToken", access_token),
        native(c"trafficToken", traffic_token),
        native(c"verifyAccessToken", verify_access_token),
        native(c"verifyTrafficToken", verify_traffic_token),
    ];
    const HAS_HANDLE: bool = true;
}

fn access_token<'c>(env: Env<'c>, keyring: &Keyring, &[id, ..]: &Arguments<'c>) -> Answer<'c> {
    keyring.with_access_token(&sandbox_id(id, "sandboxId")?, |token| env.ascii(token)).map(Some)
}

fn traffic_token<'c>(env: Env<'c>, keyring: &Keyring, &[id, ..]: &Arguments<'c>) -> Answer<'c> {
    keyring.with_traffic_token(&sandbox_id(id, "sandboxId")?, |token| env.ascii(token)).map(Some)
}

fn verify_access_token<'c>(env: Env<'c>, keyring: &Keyring, &[id, presented, ..]: &Arguments<'c>) -> Answer<'c> {
    let (id, mut buffer) = (sandbox_id(id, "sandboxId")?, Short::new());
    answer(env, keyring.verify_access_token(&id, self::presented(presented, &mut buffer, "presented")?))
}

fn verify_traffic_token<'c>(env: Env<'c>, keyring: &Keyring, &[id, presented, ..]: &Arguments<'c>) -> Answer<'c> {
    let (id, mut buffer) = (sandbox_id(id, "sandboxId")?, Short::new());
    answer(env, keyring.verify_traffic_token(&id, self::presented(presented, &mut buffer, "presented")?))
}
