"""An edge that knows only the traffic roots, and so no controller's secret, accepts a pass only for its port.

It prints:

    8080-i94gcaqbpvohfr764s5l: pass, by header
    9090-i94gcaqbpvohfr764s5l: 403 traffic access token does not cover this port
"""

from __future__ import annotations

from sandgate import DeniedError, Edge, Route, SandboxState, v2

SEED = "a seed of at least 32 bytes, kept secret"
STATES = {"i94gcaqbpvohfr764s5l": SandboxState(restricted=True)}


def decide(edge: Edge, host: str, target: str, header: str) -> str:
    route = Route.parse(host)
    try:
        passed = edge.check(route, STATES[route.sandbox_id], "GET", target, traffic_token=header)
    except DeniedError as denied:
        return f"{route}: {denied.status} {denied.message}"
    return f"{route}: {passed.basis}, by {passed.carrier}"


def main() -> None:
    # The API server has the seed, and gives the edge what follows from it for traffic.
    edge = Edge(v2_keyring=v2.TrafficKeyring(v2.traffic_root("a", SEED)))

    traffic_token = v2.Keyring({"a": SEED}).traffic_token("i94gcaqbpvohfr764s5l")
    presented = v2.TrafficKey(traffic_token).issue_pass(8080, expires_in=60)
    for port in 8080, 9090:
        print(decide(edge, f"{port}-i94gcaqbpvohfr764s5l.e2b.app", "/", presented))


main()
