//! What is decided when a sandbox is created: which credentials it gets, or why it is not created.
//!
//! Source: E2B's API server and the documentation of its SDKs.

use crate::encoding::bytes::split_once;
use crate::encoding::json::write_code_and_message;
use crate::encoding::number::parse_plain;
use crate::value::error::as_str;
use core::ffi::CStr;
use core::fmt;

/// The first controller that knows access tokens.
const SECURE_SINCE: [u64; 3] = [0, 2, 0];

/// What the request to create a sandbox asks for. `None` is what the request does not mention.
///
/// Fields may be added: fill in the rest with `..Options::default()`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// On unless it is explicitly off.
    pub secure: Option<bool>,
    /// If it is not mentioned, as the deployment has it; a binding makes `Some(false)` of what its language calls falsy.
    pub allow_public_traffic: Option<bool>,
    /// What the operator says about requests that do not mention `allow_public_traffic`: off unless said otherwise.
    pub restricted_by_default: bool,
    /// The version of the controller in the template, a semantic version.
    pub envd_version: Option<&'a str>,
}

/// The credentials to issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct Credentials {
    /// The controller asks for an access token.
    pub access_token: bool,
    /// The edge asks for a traffic token: public traffic is restricted.
    pub traffic_token: bool,
}

/// Why the sandbox is not created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refused {
    /// The template's controller is older than 0.2.0 and knows no access tokens.
    TemplateTooOld,
    /// The version of the template's controller is not known, or no semantic version.
    TemplateVersionUnknown,
    /// Restricted traffic was asked for without `secure`.
    RestrictedNeedsSecure,
}

/// Returns the version that these bytes spell, for [`Options::envd_version`]. Bytes that are not UTF-8 are the version of no
/// release, so that [`decide`] refuses them exactly where it needs a version.
///
/// ```
/// use sandgate::creation::{Options, Refused, decide, read_version};
///
/// assert_eq!(read_version(b"0.6.4"), "0.6.4");
/// let unreadable = Options { envd_version: Some(read_version(b"\xff")), ..Options::default() };
/// assert_eq!(decide(&unreadable), Err(Refused::TemplateVersionUnknown));
/// assert!(decide(&Options { secure: Some(false), ..unreadable }).is_ok());
/// ```
#[must_use]
pub fn read_version(bytes: &[u8]) -> &str {
    // The empty text is no semantic version.
    core::str::from_utf8(bytes).unwrap_or_default()
}

/// Decides. A sandbox that should be secure is secure or is not created.
///
/// # Errors
/// [`Refused`].
///
/// ```
/// use sandgate::creation::{Options, Refused, decide};
///
/// let credentials = decide(&Options { envd_version: Some("0.6.4"), ..Options::default() })?;
/// assert!(credentials.access_token && !credentials.traffic_token);
///
/// let old = Options { envd_version: Some("0.1.9"), ..Options::default() };
/// assert_eq!(decide(&old), Err(Refused::TemplateTooOld));
/// # Ok::<(), Refused>(())
/// ```
pub fn decide(options: &Options<'_>) -> Result<Credentials, Refused> {
    let access_token = options.secure.unwrap_or(true);
    let traffic_token = !options.allow_public_traffic.unwrap_or(!options.restricted_by_default);
    if traffic_token && !access_token {
        return Err(Refused::RestrictedNeedsSecure);
    }
    if access_token {
        let version = options.envd_version.and_then(Version::parse).ok_or(Refused::TemplateVersionUnknown)?;
        if version.is_before(SECURE_SINCE) {
            return Err(Refused::TemplateTooOld);
        }
    }
    Ok(Credentials { access_token, traffic_token })
}

impl Refused {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 3] = [Self::TemplateTooOld, Self::TemplateVersionUnknown, Self::RestrictedNeedsSecure];

    /// The reason as text, as bindings name it: `"template_too_old"`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TemplateTooOld => "template_too_old",
            Self::TemplateVersionUnknown => "template_version_unknown",
            Self::RestrictedNeedsSecure => "restricted_needs_secure",
        }
    }

    /// The HTTP status to answer with.
    #[must_use]
    pub const fn status(self) -> u16 {
        400
    }

    /// The message to answer with.
    #[must_use]
    pub const fn message(self) -> &'static str {
        as_str(self.message_c())
    }

    /// The same, NUL-terminated: for the C binding.
    #[doc(hidden)]
    #[must_use]
    pub const fn message_c(self) -> &'static CStr {
        match self {
            Self::TemplateTooOld => {
                c"secured access needs a template whose controller is version 0.2.0 or newer, please rebuild the template"
            }
            Self::TemplateVersionUnknown => {
                c"secured access needs a template whose controller has a known version, please rebuild the template"
            }
            Self::RestrictedNeedsSecure => c"restricted public traffic needs secured access, please turn secure on",
        }
    }

    /// Writes the JSON body, `{"code":400,"message":"…"}`.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn write_json(self, out: &mut (impl fmt::Write + ?Sized)) -> fmt::Result {
        write_code_and_message(out, self.status(), self.message())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for Refused {}

/// As much of a semantic version as a comparison with a release needs. `0.2` is `0.2.0` and `1` is `1.0.0`, as the
/// server's library has it; a leading `v` is allowed.
struct Version {
    release: [u64; 3],
    pre_release: bool,
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        let text = text.strip_prefix(b"v").unwrap_or(text);
        let (text, build) = split(text, b'+');
        let (numbers, pre_release) = split(text, b'-');
        if !build.is_none_or(|build| are_identifiers(build, false))
            || !pre_release.is_none_or(|pre_release| are_identifiers(pre_release, true))
        {
            return None;
        }
        let mut release = [0; 3];
        let mut given = numbers.split(|byte| *byte == b'.');
        for (index, place) in release.iter_mut().enumerate() {
            match given.next() {
                Some(number) => *place = parse_plain(number)?,
                // Minor and patch may be left out, and then nothing may follow.
                None if index > 0 && pre_release.is_none() && build.is_none() => {}
                None => return None,
            }
        }
        if given.next().is_some() {
            return None;
        }
        Some(Self { release, pre_release: pre_release.is_some() })
    }

    fn is_before(&self, release: [u64; 3]) -> bool {
        self.release < release || (self.release == release && self.pre_release)
    }
}

/// What stands before and after `at`.
fn split(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    split_once(text, at).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// Dot-separated, none empty, of `[0-9A-Za-z-]`; where `strict`, numbers have no leading zeros.
fn are_identifiers(text: &[u8], strict: bool) -> bool {
    text.split(|byte| *byte == b'.').all(|identifier| {
        let allowed = identifier.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
        let number = identifier.iter().all(u8::is_ascii_digit);
        let padded = strict && number && identifier.len() > 1 && identifier.starts_with(b"0");
        !identifier.is_empty() && allowed && !padded
    })
}
