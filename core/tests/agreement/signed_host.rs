//! A signed host: issued, verified with a key, routed, and at the edge.

use super::edge::{self, Secrets};
use super::oracle::{self, Verifier};
use super::sandbox::{ID, KNOWN, traffic_key, traffic_token};
use super::template::{Tamper, fill};
use super::times::{Offset, fill_base36};
use super::{Outcome, coded};
use sandgate::v2::TrafficKey;
use sandgate::{Carrier, Port, SandboxId, UnixSeconds, Window};

#[derive(Clone, Debug)]
pub(crate) struct Case<'a> {
    /// With placeholders.
    pub(crate) host: Vec<u8>,
    /// The verifier, with the `max_lifetime` of signed hosts.
    pub(crate) verifier: Verifier<'a>,
    pub(crate) offset: Offset,
    pub(crate) tamper: Option<Tamper>,
}

impl Case<'_> {
    /// The edge's answer.
    pub(crate) fn check(&self) -> Outcome {
        let host = self.filled();
        let label = host.split(|byte| *byte == b'.').next().unwrap_or_default();
        for (id, port) in [said(label).unwrap_or((ID.to_owned(), 8080)), (ID.to_owned(), 8080)] {
            self.check_key(label, &id, port);
        }
        let edge = edge::Case {
            host,
            headers: vec![],
            query: vec![],
            cookies: vec![],
            accepted: Carrier::ALL.to_vec(),
            controller_port: 49983,
            generation: 0,
            secrets: Secrets::Derived,
            signed_host_max_lifetime: self.verifier.max_lifetime,
            verifier: Verifier { max_lifetime: 0, ..self.verifier },
        };
        edge.check().map_or("unrouted", |decision| decision.outcome)
    }

    pub(crate) fn filled(&self) -> Vec<u8> {
        let timed = fill_base36(&self.host, self.offset, &self.verifier);
        fill(&timed, |placeholder| {
            let mac = (placeholder == '=').then(|| mac(&timed))?;
            Some(Tamper::apply(self.tamper, &mac))
        })
    }

    fn check_key(&self, label: &[u8], id: &str, port: u16) {
        let kid = KNOWN[0];
        let (Ok(sandbox_id), Ok(route_port)) = (SandboxId::try_from(id), Port::try_from(port)) else { return };
        let window = Window::new(self.verifier.leeway, self.verifier.max_lifetime).unwrap();
        let key = TrafficKey::new(&traffic_token(kid, id, 0)).unwrap().signed_host_window(window);
        let now = UnixSeconds::new(self.verifier.now);

        let answer = coded(key.verify_signed_host(label, &sandbox_id, route_port, now));
        let expected = self.expected(label, id, port, kid);
        assert_eq!(answer.map(|end| i128::from(end.get())), expected, "{}", label.escape_ascii());

        let issued = key.issue_signed_host(&sandbox_id, route_port, now).ok().map(|host| host.as_str().to_owned());
        let right = (port != 49983)
            .then(|| oracle::signed_host(kid, &traffic_key(kid, id, 0), id, port, self.verifier.now.into()));
        assert_eq!(issued, right.flatten());
    }

    /// The oracle's answer for a label that was presented for a port. If the caller names another port than the label, the
    /// label is checked for its own port and is then out of scope.
    fn expected(&self, label: &[u8], id: &str, port: u16, kid: char) -> Result<i128, oracle::Code> {
        let text = core::str::from_utf8(label).map_err(|_| "malformed")?;
        if text.is_empty() {
            return Err("missing");
        }
        let own = said(label).map_or(port, |(_, own)| own);
        let keys = [(kid, traffic_key(kid, id, 0))];
        let verified = oracle::verify_signed_host(&keys, text, id, own, &self.verifier);
        verified.and_then(|end| if own == port { Ok(end) } else { Err("out_of_scope") })
    }
}

/// The sandbox and the port that a label names, parsed leniently.
fn said(label: &[u8]) -> Option<(String, u16)> {
    let mut parts = core::str::from_utf8(label).ok()?.split('-');
    let port = parts.next()?.parse().ok()?;
    Some((parts.next()?.to_owned(), port))
}

/// The right mac for the part of a host before it, parsed leniently too.
fn mac(host: &[u8]) -> String {
    let right = || {
        let text = core::str::from_utf8(host).ok()?;
        let (id, port) = said(host)?;
        let third = text.split('-').nth(2)?;
        let (kid, time) = (third.chars().next()?, third.get(1..8)?);
        let expires = u64::from_str_radix(time, 36).ok()?;
        let key = traffic_key(kid, &id, 0);
        let tag = oracle::hmac(&oracle::signed_host_key(&key), &oracle::pass_claims(port, expires.into(), None));
        Some(oracle::base32(&tag[..16]))
    };
    right().unwrap_or("a".repeat(26))
}
