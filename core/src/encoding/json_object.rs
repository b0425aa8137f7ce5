//! Reads the members of a JSON object, without allocation.

/// A JSON text as far as it was read.
struct Reader<'t> {
    rest: &'t [u8],
}

/// A member's name as it is spelt between its quotes, escapes and all.
#[derive(Clone, Copy)]
pub(crate) struct Name<'t>(&'t str);

/// A member's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Member<'t> {
    /// `null`.
    Null,
    /// What stands between the quotes of a string. It may contain escapes.
    String(&'t str),
    /// A number, `true`, `false`, an array or an object.
    Other,
}

/// The deepest nesting of arrays and objects that is read.
const DEEPEST: u32 = 63;

/// Calls `member` for each member of the object that a JSON text is. The whole text is checked against RFC 8259: white space
/// may surround the object, nothing else. None for another text, for nesting beyond [`DEEPEST`] levels, and when `member`
/// returns none.
pub(crate) fn read_members<'t>(
    text: &'t [u8],
    mut member: impl FnMut(Name<'t>, Member<'t>) -> Option<()>,
) -> Option<()> {
    core::str::from_utf8(text).ok()?;
    let mut reader = Reader { rest: text };
    reader.space();
    reader.take(b'{')?;
    reader.space();
    let mut more = reader.take(b'}').is_none();
    while more {
        let name = Name(reader.name()?);
        reader.space();
        let value = match reader.rest {
            [b'"', string @ ..] => {
                reader.rest = string;
                Member::String(reader.string()?)
            }
            value => {
                reader.skip_value()?;
                if value.starts_with(b"null") { Member::Null } else { Member::Other }
            }
        };
        member(name, value)?;
        reader.space();
        more = match reader.next()? {
            b',' => true,
            b'}' => false,
            _ => return None,
        };
        reader.space();
    }
    reader.space();
    reader.rest.is_empty().then_some(())
}

impl Name<'_> {
    /// Whether this is `name`, which is ASCII. `Err` for one that some readers take for it and others do not: Go's reader
    /// ignores case, and folds `ſ` and the kelvin sign into `s` and `k`.
    pub(crate) fn is(self, name: &str) -> Result<bool, Ambiguous> {
        let folded = |character: char| match character {
            '\u{17f}' => 's',
            '\u{212a}' => 'k',
            other => other.to_ascii_lowercase(),
        };
        if !self.characters().map(folded).eq(name.chars().map(|character| character.to_ascii_lowercase())) {
            return Ok(false);
        }
        if self.characters().eq(name.chars()) { Ok(true) } else { Err(Ambiguous) }
    }

    /// Half of a surrogate pair becomes U+FFFD, which no name has.
    fn characters(self) -> impl Iterator<Item = char> {
        let mut rest = self.0.chars();
        core::iter::from_fn(move || match rest.next()? {
            '\\' => match rest.next()? {
                'u' => {
                    let mut unit = 0;
                    for _ in 0..4 {
                        unit = (unit << 4) | rest.next()?.to_digit(16)?;
                    }
                    Some(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
                }
                'b' => Some('\u{8}'),
                'f' => Some('\u{c}'),
                'n' => Some('\n'),
                'r' => Some('\r'),
                't' => Some('\t'),
                same => Some(same),
            },
            character => Some(character),
        })
    }
}

