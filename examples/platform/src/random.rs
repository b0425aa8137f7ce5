//! What is drawn at random: sandbox ids, and traffic tokens that no seed derives.

use sandgate::{SandboxId, TrafficToken};
use std::fmt::Write;
use zeroize::Zeroizing;

const LENGTH: usize = 20;
const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// `i` and 19 random characters that a host name can carry.
pub(crate) fn sandbox_id() -> anyhow::Result<SandboxId> {
    let mut id = vec![b'i'];
    while id.len() < LENGTH {
        let mut random = [0; LENGTH];
        getrandom::fill(&mut random)?;
        // 252 is 7 times 36: without the bytes above it, every character is equally likely.
        let characters = random.iter().filter(|byte| **byte < 252).map(|byte| ALPHABET[usize::from(byte % 36)]);
        id.extend(characters.take(LENGTH - id.len()));
    }
    Ok(SandboxId::try_from(id.as_slice())?)
}

/// 32 random bytes as hexadecimal.
pub(crate) fn traffic_token() -> anyhow::Result<TrafficToken> {
    let mut random = Zeroizing::new([0_u8; 32]);
    getrandom::fill(random.as_mut())?;
    let mut digits = Zeroizing::new(String::with_capacity(64));
    for byte in random.iter() {
        write!(digits, "{byte:02x}")?;
    }
    Ok(TrafficToken::try_from(digits.as_str())?)
}

#[cfg(test)]
mod tests {
    use super::sandbox_id;
    use std::collections::HashSet;

    #[test]
    fn ids_are_new_and_routable() {
        let ids: HashSet<String> = (0..100).map(|_| sandbox_id().unwrap().to_string()).collect();
        assert_eq!(ids.len(), 100);
        for id in ids {
            assert!(id.len() == 20 && id.starts_with('i'), "{id}");
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{id}");
        }
    }
}
