//! Requests by curl, which sends the URL and headers unchanged.

use anyhow::{Context, ensure};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

/// A request.
#[derive(Default)]
pub(crate) struct Probe<'a> {
    arguments: Vec<&'a str>,
    body: Option<&'a str>,
}

pub(crate) struct Answer {
    status: u16,
    content_type: String,
    body: String,
}

impl<'a> Probe<'a> {
    pub(crate) fn get() -> Self {
        Self::default()
    }

    pub(crate) fn method(method: &'a str) -> Self {
        Self { arguments: vec!["--request", method], body: None }
    }

    /// An upload, as in the SDKs' documentation.
    pub(crate) fn form(text: &'a str) -> Self {
        Self { arguments: vec!["--form", "file=@-;filename=upload.txt"], body: Some(text) }
    }

    /// An upload of plain bytes.
    pub(crate) fn bytes(text: &'a str) -> Self {
        let arguments = vec!["--header", "Content-Type: application/octet-stream", "--data-binary", "@-"];
        Self { arguments, body: Some(text) }
    }

    /// An upload by `PUT`.
    pub(crate) fn put(text: &'a str) -> Self {
        let Self { mut arguments, body } = Self::bytes(text);
        arguments.extend(["--request", "PUT"]);
        Self { arguments, body }
    }

    pub(crate) fn json(text: &'a str) -> Self {
        let arguments = vec!["--header", "Content-Type: application/json", "--data-binary", "@-"];
        Self { arguments, body: Some(text) }
    }

    /// A browser's CORS preflight. A real one has no body.
    pub(crate) fn preflight(body: &'a str) -> Self {
        let probe = if body.is_empty() { Self::get() } else { Self::json(body) };
        let method = Self { arguments: [&probe.arguments[..], &["--request", "OPTIONS"]].concat(), ..probe };
        method.header("Origin: https://app.example").header("Access-Control-Request-Method: PUT")
    }

    pub(crate) fn head() -> Self {
        Self { arguments: vec!["--head"], body: None }
    }

    pub(crate) fn header(mut self, header: &'a str) -> Self {
        self.arguments.extend(["--header", header]);
        self
    }

    /// Over a Unix socket.
    pub(crate) fn socket(mut self, path: &'a str) -> Self {
        self.arguments.extend(["--unix-socket", path]);
        self
    }

    pub(crate) fn send(self, url: &str) -> anyhow::Result<Answer> {
        // --disable: no settings of the user; --path-as-is and --globoff: curl sends the URL unchanged.
        let mut command = Command::new("curl");
        command.args(["--disable", "--silent", "--show-error", "--path-as-is", "--globoff", "--noproxy", "*"]);
        command.args(["--max-time", "30", "--write-out", "\n%{http_code} %{content_type}"]);
        command.args(self.arguments).arg("--").arg(url);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("starting curl")?;
        let mut stdin = child.stdin.take().context("no stdin")?;
        // If the answer comes before curl sent the body, curl may stop reading. The caller checks the answer.
        drop(stdin.write_all(self.body.unwrap_or_default().as_bytes()));
        drop(stdin);
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "curl: {}: {url}", output.status);
        let text = String::from_utf8_lossy(&output.stdout);
        let (body, summary) = text.rsplit_once('\n').context("curl")?;
        let (status, content_type) = summary.split_once(' ').context("curl")?;
        Ok(Answer { status: status.parse()?, content_type: content_type.into(), body: body.into() })
    }
}

impl Answer {
    /// `204`
    pub(crate) fn status(&self) -> String {
        self.status.to_string()
    }

    /// `200 the body`
    pub(crate) fn content(&self) -> String {
        format!("{} {}", self.status, self.body.trim_end())
    }

    /// The outcome: `200 the body`, or the text of a refusal.
    pub(crate) fn outcome(&self) -> String {
        if self.status < 400 { self.content() } else { self.refusal() }
    }

    /// `200`, or the text of a refusal.
    pub(crate) fn status_or_refusal(&self) -> String {
        if self.status < 400 { self.status() } else { self.refusal() }
    }

    /// `401 the message`, of a body that is JSON and names the status that it came with.
    pub(crate) fn refusal(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        match body["message"].as_str() {
            Some(message) if body["code"] == self.status && self.content_type.starts_with("application/json") => {
                format!("{} {message}", self.status)
            }
            _ => format!("{} {} {}", self.status, self.content_type, self.body),
        }
    }

    /// `403 text/html`
    pub(crate) fn kind(&self) -> String {
        format!("{} {}", self.status, self.content_type.split(';').next().unwrap_or_default())
    }

    /// The body, unchanged.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }
}
