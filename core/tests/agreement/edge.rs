//! A complete request at an edge: the decision, the carrier that decided, and its expiry.

use super::oracle::{self, Edge, EdgeRequest, TrafficKeys, Verifier};
use super::sandbox::{ID, KNOWN, traffic_key, traffic_keyring, traffic_token, v1_keyring, v1_token};
use super::{Outcome, coded, forwarded, outcome};
use sandgate::{Carrier, Carriers, Context, Header, Passed, Policy, Port, Request, Route, SandboxState, UnixSeconds};

/// Which secrets the edge has. [`Self::WithV1`] is the only one that knows v1 too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Secrets {
    Derived,
    Stored,
    WithV1,
}

#[derive(Clone, Debug)]
pub(crate) struct Case<'a> {
    pub(crate) host: Vec<u8>,
    pub(crate) headers: Vec<Vec<u8>>,
    pub(crate) query: Vec<u8>,
    pub(crate) cookies: Vec<Vec<u8>>,
    pub(crate) accepted: Vec<Carrier>,
    pub(crate) controller_port: u16,
    pub(crate) generation: u32,
    pub(crate) secrets: Secrets,
    pub(crate) signed_host_max_lifetime: u32,
    pub(crate) verifier: Verifier<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) outcome: Outcome,
    pub(crate) carrier: Option<&'static str>,
}

impl Case<'_> {
    /// The answer of both, if the host can be routed.
    pub(crate) fn check(&self) -> Option<Decision> {
        forwarded::check(&self.query, &self.cookies);
        let routing = (Header::Once(ID.as_bytes()), Header::Once(b"8080"));
        let route = Route::parse(Header::Once(&self.host), routing.0, routing.1).ok()?;
        let host = core::str::from_utf8(&self.host).expect("routed");
        check_route(&route, host);
        let expected = self.expected(&route, host);
        let (answer, carrier) = self.answer(&route);
        let decision = Decision { outcome: outcome(&answer), carrier };
        assert_eq!(decision, expected, "{self:?}");
        if let Ok(passed) = answer {
            assert_eq!(passed.carrier().map(Carrier::as_str), carrier);
            assert_eq!(passed == Passed::ControllerPort, route.port().get() == self.controller_port);
            self.check_end(passed, &route, host);
        }
        Some(decision)
    }

    fn answer(&self, route: &Route) -> (Result<Passed, oracle::Code>, Option<&'static str>) {
        let policy = if self.secrets == Secrets::WithV1 { Policy::default() } else { Policy::V2_ALONE };
        let policy = policy
            .leeway(self.verifier.leeway)
            .unwrap()
            .max_lifetime(self.verifier.max_lifetime)
            .signed_host_max_lifetime(self.signed_host_max_lifetime)
            .carriers(Carriers::of(&self.accepted));
        let mut edge = sandgate::Edge::new(policy).controller_port(Port::try_from(self.controller_port).unwrap());
        let stored = traffic_token(KNOWN[0], route.sandbox_id().as_str(), self.generation);
        let mut state = SandboxState::restricted().generation(self.generation);
        match self.secrets {
            Secrets::Derived => edge = edge.v2_keyring(traffic_keyring()),
            Secrets::Stored => state = state.traffic_token(&stored),
            Secrets::WithV1 => {
                edge = edge.v2_keyring(traffic_keyring()).v1_keyring(v1_keyring());
            }
        }

        let target = [b"/?", &self.query[..]].concat();
        let cookies = slices(&self.cookies);
        let header = slices(&self.headers).into_iter().collect();
        let mut request = Request::new(b"GET", &target).traffic_token(header).cookies(&cookies);
        if let Some(context) = self.verifier.context {
            request = request.context(Context::try_from(context).unwrap());
        }
        let answer = edge.check(route, state, &request, UnixSeconds::new(self.verifier.now));
        (coded(answer), edge.carrier(route, state, &request).map(Carrier::as_str))
    }

    fn expected(&self, route: &Route, host: &str) -> Decision {
        let decision = self.expected_of_carriers(route, host);
        // A forwarder may truncate the target there, or read another byte.
        let is_odd = |byte: &u8| b"#\\\x7f".contains(byte) || *byte < b' ';
        if self.query.iter().any(is_odd) { Decision { outcome: "malformed", ..decision } } else { decision }
    }

    fn expected_of_carriers(&self, route: &Route, host: &str) -> Decision {
        if let Some(decision) = self.expected_of_v1(route) {
            return decision;
        }
        let (answer, carrier) = self.oracle(route, host, self.signed_host_max_lifetime, self.verifier);
        Decision { outcome: answer.err().unwrap_or("ok"), carrier }
    }

    /// If both formats are known, a header without a v2 prefix is a v1 token.
    fn expected_of_v1(&self, route: &Route) -> Option<Decision> {
        let [header] = &self.headers[..] else { return None };
        let of_v2 = header.is_empty() || header.starts_with(b"sg2t.") || header.starts_with(b"sg2p.");
        let asked = self.accepted.contains(&Carrier::Header) && route.port().get() != self.controller_port;
        if self.secrets != Secrets::WithV1 || of_v2 || !asked {
            return None;
        }
        let right = v1_token(route.sandbox_id().as_str()).is_some_and(|token| token.as_bytes() == header);
        Some(Decision { outcome: if right { "ok" } else { "invalid" }, carrier: Some("header") })
    }

    fn oracle(
        &self,
        route: &Route,
        host: &str,
        signed_host_max_lifetime: u32,
        verifier: Verifier<'_>,
    ) -> (Result<(), oracle::Code>, Option<&'static str>) {
        let accepted = self.accepted.iter().map(|carrier| carrier.as_str()).collect();
        let edge = Edge { accepted, controller_port: self.controller_port, signed_host_max_lifetime, verifier };
        let request = EdgeRequest {
            host,
            sandbox_id: route.sandbox_id().as_str(),
            port: route.port().get(),
            header: slices(&self.headers),
            query: &self.query,
            cookies: slices(&self.cookies),
        };
        oracle::decide(&edge, &self.keys(request.sandbox_id), &request)
    }

    fn keys(&self, id: &str) -> TrafficKeys {
        let known = if self.secrets == Secrets::Stored { &KNOWN[..1] } else { &KNOWN };
        known.iter().map(|kid| (*kid, traffic_key(*kid, id, self.generation))).collect()
    }

    /// The returned expiry is the last second at which the oracle allows the request.
    fn check_end(&self, passed: Passed, route: &Route, host: &str) {
        let Some(end) = passed.expires() else { return };
        let at = |now| {
            let verifier = Verifier { now, leeway: 0, max_lifetime: 0, ..self.verifier };
            self.oracle(route, host, 0, verifier).0
        };
        assert_eq!((at(end.get()), at(end.get() + 1)), (Ok(()), Err("expired")), "{self:?}");
    }
}

/// A label with `-` names the route; other hosts leave it to the headers. The forwarded host has no signature.
fn check_route(route: &Route, host: &str) {
    let mut parts = host.split('.').next().unwrap_or_default().split('-');
    let (port, id) = (parts.next().unwrap_or_default(), parts.next());
    let said = id.map_or(("8080", ID), |id| (port, id));
    assert_eq!((said.0.parse(), said.1), (Ok(route.port().get()), route.sandbox_id().as_str()), "{host}");
    assert_eq!(route.to_string(), format!("{}-{}", route.port().get(), said.1));
}

pub(crate) fn slices(lines: &[Vec<u8>]) -> Vec<&[u8]> {
    lines.iter().map(Vec::as_slice).collect()
}
