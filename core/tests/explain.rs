//! Each mistake is told from the others, and a URL without one needs no explanation.
#![cfg(feature = "explain")]

use sandgate::explain::{Change, Explanation, file_url};
use sandgate::{AccessToken, Code, Context, Controller, Misuse, Operation, Policy, UnixSeconds, v1, v2};

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

fn explain<'q>(tokens: &[AccessToken], query: &'q str, context: Option<Context<'_>>) -> Option<Explanation<'q>> {
    file_url(tokens, Operation::Read, query.as_bytes(), context, NOW).unwrap()
}

fn v1_change(query: &str) -> Option<Change<'_>> {
    explain(&[v1_token()], query, None).and_then(|explained| explained.change)
}

fn v2_change(query: &str) -> Option<Change<'_>> {
    explain(&[v2_token("a"), v2_token("b")], query, None).and_then(|explained| explained.change)
}

#[test]
fn a_url_that_is_right_needs_no_explanation() {
    let read = v1::FileUrl::download(b"/a");
    assert_eq!(explain(&[v1_token()], &v1_query(&read), None), None);
    assert_eq!(
        explain(&[v2_token("a"), v2_token("b")], &v2_query("b", &v2::FileUrl::download(b"/a", END)), None),
        None
    );
}

#[test]
fn the_mistakes_of_v1() {
    let url = v1::FileUrl::download(b"/a b+c").user(b"user").expires(END);
    let right = v1_query(&url);
    assert_eq!(v1_change(&v1_query(&v1::FileUrl::upload(b"/a"))), Some(Change::Operation(Operation::Write)));
    assert_eq!(v1_change(&right.replace("&username=user", "")), Some(Change::User(Some("user".into()))));
    assert_eq!(
        v1_change(&v1_query(&v1::FileUrl::download(b"/a")).replace("&sig", "&username=bob&sig")),
        Some(Change::User(None))
    );
    assert_eq!(v1_change(&right.replace("%2Fa%20b%2Bc", "%252Fa%2520b%252Bc")), Some(Change::Path("/a b+c".into())));
    assert_eq!(
        v1_change(&v1_query(&v1::FileUrl::download(b"/a+b")).replace("%2Fa%2B", "%2Fa+")),
        Some(Change::Path("/a+b".into()))
    );
    assert_eq!(
        v1_change(&v1_query(&v1::FileUrl::download(b"/d/")).replace("%2Fd%2F", "%2Fd")),
        Some(Change::Path("/d/".into()))
    );
    assert_eq!(
        v1_change(&v1_query(&v1::FileUrl::download(b"d")).replace("path=d", "path=/d")),
        Some(Change::Path("d".into()))
    );
    assert_eq!(v1_change(&right.replace("=1800000060", "=1800000060000")), Some(Change::Expires(Some(END))));
    let endless = v1_query(&v1::FileUrl::download(b"/a"));
    assert_eq!(v1_change(&format!("{endless}&signature_expiration=1800000060")), Some(Change::Expires(None)));
    assert_eq!(v1_change(&right.replace("path=%2Fa", "path=%2Fz")), None, "nothing that is tried helps");
}

#[test]
fn a_signature_that_was_not_escaped() {
    // One with a + in it, which an unescaped query turns into a space.
    let paths = (0..200).map(|number| format!("/file-{number}"));
    let query = paths
        .map(|path| v1_query(&v1::FileUrl::download(path.as_bytes())))
        .find(|query| query.contains("%2B"))
        .unwrap();
    for spoiled in [
        query.replace("%2B", "+"),
        format!("{query}%3D"),
        query.replace("%2B", "-").replace("%2F", "_").replacen("path=_", "path=/", 1),
    ] {
        let Some(Change::Signature(right)) = v1_change(&spoiled) else { panic!("{spoiled}") };
        assert!(right.to_string().starts_with("v1_"), "{spoiled}");
    }
}

