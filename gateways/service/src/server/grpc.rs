//! Envoy's `grpc_service`: `envoy.service.auth.v3.Authorization/Check`.

use crate::gateway::Gateway;
use crate::profile::{Profile, envoy};
use axum::Router;
use envoy_types::pb::envoy::service::auth::v3::authorization_server::{Authorization, AuthorizationServer};
use envoy_types::pb::envoy::service::auth::v3::{CheckRequest, CheckResponse};
use std::sync::Arc;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

struct Envoy {
    gateway: Arc<Gateway>,
    bind_to_client: bool,
}

pub(super) fn router(gateway: Arc<Gateway>, bind_to_client: bool) -> Router {
    Routes::new(AuthorizationServer::new(Envoy { gateway, bind_to_client })).prepare().into_axum_router()
}

#[tonic::async_trait]
impl Authorization for Envoy {
    async fn check(&self, request: Request<CheckRequest>) -> Result<Response<CheckResponse>, Status> {
        let attributes = request.into_inner().attributes.unwrap_or_default();
        let described = envoy::described(&attributes);
        let decision = self.gateway.decide(Profile::EnvoyGrpc, self.bind_to_client, described).await;
        Ok(Response::new(envoy::respond(decision)))
    }
}
