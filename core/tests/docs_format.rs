//! Computes every value in the examples of `docs/format.md` again, with the reference implementations and with the
//! crate, and compares the tables of hosts, forwarded lines and refusals with the crate.

#[allow(dead_code, reason = "only the signature is needed here")]
#[path = "oracle/mod.rs"]
mod oracle_v1;
#[path = "oracle/v2.rs"]
mod oracle_v2;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use std::collections::{BTreeMap, BTreeSet};

const DOCUMENT: &str = include_str!("../../docs/format.md");
const KINDS: [&str; 8] = ["file-url", "keys", "pass", "signed-host", "tokens", "v1", "verify", "webhook"];

/// The computed values, by name.
type Values = BTreeMap<String, String>;

/// The remaining lines of an example.
#[derive(Clone, Debug)]
struct Example {
    kind: &'static str,
    lines: Values,
}

impl Example {
    fn maybe(&mut self, name: &str) -> Option<String> {
        self.lines.remove(name)
    }

    fn take(&mut self, name: &str) -> String {
        self.maybe(name).unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }

    fn number<T: std::str::FromStr<Err: std::fmt::Debug>>(&mut self, name: &str) -> T {
        self.take(name).parse().unwrap()
    }
}

/// The blocks that are fenced as `example {kind}`.
fn examples() -> Vec<Example> {
    let blocks = DOCUMENT.split("```example ").skip(1);
    let read = |block: &'static str| {
        let (kind, rest) = block.split_once('\n').unwrap();
        let (body, _) = rest.split_once("```").unwrap();
        let joined = body.replace("\n  ", "");
        let mut lines = Values::new();
        for line in joined.lines() {
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
            let earlier = lines.insert(name.trim().to_owned(), value.trim().to_owned());
            assert!(earlier.is_none(), "{name} is given twice");
        }
        Example { kind, lines }
    };
    blocks.map(read).collect()
}

fn values<const N: usize>(values: [(&str, String); N]) -> Values {
    values.map(|(name, value)| (name.to_owned(), value)).into()
}

#[test]
fn every_format_has_an_example() {
    let kinds: BTreeSet<&str> = examples().iter().map(|example| example.kind).collect();
    assert_eq!(kinds, BTreeSet::from(KINDS));
    assert_eq!(DOCUMENT.matches("```").count(), 2 * examples().len(), "a fence that is no example");
}

/// Except for its path, each verified query is one of the URLs above it. Otherwise the content of a refused query would not
/// be checked.
#[test]
fn verified_queries_are_signed_above() {
    let of_kind = |kind| examples().into_iter().filter(move |example| example.kind == kind);
    let signed: Vec<String> = of_kind("file-url").map(|mut example| example.take("url")).collect();
    for mut example in of_kind("verify") {
        let query = example.take("query");
        let pieces: Vec<&str> = query.split('&').filter(|piece| !piece.starts_with("path=")).collect();
        let holds = |url: &String| url.split(['?', '&']).skip(2).eq(pieces.iter().copied());
        assert!(signed.iter().any(holds), "{example:?}");
    }
}

/// Without its inputs, an example is exactly what the oracle computes from them.
#[test]
fn the_oracles_compute_every_value() {
    for example in examples() {
        let mut rest = example.clone();
        let computed = by_oracle::compute(&mut rest);
        assert!(!computed.is_empty(), "{example:?}");
        assert_eq!(rest.lines, computed, "{example:?}");
    }
}

/// The crate does not show keys and claims. Everything that it shows is equal to the example.
#[test]
fn the_crate_computes_the_same() {
    for example in examples() {
        let computed = by_crate::compute(&mut example.clone());
        assert!(!computed.is_empty(), "{example:?}");
        for (name, value) in computed {
            assert_eq!(example.lines.get(&name), Some(&value), "{name} in {example:?}");
        }
    }
}

mod by_oracle {
    use super::*;
    use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
    use oracle_v2::{Key, Verifier};
    use sha2::{Digest, Sha256};

    const KEPT: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

    pub(crate) fn compute(example: &mut Example) -> Values {
        match example.kind {
            "v1" => v1(example),
            "keys" => keys(example),
            "tokens" => tokens(example),
            "file-url" => file_url(example),
            "pass" => pass(example),
            "signed-host" => signed_host(example),
            "verify" => verify(example),
            "webhook" => webhook(example),
            kind => panic!("unknown kind {kind}"),
        }
    }

    fn escape(text: &str) -> String {
        percent_encode(text.as_bytes(), &KEPT).to_string()
    }

