//! v2 file URLs: none of v1's weaknesses, and every boundary.

use sandgate::v2::{FileUrl, FileUrlKey, Keyring};
use sandgate::{
    AccessToken, Allowed, Code, Context, Controller, Denied, Header, KeyId, Misuse, Operation, Policy, Request,
    UnixSeconds, Window, WriteUrlError,
};

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);
const END: UnixSeconds = UnixSeconds::new(1_800_000_060);
const MAX: i64 = (1 << 53) - 1;

fn keyring() -> Keyring {
    Keyring::new("a".parse().unwrap(), &[7; 32]).unwrap()
}

fn token() -> AccessToken {
    keyring().access_token(&"i94gcaqbpvohfr764s5l".parse().unwrap(), 0)
}

fn key() -> FileUrlKey {
    FileUrlKey::new(&token()).unwrap()
}

fn query_of(url: &FileUrl<'_>) -> String {
    let mut text = String::new();
    key().write_url(&mut text, "x", url).unwrap();
    text.split_once('?').unwrap().1.to_owned()
}

fn verify(operation: Operation, query: &str) -> Result<(), Code> {
    key().verify_query(operation, query.as_bytes(), None, NOW).map(drop).map_err(Denied::code)
}

fn check(method: &str, query: &str, header: Header<'_>) -> Result<(), Code> {
    let controller = Controller::new(&[token()], Policy::V2_ALONE).unwrap();
    let target = format!("/files?{query}");
    let request = Request::new(method.as_bytes(), target.as_bytes()).access_token(header);
    controller.check(&request, NOW).map(drop).map_err(Denied::code)
}

#[test]
fn delimiters_do_not_move_bytes_between_fields() {
    // In v1 these two share a signature.
    let one = query_of(&FileUrl::download(b"/a:write", END).user(b"bob"));
    let two = query_of(&FileUrl::upload(b"/a", END).user(b"read:bob"));
    let signature = |query: &str| query.split_once("signature=").unwrap().1[..48].to_owned();
    assert_ne!(signature(&one), signature(&two));
    let shifted = two.replace(&signature(&two), &signature(&one));
    assert_eq!(verify(Operation::Write, &shifted), Err(Code::Invalid));
    // Nor can lengths move: the same bytes, split elsewhere.
    let whole = query_of(&FileUrl::download(b"/ab", END).user(b"c"));
    let cut = whole.replace("path=%2Fab", "path=%2Fa").replace("username=c", "username=bc");
    assert_eq!(verify(Operation::Read, &cut), Err(Code::Invalid));
}

#[test]
fn each_operation_accepts_only_its_two_methods() {
    let (read, write) = (query_of(&FileUrl::download(b"/a", END)), query_of(&FileUrl::upload(b"/a", END)));
    for (method, query, other) in
        [("GET", &read, &write), ("HEAD", &read, &write), ("POST", &write, &read), ("PUT", &write, &read)]
    {
        assert_eq!(check(method, query, Header::Absent), Ok(()), "{method}");
        assert_eq!(check(method, other, Header::Absent), Err(Code::Invalid), "{method}");
    }
    for method in ["get", "DELETE", "PATCH", "OPTIONS", ""] {
        assert_eq!(check(method, &read, Header::Absent), Err(Code::Missing), "{method}: no file route");
    }
}

#[test]
fn directory_covers_only_paths_inside_it() {
    let url = FileUrl::download(b"", END).directory(b"/a/");
    let signed = query_of(&url);
    assert!(!signed.contains("path="), "the client adds it: {signed}");
    let path = |path: &str| verify(Operation::Read, &format!("{signed}&path={path}"));
    for inside in ["/a/b", "/a/b/c", "/a/.b", "/a/...", "/a/b..", "/a/%C3%A9", "/a/b%20c", "%2fa%2Fb"] {
        assert_eq!(path(inside), Ok(()), "{inside}");
    }
    for outside in [
        "/a",
        "/a/",
        "/ab",
        "/b/a/b",
        "/a/../b",
        "/a/b/..",
        "/a/./b",
        "/a//b",
        "//a/b",
        "/a/b/",
        "/a/b\\c",
        "/a/b%0A",
        "/a/b%7f",
        "/A/b",
        "a/b",
        "/",
        ".",
        "/a/%2e%2e/b",
        "/a%2F..%2Fb",
    ] {
        assert_eq!(path(outside), Err(Code::OutOfScope), "{outside}");
    }
    for malformed in ["", "/a/%00", "/a/%ff", "/a/%ed%a0%80"] {
        assert_eq!(path(malformed), Err(Code::Malformed), "{malformed}");
    }
    assert_eq!(verify(Operation::Read, &signed), Err(Code::Malformed), "no path");
    // A directory is not a path, and a path is not a directory.
    let exact = query_of(&FileUrl::download(b"/a/b", END));
    assert_eq!(verify(Operation::Read, &format!("{exact}&signature_directory=/a/")), Err(Code::Invalid));
    assert_eq!(
        verify(
            Operation::Read,
            &query_of(&FileUrl::download(b"/a/b", END).directory(b"/a/")).replace("&signature_directory=%2Fa%2F", "")
        ),
        Err(Code::Invalid)
    );
    assert_eq!(key().sign(&FileUrl::download(b"/ab", END).directory(b"/a/")).unwrap_err(), Misuse::Path);
    assert!(key().sign(&FileUrl::download(b"/a/b", END).directory(b"/")).is_ok());
    let signature = key().sign(&url).unwrap();
    let code = key().verify(&url, signature.as_str().as_bytes(), NOW).unwrap_err().code();
    assert_eq!(code, Code::Malformed, "a URL without a path, by its parts");
}

