//! Sandboxes in a service of the operator's: `GET /sandboxes/{id}` answers 200 with a JSON object, or 404.

use super::known::Failed;
use super::row::Row;
use crate::config::HttpTable;
use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use sandgate::SandboxId;
use sandgate_tower::Sandbox;

/// The longest answer that is read.
const LIMIT: usize = 4096;

pub(super) struct Http {
    client: Client<HttpConnector, Body>,
    address: String,
}

impl Http {
    pub(super) fn new(table: &HttpTable) -> Self {
        Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            address: format!("http://{}", table.address),
        }
    }

    pub(super) async fn find(&self, id: &SandboxId) -> Result<Option<Sandbox>, Failed> {
        let request = Request::get(format!("{}/sandboxes/{id}", self.address)).body(Body::empty());
        let response = self.client.request(request.map_err(|_| Failed::Away)?).await.map_err(|_| Failed::Away)?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(None),
            status if status.is_server_error() => return Err(Failed::Away),
            _ => return Err(Failed::WrongData),
        }
        let body = Limited::new(response.into_body(), LIMIT).collect().await.map_err(|_| Failed::WrongData)?;
        let row: Row = serde_json::from_slice(&body.to_bytes()).map_err(|_| Failed::WrongData)?;
        row.sandbox().map(Some).map_err(|_| Failed::WrongData)
    }
}
