//! Reads and changes single parameters of signed URLs.

/// The URL with the raw value of a parameter replaced; `None` removes the parameter.
pub(crate) fn with_parameter(url: &str, name: &str, change: impl Fn(&str) -> Option<String>) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let parameters = query.split('&').filter_map(|parameter| match parameter.split_once('=') {
        Some((found, value)) if found == name => change(value).map(|value| format!("{name}={value}")),
        _ => Some(parameter.to_owned()),
    });
    format!("{base}?{}", parameters.collect::<Vec<_>>().join("&"))
}

pub(crate) fn replace(url: &str, name: &str, value: &str) -> String {
    with_parameter(url, name, |_| Some(value.to_owned()))
}

pub(crate) fn remove(url: &str, name: &str) -> String {
    with_parameter(url, name, |_| None)
}

/// The URL with a parameter added.
pub(crate) fn append(url: &str, parameter: &str) -> String {
    format!("{url}&{parameter}")
}

/// The raw value of a parameter.
pub(crate) fn parameter<'u>(url: &'u str, name: &str) -> Option<&'u str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|parameter| parameter.strip_prefix(name)?.strip_prefix('='))
}