#[test]
fn the_mistakes_of_v2() {
    let context = Context::try_from("here").unwrap();
    let right = v2_query("a", &v2::FileUrl::download(b"/d/a", END).user(b"user"));
    assert_eq!(v2_change(&right.replace("v2.a.", "v2.b.")), Some(Change::KeyId("a".parse().unwrap())));
    assert_eq!(v2_change(&right.replace("username=user", "username=root")), Some(Change::User(Some("user".into()))));
    assert_eq!(v2_change(&format!("{right}&signature_directory=/d/")), Some(Change::Directory(None)));
    let directory = v2_query("b", &v2::FileUrl::download(b"/d/a", END).directory(b"/d/"));
    assert_eq!(
        v2_change(&directory.replace("&signature_directory=%2Fd%2F", "")),
        Some(Change::Directory(Some("/d/".into())))
    );
    assert!(matches!(v2_change(&right.replace("&signature_exp", "%3D&signature_exp")), Some(Change::Signature(_))));
    let explained = explain(&[v2_token("a")], &right, Some(context)).unwrap();
    assert_eq!((explained.denied.code(), explained.change), (Code::Invalid, Some(Change::NoContext)));
    fn write(query: &str) -> Option<Change<'_>> {
        let explained = file_url(&[v2_token("a")], Operation::Write, query.as_bytes(), None, NOW).unwrap();
        explained.unwrap().change
    }
    let plain = v2_query("a", &v2::FileUrl::upload(b"/a", END));
    assert_eq!(write(&format!("{plain}&signature_max_bytes=1")), Some(Change::NoMaxBytes));
    let sha256 = "00".repeat(32);
    assert_eq!(write(&format!("{plain}&signature_sha256={sha256}")), Some(Change::NoContentSha256));
}

#[test]
fn other_reasons_are_said_in_words() {
    let said = |query: &str| explain(&[v1_token()], query, None).unwrap().to_string();
    assert_eq!(said("path=/a"), "the URL has no signature");
    assert!(said("path=/a&path=/a").starts_with("the URL cannot be read"));
    let old = v1_query(&v1::FileUrl::download(b"/a").expires(UnixSeconds::new(1)));
    let explained = explain(&[v1_token()], &old, None).unwrap();
    assert_eq!(explained.to_string(), "the signature is right, and its time is over");
    assert_eq!(explained.expires, Some(UnixSeconds::new(1)));
    let upload = v1_query(&v1::FileUrl::upload(b"/a"));
    let wrong = explain(&[v1_token()], &upload, None).unwrap();
    assert!(wrong.to_string().ends_with("the signature is right for another operation: \"write\""), "{wrong}");
    let far = v2_query("a", &v2::FileUrl::download(b"/a", UnixSeconds::new(1_900_000_000)));
    assert!(explain(&[v2_token("a")], &far, None).unwrap().to_string().contains("lasts longer"));
}

#[test]
fn tokens_that_no_controller_takes_are_wrong_use() {
    let nine: Vec<AccessToken> = (0..9).map(|number| format!("token {number}").parse().unwrap()).collect();
    let nine_of_v2: Vec<AccessToken> = "abcdefghi".chars().map(|kid| v2_token(&kid.to_string())).collect();
    let [misspelled, traffic, root] =
        ["sg2a.a.x", "sg2t.a.x", "sg2r.a.x"].map(|text| AccessToken::try_from(text).unwrap());
    for (tokens, misuse) in [
        (&[][..], Misuse::NoToken),
        (&nine, Misuse::TooManyTokens),
        (&nine_of_v2, Misuse::TooManyTokens),
        (&[v2_token("a"), v2_token("a")], Misuse::RepeatedToken),
        (&[v1_token(), v2_token("a")], Misuse::MixedVersions),
        (&[v2_token("a"), v1_token()], Misuse::MixedVersions),
        (&[misspelled], Misuse::TokenShape),
        (&[v1_token(), traffic], Misuse::TrafficTokenGiven),
        (&[root], Misuse::TrafficRootGiven),
    ] {
        assert_eq!(file_url(tokens, Operation::Read, b"", None, NOW), Err(misuse));
        assert_eq!(Controller::new(tokens, Policy::default()).err(), Some(misuse));
    }
    assert!(file_url(&nine[..8], Operation::Read, b"", None, NOW).is_ok());
}

