//! The way of a request: route, authorizer, body, function, answer.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use shared::api::Route;
use tokio::sync::watch;

use super::admin_page::{AdminPage, Visit};
use super::payload::{Incoming, Matched};
use super::{admin_page, answer, authorizer};
use crate::issuer::Issuer;

/// The real limit of a request's line and the values of its headers together ("Quotas for configuring and running an
/// HTTP API" in the API Gateway developer guide).
const MAX_HEAD_BYTES: usize = 10_240;
/// The real limit of a request's body.
pub(super) const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;
/// What is read of a body that is too large, so that its sender can read the answer.
pub(super) const MAX_READ_BYTES: usize = 2 * MAX_BODY_BYTES;

type Answering = Pin<Box<dyn Future<Output = Value> + Send>>;

/// What requests are answered from.
pub(super) struct Front {
    pub(super) routes: Vec<&'static Route>,
    pub(super) issuer: Issuer,
    pub(super) dispatcher: Box<dyn Fn(&'static str, Value) -> Answering + Send + Sync>,
    pub(super) page: watch::Receiver<AdminPage>,
    pub(super) timeout: Duration,
}

/// Answers a request that belongs to a function, or else to the admin page.
pub(super) async fn handle(
    State(front): State<Arc<Front>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    if head_bytes(&request) > MAX_HEAD_BYTES {
        return answer::message(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "Request Header Fields Too Large",
        );
    }
    // The real gateway decodes the path before it looks for a route, and hands on the decoded one.
    let Ok(path) = percent_decode_str(request.uri().path()).decode_utf8() else {
        return answer::message(StatusCode::BAD_REQUEST, "Bad Request");
    };
    let path = path.into_owned();
    match find(&front.routes, request.method().as_str(), &path) {
        Found::Route(matched) => call(&front, matched, path, peer, request).await,
        Found::OtherMethod => answer::message(StatusCode::NOT_FOUND, "Not Found"),
        Found::Nothing => {
            let page = front.page.borrow().clone();
            let visit = Visit { method: request.method(), path: &path, headers: request.headers() };
            admin_page::serve(page, &front.issuer, visit).await
        }
    }
}

/// Method, target and the values of all headers.
fn head_bytes(request: &Request) -> usize {
    let uri = request.uri();
    let line =
        request.method().as_str().len() + uri.path_and_query().map_or(0, |target| target.as_str().len());
    line + request.headers().values().map(|value| value.len()).sum::<usize>()
}

async fn call(front: &Front, matched: Matched, path: String, peer: SocketAddr, request: Request) -> Response {
    let token = request.headers().get(header::AUTHORIZATION);
    let claims = match authorizer::verified(token, &front.issuer) {
        Ok(claims) => claims,
        Err(refusal) => return refusal.into_response(),
    };
    let (parts, body) = request.into_parts();
    let body = match to_bytes(body, MAX_READ_BYTES).await {
        Ok(body) if body.len() <= MAX_BODY_BYTES => body,
        _ => return answer::message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"),
    };
    let incoming = Incoming { matched, path, parts, body, claims, peer, now_ms: front.issuer.now_ms() };
    invoke(front, &incoming).await
}

async fn invoke(front: &Front, incoming: &Incoming) -> Response {
    let request_id = super::payload::new_request_id();
    let event = incoming.event(&request_id);
    let function = incoming.matched.route.function;
    // Like a function in the cloud it goes on when nobody waits any more, and its panic is its own.
    let running = tokio::spawn((front.dispatcher)(function, event));
    let mut response = match tokio::time::timeout(front.timeout, running).await {
        Ok(Ok(answered)) => answer::response(answered),
        Ok(Err(error)) => {
            tracing::error!(request.id = request_id, "function {function} broke off: {error}");
            answer::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
        Err(_) => answer::message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
    };
    if let Ok(id) = request_id.parse() {
        response.headers_mut().insert("apigw-requestid", id);
    }
    response
}

enum Found {
    Route(Matched),
    OtherMethod,
    Nothing,
}

/// The route with the fewest parameters wins, as in the real one.
fn find(routes: &[&'static Route], method: &str, path: &str) -> Found {
    let fitting = || {
        let with_values = routes.iter().filter_map(|route| Some((*route, route.matches(path)?)));
        with_values.map(|(route, values)| Matched { route, values })
    };
    let of_method = fitting().filter(|matched| matched.route.method.as_str() == method);
    match of_method.min_by_key(|matched| matched.values.len()) {
        Some(matched) => Found::Route(matched),
        None if fitting().next().is_some() => Found::OtherMethod,
        None => Found::Nothing,
    }
}
