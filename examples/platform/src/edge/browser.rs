//! Whether the request is a navigation of a browser, which should get a page.

use axum::http::HeaderMap;

/// A navigation, told by `Accept`, `Sec-Fetch-Mode`, `X-Requested-With` and `User-Agent`. A script in a page also sends a
/// browser's headers, but expects JSON.
pub(super) fn is_browser(headers: &HeaderMap) -> bool {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let takes_html = value("accept").is_some_and(|accept| accept.contains("text/html"));
    // Older browsers do not send it.
    let navigates = value("sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    let from_script = value("x-requested-with").is_some_and(|with| with.eq_ignore_ascii_case("XMLHttpRequest"));
    let mozilla = value("user-agent").is_some_and(|agent| agent.starts_with("Mozilla/"));
    takes_html && navigates && !from_script && mozilla
}

#[cfg(test)]
mod tests {
    use super::is_browser;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    const FIREFOX: [(&str, &str); 3] = [
        ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
        ("sec-fetch-mode", "navigate"),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    ];

    fn headers(given: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        given.iter().copied().map(pair).collect()
    }

    fn with(name: &'static str, value: &'static str) -> HeaderMap {
        let mut headers = headers(&FIREFOX);
        headers.insert(name, HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn a_navigation_gets_a_page() {
        assert!(is_browser(&headers(&FIREFOX)));
        let old: Vec<_> = FIREFOX.into_iter().filter(|(name, _)| *name != "sec-fetch-mode").collect();
        assert!(is_browser(&headers(&old)));
    }

    #[test]
    fn a_script_and_a_program_get_json() {
        assert!(!is_browser(&headers(&[])));
        assert!(!is_browser(&with("accept", "*/*")));
        assert!(!is_browser(&with("accept", "application/json")));
        assert!(!is_browser(&with("sec-fetch-mode", "cors")));
        assert!(!is_browser(&with("x-requested-with", "XMLHttpRequest")));
        assert!(!is_browser(&with("user-agent", "curl/7.88.1")));
        assert!(!is_browser(&headers(&FIREFOX[..2])));
    }
}
