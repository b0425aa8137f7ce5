//! The demo as a story: a few representative rows for each chapter, the failures in full, and the count.

use super::rows::Row;
use anyhow::Context;
use std::fmt::Write as _;
use std::path::Path;

/// The most columns of a line.
const WIDTH: usize = 100;
/// The column of the answers.
const ANSWER: usize = 54;

struct Chapter {
    title: &'static str,
    tells: &'static [Telling],
}

/// The lane and the step of a row, and a plain description of it.
struct Telling(&'static str, &'static str, &'static str);

const CHAPTERS: [Chapter; 8] = [
    Chapter {
        title: "Create: the SDKs of E2B and Novita, unmodified, make sandboxes on the example platform",
        tells: &[
            Telling("e2b, Python", "Sandbox.create()", "E2B's Python SDK creates a sandbox and gets"),
            Telling("novita, Node", "files.read", "Novita's Node SDK reads a file that it wrote"),
        ],
    },
    Chapter {
        title: "Tokens: the controller in the sandbox checks X-Access-Token",
        tells: &[
            Telling("access token", "the right token: GET /files", "curl reads a file with the right token"),
            Telling("access token", "a wrong token: GET /files", "the same with a wrong token"),
            Telling(
                "access token",
                "restarted: GET /files, the token",
                "the right token, after a restart, before /init",
            ),
        ],
    },
    Chapter {
        title: "Signed URLs: a URL opens one file, for one operation, without the token",
        tells: &[
            Telling("e2b, Python", "download_url: unchanged", "curl opens the URL that E2B's Python SDK signed"),
            Telling("e2b, Python", "download_url: another path", "the same URL with another file's path in it"),
            Telling("e2b, Python", "download_url used to upload", "curl uploads with the URL, signed for downloads"),
        ],
    },
    Chapter {
        title: "Expiry: a signed URL can expire",
        tells: &[Telling(
            "novita, Python",
            "download_url with a negative lifetime",
            "curl opens a URL that expired ten seconds ago",
        )],
    },
    Chapter {
        title: "Sleep: a request that shows a credential wakes a paused sandbox",
        tells: &[
            Telling("e2b, Python", "paused: GET /health, no token", "curl asks whether a paused one is healthy"),
            Telling("e2b, Python", "paused: is_running", "E2B's Python SDK asks, which sends its token"),
        ],
    },
    Chapter {
        title: "Restricted traffic: the edge guards the ports of a sandbox that is not public",
        tells: &[
            Telling("e2b, Node", "port 8080 with the token", "curl opens port 8080 with the traffic token"),
            Telling("e2b, Node", "port 8080 in a browser", "curl, as a browser, opens it without the token"),
        ],
    },
    Chapter {
        title: "v2: signatures for directories, limits, ports; tokens can be revoked",
        tells: &[
            Telling("v2, limits", "upload: 11 bytes, PUT", "curl uploads 11 bytes to a URL signed for 10"),
            Telling("v2, traffic", "port 8080: a pass in a cookie", "curl opens port 8080 with a pass in a cookie"),
            Telling("v2, new tokens", "revoked: the token, in the header", "curl sends a token that was revoked"),
        ],
    },
    Chapter {
        title: "Packages: the Python and npm packages of this repository sign too",
        tells: &[
            Telling("signed by the Python package", "v2, download", "curl opens a URL of v2 that Python signed"),
            Telling("signed by the npm package", "v2, download", "curl opens a URL of v2 that JavaScript signed"),
        ],
    },
];

/// Prints each chapter with the observed answers.
///
/// # Errors
/// If a row of the story is missing.
pub(crate) fn chapters(rows: &[Row]) -> anyhow::Result<String> {
    let mut text = String::new();
    for Chapter { title, tells } in &CHAPTERS {
        writeln!(text, "{title}")?;
        for Telling(lane, step, words) in *tells {
            let row = rows.iter().find(|row| row.lane == *lane && row.step == *step);
            let row = row.with_context(|| format!("the demo checked no {step:?} in {lane:?}"))?;
            let line = format!("  {words:<width$}  {}", row.seen.replace('\n', " "), width = ANSWER - 4);
            writeln!(text, "{}", shorten(&line))?;
        }
    }
    Ok(text)
}

fn shorten(line: &str) -> String {
    if line.chars().count() <= WIDTH {
        return line.to_owned();
    }
    let mut short: String = line.chars().take(WIDTH - 1).collect();
    short.push('…');
    short
}

/// The rows that are not as expected, each in full; empty if there is none.
pub(crate) fn failures(rows: &[Row]) -> String {
    let mut text = String::new();
    for Row { lane, step, signer, verifier, expected, seen, .. } in rows.iter().filter(|row| !row.as_expected) {
        text += &format!("NOT AS EXPECTED in {lane}, decided by {verifier}\n");
        text += &format!("  done      {step} (signed by {signer})\n  expected  {expected}\n  seen      {seen}\n");
    }
    text
}

/// The result of the checks, and the file with every row.
pub(crate) fn count(rows: &[Row], file: &Path) -> String {
    let wrong = rows.iter().filter(|row| !row.as_expected).count();
    let all = rows.len();
    let result = if wrong == 0 { "all as expected".to_owned() } else { format!("{wrong} NOT as expected") };
    format!("{all} checks, {result}\nEvery row is in {}\n", file.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every row of the story, with answers of maximum length.
    fn told() -> Vec<Row> {
        let tells = CHAPTERS.iter().flat_map(|chapter| chapter.tells);
        tells.map(|Telling(lane, step, _)| row(lane, step, &"a long answer ".repeat(30))).collect()
    }

    fn row(lane: &'static str, step: &str, seen: &str) -> Row {
        let (step, seen) = (step.to_owned(), seen.to_owned());
        Row { lane, step, signer: "curl".into(), verifier: "edge", expected: seen.clone(), seen, as_expected: true }
    }

    #[test]
    fn story_keeps_to_its_lines_and_columns() -> anyhow::Result<()> {
        let story = chapters(&told())? + &count(&told(), Path::new("target/demo/checks.md"));
        // A first run has seven lines of progress; --keep adds five.
        assert!(story.lines().count() <= 40 - 7 - 5, "{story}");
        let widest = story.lines().map(|line| line.chars().count()).max();
        assert_eq!(widest, Some(WIDTH), "long answers are cut to the width: {story}");
        Ok(())
    }

    #[test]
    fn words_end_before_the_answers_and_tell_a_row_once() {
        let tells = || CHAPTERS.iter().flat_map(|chapter| chapter.tells);
        for Telling(_, _, words) in tells() {
            assert!(words.len() <= ANSWER - 4, "{words}");
        }
        assert_eq!(tells().map(|tell| (tell.0, tell.1)).collect::<BTreeSet<_>>().len(), tells().count());
    }

    #[test]
    fn missing_row_is_an_error() {
        let mut rows = told();
        rows.pop();
        assert!(chapters(&rows).is_err());
    }

    #[test]
    fn planted_failure_is_told_in_full() {
        let mut rows = told();
        let seen = "no answer that anybody expected ".repeat(10);
        rows.push(Row { seen: seen.clone(), as_expected: false, ..row("edge", "POST /init", "404 not found") });
        let text = failures(&rows);
        for told in ["edge", "POST /init", "404 not found", &seen] {
            assert!(text.contains(told), "{text}");
        }
        assert_eq!(text.lines().count(), 4, "only the failure: {text}");
        assert!(count(&rows, Path::new("x")).starts_with("19 checks, 1 NOT as expected\n"));
        assert_eq!(failures(&told()), "");
    }
}