    fn v1(example: &mut Example) -> Values {
        let (seed, id) = (example.take("seed"), example.take("sandbox_id"));
        let token = |message: String| hex::encode(oracle_v2::hmac(seed.as_bytes(), message.as_bytes()));
        let (access_token, traffic_token) = (token(id.clone()), token(format!("sandbox-traffic-{id}")));
        let (operation, path, user) = (example.take("operation"), example.take("path"), example.take("user"));
        let (expires, base) = (example.number("expires"), example.take("base"));
        let (path_bytes, user_bytes) = (path.as_bytes(), user.as_bytes());
        let signature = oracle_v1::signature(path_bytes, &operation, user_bytes, &access_token, Some(expires));
        let query = [("path", &path), ("username", &user), ("signature", &signature)];
        let query = query.map(|(name, value)| format!("{name}={}", escape(value))).join("&");
        values([
            ("message", format!("{path}:{operation}:{user}:{access_token}:{expires}")),
            ("url", format!("{base}/files?{query}&signature_expiration={expires}")),
            ("access_token", access_token),
            ("traffic_token", traffic_token),
            ("signature", signature),
        ])
    }

    fn webhook(example: &mut Example) -> Values {
        let message = example.take("secret") + &example.take("body");
        let digest = Sha256::digest(&message);
        values([("digest", hex::encode(digest)), ("signature", STANDARD_NO_PAD.encode(digest))])
    }

    /// Root, access key and traffic key.
    fn derive(example: &mut Example) -> (Vec<u8>, char, Key, Key) {
        let seed = hex::decode(example.take("seed_hex")).unwrap();
        let (kid, id, generation) = (example.number("kid"), example.take("sandbox_id"), example.number("generation"));
        let access_key = oracle_v2::sandbox_key(&oracle_v2::access_root(&seed), &id, generation);
        let traffic_key = oracle_v2::sandbox_key(&oracle_v2::traffic_root(&seed), &id, generation);
        (seed, kid, access_key, traffic_key)
    }

    fn keys(example: &mut Example) -> Values {
        let (seed, kid, access_key, traffic_key) = derive(example);
        let traffic_root = oracle_v2::traffic_root(&seed);
        values([
            ("root", hex::encode(oracle_v2::root(&seed))),
            ("access_root", hex::encode(oracle_v2::access_root(&seed))),
            ("traffic_root", hex::encode(traffic_root)),
            ("access_key", hex::encode(access_key)),
            ("traffic_key", hex::encode(traffic_key)),
            ("file_url_key", hex::encode(oracle_v2::file_url_key(&access_key))),
            ("pass_key", hex::encode(oracle_v2::pass_key(&traffic_key))),
            ("signed_host_key", hex::encode(oracle_v2::signed_host_key(&traffic_key))),
            ("access_token", oracle_v2::token("sg2a", kid, &access_key)),
            ("traffic_token", oracle_v2::token("sg2t", kid, &traffic_key)),
            ("traffic_root_text", oracle_v2::token("sg2r", kid, &traffic_root)),
        ])
    }

    fn tokens(example: &mut Example) -> Values {
        let (_, kid, access_key, traffic_key) = derive(example);
        values([
            ("access_token", oracle_v2::token("sg2a", kid, &access_key)),
            ("traffic_token", oracle_v2::token("sg2t", kid, &traffic_key)),
        ])
    }

    /// Each field as `claim {number} = {number} {length} {value}`, and the tag over all of them.
    fn claims_and_tag(key: &Key, claims: &[u8]) -> Values {
        let mut shown = values([("tag", hex::encode(oracle_v2::hmac(key, claims)))]);
        let mut rest = claims;
        while let [number, high, low, after @ ..] = rest {
            let (value, after_value) = after.split_at(usize::from(u16::from_be_bytes([*high, *low])));
            let line = format!("{number:02x} {high:02x}{low:02x} {}", hex::encode(value));
            shown.insert(format!("claim {number}"), line.trim().to_owned());
            rest = after_value;
        }
        shown
    }

