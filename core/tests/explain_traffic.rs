//! Why a pass or a signed host is refused: each mistake is told from the others.
#![cfg(feature = "explain")]

use sandgate::explain::{Change, Explanation, pass, signed_host};
use sandgate::{AccessToken, Code, Context, Misuse, Port, SandboxId, TrafficToken, UnixSeconds, v2};

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);
const END: UnixSeconds = UnixSeconds::new(1_800_000_060);

fn id(text: &str) -> SandboxId {
    text.parse().unwrap()
}

fn port(number: u16) -> Port {
    Port::try_from(number).unwrap()
}

fn token(kid: char) -> TrafficToken {
    v2::Keyring::new(kid.try_into().unwrap(), &[7; 32]).unwrap().traffic_token(&id("abc"), 0)
}

fn key() -> v2::TrafficKey {
    v2::TrafficKey::new(&token('a')).unwrap()
}

fn context() -> Context<'static> {
    Context::try_from("203.0.113.7").unwrap()
}

fn of_pass<'q>(presented: &'q str, context: Option<Context<'_>>) -> Option<Explanation<'q>> {
    pass(&token('a'), presented.as_bytes(), port(8080), context, NOW).unwrap()
}

fn of_host(label: &str) -> Option<Explanation<'_>> {
    signed_host(&token('a'), label.as_bytes(), &id("abc"), port(8080), NOW).unwrap()
}

#[test]
fn what_is_accepted_needs_no_explanation() {
    let issued = key().issue_pass(port(8080), END, Some(context())).unwrap();
    assert_eq!(of_pass(issued.as_str(), Some(context())), None);
    let host = key().issue_signed_host(&id("abc"), port(8080), END).unwrap();
    assert_eq!(of_host(host.as_str()), None);
}

#[test]
fn mistakes_of_a_pass() {
    let issued = key().issue_pass(port(8080), END, None).unwrap().to_string();
    let change =
        |text: &str, context| of_pass(text, context).and_then(|why| why.change.map(|change| change.to_string()));
    assert_eq!(of_pass(&issued.replace(".8080.", ".9090."), None).unwrap().change, Some(Change::Port(port(8080))));
    assert_eq!(
        of_pass(&issued.replace("sg2p.a.", "sg2p.b."), None).unwrap().change,
        Some(Change::KeyId('a'.try_into().unwrap()))
    );
    assert_eq!(change(&issued, Some(context())).as_deref(), Some("the signature is right without context"));
    assert!(change(&format!("{issued}="), None).unwrap().contains("in another spelling"));
    assert_eq!(change(&issued.replace("1800000060", "1800000061"), None), None, "no change that is tried helps");
    let signed = key().issue_pass(port(8080), END, Some(context())).unwrap().to_string();
    assert_eq!(change(&signed, None), None, "a context cannot be guessed");
}

#[test]
fn mistakes_of_a_signed_host() {
    let host = key().issue_signed_host(&id("abc"), port(8080), END).unwrap().to_string();
    assert_eq!(of_host(&host.replace("8080-", "9090-")).unwrap().change, Some(Change::Port(port(8080))));
    assert_eq!(of_host(&host.replace("-abc-", "-abd-")).unwrap().change, Some(Change::SandboxId(id("abc"))));
    assert_eq!(
        of_host(&host.replace("-abc-a", "-abc-b")).unwrap().change,
        Some(Change::KeyId('a'.try_into().unwrap()))
    );
    assert_eq!(of_host("8080-abc").unwrap().denied.code(), Code::Malformed);
}

#[test]
fn time_and_scope_are_told_with_the_end_and_without_a_change() {
    let late = key().issue_pass(port(8080), UnixSeconds::new(5), None).unwrap();
    let why = of_pass(late.as_str(), None).unwrap();
    assert_eq!((why.denied.code(), why.expires, why.change), (Code::Expired, Some(UnixSeconds::new(5)), None));
    let other = key().issue_pass(port(9090), END, None).unwrap();
    let why = of_pass(other.as_str(), None).unwrap();
    assert_eq!((why.denied.code(), why.change), (Code::OutOfScope, None));
    assert_eq!(why.to_string(), "the signature is right, and it is for another port than the requested one");
    assert_eq!(of_pass("", None).unwrap().to_string(), "nothing was presented");
}

#[test]
fn another_secret_is_misuse() {
    let keyring = v2::Keyring::new('a'.try_into().unwrap(), &[7; 32]).unwrap();
    let access: AccessToken = keyring.access_token(&id("abc"), 0);
    let access = TrafficToken::try_from(access.expose()).unwrap();
    assert_eq!(pass(&access, b"", port(1), None, NOW).unwrap_err(), Misuse::AccessTokenGiven);
}
