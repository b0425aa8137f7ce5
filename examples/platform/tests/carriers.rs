//! Traffic of v2 at the edge: the credentials that let a request pass, and what the edge forwards.

mod common;

use common::{Answer, Running, SEEDS_V2, send, settings, start_platform, start_with};
use sandgate::v2::{Keyring, TrafficKey};
use sandgate::{Carrier, Carriers, Port, SandboxId, TrafficToken, UnixSeconds};
use sandgate_platform::{EdgeTokens, Settings};
use serde_json::Value;
use std::time::SystemTime;

const V2: &str = r#"{"templateID":"base","metadata":{"sandgate":"v2"},"network":{"allowPublicTraffic":false}}"#;
const MISSING: &str =
    "Sandbox is secured with traffic access token. Token header 'e2b-traffic-access-token' is missing";
const INVALID: &str =
    "Sandbox is secured with traffic access token. Provided token in header 'e2b-traffic-access-token' is invalid";
const OTHER_PORT: &str = "traffic access token does not cover this port";

struct Sandbox {
    id: String,
    token: String,
    key: TrafficKey,
}

impl Sandbox {
    async fn create(platform: &Running) -> Self {
        Self::of(&platform.create("/sandboxes", V2).await)
    }

    fn of(answer: &Value) -> Self {
        let [id, token] = ["sandboxID", "trafficAccessToken"].map(|name| answer[name].as_str().unwrap().to_owned());
        let key = TrafficKey::new(&TrafficToken::try_from(token.as_str()).unwrap()).unwrap();
        Self { id, token, key }
    }

    fn pass(&self, port: u16) -> String {
        self.key.issue_pass(Port::try_from(port).unwrap(), soon(), None).unwrap().as_str().to_owned()
    }

    fn host(&self, label: &str) -> String {
        let id: SandboxId = self.id.parse().unwrap();
        assert!(label.starts_with(&format!("8080-{id}")));
        format!("Host: {label}.sandbox.test")
    }

    fn signed_host(&self, port: u16) -> String {
        let label = self.key.issue_signed_host(&self.id.parse().unwrap(), Port::try_from(port).unwrap(), soon());
        self.host(label.unwrap().as_str())
    }

    fn plain_host(&self) -> String {
        self.host(&format!("8080-{}", self.id))
    }
}

fn soon() -> UnixSeconds {
    UnixSeconds::new(UnixSeconds::try_from(SystemTime::now()).unwrap().get() + 60)
}

async fn get(platform: &Running, target: &str, headers: &[&str]) -> Answer {
    let line = format!("GET {target} HTTP/1.1");
    send(platform.edge, &[&[line.as_str()][..], headers].concat(), "").await
}

fn verdict(answer: &Answer) -> String {
    if answer.status == 200 { "200".into() } else { answer.json()["message"].as_str().unwrap().to_owned() }
}

#[tokio::test]
async fn every_carrier_opens_its_port() {
    for tokens in [EdgeTokens::Stored, EdgeTokens::Derived] {
        let platform = start_with(tokens).await;
        let (sandbox, other) = (Sandbox::create(&platform).await, Sandbox::create(&platform).await);
        let (plain, host) = (sandbox.plain_host(), sandbox.signed_host(8080));
        let header = |text: &str| format!("E2b-Traffic-Access-Token: {text}");
        let cookie = |text: &str| format!("Cookie: a=1; __Host-sandgate-traffic={text}");
        let query = |text: &str| format!("/?a=1&sandgate_traffic={text}");
        let (pass, elsewhere, foreign) = (sandbox.pass(8080), sandbox.pass(3000), other.pass(8080));
        for (target, headers, expected) in [
            ("/".to_owned(), vec![plain.clone()], MISSING),
            ("/".into(), vec![plain.clone(), header(&sandbox.token)], "200"),
            ("/".into(), vec![plain.clone(), header(&other.token)], INVALID),
            ("/".into(), vec![plain.clone(), header(&pass)], "200"),
            ("/".into(), vec![plain.clone(), header(&elsewhere)], OTHER_PORT),
            (query(&pass), vec![plain.clone()], "200"),
            (query(&elsewhere), vec![plain.clone()], OTHER_PORT),
            (query(&foreign), vec![plain.clone()], INVALID),
            (query(""), vec![plain.clone()], INVALID),
            (query(&pass) + "&sandgate_traffic=x", vec![plain.clone()], INVALID),
            ("/".into(), vec![plain.clone(), cookie(&pass)], "200"),
            ("/".into(), vec![plain.clone(), "Cookie: b=2".into(), cookie(&pass)], "200"),
            ("/".into(), vec![plain.clone(), cookie(&foreign)], INVALID),
            ("/".into(), vec![plain.clone(), cookie(&pass), cookie(&pass)], INVALID),
            ("/".into(), vec![host.clone()], "200"),
            // The first one that is there decides.
            (query(&pass), vec![plain.clone(), header(&elsewhere), cookie(&pass)], OTHER_PORT),
            (query(&elsewhere), vec![host.clone(), cookie(&foreign)], "200"),
            (query(&pass), vec![plain.clone(), cookie(&elsewhere)], "200"),
        ] {
            let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
            assert_eq!(verdict(&get(&platform, &target, &headers).await), expected, "{target} {headers:?}");
        }
        // A host that was signed for another port is refused at this one.
        let moved = other.signed_host(8080).replace(&other.id, &sandbox.id);
        assert_eq!(verdict(&get(&platform, "/", &[&moved]).await), INVALID);
    }
}

