//! v2 seeds, tokens and controllers: rotation, revocation, and separation of purposes.

use sandgate::v2::{FileUrl, FileUrlKey, Keyring, TrafficKey, TrafficKeyring, TrafficRoot};
use sandgate::{
    AccessToken, Code, Controller, Denied, Edge, Gate, Header, KeyId, Misuse, Policy, Port, Request, Route, SandboxId,
    SandboxState, TrafficToken, UnixSeconds, Versions, v1,
};

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);
const END: UnixSeconds = UnixSeconds::new(1_800_000_060);

fn kid(name: &str) -> KeyId {
    name.parse().unwrap()
}

fn id() -> SandboxId {
    "i94gcaqbpvohfr764s5l".parse().unwrap()
}

fn keyring(names: &str) -> Keyring {
    let seed = |name: char| [name as u8; 32];
    let mut names = names.chars();
    let first = names.next().unwrap();
    let mut keyring = Keyring::new(first.try_into().unwrap(), &seed(first)).unwrap();
    names.for_each(|name| keyring.add(name.try_into().unwrap(), &seed(name)).unwrap());
    keyring
}

fn target(token: &AccessToken) -> String {
    let mut url = String::new();
    FileUrlKey::new(token).unwrap().write_url(&mut url, "x", &FileUrl::download(b"/a", END)).unwrap();
    url[1..].to_owned()
}

fn check(controller: &Controller, target: &str) -> Result<(), Code> {
    controller.check(&Request::new(b"GET", target.as_bytes()), NOW).map(drop).map_err(Denied::code)
}

#[test]
fn a_keyring_holds_distinct_seeds_under_distinct_key_ids() {
    assert_eq!(Keyring::new(kid("a"), &[1; 31]).unwrap_err(), Misuse::WeakSeed);
    assert_eq!(TrafficRoot::derive(kid("a"), &[1; 31]).unwrap_err(), Misuse::WeakSeed);
    let mut keyring = Keyring::new(kid("a"), &[1; 32]).unwrap();
    assert_eq!(keyring.add(kid("b"), &[2; 31]), Err(Misuse::WeakSeed));
    assert_eq!(keyring.add(kid("a"), &[2; 32]), Err(Misuse::RepeatedKey));
    assert_eq!(keyring.add(kid("b"), &[1; 32]), Err(Misuse::RepeatedKey));
    // HMAC treats a key and the same key with a zero appended as one key. A seed is the message, so the two differ.
    let padded: Vec<u8> = [1; 32].into_iter().chain([0]).collect();
    assert_eq!(keyring.add(kid("b"), &padded), Ok(()));
    for number in 2..8 {
        assert_eq!(keyring.add(KeyId::try_from(b'0' + number).unwrap(), &[number; 32]), Ok(()));
    }
    assert_eq!(keyring.add(kid("z"), &[9; 32]), Err(Misuse::TooManySeeds));

    let mut edge = TrafficKeyring::new(&TrafficRoot::derive(kid("a"), &[1; 32]).unwrap()).unwrap();
    assert_eq!(edge.add(&TrafficRoot::derive(kid("a"), &[2; 32]).unwrap()), Err(Misuse::RepeatedKey));
    assert_eq!(edge.add(&TrafficRoot::derive(kid("b"), &[1; 32]).unwrap()), Err(Misuse::RepeatedKey));
    for number in 0..7 {
        let root = TrafficRoot::derive(KeyId::try_from(b'0' + number).unwrap(), &[10 + number; 32]).unwrap();
        assert_eq!(edge.add(&root), Ok(()));
    }
    assert_eq!(edge.add(&TrafficRoot::derive(kid("z"), &[30; 32]).unwrap()), Err(Misuse::TooManySeeds));
}

#[test]
fn a_seed_rotates_without_an_outage() {
    let (old, new) = (keyring("a"), keyring("b"));
    let [old_token, new_token] = [&old, &new].map(|keyring| keyring.access_token(&id(), 0));
    let (appended, moved) = (keyring("ab"), keyring("ba"));
    assert_eq!(appended.access_token(&id(), 0), old_token);
    assert_eq!(moved.access_token(&id(), 0), new_token);
    for both in [&appended, &moved] {
        for token in [&old_token, &new_token] {
            assert!(both.is_valid_access_token(&id(), 0, token.expose().as_bytes()));
        }
        for token in [old.traffic_token(&id(), 0), new.traffic_token(&id(), 0)] {
            assert!(both.traffic().is_valid_traffic_token(&id(), 0, token.expose().as_bytes()));
        }
    }
    assert!(!old.is_valid_access_token(&id(), 0, new_token.expose().as_bytes()));
    // At the controller: URLs of both keys verify, and the header may carry either token.
    let mut controller = Controller::new(core::slice::from_ref(&old_token), Policy::default()).unwrap();
    assert_eq!(check(&controller, &target(&new_token)), Err(Code::Invalid));
    controller.add(&new_token).unwrap();
    for token in [&old_token, &new_token] {
        assert_eq!(check(&controller, &target(token)), Ok(()));
        let request = Request::new(b"GET", b"/metrics").access_token(Header::Once(token.expose().as_bytes()));
        assert!(controller.check(&request, NOW).is_ok());
    }
    // A signature of one key under the other key id.
    let confused = target(&old_token).replace("signature=v2.a.", "signature=v2.b.");
    assert_eq!(check(&controller, &confused), Err(Code::Invalid));
}

