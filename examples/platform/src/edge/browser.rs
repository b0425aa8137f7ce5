//! Whether the request is a navigation of a browser, which should get a page.

use axum::http::HeaderMap;

/// Decides by `Accept`, `Sec-Fetch-Mode`, `X-Requested-With` and `User-Agent`. A script of a page sends a browser's headers
/// too, but reads JSON.
pub(super) fn is_browser(headers: &HeaderMap) -> bool {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (accept, mode) = (value("accept"), value("sec-fetch-mode"));
    let takes_json_alone = accept.contains("application/json") && !accept.contains("text/html");
    let from_script = matches!(mode, "cors" | "no-cors" | "same-origin" | "websocket")
        || (mode != "navigate" && !value("x-requested-with").is_empty());
    let agent = value("user-agent").to_ascii_lowercase();
    !takes_json_alone && !from_script && BROWSERS.iter().any(|name| agent.contains(name))
}

const BROWSERS: [&str; 7] = ["mozilla", "chrome", "safari", "firefox", "edge", "opera", "msie"];

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
        assert!(is_browser(&headers(&FIREFOX[2..])));
        assert!(is_browser(&with("accept", "*/*")));
        assert!(is_browser(&with("accept", "text/html, application/json")));
        assert!(is_browser(&with("x-requested-with", "an app's web view")));
        for agent in ["Opera/9.80", "MOZILLA/4.0", "x Chrome/1", "x Safari", "x Firefox", "an Edge", "(MSIE 6)"] {
            assert!(is_browser(&headers(&[("user-agent", agent)])), "{agent}");
        }
    }

    #[test]
    fn a_script_and_a_program_get_json() {
        assert!(!is_browser(&headers(&[])));
        assert!(!is_browser(&with("accept", "application/json")));
        for mode in ["cors", "no-cors", "same-origin", "websocket"] {
            assert!(!is_browser(&with("sec-fetch-mode", mode)), "{mode}");
        }
        assert!(!is_browser(&headers(&[FIREFOX[2], ("x-requested-with", "XMLHttpRequest")])));
        assert!(is_browser(&headers(&[FIREFOX[2], ("x-requested-with", "")])));
        assert!(!is_browser(&with("user-agent", "curl/7.88.1")));
        assert!(!is_browser(&headers(&FIREFOX[..2])));
    }
}