    fn file_url(example: &mut Example) -> Values {
        let (kid, key) = oracle_v2::read_token("sg2a", &example.take("access_token")).unwrap();
        let base = example.take("base");
        let digest = example.maybe("content_sha256");
        let url = oracle_v2::FileUrl {
            operation: example.take("operation"),
            path: example.take("path").into(),
            directory: example.maybe("directory").map(String::into_bytes),
            user: example.maybe("user").map(String::into_bytes),
            expires: example.number("expires"),
            max_bytes: example.maybe("max_bytes").map(|size| size.parse().unwrap()),
            content_sha256: digest.as_ref().map(|digest| hex::decode(digest).unwrap().try_into().unwrap()),
        };
        let context = example.maybe("context").map(String::into_bytes);
        let signature = url.signature(kid, &key, context.as_deref());
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let parameters = [
            ("path", Some(text(&url.path))),
            ("username", url.user.as_deref().map(text)),
            ("signature", Some(signature.clone())),
            ("signature_expiration", Some(url.expires.to_string())),
            ("signature_directory", url.directory.as_deref().map(text)),
            ("signature_max_bytes", url.max_bytes.map(|size| size.to_string())),
            ("signature_sha256", digest),
        ];
        let query = parameters.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", escape(&value?))));
        let query = query.collect::<Vec<_>>().join("&");
        let mut shown = claims_and_tag(&oracle_v2::file_url_key(&key), &url.claims(context.as_deref()));
        shown.append(&mut values([("signature", signature), ("url", format!("{base}/files?{query}"))]));
        shown
    }

    fn pass(example: &mut Example) -> Values {
        let (kid, key) = oracle_v2::read_token("sg2t", &example.take("traffic_token")).unwrap();
        let (port, expires) = (example.number("port"), example.number("expires"));
        let context = example.maybe("context").map(String::into_bytes);
        let claims = oracle_v2::pass_claims(port, expires, context.as_deref());
        let mut shown = claims_and_tag(&oracle_v2::pass_key(&key), &claims);
        shown.insert("pass".to_owned(), oracle_v2::pass(kid, &key, port, expires, context.as_deref()));
        shown
    }

    fn signed_host(example: &mut Example) -> Values {
        let (kid, key) = oracle_v2::read_token("sg2t", &example.take("traffic_token")).unwrap();
        let (id, port, expires) = (example.take("sandbox_id"), example.number("port"), example.number("expires"));
        let claims = oracle_v2::pass_claims(port, expires, None);
        let key_of_hosts = oracle_v2::signed_host_key(&key);
        let mut shown = claims_and_tag(&key_of_hosts, &claims);
        shown.append(&mut values([
            ("expires36", oracle_v2::base36(expires).unwrap()),
            ("mac", oracle_v2::base32(&oracle_v2::hmac(&key_of_hosts, &claims)[..16])),
            ("label", oracle_v2::signed_host(kid, &key, &id, port, expires).unwrap()),
        ]));
        shown
    }

    fn verify(example: &mut Example) -> Values {
        let (token, operation, query) =
            (example.take("access_token"), example.take("operation"), example.take("query"));
        let context = example.maybe("context").map(String::into_bytes);
        let (leeway, max_lifetime) = (example.number("leeway"), example.number("max_lifetime"));
        let mut shown = Values::new();
        for name in example.lines.keys() {
            let now = name.strip_prefix("now ").unwrap_or_else(|| panic!("{name}")).parse().unwrap();
            let verifier = Verifier { context: context.as_deref(), leeway, max_lifetime, now };
            let answer = oracle_v2::verify_query(&[&token], &operation, query.as_bytes(), &verifier);
            shown.insert(name.clone(), answer.err().unwrap_or("ok").to_owned());
        }
        shown
    }
}

mod by_crate {
    use super::*;
    use sandgate::{AccessToken, Context, Operation, SandboxId, TrafficToken, UnixSeconds, Window, v1, v2, webhook};

    pub(crate) fn compute(example: &mut Example) -> Values {
        match example.kind {
            "v1" => v1(example),
            "keys" | "tokens" => keys(example),
            "file-url" => file_url(example),
            "pass" => pass(example),
            "signed-host" => signed_host(example),
            "verify" => verify(example),
            "webhook" => webhook(example),
            kind => panic!("unknown kind {kind}"),
        }
    }

    fn time(example: &mut Example) -> UnixSeconds {
        UnixSeconds::new(example.number("expires"))
    }

    fn access_token(example: &mut Example) -> AccessToken {
        AccessToken::try_from(example.take("access_token").as_str()).unwrap()
    }

    fn traffic_key(example: &mut Example) -> v2::TrafficKey {
        let token = TrafficToken::try_from(example.take("traffic_token").as_str()).unwrap();
        v2::TrafficKey::new(&token).unwrap()
    }

