//! The four SDKs, each called through a separate process.

use super::platform::Platform;
use super::sandbox::Sandbox;
use super::wire::Wire;
use crate::setup::Tools;
use anyhow::{Context, anyhow, bail};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sdk {
    E2bPython,
    NovitaPython,
    E2bNode,
    NovitaNode,
}

impl Sdk {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::E2bPython => "e2b, Python",
            Self::NovitaPython => "novita, Python",
            Self::E2bNode => "e2b, Node",
            Self::NovitaNode => "novita, Node",
        }
    }

    const fn script(self) -> &'static str {
        match self {
            Self::E2bPython => "e2b_python.py",
            Self::NovitaPython => "novita_python.py",
            Self::E2bNode => "e2b_node.mjs",
            Self::NovitaNode => "novita_node.mjs",
        }
    }

    /// How the names of its environment variables start.
    const fn prefix(self) -> &'static str {
        match self {
            Self::E2bPython | Self::E2bNode => "E2B",
            Self::NovitaPython | Self::NovitaNode => "NOVITA",
        }
    }

    pub(crate) const fn is_python(self) -> bool {
        matches!(self, Self::E2bPython | Self::NovitaPython)
    }

    /// E2B's newest SDKs cannot create an open sandbox.
    pub(crate) const fn can_opt_out(self) -> bool {
        matches!(self, Self::NovitaPython | Self::NovitaNode)
    }

    /// Only Novita's have `reset`, and a `connect` that decides again.
    pub(crate) const fn can_reset(self) -> bool {
        matches!(self, Self::NovitaPython | Self::NovitaNode)
    }

    /// Novita's SDKs read a lifetime of 0 seconds as none, and sign a URL that never expires. No verifier can tell.
    pub(crate) const fn takes_zero_for_never(self) -> bool {
        matches!(self, Self::NovitaPython | Self::NovitaNode)
    }
}

pub(crate) struct Client {
    pub(crate) sdk: Sdk,
    wire: Wire,
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Client {
    /// The SDK is unmodified: its own variables point it at the platform.
    pub(crate) fn start(sdk: Sdk, tools: &Tools, platform: &Platform) -> anyhow::Result<Self> {
        let mut command = match sdk {
            Sdk::E2bPython | Sdk::NovitaPython => Command::new(&tools.python),
            Sdk::E2bNode | Sdk::NovitaNode => Command::new("node"),
        };
        let wire = Wire::to(platform.api())?;
        let variable = |name| format!("{}_{name}", sdk.prefix());
        command.arg(tools.clients.join(sdk.script()));
        command.env(variable("API_URL"), wire.url()).env(variable("SANDBOX_URL"), platform.edge());
        command
            .env(variable("API_KEY"), platform.api_key())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("NO_PROXY", "127.0.0.1");
        for name in ["DEBUG", "DOMAIN", "ACCESS_TOKEN", "HTTP_VERSION"] {
            command.env_remove(variable(name));
        }
        let log = File::options().create(true).append(true).open(tools.scratch.join("clients.log"))?;
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().context(sdk.name())?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().context("no stdout")?);
        Ok(Self { sdk, wire, child, stdin, stdout: BufReader::new(stdout) })
    }

    pub(crate) const fn name(&self) -> &'static str {
        self.sdk.name()
    }

    /// Calls the SDK. The inner error is what it raised.
    pub(crate) fn call(&mut self, call: &str, options: Value) -> anyhow::Result<Result<Value, String>> {
        let mut command = options;
        command["call"] = call.into();
        let stdin = self.stdin.as_mut().context("no stdin")?;
        writeln!(stdin, "{command}")?;
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        let mut answer: Value = serde_json::from_str(&line).with_context(|| format!("{}: {call}", self.name()))?;
        match (answer.get_mut("ok").map(Value::take), answer["error"].as_str()) {
            (Some(value), None) => Ok(Ok(value)),
            (None, Some(error)) => Ok(Err(error.to_owned())),
            _ => bail!("{}: {call}: {line}", self.name()),
        }
    }

    /// Calls a function that returns text. An error is also returned as text, which then is not the expected one.
    pub(crate) fn text(&mut self, call: &str, options: Value) -> anyhow::Result<String> {
        Ok(match self.call(call, options)? {
            Ok(Value::String(text)) => text,
            Ok(value) => value.to_string(),
            Err(error) => error,
        })
    }

    /// Calls a function, and returns its answer as text and the requests that it made to change this sandbox.
    pub(crate) fn on_the_wire(&mut self, call: &str, options: Value) -> anyhow::Result<(String, Vec<String>)> {
        let id = options["id"].as_str().unwrap_or_default().to_owned();
        self.wire.changes(&id)?;
        let answer = self.text(call, options)?;
        Ok((answer, self.wire.changes(&id)?))
    }

    /// A URL that the SDK has made.
    pub(crate) fn url(&mut self, call: &str, options: Value) -> anyhow::Result<String> {
        match self.call(call, options)? {
            Ok(Value::String(url)) => Ok(url),
            other => bail!("{}: {call}: {other:?}", self.name()),
        }
    }

    /// A sandbox that the SDK has created or connected to.
    pub(crate) fn sandbox(&mut self, call: &str, options: Value) -> anyhow::Result<Sandbox> {
        let answer = self.call(call, options)?.map_err(|error| anyhow!("{}: {call}: {error}", self.name()))?;
        Ok(serde_json::from_value(answer)?)
    }
}

impl Drop for Client {
    /// The process ends at the end of its input.
    fn drop(&mut self) {
        drop(self.stdin.take());
        drop(self.child.wait());
    }
}
