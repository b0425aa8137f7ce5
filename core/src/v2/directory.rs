//! Directories and the paths in them. The rule is only about the text; nothing is normalised.
//!
//! A directory begins and ends with `/`. A path in it is the directory followed by one or more segments, without a trailing
//! `/`. No segment is empty, `.` or `..`, and no byte is a control character or a backslash.

use crate::encoding::percent::Decoded;

/// Whether this is a valid directory.
pub(super) fn is_directory(text: Decoded<'_>) -> bool {
    end_of(text) == Some(End::Slash)
}

/// Whether a path is in a directory, which must be valid.
pub(super) fn covers(directory: Decoded<'_>, path: Decoded<'_>) -> bool {
    let mut rest = path.bytes();
    directory.bytes().all(|byte| rest.next() == Some(byte)) && end_of(path) == Some(End::Segment)
}

#[derive(PartialEq)]
enum End {
    Slash,
    Segment,
}

/// How a well-formed text ends.
fn end_of(text: Decoded<'_>) -> Option<End> {
    let mut bytes = text.bytes();
    if bytes.next() != Some(b'/') {
        return None;
    }
    let mut segment = Segment::default();
    for byte in bytes {
        match byte {
            b'/' => {
                segment.is_proper().then_some(())?;
                segment = Segment::default();
            }
            0..0x20 | 0x7f | b'\\' => return None,
            _ => segment.push(byte),
        }
    }
    match segment.len {
        0 => Some(End::Slash),
        _ => segment.is_proper().then_some(End::Segment),
    }
}

#[derive(Default)]
struct Segment {
    len: usize,
    others_than_dots: bool,
}

impl Segment {
    fn push(&mut self, byte: u8) {
        self.len = self.len.saturating_add(1);
        self.others_than_dots |= byte != b'.';
    }

    /// Not empty, and neither `.` nor `..`.
    fn is_proper(&self) -> bool {
        self.others_than_dots || self.len > 2
    }
}