    fn context(text: Option<&String>) -> Option<Context<'_>> {
        text.map(|text| Context::try_from(text.as_bytes()).unwrap())
    }

    fn v1(example: &mut Example) -> Values {
        let keyring = v1::Keyring::new(example.take("seed").as_bytes()).unwrap();
        let id: SandboxId = example.number("sandbox_id");
        let (access, traffic) = (keyring.access_token(&id), keyring.traffic_token(&id));
        let (operation, path, user): (Operation, _, _) =
            (example.number("operation"), example.take("path"), example.take("user"));
        let url = v1::FileUrl::new(operation, path.as_bytes()).user(user.as_bytes()).expires(time(example));
        let key = v1::FileUrlKey::new(&access).unwrap();
        let mut written = String::new();
        key.write_url(&mut written, &example.take("base"), &url).unwrap();
        values([
            ("access_token", access.expose().to_owned()),
            ("traffic_token", traffic.expose().to_owned()),
            ("signature", key.sign(&url).as_str().to_owned()),
            ("url", written),
        ])
    }

    fn keys(example: &mut Example) -> Values {
        let seed = hex::decode(example.take("seed_hex")).unwrap();
        let (kid, id, generation) = (example.number("kid"), example.number("sandbox_id"), example.number("generation"));
        let keyring = v2::Keyring::new(kid, &seed).unwrap();
        let mut shown = values([
            ("access_token", keyring.access_token(&id, generation).expose().to_owned()),
            ("traffic_token", keyring.traffic_token(&id, generation).expose().to_owned()),
        ]);
        if example.kind == "keys" {
            let root = v2::TrafficRoot::derive(kid, &seed).unwrap();
            shown.insert("traffic_root_text".to_owned(), root.expose().to_owned());
        }
        shown
    }

    fn file_url(example: &mut Example) -> Values {
        let key = v2::FileUrlKey::new(&access_token(example)).unwrap();
        let (path, user, directory) = (example.take("path"), example.maybe("user"), example.maybe("directory"));
        let bound = example.maybe("context");
        let mut url = v2::FileUrl::new(example.number("operation"), path.as_bytes(), time(example));
        if let Some(user) = &user {
            url = url.user(user.as_bytes());
        }
        if let Some(directory) = &directory {
            url = url.directory(directory.as_bytes());
        }
        if let Some(size) = example.maybe("max_bytes") {
            url = url.max_bytes(size.parse().unwrap());
        }
        if let Some(digest) = example.maybe("content_sha256") {
            url = url.content_sha256(hex::decode(digest).unwrap().try_into().unwrap());
        }
        if let Some(context) = context(bound.as_ref()) {
            url = url.context(context);
        }
        let mut written = String::new();
        key.write_url(&mut written, &example.take("base"), &url).unwrap();
        values([("signature", key.sign(&url).unwrap().as_str().to_owned()), ("url", written)])
    }

    fn webhook(example: &mut Example) -> Values {
        let (secret, body) = (example.take("secret"), example.take("body"));
        let signature = webhook::sign(secret.as_bytes(), body.as_bytes()).unwrap();
        values([("signature", signature.as_str().to_owned())])
    }

    fn pass(example: &mut Example) -> Values {
        let key = traffic_key(example);
        let (port, expires, bound) = (example.number("port"), time(example), example.maybe("context"));
        let pass = key.issue_pass(port, expires, context(bound.as_ref())).unwrap();
        let verified = key.verify_pass(pass.as_str().as_bytes(), port, context(bound.as_ref()), expires);
        assert_eq!(verified, Ok(expires));
        values([("pass", pass.as_str().to_owned())])
    }

    fn signed_host(example: &mut Example) -> Values {
        let key = traffic_key(example);
        let (id, port, expires) = (example.number("sandbox_id"), example.number("port"), time(example));
        let label = key.issue_signed_host(&id, port, expires).unwrap();
        let verified = key.verify_signed_host(label.as_str().as_bytes(), &id, port, expires);
        assert_eq!(verified, Ok(expires));
        values([("label", label.as_str().to_owned())])
    }

    fn verify(example: &mut Example) -> Values {
        let key = v2::FileUrlKey::new(&access_token(example)).unwrap();
        let (operation, query) = (example.number("operation"), example.take("query"));
        let bound = example.maybe("context");
        let window = Window::new(example.number("leeway"), example.number("max_lifetime")).unwrap();
        let key = key.window(window);
        let mut shown = Values::new();
        for name in example.lines.keys() {
            let now = UnixSeconds::new(name.strip_prefix("now ").unwrap().parse().unwrap());
            let answer = key.verify_query(operation, query.as_bytes(), context(bound.as_ref()), now);
            shown.insert(name.clone(), answer.err().map_or("ok", |denied| denied.code().as_str()).to_owned());
        }
        shown
    }
}

