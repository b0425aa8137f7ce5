//! Each way to pause, to connect and to reset that an SDK has: what it sends, and what follows. A call with an option that an
//! SDK does not offer is made too: it sends the same as without.

use super::client::Client;
use super::platform::Platform;
use super::probe::Probe;
use super::rows::Rows;
use super::sandbox::{CONTROLLER, Sandbox, WEB};
use serde_json::{Value, json};

const PATH: &str = "/home/user/kept.txt";
const UNSIGNED: &str = "401 missing signature query parameter";

/// Returns the secrets that must not appear in a log.
pub(crate) fn check(rows: &mut Rows, client: &mut Client, platform: &Platform) -> anyhow::Result<Vec<String>> {
    create(rows, client)?;
    let sandbox = client.sandbox("create", json!({ "public": false }))?;
    client.text("write", json!({ "id": sandbox.id, "path": PATH, "text": "kept" }))?;
    let mut spelled = Spelled { rows, client, platform, sandbox };
    spelled.set_timeout()?;
    spelled.pause_and_connect()?;
    spelled.decide_again()?;
    let secrets = if spelled.client.sdk.can_reset() { spelled.reset()? } else { spelled.no_reset()? };
    spelled.client.text("kill", json!({ "id": spelled.sandbox.id }))?;
    Ok(spelled.sandbox.secrets().chain(secrets).collect())
}

/// What `create` says about the end of a sandbox. The other members stand in its own rows.
fn create(rows: &mut Rows, client: &mut Client) -> anyhow::Result<()> {
    let (created, sent) = client.on_the_wire("create", json!({ "auto_resume": true }))?;
    // The SDKs' scripts connect too.
    let body = sent.iter().find_map(|request| request.split_once("/sandboxes {")).map_or("", |(_, body)| body);
    let body: Value = serde_json::from_str(&format!("{{{body}")).unwrap_or_default();
    let seen = json!([body["autoPause"], body["autoResume"], body["timeout"]]).to_string();
    let timeout = if client.sdk.can_reset() { "300" } else { "null" };
    let expected = format!(r#"[true,{{"enabled":true}},{timeout}]"#);
    rows.add("create(auto-resume): what it sends", client.name(), client.name(), expected, seen);
    let created: Sandbox = serde_json::from_str(&created)?;
    client.text("kill", json!({ "id": created.id }))?;
    Ok(())
}

struct Spelled<'a> {
    rows: &'a mut Rows,
    client: &'a mut Client,
    platform: &'a Platform,
    sandbox: Sandbox,
}

