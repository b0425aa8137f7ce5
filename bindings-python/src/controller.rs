//! The controller's rule for one request.

use crate::arguments::{bytes, context, misuse, presented};
use crate::clock;
use crate::errors::denied;
use crate::grant::Grant;
use crate::head::head;
use crate::headers::HeaderValues;
use crate::initialize::{Published, Replaceable};
use crate::policy;
use crate::secrecy::refuse_pickling;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;
use sandgate::{AccessToken, Denied, Request, UnixSeconds, boxed};

/// Why a request is allowed and, on the file routes, what it may do.
#[pyclass(frozen, module = "sandgate")]
pub(crate) struct Allowed {
    /// The reason: "open", "exempt", "token" or "signature".
    #[pyo3(get)]
    basis: &'static str,
    granted: Option<Grant>,
    /// Made when it is first read: many servers read only some of the grants.
    grant: PyOnceLock<Py<Grant>>,
}

impl From<&sandgate::Allowed<'_>> for Allowed {
    fn from(allowed: &sandgate::Allowed<'_>) -> Self {
        Self { basis: allowed.basis(), granted: allowed.grant().map(Grant::from), grant: PyOnceLock::new() }
    }
}

#[pymethods]
impl Allowed {
    /// What the request may do on a file route.
    #[getter]
    fn grant(&self, py: Python<'_>) -> PyResult<Option<&Py<Grant>>> {
        let Some(granted) = &self.granted else { return Ok(None) };
        self.grant.get_or_try_init(py, || Py::new(py, granted.clone())).map(Some)
    }

    fn __repr__(&self) -> String {
        format!("<sandgate.Allowed {}>", self.basis)
    }
}

/// The controller of one sandbox: its access token, or several of one wire format while one is replaced.
///
/// >>> controller = sandgate.Controller("the sandbox's access token")
/// >>> controller.check("GET", "/metrics", access_token="the sandbox's access token")
/// <sandgate.Allowed token>
/// >>> controller.check("GET", "/metrics")
/// Traceback (most recent call last):
/// ...
/// sandgate.errors.MissingError: unauthorized access, please provide a valid access token or method signing if supported
#[pyclass(frozen, module = "sandgate")]
pub(crate) struct Controller(pub(crate) Replaceable);

impl Controller {
    fn holding(controller: Box<sandgate::Controller>) -> Self {
        Self(Replaceable::new(controller))
    }

    /// Decides about a request as the server received it. None: a CORS preflight.
    pub(crate) fn admit(&self, head: &sandgate::Head<'_>, now: UnixSeconds) -> Result<Option<Allowed>, Denied> {
        let allowed = self.0.ask(|controller| controller.guard(head, now))?;
        Ok(allowed.as_ref().map(Allowed::from))
    }
}

#[pymethods]
impl Controller {
    #[new]
    #[pyo3(signature = (*access_tokens, policy=None))]
    fn new(access_tokens: &Bound<'_, PyTuple>, policy: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let controller = boxed(|| {
            let mut tokens = Vec::with_capacity(access_tokens.len());
            for token in access_tokens {
                let token = AccessToken::try_from(bytes(&token, "access_token")?).map_err(misuse("access_token"))?;
                tokens.push(token);
            }
            sandgate::Controller::new(&tokens, policy::given(policy, "policy")?).map_err(misuse("access_token"))
        });
        controller.map(Self::holding)
    }

    /// Returns a controller that allows everything, for a sandbox created with `secure: false`.
    #[staticmethod]
    fn open() -> Self {
        Self::holding(Box::new(sandgate::Controller::open()))
    }

    /// Returns a controller that was restarted and has not been told its token yet. It refuses everything but `GET /health`
    /// and `POST /init` until `initialize` ends its wait.
    #[staticmethod]
    #[pyo3(signature = (*, policy=None))]
    fn waiting(policy: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        Ok(Self::holding(Box::new(sandgate::Controller::waiting(policy::given(policy, "policy")?))))
    }

    /// Whether it allows everything.
    #[getter]
    fn is_open(&self) -> bool {
        self.0.ask(sandgate::Controller::is_open)
    }

    /// Whether it has not been told its token yet.
    #[getter]
    fn is_waiting(&self) -> bool {
        self.0.ask(sandgate::Controller::is_waiting)
    }

    /// Decides about a request. `target` is the path and query of the request line, still percent-encoded. `access_token`
    /// is the value of `X-Access-Token`, or an iterable of all its values.
    #[pyo3(signature = (method, target, *, access_token=None, context=None, now=None))]
    fn check<'py>(
        &self,
        method: &Bound<'py, PyAny>,
        target: &Bound<'py, PyAny>,
        access_token: Option<&Bound<'py, PyAny>>,
        context: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Allowed> {
        let py = method.py();
        let (method, target) = (presented(method, "method")?, presented(target, "target")?);
        let header = HeaderValues::new(access_token)?;
        let header = header.presented("access_token")?;
        let context = self::context(context)?;
        let request = Request::new(&method, &target).access_token(header.header()).maybe_context(context);
        let now = clock::now(now)?;
        let allowed = self.0.ask(|controller| controller.check(&request, now));
        allowed.map(|allowed| Allowed::from(&allowed)).map_err(|refusal| denied(py, refusal))
    }

    /// Decides about a request as the server received it. A middleware needs no other call. Returns None for a CORS
    /// preflight, which goes to the application unchecked and without a grant. A controller that waits refuses it too.
    #[pyo3(signature = (head, *, now=None))]
    fn guard(&self, head: &Bound<'_, PyAny>, now: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Allowed>> {
        let (py, now) = (head.py(), clock::now(now)?);
        let answer = self::head(head)?.get().ask(|head| self.admit(head, now))?;
        answer.map_err(|refusal| denied(py, refusal))
    }

    /// Decides about the body of `POST /init` and applies it. Answer 204 to what it accepts. Returns what it did:
    ///
    /// - "kept": the controller requires what it required before;
    /// - "replaced": it requires the presented token, and no other;
    /// - "cleared": it requires no token, and is open;
    /// - "stale": the request is not newer than the last one that was applied, and nothing changed.
    ///
    /// `body` is JSON with two optional members, `accessToken` and `timestamp` (RFC 3339). `expected_hash` is what
    /// the host publishes: the SHA-512 of the token in lower-case hexadecimal; that of the empty text, if the token may be
    /// cleared; or empty, if it publishes nothing. Then only a controller that waits or is open takes another token.
    ///
    /// Other threads see the old controller or the new one. On a refusal, which has the gate "init", nothing changes. Limit
    /// the length of the body before you read it: 64 KiB suffices.
    ///
    /// >>> controller = sandgate.Controller.waiting()
    /// >>> controller.initialize('{"accessToken": "first"}')
    /// 'replaced'
    /// >>> controller.initialize('{"accessToken": "second"}')
    /// Traceback (most recent call last):
    /// ...
    /// sandgate.errors.InvalidError: access token validation failed
    #[pyo3(signature = (body, expected_hash=Published::NOTHING), text_signature = "($self, body, expected_hash=b'')")]
    fn initialize(&self, body: &Bound<'_, PyAny>, expected_hash: Published<'_>) -> PyResult<&'static str> {
        let (py, body) = (body.py(), presented(body, "body")?);
        let outcome = self.0.initialize(&body, expected_hash.bytes()?).map_err(|refusal| denied(py, refusal))?;
        Ok(outcome.as_str())
    }

    fn __repr__(&self) -> &'static str {
        "<sandgate.Controller>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.Controller")
    }
}
