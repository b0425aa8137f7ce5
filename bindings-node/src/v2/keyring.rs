//! The deployment's seeds, v2.

use super::traffic_keyring;
use crate::arguments::{Short, key_id, presented, sandbox_id, text, texts};
use crate::class::{Arguments, Class, Functions, Method, native};
use crate::host::{Answer, Env, clean_stack};
use crate::refusals::answer;
use crate::thrown::{misuse, wrong_value};
use sandgate::v2::Keyring;

/// 1 to 8 seeds of at least 32 bytes each with their key ids: the first one derives tokens, all verify them.
pub(crate) fn keyring<'c>(env: Env<'c>, _: &Functions, &[key_ids, seeds, ..]: &Arguments<'c>) -> Answer<'c> {
    let (mut key_ids, mut seeds) = (texts(key_ids, "keyIds")?, texts(seeds, "seeds")?);
    let mut keyring: Option<Keyring> = None;
    loop {
        let (kid, seed) = match (key_ids.next(), seeds.next()) {
            (Some(kid), Some(seed)) => (key_id(kid?, "seeds")?, seed?),
            (None, None) => break,
            _ => return Err(wrong_value("seeds", "must contain one key id for each seed")),
        };
        let mut buffer = Short::new();
        let seed = text(seed, &mut buffer, "seeds")?;
        match &mut keyring {
            Some(keyring) => keyring.add(kid, seed).map_err(misuse("seeds"))?,
            None => keyring = Some(Keyring::new(kid, seed).map_err(misuse("seeds"))?),
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
        native(c"traffic", traffic),
    ];
}

fn access_token<'c>(env: Env<'c>, keyring: &Keyring, &[id, generation, ..]: &Arguments<'c>) -> Answer<'c> {
    let (id, generation) = (sandbox_id(id, "sandboxId")?, crate::arguments::generation(generation)?);
    keyring.with_access_token(&id, generation, |token| env.ascii(token)).map(Some)
}

fn traffic_token<'c>(env: Env<'c>, keyring: &Keyring, &[id, generation, ..]: &Arguments<'c>) -> Answer<'c> {
    let (id, generation) = (sandbox_id(id, "sandboxId")?, crate::arguments::generation(generation)?);
    keyring.with_traffic_token(&id, generation, |token| env.ascii(token)).map(Some)
}

fn verify_access_token<'c>(
    env: Env<'c>,
    keyring: &Keyring,
    &[id, presented, generation, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (id, mut buffer) = (sandbox_id(id, "sandboxId")?, Short::new());
    let presented = self::presented(presented, &mut buffer, "presented")?;
    answer(env, keyring.verify_access_token(&id, crate::arguments::generation(generation)?, presented))
}

fn verify_traffic_token<'c>(
    env: Env<'c>,
    keyring: &Keyring,
    &[id, presented, generation, ..]: &Arguments<'c>,
) -> Answer<'c> {
    let (id, mut buffer) = (sandbox_id(id, "sandboxId")?, Short::new());
    let presented = self::presented(presented, &mut buffer, "presented")?;
    answer(env, keyring.verify_traffic_token(&id, crate::arguments::generation(generation)?, presented))
}

/// What an edge is given: all that is needed for traffic, and nothing that opens a controller.
fn traffic<'c>(env: Env<'c>, keyring: &Keyring, _: &Arguments<'c>) -> Answer<'c> {
    clean_stack(|| traffic_keyring::object(env, keyring.traffic().clone()))
}
