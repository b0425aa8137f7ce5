//! The Python package's extension module. It only converts; core decides. `python/sandgate` defines its public names.

use pyo3::pymodule;

mod arguments;
mod asgi;
mod classes;
mod clock;
mod controller;
mod creation;
mod e2b;
mod edge;
mod errors;
mod explain;
mod forward;
mod free;
mod grant;
mod head;
mod headers;
mod initialize;
mod mapping;
mod policy;
mod route;
mod secrecy;
mod shown;
mod signed;
mod targets;
mod v1;
mod v2;
mod wake;
mod webhook;
mod wsgi;

/// The extension behind `sandgate`. Do not import it directly.
#[pymodule(gil_used = false)]
mod _sandgate {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::asgi::{guard_scope, read_scope};
    #[pymodule_export]
    use crate::classes::keep_classes;
    #[pymodule_export]
    use crate::controller::{Allowed, Controller};
    #[pymodule_export]
    use crate::creation::decide;
    #[pymodule_export]
    use crate::e2b::get_signature;
    #[pymodule_export]
    use crate::edge::{Edge, Passed, SandboxState, edge_refusal_body, unknown_sandbox_body};
    #[pymodule_export]
    use crate::errors::{refusal_body, refusal_message, refusal_status, refusals};
    #[pymodule_export]
    use crate::explain::{Explanation, explain, file_query};
    #[pymodule_export]
    use crate::forward::{forward_cookies, forward_header, forward_host, forward_query, forward_target};
    #[pymodule_export]
    use crate::free::{equal, fingerprint, shorten_sandbox_id};
    #[pymodule_export]
    use crate::grant::Grant;
    #[pymodule_export]
    use crate::head::Head;
    #[pymodule_export]
    use crate::policy::Policy;
    #[pymodule_export]
    use crate::route::Route;
    #[pymodule_export]
    use crate::wsgi::{guard_environ, read_environ};

    #[pymodule_export]
    const DECIDING_HEADERS: [&str; sandgate::headers::DECIDING.len()] = sandgate::headers::DECIDING;
    #[pymodule_export]
    const FORWARD_HEADERS: [&str; sandgate::forward::HEADERS.len()] = sandgate::forward::HEADERS;
    #[pymodule_export]
    const TRAFFIC_COOKIE: &str = sandgate::forward::TRAFFIC_COOKIE;
    #[pymodule_export]
    const TRAFFIC_HEADER: &str = sandgate::headers::TRAFFIC_HEADER;
    #[pymodule_export]
    const TRAFFIC_PARAMETER: &str = sandgate::forward::TRAFFIC_PARAMETER;
    #[pymodule_export]
    const UNKNOWN_SANDBOX_STATUS: u16 = sandgate::unknown_sandbox::STATUS;

    /// Wire format v1.
    #[pymodule]
    mod v1 {
        #[pymodule_export]
        use crate::v1::{FileUrlKey, Keyring};
    }

    /// Wire format v2.
    #[pymodule]
    mod v2 {
        #[pymodule_export]
        use crate::v2::{FileUrlKey, Keyring, TrafficKey, TrafficKeyring, is_access_token, traffic_root};
    }

    /// Who may wake a paused sandbox.
    #[pymodule]
    mod wake {
        #[pymodule_export]
        use crate::wake::check;
    }

    /// Webhooks.
    #[pymodule]
    mod webhook {
        #[pymodule_export]
        use crate::webhook::{Verification, Verifier, sign};

        #[pymodule_export]
        const SIGNATURE_HEADER: &str = sandgate::webhook::SIGNATURE_HEADER;
        #[pymodule_export]
        const VERSION: &str = sandgate::webhook::VERSION;
        #[pymodule_export]
        const VERSION_HEADER: &str = sandgate::webhook::VERSION_HEADER;
    }
}
