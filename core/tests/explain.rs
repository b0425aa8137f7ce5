//! Each mistake is told from the others, and a URL without one needs no explanation.
#![cfg(feature = "explain")]

use sandgate::explain::{Change, Explanation, file_url};
use sandgate::{AccessToken, Code, Context, Misuse, Operation, UnixSeconds, v1, v2};

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);
const END: UnixSeconds = UnixSeconds::new(1_800_000_060);

fn v1_token() -> AccessToken {
    "0123456789abcdef".parse().unwrap()
}

fn v2_token(kid: &str) -> AccessToken {
    let keyring = v2::Keyring::new(kid.parse().unwrap(), &[kid.as_bytes()[0]; 32]).unwrap();
    keyring.access_token(&"abc".parse().unwrap(), 0)
}

fn v1_query(url: &v1::FileUrl<'_>) -> String {
    let mut text = String::new();
    v1::FileUrlKey::new(&v1_token()).unwrap().write_url(&mut text, "x", url).unwrap();
    text.split_once('?').unwrap().1.to_owned()
}

fn v2_query(kid: &str, url: &v2::FileUrl<'_>) -> String {
    let mut text = String::new();
    v2::FileUrlKey::new(&v2_token(kid)).unwrap().write_url(&mut text, "x", url).unwrap();
    text.split_once('?').unwrap().1.to_owned()
}

fn explain(tokens: &[AccessToken], query: &str, context: Option<Context<'_>>) -> Option<Explanation> {
    file_url(tokens, Operation::Read, query.as_bytes(), context, NOW).unwrap()
}

fn v1_change(query: &str) -> Option<Change> {
    explain(&[v1_token()], query, None).and_then(|explained| explained.change)
}

fn v2_change(query: &str) -> Option<Change> {
    explain(&[v2_token("a"), v2_token("b")], query, None).and_then(|explained| explained.change)
}

#[test]
fn a_url_that_is_right_needs_no_explanation() {
    let read = v1::FileUrl::read(b"/a");
    assert_eq!(explain(&[v1_token()], &v1_query(&read), None), None);
    assert_eq!(explain(&[v2_token("a"), v2_token("b")], &v2_query("b", &v2::FileUrl::read(b"/a", END)), None), None);
}

#[test]
fn the_mistakes_of_v1() {
    let url = v1::FileUrl::read(b"/a b+c").user(b"user").expires(END);
    let right = v1_query(&url);
    assert_eq!(v1_change(&v1_query(&v1::FileUrl::write(b"/a"))), Some(Change::Operation(Operation::Write)));
    assert_eq!(v1_change(&right.replace("&username=user", "")), Some(Change::User(Some(b"user".to_vec()))));
    assert_eq!(
        v1_change(&v1_query(&v1::FileUrl::read(b"/a")).replace("&sig", "&username=bob&sig")),
        Some(Change::User(None))
    );
    assert_eq!(v1_change(&right.replace("%2Fa%20b%2Bc", "%252Fa%2520b%252Bc")), Some(Change::Path(b"/a b+c".to_vec())));
    assert_eq!(
        v1_change(&v1_query(&v1::FileUrl::read(b"/a+b")).replace("%2Fa%2B", "%2Fa+")),
        Some(Change::Path(b"/a+b".to_vec()))
    );
    assert_eq!(
        v1_change(&v1_query(&v1::FileUrl::read(b"/d/")).replace("%2Fd%2F", "%2Fd")),
        Some(Change::Path(b"/d/".to_vec()))
    );
    assert_eq!(
        v1_change(&v1_query(&v1::FileUrl::read(b"d")).replace("path=d", "path=/d")),
        Some(Change::Path(b"d".to_vec()))
    );
    assert_eq!(v1_change(&right.replace("=1800000060", "=1800000060000")), Some(Change::Expires(Some(END))));
    let endless = v1_query(&v1::FileUrl::read(b"/a"));
    assert_eq!(v1_change(&format!("{endless}&signature_expiration=1800000060")), Some(Change::Expires(None)));
    assert_eq!(v1_change(&right.replace("path=%2Fa", "path=%2Fz")), None, "nothing that is tried helps");
}

