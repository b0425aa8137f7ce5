//! What v1 gets wrong and keeps for compatibility, pinned so that nobody takes it for safe, and the guards around it.

use sandgate::v1::{FileUrl, FileUrlKey, Keyring};
use sandgate::{AccessToken, Code, Gate, Misuse, Operation, SandboxId, UnixSeconds};

fn key() -> FileUrlKey {
    FileUrlKey::new(&AccessToken::try_from("token").unwrap()).unwrap()
}

#[test]
fn a_colon_makes_two_urls_of_one_signature() {
    let one = key().sign(&FileUrl::download(b"/a:write").user(b"bob"));
    let two = key().sign(&FileUrl::upload(b"/a").user(b"read:bob"));
    assert_eq!(one.as_str(), two.as_str());
}

#[test]
fn nothing_bounds_the_lifetime() {
    let (now, never) = (UnixSeconds::new(1_800_000_000), UnixSeconds::new(i64::MAX));
    for url in [FileUrl::download(b"/a"), FileUrl::download(b"/a").expires(never)] {
        let signature = key().sign(&url);
        assert_eq!(key().verify(&url, signature.as_str().as_bytes(), now), Ok(()));
    }
}

#[test]
fn the_last_second_counts_and_zero_is_a_time() {
    let at = |expires, now| {
        let url = FileUrl::download(b"/a").expires(UnixSeconds::new(expires));
        let signature = key().sign(&url);
        key().verify(&url, signature.as_str().as_bytes(), UnixSeconds::new(now)).map_err(|denied| denied.code())
    };
    assert_eq!(at(100, 99), Ok(()));
    assert_eq!(at(100, 100), Ok(()));
    assert_eq!(at(100, 101), Err(Code::Expired));
    assert_eq!(at(0, 1), Err(Code::Expired));
    assert_eq!(at(i64::MIN, i64::MAX), Err(Code::Expired));
    assert_eq!(at(i64::MAX, i64::MIN), Ok(()));
    assert_eq!(at(-100, -100), Ok(()));
    assert_eq!(at(-100, -99), Err(Code::Expired));
}

#[test]
fn expired_is_said_only_of_what_was_signed() {
    let now = UnixSeconds::new(1_800_000_000);
    let wrong = key().verify_query(Operation::Read, b"path=/a&signature=v1_wrong&signature_expiration=1", now);
    assert_eq!(wrong.unwrap_err().code(), Code::Invalid);
}

#[test]
fn the_traffic_prefix_names_no_sandbox() {
    assert_eq!("sandbox-traffic-abc".parse::<SandboxId>(), Err(Misuse::SandboxId));
    assert!("sandbox-traffic".parse::<SandboxId>().is_ok());
    assert!("Sandbox-traffic-abc".parse::<SandboxId>().is_ok());
}

#[test]
fn a_token_of_v2_signs_no_v1() {
    let token = AccessToken::try_from("sg2a.k.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    assert_eq!(FileUrlKey::new(&token).unwrap_err(), Misuse::V2TokenGiven);
    assert_eq!(sandgate::Controller::new(&[token], sandgate::Policy::E2B_SDKS).unwrap_err(), Misuse::TokenVersion);
    for other in ["sg2", "sg2a", "sg2t", "sg2p.x", "SG2A.x", "SG2T.x", "xsg2a.", "sg2x."] {
        assert!(FileUrlKey::new(&AccessToken::try_from(other).unwrap()).is_ok(), "{other}");
    }
}

#[test]
fn every_seed_verifies_and_the_first_derives() {
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse().unwrap();
    let seed = |number: u8| [number; 16];
    let mut keyring = Keyring::new(&seed(0)).unwrap();
    for number in 1..8 {
        keyring.add(&seed(number)).unwrap();
    }
    assert_eq!(keyring.add(&seed(8)), Err(Misuse::TooManySeeds));
    for number in 0..9 {
        let token = Keyring::new(&seed(number)).unwrap().access_token(&id);
        assert_eq!(keyring.is_valid_access_token(&id, token.expose().as_bytes()), number < 8, "seed {number}");
        assert_eq!(keyring.access_token(&id) == token, number == 0, "seed {number}");
    }
}

#[test]
fn each_kind_of_token_is_refused_at_its_own_gate() {
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse().unwrap();
    let keyring = Keyring::new(&[1; 16]).unwrap();
    for presented in [&b""[..], b"x"] {
        let access = keyring.verify_access_token(&id, presented).unwrap_err();
        let traffic = keyring.verify_traffic_token(&id, presented).unwrap_err();
        assert_eq!((access.gate(), access.status()), (Gate::Route, 401));
        assert_eq!((traffic.gate(), traffic.status()), (Gate::Traffic, 403));
    }
}

#[test]
fn a_presented_token_has_one_spelling() {
    let id: SandboxId = "i94gcaqbpvohfr764s5l".parse().unwrap();
    let keyring = Keyring::new(&[1; 16]).unwrap();
    let token = keyring.access_token(&id).expose().to_owned();
    let code = |presented: &str| keyring.verify_access_token(&id, presented.as_bytes()).map_err(|denied| denied.code());
    assert_eq!(code(&token), Ok(()));
    assert_eq!(code(""), Err(Code::Missing));
    for wrong in
        [token.to_uppercase(), format!("{token} "), format!(" {token}"), token[1..].to_owned(), token.repeat(5)]
    {
        assert_eq!(code(&wrong), Err(Code::Invalid), "{wrong}");
    }
    for at in 0..token.len() {
        let mut wrong = token.clone().into_bytes();
        wrong[at] ^= 1;
        assert!(!keyring.is_valid_access_token(&id, &wrong), "byte {at}");
    }
}
