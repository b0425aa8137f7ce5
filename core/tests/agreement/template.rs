//! Placeholders: `$` and a character, which stand for what only a key holder or a clock can tell.
//!
//! - `$<` and `$>` are the first and the last expiry that is accepted, both moved by the case's offset;
//! - `$=` in a pass or a signed host is the right tag of what stands before it;
//! - `$a` in a file query is the right signature with that key id; at the edge each letter is a whole credential.

/// Each placeholder that `meaning` knows in its place; the others stay as they are.
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

/// One character of a right tag made another: a wrong tag, a wrong shape, or another spelling of the same bits.
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
