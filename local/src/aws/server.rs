//! One listener for all three services: finds the service and the operation of a request, and lets only our own clients in.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::fault::Fault;
use super::secrets::Vault;
use super::ses::Outbox;
use super::sqs::Queues;
use super::{ids, secrets, ses, sqs};

/// More than SES takes, so that SES's own limit is what is met.
const MAX_REQUEST_BYTES: usize = 64 << 20;

/// What is served.
#[derive(Debug)]
pub(super) struct Services {
    pub(super) endpoint: String,
    pub(super) access_key: String,
    pub(super) queues: Arc<Queues>,
    pub(super) vault: Arc<Vault>,
    pub(super) outbox: Arc<Outbox>,
}

/// Serves until the other side of `stopped` is gone.
pub(super) async fn serve(listener: TcpListener, services: Services, mut stopped: watch::Receiver<()>) {
    let router = Router::new()
        .fallback(answer)
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .with_state(Arc::new(services));
    let until_stopped = async move { drop(stopped.changed().await) };
    let served = axum::serve(listener, router).with_graceful_shutdown(until_stopped).await;
    if let Err(error) = served {
        tracing::error!(error = %error, "the loopback endpoints of AWS ended: {error}");
    }
}

async fn answer(State(services): State<Arc<Services>>, headers: HeaderMap, body: Bytes) -> Response {
    let is_ours = is_signed_with(&headers, &services.access_key);
    let Some(target) = headers.get("x-amz-target") else {
        return query_answer(&services, is_ours, &body).await;
    };
    let target = target.to_str().unwrap_or_default();
    let answered = if is_ours { json_answer(&services, target, &body).await } else { Err(stranger()) };
    match answered {
        Ok(answer) => {
            ([(header::CONTENT_TYPE, "application/x-amz-json-1.0")], answer.to_string()).into_response()
        }
        Err(fault) => fault.to_json(),
    }
}

async fn json_answer(services: &Services, target: &str, body: &[u8]) -> Result<Value, Fault> {
    match target.split_once('.') {
        Some(("AmazonSQS", operation)) => {
            sqs::answer(&services.queues, &services.endpoint, operation, body).await
        }
        Some(("secretsmanager", operation)) => secrets::answer(&services.vault, operation, body).await,
        _ => Err(Fault::unknown_operation(target)),
    }
}

async fn query_answer(services: &Services, is_ours: bool, body: &[u8]) -> Response {
    let request_id = ids::uuid();
    let answered =
        if is_ours { ses::answer(&services.outbox, body, &request_id).await } else { Err(stranger()) };
    match answered {
        Ok(xml) => ([(header::CONTENT_TYPE, "text/xml")], xml).into_response(),
        Err(fault) => fault.to_xml(ses::NAMESPACE, &request_id),
    }
}

/// The key is random for each start: signatures need not be computed once more to know that a caller is one of ours.
fn is_signed_with(headers: &HeaderMap, access_key: &str) -> bool {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let credential = authorization.and_then(|value| value.split_once("Credential=")).map(|(_, rest)| rest);
    credential.and_then(|rest| rest.split('/').next()).is_some_and(|key| key == access_key)
}

fn stranger() -> Fault {
    Fault::refused("UnrecognizedClientException", "The security token included in the request is invalid.")
}