#[test]
fn new_generation_revokes_the_previous_one() {
    let keyring = keyring("a");
    let tokens: Vec<AccessToken> = [0, 1, u32::MAX].map(|generation| keyring.access_token(&id(), generation)).into();
    for (at, token) in tokens.iter().enumerate() {
        for (other, generation) in [0, 1, u32::MAX].into_iter().enumerate() {
            assert_eq!(keyring.is_valid_access_token(&id(), generation, token.expose().as_bytes()), at == other);
        }
    }
    let controller = Controller::new(&tokens[1..2], Policy::default()).unwrap();
    assert_eq!(check(&controller, &target(&tokens[0])), Err(Code::Invalid));
    assert_eq!(check(&controller, &target(&tokens[1])), Ok(()));

    let edge = Edge::new(Policy::default()).v2_keyring(keyring.traffic().clone());
    let route = Route::new(id(), Port::try_from(80).unwrap());
    let old = keyring.traffic_token(&id(), 0);
    let pass = TrafficKey::new(&old).unwrap().issue_pass(route.port(), END, None).unwrap();
    for presented in [old.expose(), pass.as_str()] {
        let request = Request::new(b"GET", b"/").traffic_token(Header::Once(presented.as_bytes()));
        let at = |generation| {
            let state = SandboxState::restricted().generation(generation);
            edge.check(&route, state, &request, NOW).map(drop).map_err(Denied::code)
        };
        assert_eq!((at(0), at(1)), (Ok(()), Err(Code::Invalid)));
    }
}

#[test]
fn keys_do_not_cross_sandboxes_or_purposes() {
    let (keyring, other) = (keyring("a"), "other".parse::<SandboxId>().unwrap());
    let (access, traffic) = (keyring.access_token(&id(), 0), keyring.traffic_token(&id(), 0));
    assert!(!keyring.is_valid_access_token(&other, 0, access.expose().as_bytes()));
    assert!(!keyring.is_valid_traffic_token(&other, 0, traffic.expose().as_bytes()));

    // Each kind of text instead of each other kind is malformed, or with a forged prefix invalid.
    let forged = |token: &str, prefix: &str| token.replacen(&token[..5], prefix, 1);
    let code = |answer: Result<(), Denied>| answer.map_err(|denied| (denied.gate(), denied.code()));
    let route = |presented: &str| code(keyring.verify_access_token(&id(), 0, presented.as_bytes()));
    let edge = |presented: &str| code(keyring.verify_traffic_token(&id(), 0, presented.as_bytes()));
    assert_eq!(route(access.expose()), Ok(()));
    assert_eq!(route(traffic.expose()), Err((Gate::Route, Code::Malformed)));
    assert_eq!(route(&forged(traffic.expose(), "sg2a.")), Err((Gate::Route, Code::Invalid)));
    assert_eq!(route(""), Err((Gate::Route, Code::Missing)));
    assert_eq!(edge(traffic.expose()), Ok(()));
    assert_eq!(edge(access.expose()), Err((Gate::Traffic, Code::Malformed)));
    assert_eq!(edge(&forged(access.expose(), "sg2t.")), Err((Gate::Traffic, Code::Invalid)));
    let root = TrafficRoot::derive(kid("a"), &[b'a'; 32]).unwrap();
    assert_eq!(edge(&forged(root.expose(), "sg2t.")), Err((Gate::Traffic, Code::Invalid)));

    // The same bytes as a key of another purpose make other signatures.
    let as_traffic: TrafficToken = forged(access.expose(), "sg2t.").parse().unwrap();
    let (key, wrong) = (TrafficKey::new(&traffic).unwrap(), TrafficKey::new(&as_traffic).unwrap());
    let port = Port::try_from(80).unwrap();
    let pass = wrong.issue_pass(port, END, None).unwrap();
    assert_eq!(key.verify_pass(pass.as_str().as_bytes(), port, None, NOW).unwrap_err().code(), Code::Invalid);
    // A pass and a signed host with the same claims have tags of different keys.
    let (pass, host) = (key.issue_pass(port, END, None).unwrap(), key.issue_signed_host(&id(), port, END).unwrap());
    assert_eq!(key.verify_pass(host.as_str().as_bytes(), port, None, NOW).unwrap_err().code(), Code::Malformed);
    assert_eq!(key.verify_signed_host(pass.as_str().as_bytes(), &id(), port, NOW).unwrap_err().code(), Code::Malformed);
}

