//! Requests to an edge.

use super::{offset, texts, verifier};
use crate::agreement::edge::{Case, Secrets};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use sandgate::Carrier;

pub(crate) fn cases() -> impl Strategy<Value = Case<'static>> {
    let hosts = [
        "8080-i94gcaqbpvohfr764s5l.e2b.app",
        "8080-i94gcaqbpvohfr764s5l.e2b.app",
        "8080-i94gcaqbpvohfr764s5l-$h.e2b.app",
        "8080-i94gcaqbpvohfr764s5l-$i.e2b.app",
        "08080-i94gcaqbpvohfr764s5l-$h.e2b.app",
        "8080-i94gcaqbpvohfr764s5l-$j.e2b.app",
        "8080-i94gcaqbpvohfr764s5l-$h-.e2b.app",
        "8080-i94gcaqbpvohfr764s5l-preview.e2b.app",
        "49983-i94gcaqbpvohfr764s5l-$h.e2b.app",
        "localhost",
    ];
    let header =
        || texts(&["", "$a", "$b", "$c", "$p", "$q", "$r", "$o", "$n", "$1", "sg2t.", "$a ", "\"$p\"", "\u{e9}"]);
    let pieces = [
        "sandgate_traffic=$p",
        "sandgate_traffic=$p",
        "sandgate%5ftraffic=$q",
        "sandgate_traffic=$o",
        "sandgate_traffic=$a",
        "sandgate_traffic=%",
        "sandgate_traffic=",
        "sandgate_traffic",
        "Sandgate_traffic=$p",
        "sandgate_traffic%=$p",
        "%zz=1",
        "a=1",
        "",
        "=",
    ];
    let cookies = [
        "__Host-sandgate-traffic=$p",
        "__Host-sandgate-traffic=$q",
        "\t __Host-sandgate-traffic \t= $p \t",
        "__Host-sandgate-traffic=\"$p\"",
        "__Host-sandgate-traffic=$o",
        "__Host-sandgate-traffic=$n",
        "__Host-sandgate-traffic=",
        "__Host-sandgate-traffic",
        "__host-sandgate-traffic=$p",
        "__Host-sandgate-traffic=%24p",
        "a=1",
        "",
        " \t",
    ];
    let some = |of: &[&str], most: usize| prop::collection::vec(texts(of), 0..=most);
    let cookie_lines = prop::collection::vec(some(&cookies, 2).prop_map(|pieces| pieces.join(&b';')), 0..3);
    let headers = prop_oneof![3 => Just(0), 3 => Just(1), 1 => Just(2_usize)];
    let headers = headers.prop_flat_map(move |many| prop::collection::vec(header(), many));
    let parts = (texts(&hosts), headers, some(&pieces, 3).prop_map(|pieces| pieces.join(&b'&')), cookie_lines);
    let accepted = prop_oneof![2 => Just(Carrier::ALL.to_vec()), 1 => subsequence(Carrier::ALL.to_vec(), 0..=4)];
    let secrets = select(vec![Secrets::Derived, Secrets::Derived, Secrets::Stored, Secrets::WithV1]);
    let edge = (accepted, secrets, select(vec![49983, 49983, 49983, 8080]), 0..2_u32, 0..2_u32);
    (parts, edge, verifier(604_800), select(vec!['<', '>']), offset()).prop_map(
        |(parts, edge, verifier, end, offset)| {
            let (host, headers, query, cookies) = parts;
            let (accepted, secrets, controller_port, generation, days) = edge;
            let signed_host_max_lifetime = 86_400 * days;
            let case = Case {
                host,
                headers,
                query,
                cookies,
                accepted,
                controller_port,
                generation,
                secrets,
                signed_host_max_lifetime,
                verifier,
            };
            case.fill(end, offset)
        },
    )
}
