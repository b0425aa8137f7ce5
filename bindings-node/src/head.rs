//! Converts the request line and headers from JavaScript's view to core's.

use crate::arguments::{Long, Name, Short, context, maybe_integer, texts};
use crate::host::{Answer, Buffer, Thrown, Value};
use crate::read::Read;
use crate::thrown::{not_text, out_of_range};
use crate::wiped::Wiped;
use alloc::vec::Vec;
use sandgate::{Head, HeaderLine, headers};

/// One view of a request: method, target, a flat array of names and values, flags.
pub(crate) type View<'c> = [Value<'c>; 4];

/// Header values are joined by commas: see [`Head::joined`].
const JOINED: i64 = 1;
/// There is a body: see [`Head::body`].
const BODY: i64 = 2;

/// All texts of a view in one buffer: method, target, then each name and value.
struct Texts {
    bytes: Wiped,
    ends: Vec<usize>,
    flags: i64,
}

impl Texts {
    fn read([method, target, lines, flags]: View<'_>) -> Result<Self, Thrown> {
        let mut read = Self { bytes: Wiped::with_capacity(512), ends: Vec::with_capacity(16), flags: 0 };
        read.flags = self::flags(flags)?;
        read.add(method, "method")?;
        read.add(target, "target")?;
        for text in texts(lines, "headers")? {
            read.add(text?, "headers")?;
        }
        Ok(read)
    }

    fn add(&mut self, value: Value<'_>, name: &str) -> Result<(), Thrown> {
        self.bytes.extend(received(value, &mut Long::new(), name)?);
        self.ends.push(self.bytes.len());
        Ok(())
    }

    fn text(&self, at: usize) -> Option<&[u8]> {
        let start = if at == 0 { 0 } else { *self.ends.get(at - 1)? };
        self.bytes.get(start..*self.ends.get(at)?)
    }

    fn lines(&self) -> Vec<HeaderLine<'_>> {
        let (mut lines, mut at) = (Vec::with_capacity(self.ends.len() / 2), 2);
        while let Some(line) = self.text(at).zip(self.text(at + 1)) {
            lines.push(line);
            at += 2;
        }
        lines
    }

    fn head<'a>(&'a self, lines: &'a [HeaderLine<'a>]) -> Head<'a> {
        let (method, target) = (self.text(0), self.text(1));
        flagged(Head::new(method.unwrap_or_default(), target.unwrap_or_default(), lines), self.flags)
    }
}

/// Asks core about a request of which it needs no header but the access token, which may be absent.
pub(crate) fn with_token<'c>(
    [method, target, token, flags]: View<'c>,
    context: Value<'c>,
    ask: &dyn Fn(&Head<'_>) -> Answer<'c>,
) -> Answer<'c> {
    let (mut method_buffer, mut target_buffer) = (Name::new(), Long::new());
    let (mut token_buffer, mut context_buffer) = (Short::new(), Long::new());
    let context = self::context(context, &mut context_buffer)?;
    let flags = self::flags(flags)?;
    let method = received(method, &mut method_buffer, "method")?;
    let target = received(target, &mut target_buffer, "target")?;
    let read = token_buffer.read_received(token);
    let line: HeaderLine<'_> = (headers::ACCESS_TOKEN.as_bytes(), token_buffer.bytes());
    let lines = match read {
        Read::Text => core::slice::from_ref(&line),
        Read::Absent => &[],
        refused => return Err(not_text(refused, "headers")),
    };
    ask(&flagged(Head::new(method, target, lines), flags).maybe_context(context))
}

fn received<'r, const N: usize, const SECRET: bool>(
    value: Value<'_>,
    buffer: &'r mut Buffer<N, SECRET>,
    name: &str,
) -> Result<&'r [u8], Thrown> {
    match buffer.read_received(value) {
        Read::Text => Ok(buffer.bytes()),
        refused => Err(not_text(refused, name)),
    }
}

fn flags(flags: Value<'_>) -> Result<i64, Thrown> {
    let flags = maybe_integer(flags, "flags")?.unwrap_or(0);
    if (0..=JOINED | BODY).contains(&flags) {
        Ok(flags)
    } else {
        Err(out_of_range("flags", "an integer between 0 and 3"))
    }
}

fn flagged(mut head: Head<'_>, flags: i64) -> Head<'_> {
    if flags & JOINED != 0 {
        head = head.joined();
    }
    if flags & BODY != 0 {
        head = head.body();
    }
    head
}

/// Asks core about a request, with a second view if there is one.
pub(crate) fn with<'c>(
    view: View<'c>,
    other: View<'c>,
    context: Value<'c>,
    ask: &dyn Fn(&Head<'_>) -> Answer<'c>,
) -> Answer<'c> {
    let mut context_buffer = Long::new();
    let context = self::context(context, &mut context_buffer)?;
    let texts = Texts::read(view)?;
    let lines = texts.lines();
    let head = texts.head(&lines).maybe_context(context);
    let [_, _, lines, _] = other;
    // The second view has lines, even if there are none. Its method and target may be wrong, and are then refused.
    if lines.is_absent() {
        return ask(&head);
    }
    let other_texts = Texts::read(other)?;
    let other_lines = other_texts.lines();
    let other = other_texts.head(&other_lines);
    ask(&head.beside(&other))
}
