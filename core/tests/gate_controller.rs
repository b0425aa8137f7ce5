//! The controller's rule, beyond the vectors.

use sandgate::v1::{FileUrl, FileUrlKey};
use sandgate::{AccessToken, Allowed, Controller, Denied, Gate, Header, Misuse, Policy, Request, UnixSeconds};

const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);
const MALFORMED: (u16, &str) = (400, "malformed request");
const UNAUTHORIZED: (u16, &str) =
    (401, "unauthorized access, please provide a valid access token or method signing if supported");
const MISMATCH: (u16, &str) = (401, "access token present in header but does not match");

fn token(text: &str) -> AccessToken {
    AccessToken::try_from(text).unwrap()
}

fn check<'a>(method: &'a str, target: &'a str, header: Header<'a>) -> Result<Allowed<'a>, (u16, &'static str)> {
    let controller = Controller::new(&[token("right")], Policy::default()).unwrap();
    let request = Request::new(method.as_bytes(), target.as_bytes()).access_token(header);
    controller.check(&request, NOW).map_err(|denied| (denied.status(), denied.message()))
}

fn signed(url: &FileUrl<'_>) -> String {
    let mut text = String::new();
    FileUrlKey::new(&token("right")).unwrap().write_url(&mut text, "x", url).unwrap();
    text[1..].to_owned()
}