#[test]
fn refusal_reasons_have_a_fixed_order() {
    let signed = query_of(&FileUrl::download(b"/b", UnixSeconds::new(1)));
    let late = FileUrl::download(b"", UnixSeconds::new(1)).directory(b"/a/");
    let late = format!("{}&path=/b", query_of(&late));
    assert_eq!(verify(Operation::Read, &signed), Err(Code::Expired));
    assert_eq!(verify(Operation::Read, &late), Err(Code::Expired), "time before scope");
    assert_eq!(verify(Operation::Write, &signed), Err(Code::Invalid), "tag before time");
    assert_eq!(
        verify(Operation::Read, "path=/a&signature_expiration=x"),
        Err(Code::Malformed),
        "syntax before missing"
    );
    assert_eq!(
        verify(Operation::Read, "signature_expiration=1"),
        Err(Code::Missing),
        "missing before what else is missing"
    );
    assert_eq!(verify(Operation::Read, ""), Err(Code::Missing));
    assert_eq!(verify(Operation::Read, "signature_max_bytes=1"), Err(Code::Malformed), "a limit on a read");
    let other_kid = signed.replace("signature=v2.a.", "signature=v2.b.");
    assert_eq!(verify(Operation::Read, &other_kid), Err(Code::Invalid));
}

#[test]
fn header_token_takes_precedence_over_query() {
    let (token, signed) = (token(), query_of(&FileUrl::upload(b"/a", END).max_bytes(5)));
    let right = Header::Once(token.expose().as_bytes());
    assert_eq!(check("PUT", &signed, Header::Once(b"wrong")), Err(Code::Invalid), "a wrong token is not rescued");
    // The signature then grants and limits nothing, and its numbers are not parsed.
    let controller = Controller::new(core::slice::from_ref(&token), Policy::V2_ALONE).unwrap();
    let target = format!("/files?{signed}");
    let request = Request::new(b"PUT", target.as_bytes()).access_token(right);
    let Ok(Allowed::Token(Some(grant))) = controller.check(&request, NOW) else { panic!() };
    assert_eq!((grant.max_bytes(), grant.expires()), (None, None));
    for ignored in
        ["path=/a&signature_expiration=x", "path=/a&signature=v1_x", "path=/a&signature_unknown=1", "path=%ff"]
    {
        assert_eq!(check("PUT", ignored, right), Ok(()), "{ignored}");
    }
    for malformed in ["path=%zz", "path=/a&path=/a", "signature_max_bytes=1&signature_max_bytes=1", "%70ath=&path="] {
        assert_eq!(check("PUT", malformed, right), Err(Code::Malformed), "{malformed}");
        assert_eq!(check("PUT", malformed, Header::Once(b"wrong")), Err(Code::Malformed), "{malformed}");
    }
}

/// If any single byte of a URL changes, the URL is refused or is another spelling of the same. If a directory is signed, it
/// may name another file in that directory.
#[test]
fn every_single_change_is_refused() {
    let context = Context::try_from("203.0.113.7").unwrap();
    let urls = [
        (FileUrl::download(b"/home/user/a b.txt", END).user(b"user"), None),
        (
            FileUrl::upload(b"/in/\xc3\xa9", END)
                .user(b"")
                .directory(b"/in/")
                .max_bytes(1000)
                .content_sha256([0x5a; 32]),
            None,
        ),
        (FileUrl::upload(b"/x", END).max_bytes(0).context(context), Some(context)),
    ];
    for (url, context) in urls {
        let query = query_of(&url).into_bytes();
        let is_write = query.windows(9).any(|window| window == b"max_bytes");
        let operation = if is_write { Operation::Write } else { Operation::Read };
        let granted = |query: &[u8]| {
            let grant = key().verify_query(operation, query, context, NOW).ok()?;
            Some((format!("{grant:?}"), grant.directory().is_some(), grant.path().bytes().collect::<Vec<u8>>()))
        };
        let (right, in_directory, _) = granted(&query).expect("as signed");
        for at in 0..query.len() {
            for byte in (0..=255).filter(|byte| *byte != query[at]) {
                let mut changed = query.clone();
                changed[at] = byte;
                let Some((said, _, path)) = granted(&changed) else { continue };
                let another_file = in_directory && path.starts_with(b"/in/") && at < b"path=%2Fin%2F%C3%A9".len();
                assert!(said == right || another_file, "{}", changed.escape_ascii());
            }
        }
    }
}

