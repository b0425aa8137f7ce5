//! Converts the request line and headers from JavaScript's view to core's.

use crate::arguments::{Long, context, maybe_integer, texts};
use crate::host::{Answer, Thrown, Value};
use crate::read::Read;
use crate::thrown::{not_text, out_of_range};
use crate::wiped::Wiped;
use alloc::vec::Vec;
use sandgate::{Head, HeaderLine};

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
        read.flags = maybe_integer(flags, "flags")?.unwrap_or(0);
        if !(0..=JOINED | BODY).contains(&read.flags) {
            return Err(out_of_range("flags", "an integer between 0 and 3"));
        }
        read.add(method, "method")?;
        read.add(target, "target")?;
        for text in texts(lines, "headers")? {
            read.add(text?, "headers")?;
        }
        Ok(read)
    }

    fn add(&mut self, value: Value<'_>, name: &str) -> Result<(), Thrown> {
        let mut buffer = Long::new();
        match buffer.read_received(value) {
            Read::Text => self.bytes.extend(buffer.bytes()),
            refused => return Err(not_text(refused, name)),
        }
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
        let mut head = Head::new(method.unwrap_or_default(), target.unwrap_or_default(), lines);
        if self.flags & JOINED != 0 {
            head = head.joined();
        }
        if self.flags & BODY != 0 {
            head = head.body();
        }
        head
    }
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
    let [method, ..] = other;
    if method.is_absent() {
        return ask(&head);
    }
    let other_texts = Texts::read(other)?;
    let other_lines = other_texts.lines();
    let other = other_texts.head(&other_lines);
    ask(&head.beside(&other))
}
