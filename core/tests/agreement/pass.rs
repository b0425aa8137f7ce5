//! A pass: issued, verified with a key, and at the edge in each carrier that takes one.

use super::edge::{self, Secrets};
use super::oracle::{self, Verifier};
use super::sandbox::{ID, KNOWN, traffic_key, traffic_token};
use super::template::{Tamper, fill};
use super::times::{Offset, fill_times};
use super::{Outcome, coded, outcome};
use sandgate::v2::TrafficKey;
use sandgate::{Carrier, Context, Port, UnixSeconds, Window};

#[derive(Clone, Debug)]
pub(crate) struct Case<'a> {
    /// The text, with placeholders and, in the query, with escapes.
    pub(crate) text: Vec<u8>,
    pub(crate) carrier: Carrier,
    pub(crate) port: u16,
    /// The context of the pass, which may differ from the edge's.
    pub(crate) issued_for: Option<&'a [u8]>,
    pub(crate) verifier: Verifier<'a>,
    pub(crate) offset: Offset,
    pub(crate) tamper: Option<Tamper>,
}

impl Case<'_> {
    /// The edge's answer.
    pub(crate) fn check(&self) -> Outcome {
        let text = self.filled();
        self.check_key(&text);
        let query = [b"a=1&sandgate_traffic=", &text[..]].concat();
        let cookie = [b"a=1; __Host-sandgate-traffic=", &text[..]].concat();
        let of = |carrier| self.carrier == carrier;
        let edge = edge::Case {
            host: format!("{}-{ID}.e2b.app", self.port).into_bytes(),
            headers: if of(Carrier::Header) { vec![text] } else { vec![] },
            query: if of(Carrier::Query) { query } else { vec![] },
            cookies: if of(Carrier::Cookie) { vec![cookie] } else { vec![] },
            accepted: Carrier::ALL.to_vec(),
            controller_port: 49983,
            generation: 0,
            secrets: Secrets::Derived,
            signed_host_max_lifetime: 86_400,
            verifier: self.verifier,
        };
        edge.check().map_or("unrouted", |decision| decision.outcome)
    }

    pub(crate) fn filled(&self) -> Vec<u8> {
        let timed = fill_times(&self.text, self.offset, &self.verifier);
        let escaped = self.carrier == Carrier::Query;
        let said = if escaped { percent_encoding::percent_decode(&timed).collect() } else { timed.clone() };
        fill(&timed, |placeholder| {
            let tag = (placeholder == '=').then(|| self.tag(&said))?;
            Some(Tamper::apply(self.tamper, &tag))
        })
    }

    /// The right tag for the text, parsed leniently, to detect a verifier that is too lenient.
    fn tag(&self, text: &[u8]) -> String {
        let text = String::from_utf8_lossy(text);
        let mut parts = text.split('.').skip(1);
        let mut right = || {
            let kid = parts.next()?.chars().next()?;
            let port = parts.next()?.parse().ok()?;
            let expires = i128::from(parts.next()?.parse::<u64>().ok()?);
            let pass = oracle::pass(kid, &traffic_key(kid, ID, 0), port, expires, self.issued_for);
            Some(pass.rsplit('.').next()?.to_owned())
        };
        right().unwrap_or("A".repeat(43))
    }

    fn check_key(&self, text: &[u8]) {
        let kid = KNOWN[0];
        let Ok(port) = Port::try_from(self.port) else { return };
        let window = Window::new(self.verifier.leeway, self.verifier.max_lifetime).unwrap();
        let key = TrafficKey::new(&traffic_token(kid, ID, 0)).unwrap().window(window);
        let oracle_keys = [(kid, traffic_key(kid, ID, 0))];
        let context = self.verifier.context.map(|context| Context::try_from(context).unwrap());
        let answer = key.verify_pass(text, port, context, UnixSeconds::new(self.verifier.now));
        let expected = match text {
            [] => Err("missing"),
            _ => oracle::verify_pass(&oracle_keys, text, self.port, &self.verifier),
        };
        let answer = coded(answer).map(|end| i128::from(end.get()));
        assert_eq!(answer, expected, "{}", text.escape_ascii());

        // A pass that expires now, if one can be issued at the time of the case.
        let end = self.verifier.now;
        let issued = key.issue_pass(port, UnixSeconds::new(end), context).ok().map(|pass| pass.as_str().to_owned());
        let can_be = self.port != 49983 && (0..1 << 53).contains(&end);
        let right = || oracle::pass(kid, &oracle_keys[0].1, self.port, end.into(), self.verifier.context);
        assert_eq!(issued, can_be.then(right));
        if let Some(issued) = issued {
            let verified = oracle::verify_pass(&oracle_keys, issued.as_bytes(), self.port, &self.verifier);
            assert_eq!(outcome(&verified), "ok");
        }
    }
}