fn refusal<T>(answer: Result<T, (u16, &'static str)>) -> (u16, &'static str) {
    answer.err().expect("refused")
}

#[test]
fn the_route_is_matched_on_the_path_as_received() {
    let target = signed(&FileUrl::download(b"/a"));
    assert!(matches!(check("GET", &target, Header::Absent), Ok(Allowed::Signature(_))));
    for path in ["/%66iles", "/fil%65s", "/files%2F", "/files%00", "/%2566iles", "/files/", "//files", "/x/../files"] {
        for target in [path.to_owned(), target.replace("/files", path)] {
            assert_eq!(refusal(check("GET", &target, Header::Absent)), UNAUTHORIZED, "{target}");
            assert!(matches!(check("GET", &target, Header::Once(b"right")), Ok(Allowed::Token(None))), "{target}");
        }
    }
    for (method, path) in [("GET", "/%68ealth"), ("GET", "/health%2F"), ("POST", "/%69nit"), ("POST", "/%66iles")] {
        assert_eq!(refusal(check(method, path, Header::Absent)), UNAUTHORIZED, "{path}");
    }
    for path in ["/Files", "files", ""] {
        assert_eq!(refusal(check("GET", path, Header::Absent)), UNAUTHORIZED, "{path}");
    }
    assert_eq!(refusal(check("GET", "/%zz", Header::Once(b"right"))), MALFORMED);
    // An open controller does not return a grant for such a path either.
    let escaped = Controller::open().check(&Request::new(b"GET", b"/%66iles?path=/a"), NOW);
    assert!(matches!(escaped, Ok(Allowed::Open(None))), "{escaped:?}");
}

#[test]
fn method_is_matched_exactly() {
    for method in ["HEAD", "PUT", "get", "DELETE", "GET ", ""] {
        assert_eq!(refusal(check(method, "/files", Header::Absent)), UNAUTHORIZED, "{method}");
    }
    assert!(matches!(check("HEAD", "/files", Header::Once(b"right")), Ok(Allowed::Token(None))));
}

#[test]
fn a_header_given_twice_is_malformed_where_it_decides() {
    let target = signed(&FileUrl::download(b"/a"));
    assert_eq!(refusal(check("GET", &target, Header::Repeated)), MALFORMED);
    assert_eq!(refusal(check("GET", "/metrics", Header::Repeated)), MALFORMED);
    assert!(matches!(check("GET", "/health", Header::Repeated), Ok(Allowed::Exempt)));
}

#[test]
fn basis_names_the_reason() {
    let target = signed(&FileUrl::download(b"/a"));
    let basis = |target, header| check("GET", target, header).unwrap().basis();
    assert_eq!(basis("/health", Header::Absent), "exempt");
    assert_eq!(basis("/metrics", Header::Once(b"right")), "token");
    assert_eq!(basis(&target, Header::Absent), "signature");
    assert_eq!(Controller::open().check(&Request::new(b"GET", b"/"), NOW).unwrap().basis(), "open");
}

#[test]
fn token_takes_precedence_over_signature() {
    let target = signed(&FileUrl::download(b"/a%").user(b"u v").expires(NOW));
    assert_eq!(refusal(check("GET", &target, Header::Once(b"wrong"))), MISMATCH);
    assert!(matches!(check("GET", &target, Header::Once(b"")), Ok(Allowed::Signature(_))));
    let allowed = check("GET", &target, Header::Once(b"right"));
    let Ok(Allowed::Token(Some(grant))) = allowed else { panic!("{allowed:?}") };
    assert!(grant.path() == "/a%" && grant.user().is_some_and(|user| user == "u v"));
    assert_eq!(grant.expires(), None);
}

#[test]
fn a_header_given_twice_is_repeated_also_with_one_value() {
    let values: [&[u8]; 2] = [b"right", b"right"];
    assert_eq!(refusal(check("GET", "/metrics", values.into_iter().collect())), MALFORMED);
    assert_eq!(values[..1].iter().copied().collect::<Header<'_>>(), Header::Once(b"right"));
    assert_eq!(values[..0].iter().copied().collect::<Header<'_>>(), Header::Absent);
}

#[test]
fn a_traffic_token_opens_no_controller() {
    let controller = Controller::new(&[token("right")], Policy::default()).unwrap();
    let request = Request::new(b"GET", b"/metrics").traffic_token(Header::Once(b"right"));
    assert_eq!(controller.check(&request, NOW).map_err(Denied::status).err(), Some(401));
}

#[test]
fn a_number_sign_is_an_ordinary_byte() {
    assert_eq!(refusal(check("GET", "/health#", Header::Absent)), UNAUTHORIZED);
    let target = signed(&FileUrl::download(b"/a#b")).replace("%23", "#");
    let allowed = check("GET", &target, Header::Absent);
    assert!(allowed.is_ok_and(|allowed| allowed.grant().unwrap().path() == "/a#b"));
}

#[test]
fn malformed_query_is_refused_even_with_the_right_token() {
    let wrong = [
        "path=/a&path=/a",
        "path=/a&%70ath=/b",
        "username=a&username=",
        "signature=x&signature=x",
        "signature_expiration=1&signature_expiration=1",
        "path=%2",
        "%zz=1",
        "utm_source=%",
        "signature_expiration=",
        "signature_expiration",
        "signature_expiration=+5",
        "signature_expiration=9223372036854775808",
        "signature_expiration=1.0",
        "signature_expiration=1e3",
    ];
    for query in wrong {
        for header in [Header::Absent, Header::Once(b"right"), Header::Once(b"wrong")] {
            assert_eq!(refusal(check("GET", &format!("/files?{query}"), header)), MALFORMED, "{query}");
        }
        assert_eq!(refusal(check("GET", &format!("/metrics?{query}"), Header::Absent)), UNAUTHORIZED, "{query}");
    }
}

#[test]
fn unknown_parameters_are_ignored() {
    let target = signed(&FileUrl::download(b"/a"));
    let target = format!(
        "{target}&utm_source=x&utm_source=y&Path=/b&%3Bpath=/c&signature_max_bytes=1&signature_max_bytes=2&signature_x&&=&#"
    );
    let allowed = check("GET", &target, Header::Absent);
    let Ok(Allowed::Signature(grant)) = allowed else { panic!("{allowed:?}") };
    assert!(grant.path() == "/a");
}

#[test]
fn expiry_is_parsed_as_a_number() {
    let query = signed(&FileUrl::download(b"/a").expires(UnixSeconds::new(1_900_000_000)));
    for spelling in ["%2B1900000000", "0001900000000", "%31900000000"] {
        let query = query.replace("1900000000", spelling);
        assert!(check("GET", &query, Header::Absent).is_ok(), "{query}");
    }
}

#[test]
fn a_signature_of_wrong_shape_is_wrong_and_not_missing() {
    for signature in ["", "v1_", "v2_AAAA", "%00", &"A".repeat(10_000)] {
        let target = format!("/files?path=/a&signature={signature}");
        assert_eq!(refusal(check("GET", &target, Header::Absent)), (401, "invalid signature"), "{target}");
    }
    assert_eq!(refusal(check("GET", "/files", Header::Absent)), (401, "missing signature query parameter"));
}

#[test]
fn upload_without_a_path_has_an_empty_grant_path() {
    let target = signed(&FileUrl::upload(b""));
    assert!(!target.contains("path="));
    let allowed = check("POST", &target, Header::Absent);
    let Ok(Allowed::Signature(grant)) = allowed else { panic!("{allowed:?}") };
    assert!(grant.path().is_empty() && grant.user().is_none());
    assert_eq!(refusal(check("GET", &target, Header::Absent)), (401, "invalid signature"));
}

#[test]
fn open_controller_allows_every_request() {
    let open = Controller::open();
    let grant_of = |method: &'static [u8], target: &'static [u8]| {
        let request = Request::new(method, target).access_token(Header::Repeated);
        let Ok(Allowed::Open(grant)) = open.check(&request, NOW) else { panic!() };
        grant.map(|grant| (grant.path().bytes().collect::<Vec<u8>>(), grant.operation()))
    };
    assert_eq!(grant_of(b"GET", b"/metrics"), None);
    assert_eq!(grant_of(b"GET", b"/%zz"), None);
    assert_eq!(grant_of(b"GET", b"/files?path=%zz"), None);
    let read = (b"/a b".to_vec(), sandgate::Operation::Read);
    let query = b"/files?path=/a+b&signature=wrong&signature_expiration=never";
    assert_eq!(grant_of(b"GET", query), Some(read.clone()));
    // It refuses nothing, so it returns grants for the routes of both formats.
    assert_eq!(grant_of(b"HEAD", query), Some(read));
    assert_eq!(grant_of(b"PUT", query), Some((b"/a b".to_vec(), sandgate::Operation::Write)));
    assert_eq!(grant_of(b"DELETE", query), None);
}

#[test]
fn any_of_several_tokens_is_accepted() {
    let tokens: Vec<AccessToken> = (0..8).map(|number| token(&format!("token-{number}"))).collect();
    let controller = Controller::new(&tokens, Policy::default()).unwrap();
    for token in &tokens {
        let header = Header::Once(token.expose().as_bytes());
        assert!(controller.check(&Request::new(b"GET", b"/metrics").access_token(header), NOW).is_ok());
        let mut url = String::new();
        FileUrlKey::new(token).unwrap().write_url(&mut url, "x", &FileUrl::download(b"/a")).unwrap();
        assert!(controller.check(&Request::new(b"GET", &url.as_bytes()[1..]), NOW).is_ok());
    }
    let ninth = Request::new(b"GET", b"/metrics").access_token(Header::Once(b"token-8"));
    assert_eq!(controller.check(&ninth, NOW).map_err(Denied::gate).err(), Some(Gate::Route));
}

#[test]
fn a_controller_is_never_open_by_accident() {
    assert_eq!(Controller::new(&[], Policy::default()).unwrap_err(), Misuse::NoToken);
    assert_eq!(Controller::new(&vec![token("t"); 9], Policy::default()).unwrap_err(), Misuse::TooManyTokens);
    for wrong in ["", &"a".repeat(257)] {
        assert_eq!(AccessToken::try_from(wrong), Err(Misuse::Token));
    }
    assert_eq!(AccessToken::try_from(&b"\xff"[..]), Err(Misuse::Token));
    assert!(AccessToken::try_from("a".repeat(256).as_str()).is_ok());
}
