//! Requests that a client makes longer and longer. Their cost must grow no faster than they do.

use crate::deployment::{AT, Deployment, END};
use crate::{SEED, USER};
use sandgate::{
    AccessToken, Controller, Head, Header, HeaderLine, Operation, Policy, Request, SandboxState, explain, v1, v2,
};
use std::fmt::Write;

/// A request that grows with one number.
pub struct Series {
    /// What is done.
    pub name: &'static str,
    /// What grows.
    pub grows: &'static str,
    /// How far.
    pub sizes: &'static Sizes,
    /// Makes the call at a size.
    pub make: fn(&Deployment, usize) -> Box<dyn Fn()>,
}

/// The sizes of a series.
pub struct Sizes {
    /// For counting: each is twice the one before.
    pub counted: &'static [usize],
    /// For a table of times.
    pub timed: &'static [usize],
}

const BYTES: &Sizes = &Sizes { counted: &doubled::<17>(16), timed: &[16, 256, 4096, 65_536, 1_048_576] };
const PARAMETERS: &Sizes = &Sizes { counted: &doubled::<12>(4), timed: &[4, 10, 100, 1000, 10_000] };
const COOKIES: &Sizes = &Sizes { counted: &doubled::<11>(1), timed: &[1, 10, 100, 1000] };
const SEEDS: &Sizes = &Sizes { counted: &doubled::<4>(1), timed: &[1, 2, 4, 8] };

/// `N` sizes from `first`, each twice the one before.
const fn doubled<const N: usize>(first: usize) -> [usize; N] {
    let mut sizes = [first; N];
    let mut at = 1;
    while at < N {
        sizes[at] = sizes[at - 1] * 2;
        at += 1;
    }
    sizes
}

/// Everything whose length a client or an operator chooses.
pub const SERIES: [Series; 13] = [
    Series { name: "v1 check, signed", grows: "bytes of path", sizes: BYTES, make: |_, size| v1_path(size, false) },
    Series { name: "v1 check, all escaped", grows: "bytes of path", sizes: BYTES, make: |_, size| v1_path(size, true) },
    Series {
        name: "v2 check, wrong signature",
        grows: "bytes of path",
        sizes: BYTES,
        make: |on, size| v2_check(on, &long_path(size)),
    },
    Series {
        name: "v1 explain, in vain",
        grows: "bytes of path",
        sizes: BYTES,
        make: |_, size| explained(&v1_query(size, false), 1),
    },
    Series {
        name: "v1 check, signed",
        grows: "parameters",
        sizes: PARAMETERS,
        make: |_, size| v1_check(with(&v1_query(16, false), size)),
    },
    Series { name: "v2 check, signed", grows: "parameters", sizes: PARAMETERS, make: v2_parameters },
    Series {
        name: "v1 explain, in vain",
        grows: "parameters",
        sizes: PARAMETERS,
        make: |_, size| explained(&with(&v1_query(16, false), size), 1),
    },
    Series { name: "v2 edge, a pass", grows: "cookies in a line", sizes: COOKIES, make: one_line },
    Series { name: "v2 edge, a pass", grows: "cookie lines", sizes: COOKIES, make: many_lines },
    Series { name: "v1 verify a token", grows: "seeds", sizes: SEEDS, make: v1_seeds },
    Series { name: "v2 verify a token", grows: "seeds", sizes: SEEDS, make: v2_seeds },
    Series { name: "v1 check, signed", grows: "tokens", sizes: SEEDS, make: v1_tokens },
    Series {
        name: "v1 explain, in vain",
        grows: "tokens",
        sizes: SEEDS,
        make: |_, size| explained(&v1_query(16, false), size),
    },
];

fn long_path(size: usize) -> String {
    format!("/{}", "a".repeat(size - 1))
}

/// A signed query whose path has this length before it is escaped.
fn v1_query(size: usize, escaped: bool) -> String {
    let path = long_path(size);
    let key = v1::FileUrlKey::new(&seed_token(0)).expect("a token");
    let signature = key.sign(&v1::FileUrl::download(path.as_bytes()).user(USER).expires(END));
    let signature = signature.as_str().replace('+', "%2B");
    let path = if escaped { path.bytes().fold(String::new(), escape) } else { path };
    let end = END.get();
    format!("path={path}&username=user&signature={signature}&signature_expiration={end}")
}

fn escape(mut text: String, byte: u8) -> String {
    write!(text, "%{byte:02x}").expect("a text takes everything");
    text
}

/// A query with so many parameters in all, of which the signed ones come last.
fn with(query: &str, parameters: usize) -> String {
    let mut text = String::new();
    for at in 0..parameters.saturating_sub(4) {
        write!(text, "p{at:05}=value%20{at:05}&").expect("a text takes everything");
    }
    text + query
}

fn v1_path(size: usize, escaped: bool) -> Box<dyn Fn()> {
    v1_check(v1_query(size, escaped))
}

fn v1_check(query: String) -> Box<dyn Fn()> {
    check(Controller::new(&[seed_token(0)], Policy::default()), format!("/files?{query}"), true)
}