#[test]
fn a_signature_that_was_not_escaped() {
    // One with a + in it, which an unescaped query turns into a space.
    let paths = (0..200).map(|number| format!("/file-{number}"));
    let query =
        paths.map(|path| v1_query(&v1::FileUrl::read(path.as_bytes()))).find(|query| query.contains("%2B")).unwrap();
    for spoiled in [
        query.replace("%2B", "+"),
        format!("{query}%3D"),
        query.replace("%2B", "-").replace("%2F", "_").replacen("path=_", "path=/", 1),
    ] {
        let Some(Change::Signature(right)) = v1_change(&spoiled) else { panic!("{spoiled}") };
        assert!(right.starts_with(b"v1_"), "{spoiled}");
    }
}

#[test]
fn the_mistakes_of_v2() {
    let context = Context::try_from("here").unwrap();
    let right = v2_query("a", &v2::FileUrl::read(b"/d/a", END).user(b"user"));
    assert_eq!(v2_change(&right.replace("v2.a.", "v2.b.")), Some(Change::KeyId("a".parse().unwrap())));
    assert_eq!(v2_change(&right.replace("username=user", "username=root")), Some(Change::User(Some(b"user".to_vec()))));
    assert_eq!(v2_change(&format!("{right}&signature_directory=/d/")), Some(Change::Directory(None)));
    let directory = v2_query("b", &v2::FileUrl::read(b"/d/a", END).directory(b"/d/"));
    assert_eq!(
        v2_change(&directory.replace("&signature_directory=%2Fd%2F", "")),
        Some(Change::Directory(Some(b"/d/".to_vec())))
    );
    assert!(matches!(v2_change(&right.replace("&signature_exp", "%3D&signature_exp")), Some(Change::Signature(_))));
    let explained = explain(&[v2_token("a")], &right, Some(context)).unwrap();
    assert_eq!((explained.denied.code(), explained.change), (Code::Invalid, Some(Change::NoContext)));
    let write = |query: &str| {
        let explained = file_url(&[v2_token("a")], Operation::Write, query.as_bytes(), None, NOW).unwrap();
        explained.unwrap().change
    };
    let plain = v2_query("a", &v2::FileUrl::write(b"/a", END));
    assert_eq!(write(&format!("{plain}&signature_max_bytes=1")), Some(Change::NoMaxBytes));
    let sha256 = "00".repeat(32);
    assert_eq!(write(&format!("{plain}&signature_sha256={sha256}")), Some(Change::NoContentSha256));
}

#[test]
fn other_reasons_are_said_in_words() {
    let said = |query: &str| explain(&[v1_token()], query, None).unwrap().to_string();
    assert_eq!(said("path=/a"), "the URL has no signature");
    assert!(said("path=/a&path=/a").starts_with("the URL cannot be read"));
    let old = v1_query(&v1::FileUrl::read(b"/a").expires(UnixSeconds::new(1)));
    let explained = explain(&[v1_token()], &old, None).unwrap();
    assert_eq!(explained.to_string(), "the signature is right, and its time is over");
    assert_eq!(explained.expires, Some(UnixSeconds::new(1)));
    let wrong = explain(&[v1_token()], &v1_query(&v1::FileUrl::write(b"/a")), None).unwrap();
    assert!(wrong.to_string().ends_with("the signature is right for another operation: \"write\""), "{wrong}");
    let far = v2_query("a", &v2::FileUrl::read(b"/a", UnixSeconds::new(1_900_000_000)));
    assert!(explain(&[v2_token("a")], &far, None).unwrap().to_string().contains("lasts longer"));
    assert_eq!(file_url(&[], Operation::Read, b"", None, NOW), Err(Misuse::NoToken));
    assert_eq!(file_url(&[v1_token(), v2_token("a")], Operation::Read, b"", None, NOW), Err(Misuse::TokenVersion));
}
