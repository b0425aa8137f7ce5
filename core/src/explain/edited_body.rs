//! The body of a webhook as it may have been before something changed it.

/// What is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyEdit {
    Nothing,
    /// Without the line ends at the end.
    NoLineEnd,
    /// With a line feed at the end.
    LineFeed,
    /// Line feeds become CR LF, as in a form.
    Crlf,
    /// CR LF becomes a line feed.
    Lf,
    /// JSON without white space between its tokens.
    Compact,
    /// The same, with one space after each comma and colon, as Python's `json.dumps` writes it.
    Spaced,
}

impl BodyEdit {
    pub(super) const ALL: [Self; 7] =
        [Self::Nothing, Self::NoLineEnd, Self::LineFeed, Self::Crlf, Self::Lf, Self::Compact, Self::Spaced];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::NoLineEnd => "; it is right for the body without its trailing line ends",
            Self::LineFeed => "; it is right for the body with a line feed at its end",
            Self::Crlf => "; it is right for the body with CR LF as line ends",
            Self::Lf => "; it is right for the body with LF as line ends",
            Self::Compact => {
                "; it is right for the body without white space between the tokens of JSON: something has parsed it and written it again"
            }
            Self::Spaced => {
                "; it is right for the body with a space after each comma and colon of JSON: something has parsed it and written it again"
            }
        }
    }
}

/// Passes the edited body on, piece by piece.
pub(super) fn each_piece(body: &[u8], edit: BodyEdit, sink: &mut dyn FnMut(&[u8])) {
    match edit {
        BodyEdit::Nothing => sink(body),
        BodyEdit::NoLineEnd => {
            let mut rest = body;
            while let [before @ .., b'\r' | b'\n'] = rest {
                rest = before;
            }
            sink(rest);
        }
        BodyEdit::LineFeed => {
            sink(body);
            sink(b"\n");
        }
        BodyEdit::Crlf => each_line(body, b"\r\n", sink),
        BodyEdit::Lf => each_line(body, b"\n", sink),
        BodyEdit::Compact | BodyEdit::Spaced => each_token(body, edit == BodyEdit::Spaced, sink),
    }
}

fn each_line(body: &[u8], end: &[u8], sink: &mut dyn FnMut(&[u8])) {
    let mut before: &[u8] = b"";
    for line in body.split(|byte| *byte == b'\n') {
        sink(before);
        sink(line.strip_suffix(b"\r").unwrap_or(line));
        before = end;
    }
}

fn each_token(body: &[u8], spaced: bool, sink: &mut dyn FnMut(&[u8])) {
    let (mut quoted, mut escaped) = (false, false);
    for byte in body {
        if !quoted && matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            continue;
        }
        sink(core::slice::from_ref(byte));
        if !quoted && spaced && matches!(byte, b',' | b':') {
            sink(b" ");
        }
        quoted ^= *byte == b'"' && !escaped;
        escaped = quoted && *byte == b'\\' && !escaped;
    }
}
