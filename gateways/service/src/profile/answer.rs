//! An answer to a gateway: what it sets and removes in the request that goes on, or core's refusal.

use super::{Described, Profile};
use axum::body::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use sandgate::{Carrier, Route, forward};
use sandgate_tower::{NotForwardable, Refusal};

/// How the client's request goes on.
pub(crate) struct Allow {
    pub(super) route: Route,
    /// The target without the parameter of ours.
    pub(super) target: Vec<u8>,
    pub(super) target_changes: bool,
    /// The headers in which credentials may stand, as far as the request has them.
    pub(super) headers: Vec<Rewritten>,
}

/// All lines of one header.
pub(super) struct Rewritten {
    pub(super) name: &'static str,
    /// What stays, joined. None: the header is removed.
    pub(super) value: Option<HeaderValue>,
    pub(super) changes: bool,
}

impl Allow {
    /// Rewrites with core whatever may hold a credential. Where the gateway cannot do as told, nothing is allowed: a pass in
    /// the query would reach the sandbox, also if another credential or none was needed.
    pub(crate) fn of(described: &Described<'_>, route: Route) -> Result<Self, NotForwardable> {
        let received = described.head().target();
        let mut target = Vec::with_capacity(received.len());
        forward::target(received, |piece| target.extend_from_slice(piece));
        let headers = forward::HEADERS.into_iter().filter_map(|name| Rewritten::of(described, name).transpose());
        let headers = headers.collect::<Result<Vec<_>, _>>()?;
        let target_changes = target != received;
        let host_changes = headers.iter().any(|header| matches!(header.name, "host" | ":authority") && header.changes);
        let cannot = described.profile.not_removed();
        if (target_changes && cannot.contains(&Carrier::Query)) || (host_changes && cannot.contains(&Carrier::Host)) {
            return Err(NotForwardable);
        }
        Ok(Self { route, target, target_changes, headers })
    }
}

impl Rewritten {
    fn of(described: &Described<'_>, name: &'static str) -> Result<Option<Self>, NotForwardable> {
        let lines = described.lines().iter().filter(|line| line.0.eq_ignore_ascii_case(name.as_bytes()));
        let (mut joined, mut stays, mut changes, mut count) = (Vec::new(), false, false, 0);
        let between: &[u8] = if name == "cookie" { b"; " } else { b", " };
        for (_, received) in lines {
            count += 1;
            let mut left = Vec::with_capacity(received.len());
            if forward::header(name.as_bytes(), received, |piece| left.extend_from_slice(piece)) {
                if std::mem::replace(&mut stays, true) {
                    joined.extend_from_slice(between);
                }
                joined.extend_from_slice(&left);
                changes |= left != *received;
            } else {
                changes = true;
            }
        }
        let value = stays.then(|| HeaderValue::try_from(joined)).transpose().map_err(|_| NotForwardable)?;
        Ok((count > 0).then_some(Self { name, value, changes }))
    }
}

/// What was decided about a request.
pub(crate) type Decision = Result<Allow, Refusal>;

/// Returns the answer to a gateway that speaks HTTP.
pub(crate) fn respond(profile: Profile, decision: Decision) -> Response<Body> {
    let mut response = match decision {
        Ok(allow) => allowed(profile, &allow),
        Err(refusal) if profile == Profile::Nginx => nginx_refusal(&refusal),
        Err(refusal) => return refusal.into_response(),
    };
    // An answer holds for one request.
    response.headers_mut().insert("cache-control", HeaderValue::from_static("no-store"));
    response
}

