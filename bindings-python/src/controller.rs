//! The controller's rule for one request.

use crate::arguments::{bytes, context, misuse, presented};
use crate::clock;
use crate::errors::denied;
use crate::grant::Grant;
use crate::head::head;
use crate::headers::HeaderValues;
use crate::policy;
use crate::secrecy::refuse_pickling;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use sandgate::{AccessToken, Request, boxed};

/// Why a request is allowed and, on the file routes, what it may do.
#[pyclass(frozen, module = "sandgate")]
pub(crate) struct Allowed {
    /// The reason: "open", "exempt", "token" or "signature".
    #[pyo3(get)]
    basis: &'static str,
    /// What the request may do on a file route.
    #[pyo3(get)]
    grant: Option<Py<Grant>>,
}

impl Allowed {
    fn new(py: Python<'_>, allowed: &sandgate::Allowed<'_>) -> PyResult<Self> {
        let grant = allowed.grant().map(|grant| Py::new(py, Grant::from(grant))).transpose()?;
        Ok(Self { basis: allowed.basis(), grant })
    }
}

#[pymethods]
impl Allowed {
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
pub(crate) struct Controller(Box<sandgate::Controller>);

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
        controller.map(Self)
    }

    /// Returns a controller that allows everything, for a sandbox created with `secure: false`.
    #[staticmethod]
    fn open() -> Self {
        Self(Box::new(sandgate::Controller::open()))
    }

    /// Whether it allows everything.
    #[getter]
    fn is_open(&self) -> bool {
        self.0.is_open()
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
        let allowed = self.0.check(&request, clock::now(now)?).map_err(|refusal| denied(py, refusal))?;
        Allowed::new(py, &allowed)
    }

    /// Decides about a request as the server received it. A middleware needs no other call. Returns None for a CORS
    /// preflight, which goes to the application unchecked and without a grant.
    #[pyo3(signature = (head, *, now=None))]
    fn guard(&self, head: &Bound<'_, PyAny>, now: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Allowed>> {
        let (py, now) = (head.py(), clock::now(now)?);
        let answer = self::head(head)?.get().ask(|head| match self.0.guard(head, now) {
            Ok(allowed) => allowed.map(|allowed| Allowed::new(py, &allowed)).transpose(),
            Err(refusal) => Err(denied(py, refusal)),
        });
        answer?
    }

    fn __repr__(&self) -> &'static str {
        "<sandgate.Controller>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        refuse_pickling("sandgate.Controller")
    }
}
