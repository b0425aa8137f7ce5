//! The keys derived from a traffic token, for passes and signed hosts.

use super::pass::{Pass, PresentedPass, pass_key};
use super::signed_host::{PresentedHost, SignedHost, signed_host_key};
use super::spelling::read_key;
use crate::crypto::mac::HmacKey;
use crate::crypto::tag::PresentedTag;
use crate::encoding::percent::Decoded;
use crate::memory::slots::Blank;
use crate::request::route::Route;
use crate::value::error::{Code, Denied, Gate, Misuse};
use crate::value::ids::{Context, KeyId, Port, SandboxId};
use crate::value::time::{UnixSeconds, Window};
use crate::value::token::{TRAFFIC_TOKEN_PREFIX, TrafficToken};

/// The keys of one sandbox that issue and verify traffic passes and signed hosts. They are wiped on drop.
///
/// ```
/// use core::time::Duration;
/// use sandgate::{Port, UnixSeconds, v2::{Keyring, TrafficKey}};
///
/// let keyring = Keyring::new("a".parse()?, b"a seed of at least 32 bytes, kept secret")?;
/// let id = "i94gcaqbpvohfr764s5l".parse()?;
/// let key = TrafficKey::new(&keyring.traffic_token(&id, 0))?;
/// let (port, now) = (Port::try_from(8080)?, UnixSeconds::new(1_800_000_000));
/// let end = now + Duration::from_secs(60);
///
/// let pass = key.issue_pass(port, end, None)?;
/// assert_eq!(key.verify_pass(pass.as_str().as_bytes(), port, None, now), Ok(end));
///
/// let host = key.issue_signed_host(&id, port, end)?;
/// assert!(host.as_str().starts_with("8080-i94gcaqbpvohfr764s5l-a"));
/// assert_eq!(key.verify_signed_host(host.as_str().as_bytes(), &id, port, now), Ok(end));
/// # Ok::<(), sandgate::Misuse>(())
/// ```
#[derive(Clone)]
pub struct TrafficKey {
    kid: KeyId,
    pass_key: HmacKey,
    signed_host_key: HmacKey,
    window: Window,
    signed_host_window: Window,
    controller_port: Port,
}

impl TrafficKey {
    /// Returns the keys derived from `token`.
    ///
    /// # Errors
    /// [`Misuse::AccessTokenGiven`], [`Misuse::TrafficRootGiven`] or [`Misuse::V1TokenGiven`] for another kind of secret;
    /// [`Misuse::TokenShape`] for text that begins with `sg2t.` but is not a traffic token.
    pub fn new(token: &TrafficToken) -> Result<Self, Misuse> {
        let mut presented = PresentedTag::new();
        let (kid, tag) = read_key(TRAFFIC_TOKEN_PREFIX, token.as_bytes(), &mut presented)?;
        let mut traffic_key = HmacKey::blank();
        tag.write_key(&mut traffic_key);
        let mut made = Self {
            kid,
            pass_key: HmacKey::blank(),
            signed_host_key: HmacKey::blank(),
            window: Window::DEFAULT,
            signed_host_window: Window::SIGNED_HOST,
            controller_port: Port::CONTROLLER,
        };
        pass_key(&traffic_key, &mut made.pass_key);
        signed_host_key(&traffic_key, &mut made.signed_host_key);
        Ok(made)
    }

    /// Sets the window in which passes are accepted, instead of the default.
    #[must_use]
    pub fn window(self, window: Window) -> Self {
        Self { window, ..self }
    }

    /// Sets the window in which signed hosts are accepted, instead of the default.
    #[must_use]
    pub fn signed_host_window(self, window: Window) -> Self {
        Self { signed_host_window: window, ..self }
    }

    /// Sets the controllers' port, 49983 by default. Nothing is issued for it.
    #[must_use]
    pub fn controller_port(self, port: Port) -> Self {
        Self { controller_port: port, ..self }
    }

    /// Returns the key id of the token.
    #[must_use]
    pub const fn kid(&self) -> KeyId {
        self.kid
    }

