//! The deployment's seeds, v1.

use crate::arguments::{Short, presented, sandbox_id, text, texts};
use crate::raw::{Answer, Env, Value};
use crate::refusals::answer;
use crate::thrown::{misuse, wrong_value};
use sandgate::v1::Keyring;
use std::rc::Rc;

/// 1 to 8 seeds of at least 16 bytes each: the first one derives tokens, all verify them.
pub(crate) fn keyring<'c>(env: Env<'c>, (): &(), [seeds]: [Value<'c>; 1]) -> Answer<'c> {
    let mut keyring: Option<Keyring> = None;
    for seed in texts(seeds, "seeds")? {
        let mut room = Short::new();
        let seed = text(seed?, &mut room, "seed")?;
        match &mut keyring {
            Some(keyring) => keyring.add(seed).map_err(misuse("seed"))?,
            None => keyring = Some(Keyring::new(seed).map_err(misuse("seed"))?),
        }
    }
    let keyring = Rc::new(keyring.ok_or_else(|| wrong_value("seeds", "at least one seed is required"))?);
    env.natives(&[
        (c"handle", env.handle(Rc::clone(&keyring))?),
        (c"accessToken", env.function(c"accessToken", &keyring, access_token)?),
        (c"trafficToken", env.function(c"trafficToken", &keyring, traffic_token)?),
        (c"verifyAccessToken", env.function(c"verifyAccessToken", &keyring, verify_access_token)?),
        (c"verifyTrafficToken", env.function(c"verifyTrafficToken", &keyring, verify_traffic_token)?),
    ])
    .map(Some)
}

fn access_token<'c>(env: Env<'c>, keyring: &Keyring, [id]: [Value<'c>; 1]) -> Answer<'c> {
    keyring.with_access_token(&sandbox_id(id, "sandboxId")?, |token| env.ascii(token)).map(Some)
}

fn traffic_token<'c>(env: Env<'c>, keyring: &Keyring, [id]: [Value<'c>; 1]) -> Answer<'c> {
    keyring.with_traffic_token(&sandbox_id(id, "sandboxId")?, |token| env.ascii(token)).map(Some)
}

fn verify_access_token<'c>(env: Env<'c>, keyring: &Keyring, [id, presented]: [Value<'c>; 2]) -> Answer<'c> {
    let (id, mut room) = (sandbox_id(id, "sandboxId")?, Short::new());
    answer(env, keyring.verify_access_token(&id, self::presented(presented, &mut room, "presented")?))
}

fn verify_traffic_token<'c>(env: Env<'c>, keyring: &Keyring, [id, presented]: [Value<'c>; 2]) -> Answer<'c> {
    let (id, mut room) = (sandbox_id(id, "sandboxId")?, Short::new());
    answer(env, keyring.verify_traffic_token(&id, self::presented(presented, &mut room, "presented")?))
}