fn allowed(profile: Profile, allow: &Allow) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    insert(headers, "x-sandgate-route", allow.route.to_string().as_bytes());
    insert(headers, "x-sandgate-id", allow.route.sandbox_id().as_str().as_bytes());
    insert(headers, "x-sandgate-port", allow.route.port().to_string().as_bytes());
    match profile {
        // Their configurations name every header, and what the answer omits goes.
        Profile::Nginx | Profile::Caddy => {
            if profile == Profile::Nginx {
                insert(headers, "x-sandgate-target", &allow.target);
            }
            for Rewritten { name, value, .. } in &allow.headers {
                set(headers, format!("x-sandgate-forward-{}", name.trim_start_matches(':')), value.as_ref());
            }
        }
        Profile::Traefik => {
            for Rewritten { name, value, .. } in allow.headers.iter().filter(|header| header.name != "host") {
                set(headers, (*name).to_owned(), value.as_ref());
            }
        }
        Profile::EnvoyHttp | Profile::EnvoyGrpc => {
            let changed = || allow.headers.iter().filter(|header| header.changes);
            for Rewritten { name, value, .. } in changed() {
                set(headers, (*name).to_owned(), value.as_ref());
            }
            let removed: Vec<&str> =
                changed().filter(|header| header.value.is_none()).map(|header| header.name).collect();
            if !removed.is_empty() {
                insert(headers, "x-envoy-auth-headers-to-remove", removed.join(",").as_bytes());
            }
        }
    }
    response
}

/// `auth_request` knows 401 and 403 alone, so the answer to the client is in two headers, which nginx's configuration uses.
fn nginx_refusal(refusal: &Refusal) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::FORBIDDEN;
    insert(response.headers_mut(), "x-sandgate-status", refusal.status().as_str().as_bytes());
    insert(response.headers_mut(), "x-sandgate-body", refusal.body().as_bytes());
    response
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &[u8]) {
    set(headers, name.to_owned(), HeaderValue::from_bytes(value).ok().as_ref());
}

/// A pseudo-header has no name that an answer could carry; it never comes from a gateway that speaks HTTP/1.
fn set(headers: &mut HeaderMap, name: String, value: Option<&HeaderValue>) {
    if let (Ok(name), Some(value)) = (HeaderName::try_from(name), value) {
        headers.insert(name, value.clone());
    }
}

#[cfg(test)]
mod tests {
    use sandgate::forward::HEADERS;

    /// The names of a configuration, each on a line of its own.
    fn has(text: &str, line: impl Fn(&str) -> String) -> Vec<&'static str> {
        let lines: Vec<String> = text.lines().map(|line| line.trim().to_ascii_lowercase()).collect();
        let missing = |name: &&str| !name.starts_with(':') && !lines.contains(&line(name));
        HEADERS.into_iter().filter(missing).collect()
    }

    #[test]
    fn configurations_of_the_examples_name_every_header_that_is_rewritten() {
        let nginx = include_str!("../../../examples/nginx/sandgate-forward.conf");
        let sets = |name: &str| format!("proxy_set_header {name} $sandgate_forward_{};", name.replace('-', "_"));
        // The token is always removed.
        assert_eq!(has(nginx, sets), ["e2b-traffic-access-token"]);
        assert!(nginx.lines().any(|line| line == "proxy_set_header e2b-traffic-access-token \"\";"));
        let reads = |name: &str| {
            let name = name.replace('-', "_");
            format!("auth_request_set $sandgate_forward_{name} $upstream_http_x_sandgate_forward_{name};")
        };
        assert_eq!(has(nginx, reads), ["e2b-traffic-access-token"]);

        let caddy = include_str!("../../../examples/caddy/Caddyfile");
        assert_eq!(has(caddy, |name| format!("x-sandgate-forward-{name}>{name}")), ["e2b-traffic-access-token"]);
        assert!(caddy.lines().any(|line| line.trim() == "request_header -E2b-Traffic-Access-Token"));

        let envoy = include_str!("../../../examples/envoy-http/envoy.yaml");
        assert_eq!(has(envoy, |name| format!("- exact: {name}")), ["host"]);

        // Host cannot be changed.
        let traefik = include_str!("../../../examples/traefik/dynamic.yaml");
        assert_eq!(has(traefik, |name| format!("- {name}")), ["host"]);
    }
}