#[tokio::test]
async fn carriers_that_are_not_accepted_are_ignored() {
    let carriers = Carriers::of(&[Carrier::Header, Carrier::Query]);
    let platform = start_platform(Settings { carriers, ..settings() }).await;
    let sandbox = Sandbox::create(&platform).await;
    let (plain, pass) = (sandbox.plain_host(), sandbox.pass(8080));
    let cookie = format!("Cookie: __Host-sandgate-traffic={pass}");
    assert_eq!(verdict(&get(&platform, "/", &[&sandbox.signed_host(8080), &cookie]).await), MISSING);
    assert_eq!(verdict(&get(&platform, &format!("/?sandgate_traffic={pass}"), &[&plain, &cookie]).await), "200");
}

#[tokio::test]
async fn the_sandbox_sees_no_credential() {
    let platform = start_with(EdgeTokens::Derived).await;
    let sandbox = Sandbox::create(&platform).await;
    let (pass, host) = (sandbox.pass(8080), sandbox.signed_host(8080));
    let header = format!("E2b-Traffic-Access-Token: {}", sandbox.token);
    let cookies = [format!("Cookie: a=1; __Host-sandgate-traffic={pass}"), "Cookie: b=2".into()];
    let target = format!("/echo//x%2F?b=%zz&sandgate_traffic={pass}&&c=+");
    let answer = get(&platform, &target, &[&host, &header, &cookies[0], &cookies[1], "X-Own: kept"]).await;
    let (line, headers) = answer.body.split_once('\n').unwrap();
    assert_eq!(line, "GET /echo//x%2F?b=%zz&&c=+ HTTP/1.1");
    let headers = headers.to_lowercase();
    for kept in
        [&format!("host: 8080-{}.sandbox.test\n", sandbox.id), "cookie: a=1\n", "cookie: b=2\n", "x-own: kept\n"]
    {
        assert!(headers.contains(kept), "{headers}");
    }
    assert!(!headers.contains("traffic") && !headers.contains("sg2"), "{headers}");

    // The controller does not see them either.
    let controller = format!("Host: 49983-{}.sandbox.test", sandbox.id);
    let target = target.replace("//", "/");
    let answer = get(&platform, &target, &[&controller, &header, &cookies[0], &cookies[1]]).await;
    assert!(answer.body.starts_with("GET /echo/x%2F?b=%zz&&c=+ HTTP/1.1\r\n"), "{}", answer.body);
    assert!(!answer.body.contains("traffic") && !answer.body.contains("sg2"), "{}", answer.body);
}

#[tokio::test]
async fn a_new_generation_revokes_earlier_credentials() {
    for tokens in [EdgeTokens::Stored, EdgeTokens::Derived] {
        let platform = start_with(tokens).await;
        let before = Sandbox::create(&platform).await;
        let rotate = format!("POST /sandboxes/{}/credentials/rotate", before.id);
        let answer = platform.api(&rotate, r#"{"traffic":true}"#).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let after = Sandbox::of(&answer.json());
        for (sandbox, expected) in [(&before, INVALID), (&after, "200")] {
            let header = format!("E2b-Traffic-Access-Token: {}", sandbox.token);
            let target = format!("/?sandgate_traffic={}", sandbox.pass(8080));
            let plain = sandbox.plain_host();
            assert_eq!(verdict(&get(&platform, "/", &[&plain, &header]).await), expected);
            assert_eq!(verdict(&get(&platform, &target, &[&plain]).await), expected);
            assert_eq!(verdict(&get(&platform, "/", &[&sandbox.signed_host(8080)]).await), expected);
        }
    }
}

#[tokio::test]
async fn an_edge_that_derives_accepts_every_seed() {
    let platform = start_with(EdgeTokens::Derived).await;
    let sandbox = Sandbox::create(&platform).await;
    let (kid, seed) = SEEDS_V2.lines().nth(1).unwrap().split_once(' ').unwrap();
    let second = Keyring::new(kid.parse().unwrap(), seed.as_bytes()).unwrap();
    let token = second.traffic_token(&sandbox.id.parse().unwrap(), 0);
    let header = format!("E2b-Traffic-Access-Token: {}", token.expose());
    assert_eq!(verdict(&get(&platform, "/", &[&sandbox.plain_host(), &header]).await), "200");
}
