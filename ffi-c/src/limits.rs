//! Constants for C programs.

/// Where controllers listen, unless they are configured otherwise.
pub const SANDGATE_CONTROLLER_PORT: u32 = 49983;
/// The longest token that is accepted, in bytes.
pub const SANDGATE_TOKEN_MAX: usize = 256;
/// The longest sandbox id, in bytes.
pub const SANDGATE_SANDBOX_ID_MAX: usize = 63;
/// The length of a token that a v1 keyring derives, in bytes.
pub const SANDGATE_V1_TOKEN_LEN: usize = 64;
/// The length of a v1 signature, in bytes.
pub const SANDGATE_V1_SIGNATURE_LEN: usize = 46;
/// The length of a token or a traffic root that a v2 keyring derives, in bytes.
pub const SANDGATE_V2_TOKEN_LEN: usize = 50;
/// The length of a v2 signature, in bytes.
pub const SANDGATE_V2_SIGNATURE_LEN: usize = 48;
/// The longest traffic pass, in bytes.
pub const SANDGATE_V2_PASS_MAX: usize = 73;
/// The longest label of a signed host, in bytes.
pub const SANDGATE_V2_SIGNED_HOST_MAX: usize = 63;
/// The length of the signature of a webhook, in bytes.
pub const SANDGATE_WEBHOOK_SIGNATURE_LEN: usize = 43;
/// The size of a fingerprint, the terminating NUL included.
pub const SANDGATE_FINGERPRINT_SIZE: usize = 9;

// cbindgen reads only literals; these are checked against core's constants.
const _: () = {
    assert!(SANDGATE_CONTROLLER_PORT == sandgate::Port::CONTROLLER.get() as u32);
    assert!(SANDGATE_TOKEN_MAX == sandgate::MAX_TOKEN_LEN);
    assert!(SANDGATE_SANDBOX_ID_MAX == sandgate::SandboxId::MAX_LEN);
    assert!(SANDGATE_V1_TOKEN_LEN == sandgate::v1::TOKEN_LEN);
    assert!(SANDGATE_V2_TOKEN_LEN == sandgate::v2::TOKEN_LEN);
    assert!(SANDGATE_V1_SIGNATURE_LEN == sandgate::v1::Signature::LEN);
    assert!(SANDGATE_V2_SIGNATURE_LEN == sandgate::v2::Signature::LEN);
    assert!(SANDGATE_V2_PASS_MAX == sandgate::v2::Pass::MAX_LEN);
    assert!(SANDGATE_WEBHOOK_SIGNATURE_LEN == sandgate::webhook::Signature::LEN);
    assert!(SANDGATE_V2_SIGNED_HOST_MAX == sandgate::v2::SignedHost::MAX_LEN);
};