impl Spelled<'_> {
    /// Makes a call, adds the row of what was sent, and returns the answer.
    fn send(&mut self, call: &str, step: &str, mut options: Value, expected: &str) -> anyhow::Result<String> {
        options["id"] = self.sandbox.id.as_str().into();
        let (answer, sent) = self.client.on_the_wire(call, options)?;
        let name = self.client.name();
        self.rows.add(format!("{step}: what it sends"), name, name, expected, sent.join(", "));
        Ok(answer)
    }

    /// A row about the platform.
    fn row(&mut self, step: String, expected: &str, seen: impl Into<String>) {
        self.rows.add(step, self.client.name(), "platform", expected, seen);
    }

    fn set_timeout(&mut self) -> anyhow::Result<()> {
        let sent = r#"POST /sandboxes/{id}/timeout {"timeout":77}"#;
        let seen = self.send("set_timeout", "set_timeout(77)", json!({ "seconds": 77 }), sent)?;
        self.row("set_timeout(77)".into(), "true", seen);
        Ok(())
    }

    /// Each way to pause, and afterwards one to connect.
    fn pause_and_connect(&mut self) -> anyhow::Result<()> {
        let (sdk, is_python) = (self.client.sdk, self.client.sdk.is_python());
        let novita = sdk.can_reset();
        let path = if novita { "/sandboxes/{id}" } else { "/v2/sandboxes/{id}" };
        let (nothing, no_timeout) = if novita { ("", r#"{"timeout":300}"#) } else { (" {}", "{}") };
        let offered = |is_offered: bool, body: &'static str, without: &'static str| {
            if is_offered { (body, "") } else { (without, ", which it does not offer") }
        };
        let e2b = !novita;
        for (pause, options, (pause_body, unknown), connect, connect_options, (body, connect_unknown)) in [
            ("pause", json!({}), (nothing, ""), "connect", json!({}), (no_timeout, "")),
            (
                "beta_pause",
                json!({ "beta": true }),
                (nothing, ""),
                "connect(timeout: 60)",
                json!({ "timeout": 60 }),
                (r#"{"timeout":60}"#, ""),
            ),
            (
                "pause(memory: false)",
                json!({ "memory": false }),
                offered(e2b, r#" {"memory":false}"#, nothing),
                "connect(memory: false)",
                json!({ "memory": false }),
                offered(e2b, r#"{"memory":false}"#, no_timeout),
            ),
            (
                "pause(strict)",
                json!({ "strict": true }),
                offered(e2b && is_python, r#" {"requireHealthyGuest":true}"#, nothing),
                "connect(secure: true)",
                json!({ "secure": true }),
                offered(novita, r#"{"secure":true,"timeout":300}"#, no_timeout),
            ),
        ] {
            let step = format!("{pause}{unknown}");
            let seen = self.send("pause", &step, options, &format!("POST /sandboxes/{{id}}/pause{pause_body}"))?;
            let state = self.client.text("state", json!({ "id": self.sandbox.id }))?;
            self.row(step, "true, then paused", format!("{seen}, then {state}"));

            let step = format!("{connect}{connect_unknown}");
            let seen =
                self.send("connect_again", &step, connect_options.clone(), &format!("POST {path}/connect {body}"))?;
            let seen = self.compared(&seen);
            self.row(format!("{step}: after {pause}"), "the same tokens", seen);
            let seen = self.client.text("read", json!({ "id": self.sandbox.id, "path": PATH }))?;
            self.rows.add(format!("{step}: files.read"), self.client.name(), "controller", "kept", seen);
            if let Some(seconds) = connect_options["timeout"].as_u64() {
                self.ends_within(step, seconds)?;
            }
        }
        Ok(())
    }

    /// `connect` to a sandbox that runs: what it requires changes at Novita's, and never at E2B's.
    fn decide_again(&mut self) -> anyhow::Result<()> {
        let novita = self.client.sdk.can_reset();
        let page = format!("200 This is sandbox {}.", self.sandbox.id);
        for (step, options, sent, changes) in [
            (
                "connect(public: true)",
                json!({ "public": true }),
                r#"{"allowPublicTraffic":true,"timeout":300}"#,
                [UNSIGNED, page.as_str()],
            ),
            (
                "connect(secure: false)",
                json!({ "secure": false }),
                r#"{"secure":false,"timeout":300}"#,
                ["200 kept", &page],
            ),
            (
                "connect(secure: true, network: restricted)",
                json!({ "secure": true, "network": false }),
                r#"{"network":{"allowPublicTraffic":false},"secure":true,"timeout":300}"#,
                [UNSIGNED, "403"],
            ),
        ] {
            let (path, sent, changes, step) = if novita {
                ("/sandboxes/{id}", sent, changes, step.to_owned())
            } else {
                ("/v2/sandboxes/{id}", "{}", [UNSIGNED, "403"], format!("{step}, which it does not offer"))
            };
            self.send("connect_again", &step, options, &format!("POST {path}/connect {sent}"))?;
            self.nobody(&step, changes)?;
        }
        Ok(())
    }

    /// What a request without any token gets: the file, and port 8080.
    fn nobody(&mut self, step: &str, [file, page]: [&str; 2]) -> anyhow::Result<()> {
        let (files, edge) = (format!("{}/files?path=kept.txt", self.platform.edge()), self.platform.edge());
        for (what, host, url, expected) in [
            ("GET /files, no token", self.sandbox.host(CONTROLLER), files.as_str(), file),
            ("port 8080, no token", self.sandbox.host(WEB), edge, page),
        ] {
            let answer = Probe::get().header(&host).send(url)?;
            let seen = if expected == "403" { answer.status() } else { answer.outcome() };
            let verifier = if what.starts_with("GET") { "controller" } else { "edge" };
            self.rows.add(format!("{step}: {what}"), "nobody", verifier, expected, seen);
        }
        Ok(())
    }

    /// Returns the traffic tokens that it made.
    fn reset(&mut self) -> anyhow::Result<Vec<String>> {
        let page = format!("200 This is sandbox {}.", self.sandbox.id);
        let mut secrets = Vec::new();
        for (step, options, sent, changes) in [
            ("reset", json!({}), r#"{"resume":true}"#, [UNSIGNED, "403"]),
            ("reset(timeout: 60)", json!({ "timeout": 60 }), r#"{"resume":true,"timeout":60}"#, [UNSIGNED, "403"]),
            (
                "reset(public: true)",
                json!({ "public": true }),
                r#"{"allowPublicTraffic":true,"resume":true}"#,
                [UNSIGNED, page.as_str()],
            ),
            (
                "reset(secure: false)",
                json!({ "secure": false }),
                r#"{"resume":true,"secure":false}"#,
                ["200 kept", &page],
            ),
            (
                "reset(secure: true, network: restricted)",
                json!({ "secure": true, "network": false }),
                r#"{"network":{"allowPublicTraffic":false},"resume":true,"secure":true}"#,
                [UNSIGNED, "403"],
            ),
        ] {
            let before = self.platform.controller_of(&self.sandbox.id)?;
            let answer = self.send("reset", step, options.clone(), &format!("POST /sandboxes/{{id}}/reset {sent}"))?;
            secrets.extend(serde_json::from_str::<Sandbox>(&answer).iter().flat_map(Sandbox::secrets));
            let is_new = self.platform.controller_of(&self.sandbox.id)? != before;
            self.row(format!("{step}: is its controller another process?"), "true", is_new.to_string());
            self.nobody(step, changes)?;
            if let Some(seconds) = options["timeout"].as_u64() {
                self.ends_within(step.to_owned(), seconds)?;
            }
        }

        let step = "reset(resume: false)";
        let answer =
            self.send("reset", step, json!({ "resume": false }), r#"POST /sandboxes/{id}/reset {"resume":false}"#)?;
        let state = self.client.text("state", json!({ "id": self.sandbox.id }))?;
        self.row(step.to_owned(), "paused", state);
        secrets.extend(serde_json::from_str::<Sandbox>(&answer).iter().flat_map(Sandbox::secrets));
        Ok(secrets)
    }

    fn no_reset(&mut self) -> anyhow::Result<Vec<String>> {
        let seen = self.send("reset", "reset, which it does not offer", json!({}), "")?;
        let is_missing = seen.contains("no attribute 'reset'") || seen.contains("reset is not a function");
        let seen = if is_missing { "no such method".to_owned() } else { seen };
        let name = self.client.name();
        self.rows.add("reset, which it does not offer", name, name, "no such method", seen);
        Ok(Vec::new())
    }

    fn ends_within(&mut self, step: String, seconds: u64) -> anyhow::Result<()> {
        let seen = self.client.text("ends_within", json!({ "id": self.sandbox.id, "seconds": seconds }))?;
        self.row(format!("{step}: does it end in time?"), "true", seen);
        Ok(())
    }

    fn compared(&self, answer: &str) -> String {
        let Ok(again) = serde_json::from_str::<Sandbox>(answer) else { return answer.to_owned() };
        again.compared(&self.sandbox).to_owned()
    }
}