#[test]
fn every_flipped_signature_bit_is_refused() {
    let url = FileUrl::download(b"/a", END);
    let signature = key().sign(&url).unwrap();
    let right = signature.as_str().as_bytes();
    assert_eq!(key().verify(&url, right, NOW), Ok(()));
    for at in 0..right.len() {
        for bit in 0..8 {
            let mut wrong = right.to_vec();
            wrong[at] ^= 1 << bit;
            let code = key().verify(&url, &wrong, NOW).unwrap_err().code();
            assert!(matches!(code, Code::Invalid | Code::Malformed), "{}", wrong.escape_ascii());
        }
        assert_eq!(key().verify(&url, &right[..at], NOW).unwrap_err().code(), Code::Malformed);
    }
}

#[test]
fn boundary_seconds_are_exact() {
    let code = |expires: i64, now: i64, leeway: u32, max_lifetime: u32| {
        let key = key().window(Window::new(leeway, max_lifetime).unwrap());
        let url = FileUrl::download(b"/a", UnixSeconds::new(expires));
        let signature = key.sign(&url).unwrap();
        key.verify(&url, signature.as_str().as_bytes(), UnixSeconds::new(now)).map_err(Denied::code)
    };
    assert_eq!(code(1000, 1000, 0, 60), Ok(()));
    assert_eq!(code(1000, 1001, 0, 60), Err(Code::Expired));
    assert_eq!(code(1000, 1030, 30, 60), Ok(()));
    assert_eq!(code(1000, 1031, 30, 60), Err(Code::Expired));
    assert_eq!(code(1060, 1000, 0, 60), Ok(()));
    assert_eq!(code(1061, 1000, 0, 60), Err(Code::LifetimeTooLong));
    assert_eq!(code(1090, 1000, 30, 60), Ok(()));
    assert_eq!(code(1091, 1000, 30, 60), Err(Code::LifetimeTooLong));
    assert_eq!(code(1000, 1000, 0, 0), Ok(()));
    assert_eq!(code(1001, 1000, 0, 0), Err(Code::LifetimeTooLong));
    assert_eq!(code(0, 0, 0, 0), Ok(()));
    assert_eq!(code(0, 1, 0, 0), Err(Code::Expired));
    assert_eq!(code(MAX, MAX, 0, 0), Ok(()));
    // For any clock.
    assert_eq!(code(MAX, i64::MAX, 300, u32::MAX), Err(Code::Expired));
    assert_eq!(code(MAX, i64::MIN, 300, u32::MAX), Err(Code::LifetimeTooLong));
    assert_eq!(code(0, i64::MIN, 300, u32::MAX), Err(Code::LifetimeTooLong));
    assert_eq!(code(0, -i64::from(u32::MAX), 0, u32::MAX), Ok(()));
    assert_eq!(Window::new(301, 0), Err(Misuse::Leeway));
    // The defaults.
    let week = 604_800;
    let at = |end: i64| {
        let url = FileUrl::download(b"/a", UnixSeconds::new(end));
        let signature = key().sign(&url).unwrap();
        key().verify(&url, signature.as_str().as_bytes(), NOW).map_err(Denied::code)
    };
    assert_eq!(at(NOW.get() + week), Ok(()));
    assert_eq!(at(NOW.get() + week + 1), Err(Code::LifetimeTooLong));
    assert_eq!(at(NOW.get() - 1), Err(Code::Expired));
}

#[test]
fn context_is_in_the_tag_only_if_given() {
    let [one, two] = ["one", "two"].map(|text| Context::try_from(text).unwrap());
    let query = |url: FileUrl<'_>| query_of(&url);
    let with = query(FileUrl::download(b"/a", END).context(one));
    let without = query(FileUrl::download(b"/a", END));
    assert!(!with.contains("one"));
    let code = |query: &str, context| {
        key().verify_query(Operation::Read, query.as_bytes(), context, NOW).map(drop).map_err(Denied::code)
    };
    assert_eq!(code(&with, Some(one)), Ok(()));
    assert_eq!(code(&with, Some(two)), Err(Code::Invalid));
    assert_eq!(code(&with, None), Err(Code::Invalid));
    assert_eq!(code(&without, Some(one)), Err(Code::Invalid));
    assert_eq!(Context::try_from(&b""[..]), Err(Misuse::Context));
    assert!(Context::try_from(&[0xff; 255][..]).is_ok());
    assert_eq!(Context::try_from(&[0; 256][..]), Err(Misuse::Context));
}

