//! Passes and signed hosts.

use super::{informed, offset, tamper, texts, verifier};
use crate::agreement::oracle::Verifier;
use crate::agreement::{pass, sandbox, signed_host};
use proptest::prelude::*;
use proptest::sample::select;
use sandgate::Carrier;

pub(crate) fn passes() -> impl Strategy<Value = pass::Case<'static>> {
    let prefix = texts(&["sg2p.", "sg2p.", "sg2p.", "sg2p.", "sg2p.", "sg2t.", "sg2p", "SG2p."]);
    let kid = texts(&["a", "a", "a", "b", "z", "A", "", "ab"]);
    let ports = ["8080", "8080", "8080", "8080", "8081", "65535", "65536", "0", "08080", "+8080", "49983", ""];
    let times = ["$<", "$<", "$>", "$>", "0", "00", "9007199254740991", "9007199254740992", "-1", ""];
    let end = texts(&["$=", "$=", "$=", "$=", "$=", "$=", "$=.", "$=A", "$= ", ""]);
    let pass = (prefix, kid, texts(&ports), texts(&times), end);
    let pass = pass.prop_map(|(prefix, kid, port, time, tag)| [prefix, [kid, port, time, tag].join(&b'.')].concat());
    let pass = prop_oneof![30 => pass, 1 => Just(vec![])];
    let carrier = select(vec![Carrier::Header, Carrier::Query, Carrier::Cookie]);
    let port = select(vec![8080, 8080, 8080, 8080, 65535, 49983]);
    let parts = (pass, carrier, port, informed(), offset(), tamper());
    parts.prop_map(|(text, carrier, port, (verifier, issued_for), offset, tamper)| pass::Case {
        text,
        carrier,
        port,
        issued_for,
        verifier,
        offset,
        tamper,
    })
}

pub(crate) fn hosts() -> impl Strategy<Value = signed_host::Case<'static>> {
    let ports = ["8080", "8080", "8080", "8080", "65535", "08080", "0", "65536", "49983", "+80"];
    let ids =
        [sandbox::ID, sandbox::ID, sandbox::ID, "i94gcaqbpvohfr764s5lx", "i94gcaqbpvohfr764s5lxy", "I94", "a", ""];
    let kid = texts(&["a", "a", "a", "b", "z", "A", ""]);
    let times = ["$<", "$<", "$>", "$>", "0000000", "zzzzzzz", "ZZZZZZZ", "00", "-000001"];
    let end = texts(&["$=", "$=", "$=", "$=", "$=", "$=-", "$=a", "-$=", ""]);
    let domain = texts(&[".e2b.app", ".e2b.app:443", ".e2b.app", ".e2b.app", "", "/a"]);
    let host = (texts(&ports), texts(&ids), kid, texts(&times), end, domain);
    let host = host.prop_map(|(port, id, kid, time, mac, domain)| {
        [&port[..], b"-", &id, b"-", &kid, &time, &mac, &domain].concat()
    });
    let of_hosts = verifier(86_400).prop_map(|verifier| Verifier { context: None, ..verifier });
    (host, of_hosts, offset(), tamper()).prop_map(|(host, verifier, offset, tamper)| signed_host::Case {
        host,
        verifier,
        offset,
        tamper,
    })
}
