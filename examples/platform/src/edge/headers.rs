//! The headers that the edge looks at.

use axum::extract::Request;
use axum::http::HeaderValue;
use sandgate::Header;

pub(super) use sandgate::headers::{SANDBOX_ID as ROUTING_ID, SANDBOX_PORT as ROUTING_PORT};
/// Novita's SDKs use E2B's name.
pub(super) const TRAFFIC_TOKEN: [&str; 1] = [sandgate::forward::TRAFFIC_HEADER];

/// What is given of a header, all its values under all its names: two that differ would leave us to choose.
pub(super) fn header<'r>(request: &'r Request, names: &[&'static str]) -> Header<'r> {
    let values = names.iter().flat_map(|name| request.headers().get_all(*name));
    values.map(HeaderValue::as_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::{ROUTING_ID, header};
    use axum::body::Body;
    use axum::extract::Request;
    use sandgate::Header;

    fn request(headers: &[(&str, &str)]) -> Request {
        let request = headers.iter().fold(Request::builder(), |request, (name, value)| request.header(*name, *value));
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn every_value_is_seen() {
        let one = [("E2b-Sandbox-Id", "abc")];
        let other = [("Novita-Sandbox-Id", "abc")];
        assert_eq!(header(&request(&[]), &ROUTING_ID), Header::Absent);
        assert_eq!(header(&request(&one), &ROUTING_ID), Header::Once(b"abc"));
        assert_eq!(header(&request(&other), &ROUTING_ID), Header::Once(b"abc"));
        assert_eq!(header(&request(&[("E2B-SANDBOX-ID", "")]), &ROUTING_ID), Header::Once(b""));
        for both in [[one, one], [one, other], [other, other]] {
            assert_eq!(header(&request(&both.concat()), &ROUTING_ID), Header::Repeated);
        }
    }
}