#[test]
fn every_single_change_of_a_token_is_refused() {
    let keyring = keyring("a");
    let token = keyring.access_token(&id(), 0).expose().as_bytes().to_vec();
    for at in 0..token.len() {
        for byte in (0..=255).filter(|byte| *byte != token[at]) {
            let mut wrong = token.clone();
            wrong[at] = byte;
            let code = keyring.verify_access_token(&id(), 0, &wrong).unwrap_err().code();
            let spelled = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            let kid_spelled = byte.is_ascii_digit() || byte.is_ascii_lowercase();
            let shaped = match at {
                0..5 | 6 => false,
                5 => kid_spelled,
                _ => spelled,
            };
            assert_eq!(code, if shaped { Code::Invalid } else { Code::Malformed }, "{}", wrong.escape_ascii());
        }
    }
}

#[test]
fn wrong_kind_of_token_is_named() {
    let keyring = keyring("a");
    let access = keyring.access_token(&id(), 0).expose().to_owned();
    let traffic = keyring.traffic_token(&id(), 0).expose().to_owned();
    let root = TrafficRoot::derive(kid("a"), &[1; 32]).unwrap().expose().to_owned();
    let file_url_key = |token: &str| FileUrlKey::new(&token.parse().unwrap()).map(drop);
    let traffic_key = |token: &str| TrafficKey::new(&token.parse().unwrap()).map(drop);
    let traffic_keyring = |root: &str| TrafficKeyring::new(&root.parse().unwrap()).map(drop);
    for (given, misuse) in [
        (&access[..], Misuse::AccessTokenGiven),
        (&traffic, Misuse::TrafficTokenGiven),
        (&root, Misuse::TrafficRootGiven),
        ("a token of v1", Misuse::V1TokenGiven),
    ] {
        let expected = |right: &str| if given == right { Ok(()) } else { Err(misuse) };
        assert_eq!(file_url_key(given), expected(&access), "{given}");
        assert_eq!(traffic_key(given), expected(&traffic), "{given}");
        assert_eq!(traffic_keyring(given), expected(&root), "{given}");
    }
    // Whatever follows the prefix, none is a token of v1 either.
    for (given, misuse) in [
        (&access[..], Misuse::V2TokenGiven),
        (&traffic, Misuse::TrafficTokenGiven),
        ("sg2t.", Misuse::TrafficTokenGiven),
        (&root, Misuse::TrafficRootGiven),
        ("sg2r.x", Misuse::TrafficRootGiven),
    ] {
        let token: AccessToken = given.parse().unwrap();
        assert_eq!(v1::FileUrlKey::new(&token).unwrap_err(), misuse, "{given}");
        assert_eq!(v1::FileUrl::download(b"/a").sign_once(given.as_bytes()).unwrap_err(), misuse, "{given}");
        if misuse != Misuse::V2TokenGiven {
            for policy in [Policy::default(), Policy::E2B_SDKS, Policy::V2_ALONE] {
                assert_eq!(Controller::new(std::slice::from_ref(&token), policy).unwrap_err(), misuse, "{given}");
            }
        }
    }
    assert!(Misuse::AccessTokenGiven.message().starts_with("this is an access token (sg2a.)"));
    assert!(Misuse::TrafficTokenGiven.message().contains("a traffic keyring needs a traffic root"));
}

#[test]
fn a_token_of_the_wrong_shape_is_wrong_use() {
    let token = keyring("a").access_token(&id(), 0).expose().to_owned();
    let spare = format!("{}{}", &token[..49], if token.ends_with('A') { 'B' } else { spare_of(&token) });
    for wrong in [
        "sg2a.",
        "sg2a.a.",
        &token[..49],
        &format!("{token}="),
        &token.replace("sg2a.a.", "sg2a.A."),
        &token.replacen('a', "a\n", 1),
        &spare,
    ] {
        let token: AccessToken = wrong.parse().unwrap();
        let expected = if wrong.starts_with("sg2a.") { Misuse::TokenShape } else { Misuse::V1TokenGiven };
        assert_eq!(FileUrlKey::new(&token).unwrap_err(), expected, "{wrong:?}");
        if expected == Misuse::TokenShape {
            assert_eq!(Controller::new(&[token], Policy::default()).unwrap_err(), Misuse::TokenShape, "{wrong:?}");
        }
    }
    assert_eq!(FileUrlKey::new(&"0123".parse().unwrap()).unwrap_err(), Misuse::V1TokenGiven);
    assert_eq!(TrafficKey::new(&"0123".parse().unwrap()).unwrap_err(), Misuse::V1TokenGiven);
    assert_eq!(TrafficKey::new(&"sg2t.a.x".parse().unwrap()).unwrap_err(), Misuse::TokenShape);
    assert_eq!(TrafficKeyring::new(&"sg2r.a.x".parse().unwrap()).unwrap_err(), Misuse::TokenShape);
}

