//! The inputs of the benches of every language, and the bare compressions with which they are compared.

pub mod deployment;
pub mod linear;
pub mod urls;

/// 42 bytes.
pub const PATH: &[u8] = b"/home/user/projects/report-2026/summary.md";
/// The SDKs' default user.
pub const USER: &[u8] = b"user";
/// 64 hex digits.
pub const TOKEN: &str = "559fbd076af099f858db66bce0b018fdb723be6c02d8006dfd8956c682146b25";
/// The seed of the deployment, for both wire formats.
pub const SEED: &[u8] = b"a seed of at least 32 bytes, kept secret";
/// A sandbox's id.
pub const ID: &str = "i94gcaqbpvohfr764s5l";
/// 10 digits. With the above, a message of 128 bytes: 3 blocks of SHA-256.
pub const EXPIRES: i64 = 1_800_000_060;
/// A minute before.
pub const NOW: i64 = 1_800_000_000;

/// The minimum: this many blocks of SHA-256, and nothing else.
#[must_use]
pub fn compress(blocks: &[[u8; 64]]) -> [u32; 8] {
    let mut state = [0; 8];
    sha2::block_api::compress256(&mut state, blocks);
    state
}
