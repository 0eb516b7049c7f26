//! Requests that may be repeated: the same key and body get the same answer, and nothing happens twice.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::error::{ApiError, Code};
use super::reply::Reply;
use super::request::ApiRequest;
use super::route::Route;
use crate::clock::Clock;
use crate::session::Sessions;
use crate::store::StoreError;
use crate::store::idempotency::Known;

/// Carries a request out, or answers what was answered before.
///
/// Only answers of success are kept: after a refusal the same key may be tried again. Of the request only a hash keyed with
/// `secret` is kept: a body may hold a password.
///
/// # Errors
/// What `work` answers; [`Code::IdempotencyMismatch`] when the key belongs to another request, [`Code::Conflict`] while
/// the same request is being carried out.
pub async fn idempotent(
    sessions: &Sessions,
    clock: &dyn Clock,
    secret: &SecretString,
    route: &Route,
    request: &ApiRequest,
    work: impl AsyncFnOnce() -> Result<Reply, ApiError>,
) -> Result<Reply, ApiError> {
    let Some(key) = &request.idempotency_key else { return work().await };
    let (tenant, operation) = (&request.caller.tenant, route.operation);
    let store = sessions.open(tenant, None).await?.store;
    let print = fingerprint(secret, request);
    let known = store.take_idempotency_key(tenant, operation, key, &print, clock.now_ms()).await?;
    match known {
        Known::Answered(status, body) => return Ok(Reply { status, body, content_type: "application/json" }),
        Known::InProgress => {
            let message = "the same request is being carried out: ask again in a moment";
            return Err(ApiError::new(Code::Conflict, message).with(json!({"reason": "in_progress"})));
        }
        Known::OtherRequest => {
            let message = "this Idempotency-Key belongs to another request: choose a new key for each change";
            return Err(ApiError::new(Code::IdempotencyMismatch, message));
        }
        Known::New => {}
    }
    let answer = work().await;
    match &answer {
        Ok(reply) => store.keep_answer(tenant, operation, key, reply.status, &reply.body).await?,
        Err(_) => store.free_idempotency_key(tenant, operation, key).await?,
    }
    answer
}

fn fingerprint(secret: &SecretString, request: &ApiRequest) -> String {
    let mut parameters: Vec<_> = request.path.iter().chain(&request.query).collect();
    parameters.sort();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(format!("{parameters:?}\n").as_bytes());
    context.update(&request.body);
    STANDARD.encode(context.sign())
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Fenced => Self::new(
                Code::VersionConflict,
                "somebody else changed this at the same moment: read it again and decide anew",
            ),
            StoreError::LeaseHeld { .. } | StoreError::Call { .. } => {
                tracing::error!("store failed: {}", chain(&error));
                Self::new(Code::Unavailable, "our database does not answer: try again in a moment")
            }
            StoreError::Damaged { .. } => Self::new(Code::Internal, error.to_string()),
        }
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl From<crate::secrets::SecretError> for ApiError {
    fn from(error: crate::secrets::SecretError) -> Self {
        tracing::error!("secret store failed: {error}");
        Self::new(Code::Unavailable, "our secret store does not answer: try again in a moment")
    }
}

impl From<crate::session::SessionError> for ApiError {
    fn from(error: crate::session::SessionError) -> Self {
        tracing::error!("{error}");
        Self::new(Code::Unavailable, "the data of this account cannot be opened now: try again in a moment")
    }
}