/// Sets one of the two unused bits in the last character.
fn spare_of(token: &str) -> char {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = alphabet.find(token.chars().last().unwrap()).unwrap();
    alphabet.as_bytes()[last | 1] as char
}

#[test]
fn downgrade_to_v1_is_refused() {
    let (v2_token, v1_token): (AccessToken, AccessToken) =
        (keyring("a").access_token(&id(), 0), "0123456789abcdef".parse().unwrap());
    let [v1_alone, both, v2_alone] = [Policy::E2B_SDKS, Policy::default(), Policy::V2_ALONE];
    let new = |tokens: &[&AccessToken], policy| {
        let tokens: Vec<AccessToken> = tokens.iter().map(|token| (*token).clone()).collect();
        Controller::new(&tokens, policy).map(drop)
    };
    assert_eq!(new(&[&v2_token, &v1_token], both), Err(Misuse::MixedVersions));
    assert_eq!(new(&[&v1_token, &v2_token], both), Err(Misuse::MixedVersions));
    assert_eq!(new(&[&v2_token], v1_alone), Err(Misuse::TokenVersion));
    assert_eq!(new(&[&v1_token], v2_alone), Err(Misuse::TokenVersion));
    assert_eq!(new(&[&v1_token], both.versions(Versions::V2)), Err(Misuse::TokenVersion));
    assert_eq!(new(&[&v2_token, &v2_token], both), Err(Misuse::RepeatedToken));
    let all: Vec<AccessToken> =
        "abcdefghi".chars().map(|name| keyring(&name.to_string()).access_token(&id(), 0)).collect();
    assert_eq!(new(&all.iter().take(8).collect::<Vec<_>>(), both), Ok(()));
    assert_eq!(new(&all.iter().collect::<Vec<_>>(), both), Err(Misuse::TooManyTokens));
    // Each of eight tokens is tried, in the header and by its key id.
    let eight = Controller::new(&all[..8], both).unwrap();
    for token in &all[..8] {
        let request = Request::new(b"GET", b"/metrics").access_token(Header::Once(token.expose().as_bytes()));
        assert!(eight.check(&request, NOW).is_ok());
        assert_eq!(check(&eight, &target(token)), Ok(()));
    }
    assert_eq!(check(&eight, &target(&all[8])), Err(Code::Invalid));
    // A refused addition does not change a controller.
    let mut controller = Controller::new(core::slice::from_ref(&v2_token), both).unwrap();
    assert_eq!(controller.add(&v1_token), Err(Misuse::MixedVersions));
    assert_eq!(check(&controller, &target(&v2_token)), Ok(()));

    // A v1 signature is not a v2 signature, even if it was made with the text of the token.
    assert_eq!(v1::FileUrlKey::new(&v2_token).unwrap_err(), Misuse::V2TokenGiven);
    let v1_query =
        "/files?path=/a&signature=v1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&signature_expiration=1800000060";
    assert_eq!(check(&controller, v1_query), Err(Code::Malformed));
    let old = Controller::new(&[v1_token], both).unwrap();
    assert_eq!(check(&old, &target(&v2_token)), Err(Code::Invalid));
    // With v1 tokens the routes are those of v1.
    let head = old.check(&Request::new(b"HEAD", b"/files"), NOW).unwrap_err();
    assert_eq!((head.gate(), head.code()), (Gate::Route, Code::Missing));
}

#[test]
fn policy_can_require_an_expiry_in_v1() {
    let token: AccessToken = "0123456789abcdef".parse().unwrap();
    let url = |url: v1::FileUrl<'_>| {
        let mut text = String::new();
        v1::FileUrlKey::new(&token).unwrap().write_url(&mut text, "x", &url).unwrap();
        text[1..].to_owned()
    };
    let (endless, ending) = (url(v1::FileUrl::download(b"/a")), url(v1::FileUrl::download(b"/a").expires(END)));
    let controller = |required| {
        let policy = Policy::default().v1_expiry_required(required);
        Controller::new(core::slice::from_ref(&token), policy).unwrap()
    };
    assert_eq!(check(&controller(false), &endless), Ok(()));
    assert_eq!(check(&controller(true), &ending), Ok(()));
    assert_eq!(check(&controller(true), &endless), Err(Code::LifetimeTooLong));
    assert_eq!(check(&controller(true), &endless.replace("path=%2Fa", "path=%2Fb")), Err(Code::Invalid), "tag first");
}