/// The rows `| gate | code | status | message |` are those of the crate, all of them.
#[test]
fn refusals() {
    use sandgate::{Code, Denied, Gate};
    let said = |gates: &[Gate], codes: &[Code]| -> Vec<String> {
        let pairs = gates.iter().flat_map(|gate| codes.iter().map(|code| Denied::new(*gate, *code)));
        let row = |denied: Denied| {
            let (gate, code) = (denied.gate().as_str(), denied.code().as_str());
            format!("| `{gate}` | `{code}` | {} | {} |", denied.status(), denied.message())
        };
        pairs.map(row).collect()
    };
    let (waiting, of_credentials) = Code::ALL.split_last().unwrap();
    assert_eq!(*waiting, Code::NotInitialized);
    let mut rows = said(&[Gate::FileSignature, Gate::Traffic], of_credentials);
    rows.extend(said(&[Gate::Route], &[Code::Missing, Code::Malformed, Code::Invalid, *waiting]));
    rows.extend(said(&[Gate::Init, Gate::Webhook], &[Code::Missing, Code::Malformed, Code::Invalid]));
    rows.extend(said(&[Gate::Wake], &Code::ALL));
    rows.extend(said(&[Gate::FileToken], &[Code::Malformed, Code::Invalid]));
    rows.extend(said(&[Gate::Host], &[Code::Missing, Code::Malformed]));
    rows.extend(said(&[Gate::InternalRoute], &[Code::Malformed, Code::OutOfScope]));
    let (_, table) = DOCUMENT.split_once("| gate | code | status | message |").unwrap();
    let written: BTreeSet<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(written, rows.iter().map(String::as_str).collect());
    for gate in Gate::ALL {
        assert!(written.iter().any(|row| row.starts_with(&format!("| `{gate}` |"))), "{gate} has no row");
    }
}

/// The cells of the rows below a heading, without the backquotes around them.
fn rows_below<const N: usize>(heading: &str) -> Vec<[&'static str; N]> {
    let (_, table) = DOCUMENT.split_once(heading).unwrap();
    let rows = table.trim_start().lines().skip(1).take_while(|line| line.starts_with('|'));
    let cells = |row: &'static str| -> Vec<&str> { row.trim_matches('|').split('|').map(str::trim).collect() };
    rows.map(|row| cells(row).try_into().unwrap()).collect()
}

fn unquoted(cell: &str) -> &str {
    cell.trim_matches('`')
}

/// The rows `| host | with | answer |` are those of an edge.
#[test]
fn hosts() {
    use sandgate::{Edge, Head, HeaderLine};
    let rows = rows_below::<3>("| host | with | answer |");
    assert!(rows.len() > 15);
    for [host, with, answer] in rows {
        let given = with.replace("routing headers", "`E2b-Sandbox-Id: abc`, `E2b-Sandbox-Port: 8080`");
        let given = given.split(", ").filter(|line| !line.is_empty()).map(unquoted);
        let split = |line: &str| line.rsplit_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
        let first = ("Host".to_owned(), unquoted(host).to_owned());
        let lines = std::iter::once(first).chain(given.map(|line| split(line).unwrap()));
        let lines: Vec<(String, String)> = lines.collect();
        let lines: Vec<HeaderLine<'_>> =
            lines.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let found = match Edge::default().route(&Head::new(b"GET", b"/", &lines)) {
            Ok(route) if answer.ends_with("not a signed host") => {
                assert!(route.signed_part().is_none());
                format!("`{route}`, not a signed host")
            }
            Ok(route) => format!("`{route}`"),
            Err(denied) => format!("{}, `{}`, `{}`", denied.status(), denied.gate(), denied.code()),
        };
        assert_eq!(found, answer, "{host}, {with}");
    }
}

/// The first table of what is forwarded names every header that an edge rewrites, and the rows of the second are its work.
#[test]
fn forwarded_lines() {
    use sandgate::forward;
    let lines: String = rows_below("| line | change |").into_iter().map(|[line, _]| line).collect();
    let named: BTreeSet<String> = lines.split('`').skip(1).step_by(2).map(str::to_ascii_lowercase).collect();
    assert_eq!(named, forward::HEADERS.map(str::to_owned).into());
    let rows = rows_below("| line | received | forwarded |");
    assert!(rows.len() > 4);
    for [name, received, expected] in rows {
        let mut forwarded = Vec::new();
        let (name, received) = (unquoted(name), unquoted(received));
        assert!(forward::header(name.as_bytes(), received.as_bytes(), |piece| forwarded.extend_from_slice(piece)));
        assert_eq!(String::from_utf8(forwarded).unwrap(), unquoted(expected), "{name}: {received}");
    }
}
