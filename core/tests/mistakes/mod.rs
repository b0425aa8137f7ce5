//! File URLs with up to two mistakes in them.

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sandgate::{AccessToken, Context, Decoded, Operation, UnixSeconds, v1, v2};

pub(crate) const NOW: UnixSeconds = UnixSeconds::new(1_800_000_000);

/// A request: an operation with a raw query, in a context.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) operation: Operation,
    pub(crate) query: Vec<u8>,
    pub(crate) context: Option<&'static str>,
}

impl Asked {
    pub(crate) fn context(&self) -> Option<Context<'static>> {
        self.context.map(|context| context.try_into().unwrap())
    }
}

pub(crate) fn pieces(query: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    query.split(|byte| *byte == b'&').map(<[u8]>::to_vec)
}

/// The name and the value of a piece, both raw.
pub(crate) fn halves(piece: &[u8]) -> (&[u8], &[u8]) {
    let mut halves = piece.splitn(2, |byte| *byte == b'=');
    (halves.next().unwrap_or_default(), halves.next().unwrap_or_default())
}

pub(crate) fn is_named(piece: &[u8], name: &str) -> bool {
    Decoded::from_query(halves(piece).0).is_ok_and(|decoded| decoded == *name)
}

/// Tokens, and a request that they verify.
pub(crate) fn mistaken() -> impl Strategy<Value = (Vec<AccessToken>, Asked)> {
    let right = signed().prop_filter_map("the format cannot say it", |signed| {
        let asked = Asked { operation: signed.operation, query: signed.query()?, context: signed.context };
        Some((signed.tokens(), asked))
    });
    (right, prop::collection::vec((mistakes(), any::<Index>()), 0..3)).prop_map(|((tokens, mut asked), mistakes)| {
        mistakes.into_iter().for_each(|(mistake, at)| mistake.make(&mut asked, at));
        (tokens, asked)
    })
}

/// The signed values.
#[derive(Clone, Debug)]
struct Signed {
    is_v2: bool,
    token: Index,
    operation: Operation,
    path: Vec<u8>,
    user: Option<&'static str>,
    expires: Option<i64>,
    directory: Option<&'static str>,
    max_bytes: Option<u64>,
    sha256: bool,
    context: Option<&'static str>,
}

impl Signed {
    fn tokens(&self) -> Vec<AccessToken> {
        let token = |kid: &str| {
            let keyring = v2::Keyring::new(kid.parse().unwrap(), &[kid.as_bytes()[0]; 32]).unwrap();
            keyring.access_token(&"abc".parse().unwrap(), 0)
        };
        if self.is_v2 {
            ["a", "b", "c"].map(token).to_vec()
        } else {
            ["one", "two"].map(|t| t.parse().unwrap()).to_vec()
        }
    }

    /// The query with its signature, if the format can express it.
    fn query(&self) -> Option<Vec<u8>> {
        let tokens = self.tokens();
        let token = self.token.get(&tokens);
        let number = |number: Option<i64>| number.map(|number| number.to_string().into_bytes());
        let mut fields = vec![
            ("path", Some(self.path.clone())),
            ("username", self.user.map(Into::into)),
            ("signature_expiration", number(self.expires)),
        ];
        let signature = if self.is_v2 {
            let mut url = v2::FileUrl::new(self.operation, &self.path, UnixSeconds::new(self.expires?));
            url = self.user.map_or(url, |user| url.user(user.as_bytes()));
            url = self.directory.map_or(url, |directory| url.directory(directory.as_bytes()));
            url = self.max_bytes.map_or(url, |max| url.max_bytes(max));
            url = if self.sha256 { url.content_sha256([0xab; 32]) } else { url };
            url = self.context.map_or(url, |context| url.context(context.try_into().unwrap()));
            fields.extend([
                ("signature_directory", self.directory.map(Into::into)),
                ("signature_max_bytes", self.max_bytes.map(|max| max.to_string().into_bytes())),
                ("signature_sha256", self.sha256.then(|| "ab".repeat(32).into_bytes())),
            ]);
            v2::FileUrlKey::new(token).unwrap().sign(&url).ok()?.as_str().to_owned()
        } else {
            let url = v1::FileUrl::new(self.operation, &self.path).user(self.user.unwrap_or_default().as_bytes());
            let url = url.maybe_expires(self.expires.map(UnixSeconds::new));
            v1::FileUrlKey::new(token).unwrap().sign(&url).as_str().to_owned()
        };
        fields.push(("signature", Some(signature.into_bytes())));
        let piece = |(name, value): (&str, Option<Vec<u8>>)| Some([name.as_bytes(), b"=", &escape(&value?)].concat());
        Some(fields.into_iter().filter_map(piece).collect::<Vec<_>>().join(&b'&'))
    }
}

