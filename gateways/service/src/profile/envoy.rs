//! Envoy's `ext_authz` over gRPC, `envoy.service.auth.v3`: from its request to core's, and from a decision to its answer.

use super::answer::{Allow, Decision, Rewritten};
use super::{Described, NotDescribed, Profile};
use envoy_types::pb::envoy::config::core::v3::header_value_option::HeaderAppendAction;
use envoy_types::pb::envoy::config::core::v3::{HeaderValue, HeaderValueOption, address, socket_address};
use envoy_types::pb::envoy::service::auth::v3::check_response::HttpResponse;
use envoy_types::pb::envoy::service::auth::v3::{AttributeContext, CheckResponse, DeniedHttpResponse, OkHttpResponse};
use envoy_types::pb::envoy::r#type::v3::HttpStatus;
use envoy_types::pb::google::rpc::Status;
use sandgate::Code::Malformed;
use sandgate::{Denied, Gate, HeaderLine};
use sandgate_tower::Refusal;
use tonic::Code;

/// Reads the request that Envoy describes. What it says twice, as a pseudo-header and as a field, must agree.
pub(crate) fn described(attributes: &AttributeContext) -> Result<Described<'_>, NotDescribed> {
    let http = attributes.request.as_ref().and_then(|request| request.http.as_ref());
    let http = http.ok_or(NotDescribed::Header("request.http"))?;
    let raw = http.header_map.as_ref().map(|map| map.headers.as_slice()).unwrap_or_default();
    // Envoy fills one of both: the map joins repeated lines, the list does not.
    if !raw.is_empty() && !http.headers.is_empty() {
        return Err(NotDescribed::Header("headers"));
    }
    let value = |header: &'_ HeaderValue| header.raw_value.is_empty();
    let of_list = raw.iter().map(|header| {
        let value = if value(header) { header.value.as_bytes() } else { header.raw_value.as_slice() };
        (header.key.as_bytes(), value)
    });
    let of_map = http.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    let all: Vec<HeaderLine<'_>> = of_list.chain(of_map).collect();
    for (name, field) in [(":method", &http.method), (":path", &http.path), (":authority", &http.host)] {
        let mut pseudo = all.iter().filter(|line| line.0 == name.as_bytes());
        let agrees = pseudo.all(|line| line.1 == field.as_bytes());
        if field.is_empty() || !agrees {
            return Err(NotDescribed::Header(name));
        }
    }
    let mut lines: Vec<_> = all.into_iter().filter(|line| !line.0.starts_with(b":")).collect();
    lines.push((b":authority", http.host.as_bytes()));
    let client = attributes.source.as_ref().and_then(|peer| peer.address.as_ref());
    let client = client.and_then(|address| match &address.address {
        Some(address::Address::SocketAddress(socket)) => Some(socket),
        _ => None,
    });
    let client =
        client.filter(|socket| matches!(socket.port_specifier, Some(socket_address::PortSpecifier::PortValue(_))));
    let client = client.map(|socket| socket.address.as_bytes());
    Ok(Described::new(Profile::EnvoyGrpc, http.method.as_bytes(), http.path.as_bytes(), lines, raw.is_empty(), client))
}

/// Returns the answer to Envoy.
pub(crate) fn respond(decision: Decision) -> CheckResponse {
    match decision.and_then(|allow| allowed(&allow)) {
        Ok(allowed) => answer(Code::Ok, HttpResponse::OkResponse(allowed)),
        Err(refusal) => answer(Code::PermissionDenied, HttpResponse::DeniedResponse(denied(&refusal))),
    }
}

fn answer(code: Code, response: HttpResponse) -> CheckResponse {
    let status = Status { code: code.into(), ..Status::default() };
    CheckResponse { status: Some(status), http_response: Some(response), ..CheckResponse::default() }
}

