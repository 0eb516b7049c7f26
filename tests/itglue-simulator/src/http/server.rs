//! The listener.

use super::{control, pipeline};
use crate::world::World;
use anyhow::Context;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

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
        return control::handle(&world, parts.method.as_str(), path, &body);
    }
    let call = pipeline::Call::new(&parts, body);
    let answer = pipeline::serve(&world, &call).await;
    answer.respond(world.now_ms())
}