fn signed() -> impl Strategy<Value = Signed> {
    let texts = ["/", "/d/", "a", "b c", "+", "%", "%2F", "%FF", "%00", "\"", "\n", "\u{e9}", "=", "&", ":", ".."];
    let bytes = select(vec![&b"\xff"[..], b"\0", b"\xc3"]);
    let part = prop_oneof![9 => select(texts.to_vec()).prop_map(str::as_bytes), 1 => bytes];
    let path = prop_oneof![
        3 => prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat()),
        1 => Just(b"/d/a".to_vec()),
    ];
    (
        (any::<bool>(), any::<Index>(), any::<bool>(), path),
        prop::option::of(select(vec!["", "user", "root", "bob+\u{e9}"])),
        prop::option::weighted(0.8, select(vec![0, 1, 1_800_000_000, 1_800_000_060, 1_900_000_000, i64::MAX])),
        prop::option::weighted(0.3, select(vec!["/", "/d/", "/a+b/"])),
        (prop::option::weighted(0.2, select(vec![0, 10])), prop::bool::weighted(0.2)),
        prop::option::weighted(0.2, Just("here")),
    )
        .prop_map(|((is_v2, token, write, path), user, expires, directory, (max_bytes, sha256), context)| {
            let operation = if write { Operation::Write } else { Operation::Read };
            Signed { is_v2, token, operation, path, user, expires, directory, max_bytes, sha256, context }
        })
}

type Respell = fn(&[u8]) -> Vec<u8>;

/// A mistake between signer and verifier.
#[derive(Clone, Copy, Debug)]
enum Mistake {
    Operation,
    Context(Option<&'static str>),
    KeyId,
    Remove,
    Repeat,
    /// Another spelling of a raw value.
    Respell(Respell),
    /// Another raw value of a parameter.
    Set(&'static str, &'static str),
}

impl Mistake {
    fn make(self, asked: &mut Asked, at: Index) {
        let mut all: Vec<Vec<u8>> = pieces(&asked.query).collect();
        if all.is_empty() {
            return;
        }
        let at = at.index(all.len());
        match self {
            Self::Operation if asked.operation == Operation::Read => asked.operation = Operation::Write,
            Self::Operation => asked.operation = Operation::Read,
            Self::Context(context) => asked.context = context,
            Self::KeyId => all = pieces(&replace(&asked.query, "v2%2Ea", "v2%2Eb")).collect(),
            Self::Remove => drop(all.remove(at)),
            Self::Repeat => all.push(all[at].clone()),
            Self::Respell(respell) => {
                let (name, value) = halves(&all[at]);
                all[at] = [name, b"=", &respell(value)].concat();
            }
            Self::Set(name, value) => {
                all.retain(|piece| !is_named(piece, name));
                all.push(format!("{name}={value}").into_bytes());
            }
        }
        asked.query = all.join(&b'&');
    }
}

fn mistakes() -> impl Strategy<Value = Mistake> {
    let respell: [Respell; 14] = [
        escape,
        unescape,
        |value| unescape(&unescape(value)),
        |value| [value, b"%2F"].concat(),
        |value| [b"/", value].concat(),
        |value| [b"0", value].concat(),
        |value| [b"%2B", value].concat(),
        |value| [value, b"000"].concat(),
        |value| [value, b"%3D%0D%0A"].concat(),
        |value| value.to_ascii_uppercase(),
        |value| value.get(3..).unwrap_or_default().to_vec(),
        |value| value.strip_suffix(b"000").or(value.strip_suffix(b"%2F")).unwrap_or(value).to_vec(),
        |value| replace(value, "%2B", "+"),
        |value| replace(&replace(value, "%2B", "-"), "%2F", "_"),
    ];
    let set = [
        ("path", ""),
        ("path", "%25FF"),
        ("path", "%FF"),
        ("username", ""),
        ("username", "bob"),
        ("username", "%FF"),
        ("signature_expiration", ""),
        ("signature_expiration", "x"),
        ("signature_directory", "/d/"),
        ("signature_directory", "d"),
        ("signature_max_bytes", "5"),
        ("signature_max_bytes", "-0"),
        ("signature_max_bytes", "010"),
        ("signature_sha256", "0"),
        ("signature_sha256", "ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB"),
        ("signature_other", "1"),
        ("signature", "v2.b."),
    ];
    prop_oneof![
        1 => Just(Mistake::Operation),
        1 => prop::option::of(Just("there")).prop_map(Mistake::Context),
        1 => Just(Mistake::KeyId),
        1 => Just(Mistake::Remove),
        1 => Just(Mistake::Repeat),
        8 => select(respell.to_vec()).prop_map(Mistake::Respell),
        4 => select(set.to_vec()).prop_map(|(name, value)| Mistake::Set(name, value)),
    ]
}

fn escape(bytes: &[u8]) -> Vec<u8> {
    percent_encode(bytes, NON_ALPHANUMERIC).to_string().into_bytes()
}

fn unescape(value: &[u8]) -> Vec<u8> {
    Decoded::from_query(value).map_or_else(|_| value.to_vec(), |value| value.bytes().collect())
}

fn replace(value: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(value).replace(from, to).into_bytes()
}