/// A value that is not UTF-8 and has to change is refused: Envoy takes only text.
fn allowed(allow: &Allow) -> Result<OkHttpResponse, Refusal> {
    let text = |value: &[u8]| {
        let malformed = || Refusal::by_edge(Denied::new(Gate::InternalRoute, Malformed), Some(&allow.route), b"");
        String::from_utf8(value.to_vec()).map_err(|_| malformed())
    };
    // For routes that match on them: they replace what the client sent.
    let route = [
        option("x-sandgate-route", allow.route.to_string()),
        option("x-sandgate-id", allow.route.sandbox_id().to_string()),
        option("x-sandgate-port", allow.route.port().to_string()),
    ];
    let mut response = OkHttpResponse { headers: route.into(), ..OkHttpResponse::default() };
    if allow.target_changes {
        response.headers.push(option(":path", text(&allow.target)?));
    }
    for Rewritten { name, value, .. } in allow.headers.iter().filter(|header| header.changes) {
        match value {
            Some(value) => response.headers.push(option(name, text(value.as_bytes())?)),
            None => response.headers_to_remove.push((*name).to_owned()),
        }
    }
    Ok(response)
}

fn denied(refusal: &Refusal) -> DeniedHttpResponse {
    DeniedHttpResponse {
        status: Some(HttpStatus { code: refusal.status().as_u16().into() }),
        headers: vec![option("content-type", "application/json".to_owned())],
        body: refusal.body().to_owned(),
    }
}

/// Replaces all lines of this name. Envoy 1.40 ignores `raw_value` here.
fn option(name: &str, value: String) -> HeaderValueOption {
    HeaderValueOption {
        header: Some(HeaderValue { key: name.to_owned(), value, ..HeaderValue::default() }),
        append_action: HeaderAppendAction::OverwriteIfExistsOrAdd.into(),
        keep_empty_value: true,
        ..HeaderValueOption::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use envoy_types::pb::envoy::config::core::v3::HeaderMap;
    use envoy_types::pb::envoy::service::auth::v3::attribute_context::{HttpRequest, Request};

    fn asked(http: HttpRequest) -> AttributeContext {
        let request = Request { http: Some(http), ..Request::default() };
        AttributeContext { request: Some(request), ..AttributeContext::default() }
    }

    fn plain() -> HttpRequest {
        HttpRequest {
            method: "GET".into(),
            path: "/a?b".into(),
            host: "8080-abc.test".into(),
            ..HttpRequest::default()
        }
    }

    #[test]
    fn fields_that_contradict_pseudo_headers_are_refused() {
        let with = |name: &str, value: &str| {
            let mut http = plain();
            http.headers.insert(name.into(), value.into());
            asked(http)
        };
        for (name, value, other) in
            [(":method", "GET", "POST"), (":path", "/a?b", "/init"), (":authority", "8080-abc.test", "8080-x.test")]
        {
            assert!(described(&with(name, value)).is_ok());
            assert!(described(&with(name, other)).is_err(), "{name}");
        }
        for missing in 0..3 {
            let mut http = plain();
            [&mut http.method, &mut http.path, &mut http.host][missing].clear();
            assert!(described(&asked(http)).is_err());
        }
        assert!(described(&AttributeContext::default()).is_err());
    }

    #[test]
    fn joined_lines_count_as_repeated_and_raw_lines_stay_apart() {
        let mut http = plain();
        http.headers.insert("e2b-traffic-access-token".into(), "a,b".into());
        let context = asked(http);
        let described = super::described(&context).unwrap();
        assert_eq!(described.head().header(&["e2b-traffic-access-token"]), sandgate::Header::Repeated);

        let line = |value: &[u8]| HeaderValue { key: "x".into(), raw_value: value.to_vec(), ..HeaderValue::default() };
        let mut http = plain();
        http.header_map = Some(HeaderMap { headers: vec![line(b"a,b")] });
        let context = asked(http.clone());
        let described = super::described(&context).unwrap();
        assert_eq!(described.head().header(&["x"]), sandgate::Header::Once(b"a,b"));
        http.headers.insert("y".into(), "z".into());
        assert!(super::described(&asked(http)).is_err());
    }
}