    /// Issues a pass to `port` with this context. `expires` is the last second for which it is valid.
    ///
    /// # Errors
    /// [`Misuse::ControllerPort`]; [`Misuse::Time`] for an expiry outside 0 to 2^53 - 1.
    pub fn issue_pass(&self, port: Port, expires: UnixSeconds, context: Option<Context<'_>>) -> Result<Pass, Misuse> {
        self.check_port(port)?;
        Ok(Pass::new(&self.pass_key, self.kid, port, expires.try_into()?, context))
    }

    /// Issues the label of a signed host for `port`. `expires` is the last second for which it is valid. The sandbox must
    /// be the one to which the token belongs: a label for another sandbox is never valid, and nothing here can notice it.
    ///
    /// # Errors
    /// [`Misuse::ControllerPort`]; [`Misuse::Time`]; [`Misuse::SignedHost`] for an id that is not `[a-z0-9]+`, a label of
    /// more than 63 characters, or an expiry of more than 7 digits of base 36.
    pub fn issue_signed_host(&self, id: &SandboxId, port: Port, expires: UnixSeconds) -> Result<SignedHost, Misuse> {
        self.check_port(port)?;
        SignedHost::new(&self.signed_host_key, self.kid, id, port, expires.try_into()?)
    }

    /// Verifies a pass that was presented for `port`, and returns its expiry.
    ///
    /// # Errors
    /// In this order: [`Code::Missing`] for an empty one; [`Code::Malformed`]; [`Code::Invalid`]; [`Code::Expired`];
    /// [`Code::LifetimeTooLong`]; [`Code::OutOfScope`] for another port.
    pub fn verify_pass(
        &self,
        presented: &[u8],
        port: Port,
        context: Option<Context<'_>>,
        now: UnixSeconds,
    ) -> Result<UnixSeconds, Denied> {
        let read = || {
            not_empty(presented)?;
            let pass = PresentedPass::parse(Decoded::plain(presented)).ok_or(Code::Malformed)?;
            self.check_kid(pass.kid())?;
            pass.verify(&self.pass_key, port, context, self.window, now)
        };
        read().map_err(denied)
    }

    /// Verifies a label that was presented for `port` of the sandbox, and returns its expiry.
    ///
    /// # Errors
    /// In this order: [`Code::Missing`] for an empty one; [`Code::Malformed`]; [`Code::Invalid`], also for the label of
    /// another sandbox; [`Code::Expired`]; [`Code::LifetimeTooLong`]; [`Code::OutOfScope`] for another port.
    pub fn verify_signed_host(
        &self,
        label: &[u8],
        id: &SandboxId,
        port: Port,
        now: UnixSeconds,
    ) -> Result<UnixSeconds, Denied> {
        let read = || {
            not_empty(label)?;
            let route = Route::of_label(label).map_err(|_| Code::Malformed)?;
            let part = route.signed_part().ok_or(Code::Malformed)?;
            let host = PresentedHost::parse(part, route.port()).ok_or(Code::Malformed)?;
            if route.sandbox_id() != id {
                return Err(Code::Invalid);
            }
            self.check_kid(host.kid())?;
            host.verify(&self.signed_host_key, port, self.signed_host_window, now)
        };
        read().map_err(denied)
    }

    /// Whether this key has made the signature of a pass, whatever its key id, its time and the requested port.
    #[cfg(feature = "explain")]
    pub(crate) fn has_signed_pass(&self, pass: &PresentedPass, context: Option<Context<'_>>) -> bool {
        pass.is_signed(&self.pass_key, context)
    }

    /// The same of a signed host.
    #[cfg(feature = "explain")]
    pub(crate) fn has_signed_host(&self, host: &PresentedHost) -> bool {
        host.is_signed(&self.signed_host_key)
    }

    fn check_kid(&self, kid: KeyId) -> Result<(), Code> {
        if kid == self.kid { Ok(()) } else { Err(Code::Invalid) }
    }

    fn check_port(&self, port: Port) -> Result<(), Misuse> {
        if port == self.controller_port { Err(Misuse::ControllerPort) } else { Ok(()) }
    }
}

impl core::fmt::Debug for TrafficKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("TrafficKey(redacted)")
    }
}

fn not_empty(presented: &[u8]) -> Result<(), Code> {
    if presented.is_empty() { Err(Code::Missing) } else { Ok(()) }
}

const fn denied(code: Code) -> Denied {
    Denied::new(Gate::Traffic, code)
}