fn check(controller: Result<Controller, sandgate::Misuse>, target: String, allowed: bool) -> Box<dyn Fn()> {
    let controller = controller.expect("tokens");
    Box::new(move || {
        let decided = controller.check(&Request::new(b"GET", target.as_bytes()), AT);
        assert_eq!(decided.is_ok(), allowed);
    })
}

/// A path that is longer than v2 allows is refused, but read first.
fn v2_check(on: &Deployment, path: &str) -> Box<dyn Fn()> {
    let mut target = on.v2_target.clone();
    let from = target.find("path=").expect("a path") + "path=".len();
    let until = target[from..].find('&').map_or(target.len(), |length| from + length);
    target.replace_range(from..until, path);
    check(Ok(on.v2_controller.clone()), target, false)
}

fn v2_parameters(on: &Deployment, size: usize) -> Box<dyn Fn()> {
    let (path, query) = on.v2_target.split_once('?').expect("a query");
    check(Ok(on.v2_controller.clone()), format!("{path}?{}", with(query, size)), true)
}

/// The longest explanation: no change makes it right.
fn explained(query: &str, tokens: usize) -> Box<dyn Fn()> {
    let tokens: Vec<AccessToken> = (0..tokens).map(|at| seed_token(at + 100)).collect();
    let query = query.to_owned();
    Box::new(move || {
        let explained = explain::file_url(&tokens, Operation::Read, query.as_bytes(), None, AT);
        assert_eq!(explained.expect("tokens").expect("it is refused").change, None);
    })
}

fn seed_token(at: usize) -> AccessToken {
    AccessToken::try_from(format!("token {at:03} of the deployment, in 64 bytes as they usually are, .").as_str())
        .expect("a token")
}

/// The credential is the last one, so that all others are looked at.
fn cookies(on: &Deployment, size: usize) -> Vec<String> {
    let mut cookies: Vec<String> = (1..size).map(|at| format!("cookie{at:04}=value of {at:04}")).collect();
    cookies.push(format!("__Host-sandgate-traffic={}", on.pass));
    cookies
}

fn one_line(on: &Deployment, size: usize) -> Box<dyn Fn()> {
    edge(on, vec![cookies(on, size).join("; ")])
}

fn many_lines(on: &Deployment, size: usize) -> Box<dyn Fn()> {
    edge(on, cookies(on, size))
}

/// From the lines as a server passes them.
fn edge(on: &Deployment, cookies: Vec<String>) -> Box<dyn Fn()> {
    let (edge, host) = (on.v2_edge.clone(), format!("{}.e2b.app", on.label()));
    Box::new(move || {
        let host: HeaderLine<'_> = (b"Host", host.as_bytes());
        let cookies = cookies.iter().map(|cookie| (b"Cookie".as_slice(), cookie.as_bytes()));
        let lines: Vec<HeaderLine<'_>> = std::iter::once(host).chain(cookies).collect();
        let head = Head::new(b"GET", b"/", &lines);
        let route = edge.route(&head).expect("a route");
        assert!(edge.guard(&route, SandboxState::restricted(), &head, AT).is_ok());
    })
}

fn seed(at: usize) -> Vec<u8> {
    [SEED, at.to_string().as_bytes()].concat()
}

/// The right seed is the last one.
fn v1_seeds(on: &Deployment, size: usize) -> Box<dyn Fn()> {
    let mut keyring = v1::Keyring::new(&seed(1)).expect("a seed");
    (2..=size).for_each(|at| keyring.add(&seed(at)).expect("a seed"));
    let (id, token) = (on.id, v1::Keyring::new(&seed(size)).expect("a seed").access_token(&on.id));
    Box::new(move || assert!(keyring.is_valid_access_token(&id, token.expose().as_bytes())))
}

/// Each token names its seed, so that the number of seeds hardly counts.
fn v2_seeds(on: &Deployment, size: usize) -> Box<dyn Fn()> {
    let kid = |at: usize| (b'a' + u8::try_from(at).expect("at most 8")).try_into().expect("a key id");
    let mut keyring = v2::Keyring::new(kid(1), &seed(1)).expect("a seed");
    (2..=size).for_each(|at| keyring.add(kid(at), &seed(at)).expect("a seed"));
    let last = v2::Keyring::new(kid(size), &seed(size)).expect("a seed");
    let (id, token) = (on.id, last.access_token(&on.id, 0));
    Box::new(move || assert!(keyring.is_valid_access_token(&id, 0, token.expose().as_bytes())))
}

/// The right token is the last one.
fn v1_tokens(_: &Deployment, size: usize) -> Box<dyn Fn()> {
    let tokens: Vec<AccessToken> = (0..size).rev().map(seed_token).collect();
    check(Controller::new(&tokens, Policy::default()), format!("/files?{}", v1_query(16, false)), true)
}

/// The header with the token, for the benches of an edge.
#[must_use]
pub fn once(value: &str) -> Header<'_> {
    Header::Once(value.as_bytes())
}
