//! The parameters of a file URL, and the rule on repeated parameters.

use crate::encoding::percent::{BadEscape, Decoded};
use crate::encoding::query_text::{Scratch, Value, take_value};

/// The values in the query of a file URL.
#[derive(Clone, Copy, Default)]
pub(crate) struct FileQuery<'q> {
    pub(crate) path: Option<Value<'q>>,
    pub(crate) user: Option<Value<'q>>,
    pub(crate) signature: Option<Value<'q>>,
    pub(crate) expiration: Option<Value<'q>>,
    /// The query contains an unescaped `;`. In v1 that is malformed, because E2B's controller drops the parameter; in v2 it
    /// is an ordinary byte.
    pub(crate) semicolon: bool,
    /// Blank in v1.
    pub(crate) beyond_v1: BeyondV1<'q>,
}

/// The values that v2 adds.
#[derive(Clone, Copy, Default)]
pub(crate) struct BeyondV1<'q> {
    pub(crate) directory: Option<Value<'q>>,
    pub(crate) max_bytes: Option<Value<'q>>,
    pub(crate) sha256: Option<Value<'q>>,
    /// The query has a parameter `signature…` that v2 does not know.
    pub(crate) unknown: bool,
}

/// The known parameters. All others are ignored.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Known {
    /// `path`, `username`, `signature` and `signature_expiration`.
    V1,
    /// Those of v1 and those that v2 adds.
    V2,
}

/// The query has a bad escape, or repeats a known parameter.
pub(crate) struct Malformed;

impl From<BadEscape> for Malformed {
    fn from(_: BadEscape) -> Self {
        Self
    }
}

impl<'q> FileQuery<'q> {
    /// Parses a query. Each known parameter may occur once.
    pub(crate) fn parse(query: &'q [u8], known: Known) -> Result<Self, Malformed> {
        let mut found = Self::default();
        found.read(query, known, &mut Scratch::new())?;
        Ok(found)
    }

    /// Parses a query into this blank value, and decodes the values into `scratch`. In place, because moving the values takes
    /// longer than reading them.
    ///
    /// The query is split at `&`; empty pieces are skipped. The first `=` ends the name; without one the value is empty.
    pub(crate) fn read(&mut self, query: &'q [u8], known: Known, scratch: &mut Scratch) -> Result<(), Malformed> {
        let mut rest = query;
        let mut semicolon = false;
        loop {
            match rest {
                [] => break,
                [b'&', after @ ..] => {
                    rest = after;
                    continue;
                }
                _ => {}
            }
            let (parameter, after) = match usual_name(rest) {
                Some(found) => found,
                None => self.other_name(rest, known, &mut semicolon)?,
            };
            rest = after;
            let value = take_value(&mut rest, scratch, &mut semicolon)?;
            let Some(place) = self.place(parameter) else { continue };
            if place.is_some() {
                return Err(Malformed);
            }
            *place = Some(value);
        }
        self.semicolon = semicolon;
        Ok(())
    }

    #[inline(always)]
    fn place(&mut self, parameter: Parameter) -> Option<&mut Option<Value<'q>>> {
        Some(match parameter {
            Parameter::Path => &mut self.path,
            Parameter::User => &mut self.user,
            Parameter::Signature => &mut self.signature,
            Parameter::Expiration => &mut self.expiration,
            Parameter::Directory => &mut self.beyond_v1.directory,
            Parameter::MaxBytes => &mut self.beyond_v1.max_bytes,
            Parameter::Sha256 => &mut self.beyond_v1.sha256,
            Parameter::Unknown => return None,
        })
    }

    /// Takes a name that is not in its usual spelling, and the `=` after it.
    #[cold]
    fn other_name<'r>(
        &mut self,
        rest: &'r [u8],
        known: Known,
        semicolon: &mut bool,
    ) -> Result<(Parameter, &'r [u8]), BadEscape> {
        let end = rest.iter().position(|byte| matches!(byte, b'=' | b'&')).unwrap_or(rest.len());
        let (raw, after) = rest.split_at_checked(end).unwrap_or_default();
        *semicolon |= raw.contains(&b';');
        let mut decoded = [0; LONGEST];
        let name = Decoded::from_query(raw)?;
        let name = name.as_plain().unwrap_or_else(|| name.first_bytes(&mut decoded));
        let of_v1 = |parameter: &Parameter| known == Known::V2 || parameter.is_of_v1();
        let parameter = NAMES.into_iter().find(|(known, _)| known.as_bytes() == name).map(|(_, parameter)| parameter);
        let parameter = parameter.filter(of_v1).unwrap_or(Parameter::Unknown);
        if let Parameter::Unknown = parameter {
            self.beyond_v1.unknown |= known == Known::V2 && name.starts_with(b"signature");
        }
        Ok((parameter, after.strip_prefix(b"=").unwrap_or(after)))
    }
}