#[test]
fn a_malformed_field_is_not_blamed_on_the_key_id() {
    let read = v2::FileUrl::download(b"/a", END);
    let right = v2_query("a", &read);
    for wrong in [
        right.replace("path=%2Fa", "path="),
        right.replace("path=%2Fa&", ""),
        right.replace("path=%2Fa", "path=%2Fa%00"),
        right.replace("signature_expiration=1800000060", "signature_expiration="),
        right.replace("&signature_expiration=1800000060", ""),
        format!("{right}&signature_other=1"),
        format!("{right}&path=/a"),
        right.replace("path=%2Fa", "path=%2"),
        v2_query("a", &v2::FileUrl::download(b"", END).directory(b"/d/")),
    ] {
        let explained = explain(&[v2_token("a"), v2_token("b")], &wrong, None).unwrap();
        assert_eq!((explained.denied.code(), explained.change), (Code::Malformed, None), "{wrong}");
    }
    for number in ["01800000060", "+1800000060"] {
        let wrong = right.replace("=1800000060", &format!("={number}").replace('+', "%2B"));
        assert_eq!(v2_change(&wrong), Some(Change::Expires(Some(END))));
    }
    assert_eq!(v2_change(&format!("{right}&username=%FF")), Some(Change::User(None)));
    assert_eq!(v2_change(&format!("{right}&signature_max_bytes=1")), Some(Change::NoMaxBytes));
    let unknown = explain(&[v2_token("c")], &right, None).unwrap();
    assert_eq!((unknown.denied.code(), unknown.change), (Code::Invalid, None), "no token with this key id");
}

#[test]
fn a_limit_in_another_spelling() {
    let sha256 = [0xab; 32];
    let right = v2_query("a", &v2::FileUrl::upload(b"/a", END).max_bytes(7).content_sha256(sha256));
    let change = |query: &str| {
        let explained = file_url(&[v2_token("a")], Operation::Write, query.as_bytes(), None, NOW).unwrap().unwrap();
        explained.change.unwrap().to_string()
    };
    assert_eq!(
        change(&right.replace("max_bytes=7", "max_bytes=07")),
        "the signature is right for another signature_max_bytes: \"7\""
    );
    assert_eq!(
        change(&right.replace("ab", "AB")),
        format!("the signature is right for another signature_sha256: \"{}\"", "ab".repeat(32))
    );
    let operation = explain(&[v2_token("a")], &right, None).unwrap();
    assert_eq!(operation.denied.code(), Code::Malformed);
    assert_eq!(operation.change, Some(Change::Operation(Operation::Write)));
}

#[test]
fn a_path_in_another_spelling() {
    for (signed, as_it_came) in [
        ("/a b", "%252Fa%2520b"),
        ("/a b", "/a%2Bb"),
        ("/a+b c", "%2Fa%252Bb%2520c"),
        ("/a+b c", "%2Fa%2Bb%2520c"),
        ("/a+b", "/a%20b"),
        ("/a+b c", "/a+b%20c"),
        ("/a%20b", "/a%20b"),
        ("%2Fa%20b", "/a%20b"),
        ("/d/", "/d"),
        ("/d", "/d/"),
        ("/d", "d"),
        ("d", "/d"),
    ] {
        let right = v1_query(&v1::FileUrl::download(signed.as_bytes()));
        let (_, signature) = right.split_once("&signature=").unwrap();
        let wrong = format!("path={as_it_came}&signature={signature}");
        assert_eq!(v1_change(&wrong), Some(Change::Path(signed.into())), "{wrong}");

        let right = v2_query("a", &v2::FileUrl::download(signed.as_bytes(), END));
        let (_, signature) = right.split_once("&signature=").unwrap();
        let wrong = format!("path={as_it_came}&signature={signature}");
        assert_eq!(v2_change(&wrong), Some(Change::Path(signed.into())), "{wrong}");
    }
}

