//! A controller's life cycle as a slow model: `serde_json` reads the body, and SHA-512 comes from `sha2`.

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use sha2::{Digest, Sha512};

/// What a controller requires.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    Waiting,
    Open,
    Requires(String),
}

pub(crate) struct Model {
    pub(crate) state: State,
    applied: Option<Instant>,
}

/// Seconds since the year 0, and nanoseconds.
type Instant = (i64, u32);

impl Model {
    pub(crate) fn waiting() -> Self {
        Self { state: State::Waiting, applied: None }
    }

    /// The outcome, or the code of the refusal.
    pub(crate) fn initialize(&mut self, body: &[u8], expected: &[u8]) -> Result<&'static str, &'static str> {
        let (token, timestamp) = read(body).ok_or("malformed")?;
        let first = !matches!(self.state, State::Requires(_)) && expected.is_empty();
        let allowed = expected == hash(token.as_deref().unwrap_or_default()).as_bytes();
        let (outcome, next) = match token {
            Some(token) if self.state == State::Requires(token.clone()) => ("kept", self.state.clone()),
            Some(token) if first || allowed => ("replaced", State::Requires(token)),
            Some(_) => return Err("invalid"),
            None if first && self.state == State::Open => ("kept", State::Open),
            None if first || allowed => ("cleared", State::Open),
            None => return Err("missing"),
        };
        if let Some(timestamp) = timestamp {
            if self.applied.is_some_and(|applied| timestamp <= applied) {
                return Ok("stale");
            }
            self.applied = Some(timestamp);
        }
        self.state = next;
        Ok(outcome)
    }
}

/// SHA-512 in hexadecimal.
pub(crate) fn hash(token: &str) -> String {
    Sha512::digest(token).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The members of an object, in their order and with repetitions.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Read)
    }
}

/// The token and the timestamp of a body that is not malformed.
pub(crate) fn read(body: &[u8]) -> Option<(Option<String>, Option<Instant>)> {
    let Members(members) = serde_json::from_slice(body).ok()?;
    // `RawValue` does not look into numbers and names of nested members as closely as a whole read.
    serde_json::from_slice::<IgnoredAny>(body).ok()?;
    if depth(body) > 64 {
        return None;
    }
    let (mut token, mut timestamp) = (None, None);
    for (name, value) in &members {
        let folded = name.replace('\u{17f}', "s").replace('\u{212a}', "k").to_ascii_lowercase();
        let place = match folded.as_str() {
            "accesstoken" if name == "accessToken" => &mut token,
            "timestamp" if name == "timestamp" => &mut timestamp,
            "accesstoken" | "timestamp" => return None,
            _ => continue,
        };
        if place.replace(value.get()).is_some() {
            return None;
        }
    }
    let text = |raw: &str| -> Option<Option<String>> {
        if raw == "null" {
            return Some(None);
        }
        let text = raw.strip_prefix('"')?.strip_suffix('"')?;
        (!text.contains('\\')).then(|| Some(text.to_owned()))
    };
    let token = text(token.unwrap_or("null"))?;
    if token.as_deref().is_some_and(|token| !can_be_required(token)) {
        return None;
    }
    let timestamp = match text(timestamp.unwrap_or("null"))? {
        Some(timestamp) => Some(instant(&timestamp)?),
        None => None,
    };
    Some((token, timestamp))
}

/// The deepest nesting, the outer object included.
fn depth(body: &[u8]) -> usize {
    let (mut level, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => level += 1,
            b']' | b'}' if !quoted => level -= 1,
            _ => {}
        }
        deepest = deepest.max(level);
    }
    deepest
}

fn can_be_required(token: &str) -> bool {
    if !(1..=256).contains(&token.len()) || token.starts_with("sg2t.") || token.starts_with("sg2r.") {
        return false;
    }
    let Some(rest) = token.strip_prefix("sg2a.") else { return true };
    let shape = |(kid, tag): (&str, &str)| {
        let digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let kid = matches!(kid.as_bytes(), [b'0'..=b'9' | b'a'..=b'z']);
        kid && tag.len() == 43 && tag.bytes().all(digit) && tag.ends_with(|last| "AEIMQUYcgkosw048".contains(last))
    };
    rest.split_once('.').is_some_and(shape)
}

fn instant(text: &str) -> Option<Instant> {
    let bytes = text.as_bytes();
    let number = |from: usize, len: usize| -> Option<i64> {
        let digits = text.get(from..from + len)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    for (at, expected) in [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')] {
        if bytes.get(at) != Some(&expected) {
            return None;
        }
    }
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days_of =
        |month: i64| [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1];
    if !(1..=12).contains(&month) || !(1..=days_of(month)).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = (0..year).map(|year| if leap(year) { 366 } else { 365 }).sum::<i64>()
        + (1..month).map(days_of).sum::<i64>()
        + day;

    let rest = text.get(19..)?;
    let (fraction, offset) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|digit: char| !digit.is_ascii_digit())?;
            if !(1..=9).contains(&end) {
                return None;
            }
            (format!("{:0<9}", &rest[..end]).parse().ok()?, &rest[end..])
        }
        None => (0, rest),
    };
    let east = match offset {
        "Z" => 0,
        _ if offset.len() == 6 && offset.is_char_boundary(1) && offset.as_bytes()[3] == b':' => {
            let at = text.len() - 6;
            let (hours, minutes) = (number(at + 1, 2)?, number(at + 4, 2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            match &offset[..1] {
                "+" => hours * 60 + minutes,
                "-" => -(hours * 60 + minutes),
                _ => return None,
            }
        }
        _ => return None,
    };
    Some((((days * 24 + hour) * 60 + minute - east) * 60 + second, fraction))
}