/// Readers differ in how they read it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ambiguous;

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[byte])?;
        Some(())
    }

    fn skip_while(&mut self, belongs: impl Fn(u8) -> bool) -> Option<()> {
        let before = self.rest.len();
        while let Some((first, rest)) = self.rest.split_first()
            && belongs(*first)
        {
            self.rest = rest;
        }
        (self.rest.len() < before).then_some(())
    }

    fn space(&mut self) {
        let _ = self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// A string and the colon after it.
    fn name(&mut self) -> Option<&'t str> {
        self.take(b'"')?;
        let name = self.string()?;
        self.space();
        self.take(b':')?;
        Some(name)
    }

    /// A string after its first quote.
    fn string(&mut self) -> Option<&'t str> {
        let start = self.rest;
        loop {
            match self.next()? {
                b'"' => break,
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => {
                        for _ in 0..4 {
                            self.next().filter(u8::is_ascii_hexdigit)?;
                        }
                    }
                    _ => return None,
                },
                0..0x20 => return None,
                _ => {}
            }
        }
        // Without the quote.
        let len = start.len().wrapping_sub(self.rest.len()).wrapping_sub(1);
        core::str::from_utf8(start.get(..len)?).ok()
    }

    fn skip_value(&mut self) -> Option<()> {
        // One bit for each open array (0) and object (1), below a one that marks the bottom.
        let mut open = 1_u64;
        loop {
            self.space();
            match self.next()? {
                bracket @ (b'[' | b'{') => {
                    if open.leading_zeros() < u64::BITS - DEEPEST {
                        return None;
                    }
                    let is_object = bracket == b'{';
                    open = (open << 1) | u64::from(is_object);
                    self.space();
                    if self.take(if is_object { b'}' } else { b']' }).is_some() {
                        open >>= 1;
                    } else {
                        if is_object {
                            self.name()?;
                        }
                        continue;
                    }
                }
                b'"' => {
                    self.string()?;
                }
                b't' => self.word(b"rue")?,
                b'f' => self.word(b"alse")?,
                b'n' => self.word(b"ull")?,
                first => self.number(first)?,
            }
            loop {
                if open == 1 {
                    return Some(());
                }
                self.space();
                match (self.next()?, open & 1 == 1) {
                    (b',', true) => {
                        self.space();
                        self.name()?;
                        break;
                    }
                    (b',', false) => break,
                    (b'}', true) | (b']', false) => open >>= 1,
                    _ => return None,
                }
            }
        }
    }

    fn word(&mut self, rest: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(rest)?;
        Some(())
    }

    /// A number after its first character.
    fn number(&mut self, first: u8) -> Option<()> {
        let is_digit = |byte: u8| byte.is_ascii_digit();
        let first = if first == b'-' { self.next()? } else { first };
        match first {
            b'0' => {}
            b'1'..=b'9' => {
                let _ = self.skip_while(is_digit);
            }
            _ => return None,
        }
        if self.take(b'.').is_some() {
            self.skip_while(is_digit)?;
        }
        if self.take(b'e').or_else(|| self.take(b'E')).is_some() {
            let _ = self.take(b'+').or_else(|| self.take(b'-'));
            self.skip_while(is_digit)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn members(text: &str) -> Option<Vec<(&str, Member<'_>)>> {
        let mut found = Vec::new();
        read_members(text.as_bytes(), |name, value| {
            found.push((name.0, value));
            Some(())
        })?;
        Some(found)
    }

    #[test]
    fn members_are_found_and_nested_ones_are_not() {
        let text = r#" { "a" : "\u0041\\" , "b":null,"c":{"a":[1,{"a":"x"}]},"d":[],"e":{} , "f":-0.5e+7,"":true } "#;
        let string = Member::String("\\u0041\\\\");
        let other = Member::Other;
        let expected =
            [("a", string), ("b", Member::Null), ("c", other), ("d", other), ("e", other), ("f", other), ("", other)];
        assert_eq!(members(text).unwrap(), expected);
        assert_eq!(members("{}").unwrap(), []);
    }

    #[test]
    fn nesting_has_a_limit() {
        let nested = |levels| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(members(&nested(63)).is_some());
        assert!(members(&nested(64)).is_none());
        assert!(members(&nested(100_000)).is_none());
    }

    #[test]
    fn name_is_read_with_its_escapes_and_must_have_its_case() {
        for name in ["accessToken", r"acces\u0073Token", r"\u0061ccessToken"] {
            assert_eq!(Name(name).is("accessToken"), Ok(true), "{name}");
        }
        for name in [
            "AccessToken",
            "accesstoken",
            "acce\u{17f}sToken",
            r"acces\u017fToken",
            "accessTo\u{212a}en",
            r"\u0041ccessToken",
        ] {
            assert_eq!(Name(name).is("accessToken"), Err(Ambiguous), "{name}");
        }
        for name in ["", "accessToken ", "access", r"accessToken\u0000", r"accessToken\n", r"\ud83d\ude00", "x"] {
            assert_eq!(Name(name).is("accessToken"), Ok(false), "{name}");
        }
    }

    /// Text that is nearly JSON.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("{"),
            Just("}"),
            Just("["),
            Just("]"),
            Just(":"),
            Just(","),
            Just(" "),
            Just("\n"),
            Just("\"a\""),
            Just("\"\\n\\u12aF\""),
            Just("\"\\x\""),
            Just("\"\u{1}\""),
            Just("\"é\""),
            Just("0"),
            Just("-"),
            Just("12"),
            Just("1.5"),
            Just("1."),
            Just("1e9"),
            Just("2E-"),
            Just("true"),
            Just("null"),
            Just("nul"),
            Just("\u{a0}"),
            Just("\""),
            Just("\"b\":"),
            Just("{\"a\":1}"),
            Just("[1,2]")
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(6, 48, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
                prop::collection::hash_map(any::<String>(), inner, 0..5)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn an_object_is_what_serde_json_takes_for_one(text in prop_oneof![text(), text().prop_map(|text| format!("{{\"a\":{text}}}"))]) {
            let oracle = serde_json::from_str::<serde_json::Value>(&text);
            // It refuses numbers beyond the range of a float, which are JSON.
            prop_assume!(!oracle.as_ref().is_err_and(|error| error.to_string().starts_with("number out of range")));
            prop_assert_eq!(members(&text).is_some(), oracle.is_ok_and(|value| value.is_object()), "{}", text);
        }

        #[test]
        fn members_are_those_that_serde_json_writes(value in json(), cut in any::<prop::sample::Index>()) {
            let text = value.to_string();
            let found = members(&text);
            let serde_json::Value::Object(map) = value else {
                prop_assert_eq!(found, None);
                return Ok(());
            };
            let names: Vec<String> = found.unwrap().iter().map(|(name, _)| serde_json::from_str(&format!("\"{name}\"")).unwrap()).collect();
            prop_assert_eq!(names, map.keys().cloned().collect::<Vec<_>>());
            let part = &text.as_bytes()[..cut.index(text.len())];
            prop_assert!(read_members(part, |_, _| Some(())).is_none());
        }
    }
}
