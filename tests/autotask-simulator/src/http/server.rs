//! The listener, and the way from a call to bytes on the wire.

use super::answer::Answer;
use super::body::WholeBody;
use super::call::{Call, Guard};
use super::{control, pipeline};
use crate::calendar::http_date;
use crate::world::World;
use anyhow::Context;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
/// Below this, compression makes answers longer.
const MIN_GZIP_BYTES: usize = 512;

/// A listener at work; stops when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl Server {
    /// Stops and waits until the listener is gone.
    pub(crate) async fn stop(mut self) {
        self.stop.take();
        if let Some(task) = self.task.take() {
            // A panic of the listener would have shown in every call before.
            let _ = task.await;
        }
    }
}

/// Binds the listener and serves calls in the background of the current runtime.
pub(crate) async fn start(world: Arc<World>) -> anyhow::Result<Server> {
    let listen = world.config().listen;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let url = format!("http://{}", listener.local_addr()?);
    world.own_url.get_or_init(|| url);
    let app = Router::new().fallback(handle).with_state(world);
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(async move {
        let until = async {
            // An error means that the server was dropped, which is the signal.
            let _ = stopped.await;
        };
        let listener = listener.tap_io(|stream| {
            // Without this, small answers wait for the caller's delayed acknowledgements.
            let _ = stream.set_nodelay(true);
        });
        // Serving ends with the signal; accept errors are retried inside.
        let _ = axum::serve(listener, app).with_graceful_shutdown(until).await;
    });
    Ok(Server { stop: Some(stop), task: Some(task) })
}

async fn handle(State(world): State<Arc<World>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    if let Some(path) = parts.uri.path().strip_prefix("/_control/") {
        let query = parts.uri.query().unwrap_or_default();
        return control::handle(&world, parts.method.as_str(), path, query, &body);
    }
    let call = Call::new(&parts, body);
    let mut guard = Guard::new(Arc::clone(&world), &call);
    let answer = pipeline::serve(&world, &call, &mut guard).await;
    respond(answer, call.accepts_gzip, world.now_ms(), guard)
}

fn respond(answer: Answer, accepts_gzip: bool, now_ms: i64, guard: Guard) -> Response {
    let is_gzip = accepts_gzip && answer.body.len() >= MIN_GZIP_BYTES;
    let compressed = if is_gzip { gzip(answer.body.as_bytes()) } else { None };
    let is_gzip = compressed.is_some();
    let bytes = compressed.map_or_else(|| Bytes::from(answer.body), Bytes::from);
    let mut response = Response::new(Body::new(WholeBody::new(bytes, answer.is_cut, guard)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let mut put = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    put(header::DATE, &http_date(now_ms));
    if !answer.content_type.is_empty() {
        put(header::CONTENT_TYPE, &answer.content_type);
    }
    if is_gzip {
        put(header::CONTENT_ENCODING, "gzip");
    }
    if let Some(retry_after) = &answer.retry_after {
        put(header::RETRY_AFTER, retry_after);
    }
    response
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 6), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}