#[test]
fn a_directory_in_another_spelling() {
    let right = v2_query("a", &v2::FileUrl::download(b"/d/a", END).directory(b"/d/"));
    for wrong in ["%2Fd", "d%2F", "%252Fd%252F"] {
        let wrong = right.replace("directory=%2Fd%2F", &format!("directory={wrong}"));
        assert_eq!(v2_change(&wrong), Some(Change::Directory(Some("/d/".into()))), "{wrong}");
    }
    // Of many directories, the outermost and the innermost are tried.
    let path = format!("/{}", "a/".repeat(100));
    let file = format!("{path}file");
    let tried = |depth: usize| {
        let directory = &path[..=2 * depth];
        let url = v2::FileUrl::download(file.as_bytes(), END).directory(directory.as_bytes());
        let query = v2_query("a", &url);
        let pieces: Vec<&str> = query.split('&').filter(|piece| !piece.starts_with("signature_directory=")).collect();
        v2_change(&pieces.join("&")) == Some(Change::Directory(Some(directory.into())))
    };
    assert_eq!(
        (0..=100).filter(|depth| tried(*depth)).collect::<Vec<_>>(),
        [0, 1, 2, 3, 93, 94, 95, 96, 97, 98, 99, 100]
    );
}

#[test]
fn values_are_shown_exactly() {
    let shown = |path: &[u8]| {
        let twice = escaped(escaped(path).as_bytes());
        let query = v1_query(&v1::FileUrl::download(path)).replacen(&escaped(path), &twice, 1);
        let change = v1_change(&query).unwrap();
        let value = change.value().unwrap();
        (value.to_string(), value.is_percent_encoded(), change.to_string())
    };
    let text = |value: &str, quoted: &str| {
        (value.to_owned(), false, format!("the signature is right for another path: {quoted}"))
    };
    let encoded = |value: &str| {
        let words = format!("the signature is right for another path, percent-encoded: \"{value}\"");
        (value.to_owned(), true, words)
    };
    assert_eq!(shown(b"\xff"), encoded("%FF"));
    assert_eq!(shown(b"/a%\xff \xc3\xa9"), encoded("/a%25%FF%20%C3%A9"));
    assert_eq!(shown(b"/\0"), encoded("/%00"));
    assert_eq!(shown("/é%FF\u{202e}'".as_bytes()), text("/é%FF\u{202e}'", r#""/é%FF\u{202e}'""#));
    assert_eq!(shown(b"/\n\"\\"), text("/\n\"\\", r#""/\u{a}\"\\""#));
    let query = v1_query(&v1::FileUrl::download(b""));
    let change = format!("path=/&{query}");
    assert_eq!(v1_change(&change).unwrap().to_string(), "the signature is right for another path: \"\"");
}

fn escaped(bytes: &[u8]) -> String {
    percent_encoding::percent_encode(bytes, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[test]
fn in_v1_an_empty_user_is_none() {
    let right = v1_query(&v1::FileUrl::download(b"/a"));
    assert_eq!(explain(&[v1_token()], &format!("{right}&username="), None), None);
    assert_eq!(v1_change(&format!("{right}&username=bob")), Some(Change::User(None)));
    let empty = v2_query("a", &v2::FileUrl::download(b"/a", END).user(b""));
    assert_eq!(v2_change(&empty.replace("&username=", "")), Some(Change::User(Some("".into()))));
}

#[test]
fn a_signature_does_not_show_itself() {
    let padded = format!("{}%3D", v1_query(&v1::FileUrl::download(b"/a")));
    let explained = explain(&[v1_token()], &padded, None).unwrap();
    assert!(matches!(explained.change, Some(Change::Signature(_))));
    assert!(!format!("{explained:?} {explained}").contains("v1_"));
}

#[test]
fn work_does_not_grow_with_the_slashes() {
    let query = format!("path={}&signature=v1_{}", "/".repeat(100_000), "A".repeat(43));
    assert_eq!(v1_change(&query), None);
    let query = format!("{}&signature_expiration=1&signature_directory=/", query.replace("v1_", "v2.a."));
    assert_eq!(v2_change(&query), None);
}