#[test]
fn unsignable_claims_are_wrong_use() {
    let long = [b'a'; 4097];
    let wrong = |url: &FileUrl<'_>, misuse: Misuse| {
        assert_eq!(key().sign(url).unwrap_err(), misuse, "{url:?}");
        assert_eq!(key().write_url(&mut String::new(), "x", url), Err(WriteUrlError::Misuse(misuse)));
        let nothing = key().verify(url, b"v2.a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NOW).unwrap_err().code();
        assert!(matches!(nothing, Code::Malformed | Code::Invalid), "{url:?}");
    };
    for path in [&b""[..], b"/a\0", b"\xff", &long] {
        wrong(&FileUrl::download(path, END), Misuse::Path);
    }
    assert!(key().sign(&FileUrl::download(&long[..4096], END)).is_ok());
    for directory in [&b""[..], b"a/", b"/a", b"//", b"/../", b"/\xff/", &long] {
        wrong(&FileUrl::download(b"/a", END).directory(directory), Misuse::Directory);
    }
    for user in [&b"a\0"[..], b"\xc3", &long[..256]] {
        wrong(&FileUrl::download(b"/a", END).user(user), Misuse::User);
    }
    assert!(key().sign(&FileUrl::download(b"/a", END).user(&long[..255])).is_ok());
    wrong(&FileUrl::download(b"/a", END).max_bytes(1), Misuse::Limit);
    wrong(&FileUrl::download(b"/a", END).content_sha256([0; 32]), Misuse::Limit);
    wrong(&FileUrl::upload(b"/a", END).max_bytes(1 << 53), Misuse::Limit);
    assert!(key().sign(&FileUrl::upload(b"/a", END).max_bytes((1 << 53) - 1)).is_ok());
    for time in [-1, 1 << 53, i64::MIN, i64::MAX] {
        wrong(&FileUrl::download(b"/a", UnixSeconds::new(time)), Misuse::Time);
    }
}

#[test]
fn empty_user_differs_from_no_user() {
    let (empty, none) = (query_of(&FileUrl::download(b"/a", END).user(b"")), query_of(&FileUrl::download(b"/a", END)));
    assert!(empty.contains("username=&") && !none.contains("username"));
    assert_eq!(verify(Operation::Read, &empty.replace("username=&", "")), Err(Code::Invalid));
    assert_eq!(verify(Operation::Read, &format!("{none}&username")), Err(Code::Invalid));
    let user = |query: &str| {
        let grant = key().verify_query(Operation::Read, query.as_bytes(), None, NOW).unwrap();
        grant.user().map(|user| user.len())
    };
    assert_eq!((user(&empty), user(&none)), (Some(0), None));

    // The access token grants what was asked for by the same rule.
    let controller = Controller::new(&[token()], Policy::V2_ALONE).unwrap();
    let presented = token();
    let by_token = |query: &str| {
        let target = format!("/files?{query}");
        let request = Request::new(b"GET", target.as_bytes()).access_token(Header::Once(presented.expose().as_bytes()));
        let Ok(Allowed::Token(Some(grant))) = controller.check(&request, NOW) else { panic!("{query}") };
        grant.user().map(|user| user.len())
    };
    assert_eq!((by_token("path=/a&username="), by_token("path=/a")), (Some(0), None));
}

#[test]
fn unknown_signature_parameters_are_malformed() {
    let signed = query_of(&FileUrl::download(b"/a", END));
    for malformed in [
        "signature_",
        "signature_x=1",
        "signaturex",
        "signatures=",
        "s%69gnature_foo",
        "signature_expiration2=1",
        "signature_expirationsignature_expiration",
        "signature%ff",
        "signature_directory=",
        "signature_directory=/a",
        "signature_sha256=",
        "signature=",
        "path=/a",
        "%70ath",
        "x=%",
        "%zz",
        "username=%ff",
        "username=a%00",
    ] {
        assert_eq!(verify(Operation::Read, &format!("{signed}&{malformed}")), Err(Code::Malformed), "{malformed}");
    }
    for ignored in
        ["utm_source=x", "Signature=x", "Path=/b", "sig=1", "xsignature=1", "&&", "%00=%ff", ";path=/b", "=path"]
    {
        assert_eq!(verify(Operation::Read, &format!("{signed}&{ignored}")), Ok(()), "{ignored}");
    }
    let kids: Vec<KeyId> = (0..=255_u8).filter_map(|byte| KeyId::try_from(byte).ok()).collect();
    assert_eq!(kids.len(), 36);
}
