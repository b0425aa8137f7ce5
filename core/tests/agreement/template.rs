//! Placeholders: `$` and a character. They stand for values that only a key holder or a clock can provide.
//!
//! - `$<` and `$>` are the first and the last accepted expiry, both moved by the case's offset;
//! - `$=` in a pass or a signed host is the right tag of the text before it;
//! - `$a` in a file query is the right signature with that key id; at the edge each letter is a whole credential.

/// Replaces each placeholder that `meaning` knows; the others are unchanged.
pub(crate) fn fill(text: &[u8], mut meaning: impl FnMut(char) -> Option<String>) -> Vec<u8> {
    let mut filled = Vec::new();
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let name = after.first().filter(|_| *first == b'$');
        if let Some(value) = name.and_then(|name| meaning(char::from(*name))) {
            filled.extend(value.bytes());
            rest = &after[1..];
        } else {
            filled.push(*first);
            rest = after;
        }
    }
    filled
}

/// Changes one character of a right tag: a wrong tag, a wrong shape, or another spelling of the same bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tamper {
    pub(crate) at: u8,
    pub(crate) to: u8,
}

impl Tamper {
    pub(crate) fn apply(tamper: Option<Self>, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        if let Some(Self { at, to }) = tamper {
            let place = usize::from(at) % characters.len();
            characters[place] = char::from(to);
        }
        characters.into_iter().collect()
    }
}
