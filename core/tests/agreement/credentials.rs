//! The meaning of the placeholders in a request to the edge.

use super::edge::Case;
use super::oracle::{self, Verifier};
use super::sandbox::{ID, traffic_key, v1_token};
use super::template::fill;
use super::times::{Offset, expiry};

impl Case<'_> {
    /// Placeholders, for the sandbox and the port that the host names: `$a`, `$b`, `$c` are static tokens, `$p`, `$q`,
    /// `$r` passes and `$h`, `$i`, `$j` signatures of hosts, each with the key ids `a`, `b` and the unknown `c`; `$o` is a
    /// pass for another port, `$n` one for another context, `$1` a token of v1.
    pub(crate) fn fill(mut self, end: char, offset: Offset) -> Self {
        let text = String::from_utf8_lossy(&self.host);
        let mut parts = text.split(['-', '.']);
        let port: u16 = parts.next().and_then(|port| port.parse().ok()).unwrap_or(8080);
        let id = parts.next().filter(|id| text.contains('-') && !id.is_empty()).unwrap_or(ID).to_owned();
        let verifier = self.verifier;
        let key = |kid| (kid, traffic_key(kid, &id, self.generation));
        let time = |verifier: &Verifier<'_>| expiry(end, offset, verifier).unwrap_or_default().clamp(0, 1 << 53);
        let pass = |kid, port, context| {
            let (kid, key) = key(kid);
            oracle::pass(kid, &key, port, time(&verifier), context)
        };
        let third = |kid| {
            let of_hosts = Verifier { max_lifetime: self.signed_host_max_lifetime, ..verifier };
            let (kid, key) = key(kid);
            let label = oracle::signed_host(kid, &key, &id, port, time(&of_hosts))?;
            Some(label.rsplit('-').next()?.to_owned())
        };
        let other_context = if verifier.context.is_none() { Some(&b"x"[..]) } else { None };
        let meaning = |placeholder| match placeholder {
            'a' | 'b' | 'c' => {
                let (kid, key) = key(placeholder);
                Some(oracle::token("sg2t", kid, &key))
            }
            'p' => Some(pass('a', port, verifier.context)),
            'q' => Some(pass('b', port, verifier.context)),
            'r' => Some(pass('c', port, verifier.context)),
            'o' => Some(pass('a', port ^ 1, verifier.context)),
            'n' => Some(pass('a', port, other_context)),
            'h' => third('a'),
            'i' => third('b'),
            'j' => third('c'),
            '1' => Some(v1_token(&id)?),
            _ => None,
        };
        let [host, query] = [&self.host, &self.query].map(|text| fill(text, meaning));
        let [headers, cookies] =
            [&self.headers, &self.cookies].map(|lines| lines.iter().map(|line| fill(line, meaning)).collect());
        (self.host, self.query, self.headers, self.cookies) = (host, query, headers, cookies);
        self
    }
}
