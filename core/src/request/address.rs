//! Whether text is an IP address.
//!
//! The tests compare it with `core::net`, whose IPv6 parser is not used because it has paths that panic.

use crate::encoding::number::parse_plain;

/// Four decimal numbers up to 255, without leading zeros.
pub(crate) fn is_ipv4(text: &[u8]) -> bool {
    let octet = |digits: &[u8]| parse_plain(digits).is_some_and(|octet| octet <= 255);
    let (mut octets, mut all): (usize, bool) = (0, true);
    for digits in text.split(|byte| *byte == b'.') {
        octets = octets.saturating_add(1);
        all &= octet(digits);
    }
    all && octets == 4
}

/// Eight groups of hexadecimal digits, or fewer around one `::`. The last two may be an IPv4 address. No brackets, no zone.
pub(crate) fn is_ipv6(text: &[u8]) -> bool {
    let Some(gap) = text.windows(2).position(|pair| pair == b"::") else {
        return groups(text, true) == Some(8);
    };
    let (head, rest) = text.split_at_checked(gap).unwrap_or_default();
    let tail = rest.get(2..).unwrap_or_default();
    let given = |part: &[u8], ipv4| if part.is_empty() { Some(0) } else { groups(part, ipv4) };
    match (given(head, false), given(tail, true)) {
        (Some(head), Some(tail)) => head.saturating_add(tail) < 8,
        _ => false,
    }
}

/// Returns the number of 16-bit groups. An IPv4 address at the end, if allowed, counts as two.
fn groups(text: &[u8], ipv4: bool) -> Option<usize> {
    let (mut count, mut ended): (usize, bool) = (0, false);
    for part in text.split(|byte| *byte == b':') {
        let is_group = (1..=4).contains(&part.len()) && part.iter().all(u8::is_ascii_hexdigit);
        let size = match (ended, is_group) {
            (false, true) => 1,
            (false, false) if ipv4 && is_ipv4(part) => 2,
            _ => return None,
        };
        ended = !is_group;
        count = count.saturating_add(size);
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::net::{Ipv4Addr, Ipv6Addr};
    use proptest::prelude::*;

    #[test]
    fn edge_cases_agree_with_core_net() {
        let edges = [
            "",
            ":",
            "::",
            ":::",
            "::1",
            "1::",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4::5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1::3:4:5:6:7:8",
            "1.2.3.4::",
            "1.2.3.4::1",
            "::1.2.3.4",
            "1:2:3:4:5:6:1.2.3.4",
            "1:2:3:4:5:6:7:1.2.3.4",
            "1::1.2.3.4:5",
            "1::2::3",
            "12345::",
            "::g",
            "::1%lo",
            "1.2.3.4",
        ];
        for text in edges {
            assert_eq!(is_ipv6(text.as_bytes()), text.parse::<Ipv6Addr>().is_ok(), "{text}");
        }
        for text in [
            "",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.4.",
            ".1.2.3.4",
            "01.2.3.4",
            "256.1.1.1",
            "255.255.255.255",
            "0.0.0.0",
            "1.2.3.x",
            "1..2.3",
        ] {
            assert_eq!(is_ipv4(text.as_bytes()), text.parse::<Ipv4Addr>().is_ok(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn ipv4_is_what_the_standard_library_says(text in "[0-9]{1,4}(\\.[0-9]{1,3}){2,4}\\.?") {
            prop_assert_eq!(is_ipv4(text.as_bytes()), text.parse::<Ipv4Addr>().is_ok());
        }

        #[test]
        fn ipv6_is_what_the_standard_library_says(text in "(([0-9a-fA-F]{1,4}|:|12345|g):?){0,9}(1\\.2\\.3\\.4|::|1)?:?") {
            prop_assert_eq!(is_ipv6(text.as_bytes()), text.parse::<Ipv6Addr>().is_ok(), "{}", text);
        }

        #[test]
        fn addresses_are_addresses(four: u32, six: u128) {
            prop_assert!(is_ipv4(Ipv4Addr::from(four).to_string().as_bytes()));
            prop_assert!(is_ipv6(Ipv6Addr::from(six).to_string().as_bytes()));
            prop_assert!(is_ipv6(Ipv6Addr::from(six & !(u128::MAX << 48)).to_string().as_bytes()));
        }
    }
}
