//! Envoy's protocol, over a real gRPC connection.

mod common;

use common::{HEADER, ID, SEEDS_AND_STATE, Service, in_an_hour, listener, token, traffic_key};
use envoy_types::pb::envoy::service::auth::v3::attribute_context::{HttpRequest, Request};
use envoy_types::pb::envoy::service::auth::v3::authorization_client::AuthorizationClient;
use envoy_types::pb::envoy::service::auth::v3::check_response::HttpResponse;
use envoy_types::pb::envoy::service::auth::v3::{AttributeContext, CheckRequest, CheckResponse};
use sandgate::Port;
use tonic::transport::Channel;

async fn check(
    client: &mut AuthorizationClient<Channel>,
    target: &str,
    host: &str,
    lines: &[(&str, &str)],
) -> CheckResponse {
    let mut http =
        HttpRequest { method: "GET".into(), path: target.into(), host: host.into(), ..HttpRequest::default() };
    http.headers = lines.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let request = Request { http: Some(http), ..Request::default() };
    let attributes = AttributeContext { request: Some(request), ..AttributeContext::default() };
    let request = CheckRequest { attributes: Some(attributes) };
    client.check(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn envoy_is_told_what_to_set_and_to_remove() {
    let carriers = "policy.carriers = [\"header\", \"host\", \"query\", \"cookie\"]\n";
    let service = Service::start(&format!("{carriers}{SEEDS_AND_STATE}{}", listener("envoy-grpc")));
    let mut client = AuthorizationClient::connect(format!("http://{}", service.listeners[0])).await.unwrap();
    let (port, host) = (Port::try_from(8080).unwrap(), format!("8080-{ID}.sandbox.test"));
    let pass = traffic_key().issue_pass(port, in_an_hour(), None).unwrap().as_str().to_owned();
    let signed = traffic_key().issue_signed_host(&ID.parse().unwrap(), port, in_an_hour()).unwrap();
    let signed = format!("{}.sandbox.test", signed.as_str());

    let allowed = |response: CheckResponse| match response.http_response {
        Some(HttpResponse::OkResponse(ok)) => {
            assert_eq!(response.status.unwrap().code, 0);
            let set = ok.headers.into_iter().map(|option| option.header.unwrap());
            let mut set: Vec<_> = set.map(|header| (header.key, header.value)).collect();
            let route: Vec<_> = set.drain(..3).collect();
            assert_eq!(
                route.into_iter().map(|line| line.1).collect::<Vec<_>>(),
                [format!("8080-{ID}"), ID.to_owned(), "8080".to_owned()]
            );
            (set, ok.headers_to_remove)
        }
        other => panic!("{other:?}"),
    };
    let denied = |response: CheckResponse| match response.http_response {
        Some(HttpResponse::DeniedResponse(denied)) => {
            assert_ne!(response.status.unwrap().code, 0);
            (denied.status.unwrap().code, denied.body)
        }
        other => panic!("{other:?}"),
    };

    let token = token(0);
    let answer = allowed(check(&mut client, "/a", &host, &[(HEADER, &token), ("cookie", "a=1")]).await);
    assert_eq!(answer, (vec![], vec![HEADER.to_owned()]));
    let answer =
        allowed(check(&mut client, "/a", &signed, &[(":authority", &signed), ("x-forwarded-host", &signed)]).await);
    assert_eq!(answer.0, [(":authority".to_owned(), host.clone()), ("x-forwarded-host".to_owned(), host.clone())]);
    let answer = allowed(check(&mut client, &format!("/a?sandgate_traffic={pass}&b=%zz"), &host, &[]).await);
    assert_eq!(answer.0, [(":path".to_owned(), "/a?b=%zz".to_owned())]);
    let answer =
        allowed(check(&mut client, "/", &host, &[("cookie", &format!("__Host-sandgate-traffic={pass}; a=1"))]).await);
    assert_eq!(answer.0, [("cookie".to_owned(), "a=1".to_owned())]);

    let (status, body) = denied(check(&mut client, "/", &host, &[]).await);
    assert_eq!(
        (status, serde_json::from_str::<serde_json::Value>(&body).unwrap()["sandboxId"].as_str()),
        (403, Some(ID))
    );
    // Envoy joins repeated lines in the map.
    assert_eq!(denied(check(&mut client, "/", &host, &[(HEADER, &format!("{token},{token}"))]).await).0, 403);
    assert_eq!(denied(check(&mut client, "/init", &format!("49983-{ID}.sandbox.test"), &[]).await).0, 404);
    assert_eq!(denied(check(&mut client, "/", &host, &[(":path", "/other"), (HEADER, &token)]).await).0, 400);
    assert_eq!(denied(check(&mut client, "", &host, &[(HEADER, &token)]).await).0, 400);
}
