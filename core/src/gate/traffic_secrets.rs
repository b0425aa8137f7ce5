//! What an edge knows about the traffic of one sandbox, in either wire format.

use crate::crypto::compare::{no_match, same, verdict};
use crate::crypto::mac::HmacKey;
use crate::encoding::percent::Decoded;
use crate::gate::carrier::Carriers;
use crate::gate::policy::Policy;
use crate::memory::slots::Blank;
use crate::request::route::SignedPart;
use crate::v1;
use crate::v2;
use crate::v2::{PresentedHost, PresentedPass};
use crate::value::error::Code;
use crate::value::ids::{Context, KeyId, Port, SandboxId};
use crate::value::time::UnixSeconds;
use crate::value::token::{TRAFFIC_TOKEN_PREFIX, TrafficToken};

/// The secrets that the policy accepts.
pub(crate) struct TrafficSecrets<'a> {
    policy: Policy,
    id: &'a SandboxId,
    generation: u32,
    v1: V1<'a>,
    v2: V2<'a>,
}

struct V1<'a> {
    keyring: Option<&'a v1::Keyring>,
    stored: Option<&'a TrafficToken>,
}

/// The stored token takes precedence for its own key id; the keyring serves all other key ids.
struct V2<'a> {
    keyring: Option<&'a v2::TrafficKeyring>,
    stored: Option<(KeyId, &'a TrafficToken)>,
}

impl<'a> TrafficSecrets<'a> {
    pub(crate) fn new(
        policy: Policy,
        keyrings: (Option<&'a v1::Keyring>, Option<&'a v2::TrafficKeyring>),
        (id, generation): (&'a SandboxId, u32),
        stored: Option<&'a TrafficToken>,
    ) -> Self {
        let (accept_v1, accept_v2) = (policy.versions.accept_v1(), policy.versions.accept_v2());
        let is_v2 = |token: &&TrafficToken| token.as_bytes().starts_with(TRAFFIC_TOKEN_PREFIX);
        // A stored text with the prefix but not the shape of a token matches nothing, in either format.
        let with_kid = |token: &'a TrafficToken| Some((v2::traffic_token_kid(token.as_bytes())?, token));
        Self {
            policy,
            id,
            generation,
            v1: V1 {
                keyring: keyrings.0.filter(|_| accept_v1),
                stored: stored.filter(|token| accept_v1 && !is_v2(token)),
            },
            v2: V2 {
                keyring: keyrings.1.filter(|_| accept_v2),
                stored: stored.filter(|token| accept_v2 && is_v2(token)).and_then(with_kid),
            },
        }
    }

    /// v2 credentials are read only if they could be verified.
    pub(crate) fn carriers(&self) -> Carriers {
        if self.v2.is_empty() { self.policy.carriers.and(Carriers::HEADER) } else { self.policy.carriers }
    }

    /// Whether a header is a v1 token. If secrets of both formats are known, its prefix decides.
    pub(crate) fn reads_as_v1(&self, header: &[u8]) -> bool {
        let of_v2 = header.starts_with(TRAFFIC_TOKEN_PREFIX) || header.starts_with(v2::PASS_PREFIX);
        self.v2.is_empty() || (!self.v1.is_empty() && !of_v2)
    }

    pub(crate) fn check_v1_token(&self, presented: &[u8]) -> Result<(), Code> {
        let stored = self.v1.stored.map_or(no_match(), |token| same(token.as_bytes(), presented));
        let derived = self.v1.keyring.map_or(no_match(), |keyring| keyring.is_traffic_token(self.id, presented));
        if verdict(stored | derived) { Ok(()) } else { Err(Code::Invalid) }
    }

    pub(crate) fn check_v2_token(&self, presented: &[u8]) -> Result<(), Code> {
        let kid = v2::presented_kid(presented).ok_or(Code::Malformed)?;
        match self.v2.stored {
            Some((of, token)) if of == kid => {
                if verdict(same(token.as_bytes(), presented)) {
                    Ok(())
                } else {
                    Err(Code::Invalid)
                }
            }
            _ => self.v2.keyring.ok_or(Code::Invalid)?.verify(self.id, self.generation, presented),
        }
    }

    pub(crate) fn check_pass(
        &self,
        text: Decoded<'_>,
        port: Port,
        context: Option<Context<'_>>,
        now: UnixSeconds,
    ) -> Result<UnixSeconds, Code> {
        let pass = PresentedPass::parse(text).ok_or(Code::Malformed)?;
        let (mut traffic_key, mut key) = (HmacKey::blank(), HmacKey::blank());
        self.traffic_key(pass.kid(), &mut traffic_key).ok_or(Code::Invalid)?;
        v2::pass_key(&traffic_key, &mut key);
        pass.verify(&key, port, context, self.policy.window, now)
    }

    pub(crate) fn check_host(&self, part: &SignedPart, port: Port, now: UnixSeconds) -> Result<UnixSeconds, Code> {
        let host = PresentedHost::parse(part, port).ok_or(Code::Malformed)?;
        let (mut traffic_key, mut key) = (HmacKey::blank(), HmacKey::blank());
        self.traffic_key(host.kid(), &mut traffic_key).ok_or(Code::Invalid)?;
        v2::signed_host_key(&traffic_key, &mut key);
        host.verify(&key, port, self.policy.signed_host_window, now)
    }

    /// Writes the key of a key id, if there is one: the stored token's, or else a derived one.
    fn traffic_key(&self, kid: KeyId, key: &mut HmacKey) -> Option<()> {
        match self.v2.stored {
            Some((of, token)) if of == kid => v2::traffic_key_of(token.as_bytes(), key),
            _ => self.v2.keyring?.traffic_key(kid, self.id, self.generation, key),
        }
    }
}

impl V1<'_> {
    fn is_empty(&self) -> bool {
        self.keyring.is_none() && self.stored.is_none()
    }
}

impl V2<'_> {
    fn is_empty(&self) -> bool {
        self.keyring.is_none() && self.stored.is_none()
    }
}
