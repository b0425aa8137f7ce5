//! The carriers of the edge, as C numbers them.

use crate::result::sandgate_result::{self, *};
use sandgate::{Carrier, Carriers};

/// The header SANDGATE_TRAFFIC_HEADER.
pub const SANDGATE_CARRIER_HEADER: u32 = 1;
/// The label of a signed host.
pub const SANDGATE_CARRIER_HOST: u32 = 2;
/// The query parameter SANDGATE_TRAFFIC_PARAMETER.
pub const SANDGATE_CARRIER_QUERY: u32 = 4;
/// The cookie SANDGATE_TRAFFIC_COOKIE.
pub const SANDGATE_CARRIER_COOKIE: u32 = 8;

const ALL: u32 = SANDGATE_CARRIER_HEADER | SANDGATE_CARRIER_HOST | SANDGATE_CARRIER_QUERY | SANDGATE_CARRIER_COOKIE;

pub(crate) const fn number(carrier: Carrier) -> u32 {
    match carrier {
        Carrier::Header => SANDGATE_CARRIER_HEADER,
        Carrier::Host => SANDGATE_CARRIER_HOST,
        Carrier::Query => SANDGATE_CARRIER_QUERY,
        Carrier::Cookie => SANDGATE_CARRIER_COOKIE,
    }
}

/// Returns the set that the bits of a number name.
pub(crate) fn read(bits: u32) -> Result<Carriers, sandgate_result> {
    if bits & !ALL != 0 {
        return Err(SANDGATE_BAD_POLICY);
    }
    let named = Carrier::ALL.into_iter().filter(|carrier| bits & number(*carrier) != 0);
    Ok(named.fold(Carriers::NONE, Carriers::with))
}

/// Returns the bits of a set.
pub(crate) fn bits(carriers: Carriers) -> u32 {
    Carrier::ALL
        .into_iter()
        .filter(|carrier| carriers.accepts(*carrier))
        .fold(0, |bits, carrier| bits | number(carrier))
}
