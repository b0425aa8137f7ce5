//! Only configured gateways are answered: anyone else could describe any request.

use ipnet::IpNet;
use std::net::IpAddr;

/// An IPv4 address is the same one when it is written as an IPv6 address.
pub(super) fn is_in(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_networks_are_peers() {
        let networks: Vec<IpNet> = ["10.1.0.0/16", "::1/128"].map(|network| network.parse().unwrap()).into();
        for (address, is_peer) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("::1", true),
            ("10.2.0.1", false),
            ("::2", false),
            ("127.0.0.1", false),
        ] {
            assert_eq!(is_in(&networks, address.parse().unwrap()), is_peer, "{address}");
        }
    }
}