/// Takes a name and the `=` after it if it is spelled as usual. Names are compared by the word, in the order of the SDKs' URLs.
#[inline(always)]
fn usual_name(rest: &[u8]) -> Option<(Parameter, &[u8])> {
    if let Some(after) = rest.strip_prefix(b"path=") {
        Some((Parameter::Path, after))
    } else if let Some(after) = rest.strip_prefix(b"signature=") {
        Some((Parameter::Signature, after))
    } else if let Some(after) = rest.strip_prefix(b"username=") {
        Some((Parameter::User, after))
    } else {
        Some((Parameter::Expiration, rest.strip_prefix(b"signature_expiration=")?))
    }
}

/// The text of a value as received.
pub(crate) fn text_of<'q>(value: Option<Value<'q>>) -> Option<Decoded<'q>> {
    value.map(|value| value.text)
}

/// What a parameter is.
#[derive(Clone, Copy)]
enum Parameter {
    Path,
    User,
    Signature,
    Expiration,
    Directory,
    MaxBytes,
    Sha256,
    Unknown,
}

impl Parameter {
    const fn is_of_v1(self) -> bool {
        matches!(self, Self::Path | Self::User | Self::Signature | Self::Expiration)
    }
}

const NAMES: [(&str, Parameter); 7] = [
    ("path", Parameter::Path),
    ("username", Parameter::User),
    ("signature", Parameter::Signature),
    ("signature_expiration", Parameter::Expiration),
    ("signature_directory", Parameter::Directory),
    ("signature_max_bytes", Parameter::MaxBytes),
    ("signature_sha256", Parameter::Sha256),
];

/// One byte more than the longest name, so that a longer name, truncated, does not equal it.
const LONGEST: usize = b"signature_expiration".len() + 1;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A query of known names, in usual and other spellings, and of values with and without escapes.
    fn queries() -> impl Strategy<Value = String> {
        let name = "path|username|signature|signature_expiration|signature_(directory|max_bytes|sha256|x)|p%61th|usernam|\\PC{0,3}";
        let value = "[a-z0-9/.;=+*~-]{0,30}|(%2F|%2f|%41|%C3%A9|[a-z&;=+]|%2|%zz|é){0,12}|[a-z]{150,300}%2F[a-z]{0,50}";
        prop::collection::vec((name, "=?", value), 0..5).prop_map(|pairs| {
            pairs
                .into_iter()
                .map(|(name, equals, value)| format!("{name}{equals}{value}"))
                .collect::<Vec<_>>()
                .join("&")
        })
    }

    /// What a form gives for a name: no value, one, or several.
    fn in_form(query: &str, name: &str) -> Vec<Vec<u8>> {
        let decode = |text: &str| percent_encoding::percent_decode_str(&text.replace('+', " ")).collect::<Vec<u8>>();
        let pairs = query.split('&').filter(|piece| !piece.is_empty());
        let pairs = pairs.map(|piece| piece.split_once('=').unwrap_or((piece, "")));
        pairs.filter(|(found, _)| decode(found) == name.as_bytes()).map(|(_, value)| decode(value)).collect()
    }

    /// Whether each `%` is followed by two hex digits.
    fn escapes_are_good(query: &str) -> bool {
        let digits = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
        query.match_indices('%').all(|(at, _)| digits(&query[at + 1..]))
    }

    proptest! {
        #[test]
        fn values_are_those_of_a_form(query in queries()) {
            let (mut found, mut scratch) = (FileQuery::default(), Scratch::new());
            let read = found.read(query.as_bytes(), Known::V2, &mut scratch).is_ok();
            let names = NAMES.map(|(name, _)| in_form(&query, name));
            prop_assert_eq!(read, escapes_are_good(&query) && names.iter().all(|values| values.len() < 2));
            if !read {
                return Ok(());
            }
            prop_assert_eq!(found.semicolon, query.contains(';'));
            for ((_, parameter), expected) in NAMES.into_iter().zip(names) {
                let value = found.place(parameter).and_then(|place| place.as_ref());
                let texts = value.map(|value| (value.text.bytes().collect(), value.decoded(scratch.bytes()).bytes().collect()));
                prop_assert_eq!(texts, expected.into_iter().next().map(|value| (value.clone(), value)));
            }
        }
    }

    #[test]
    fn only_v2_knows_its_parameters() {
        let query = b"signature_directory=%2Fa%2F&signature_directory=%2F&signature_x=1";
        assert!(FileQuery::parse(query, Known::V2).is_err());
        let found = FileQuery::parse(query, Known::V1).unwrap_or_default();
        assert!(found.beyond_v1.directory.is_none() && !found.beyond_v1.unknown);
    }
}
