//! The gateway of `lci serve`: does what API Gateway's HTTP API with a JWT authorizer does, on one listener.
//!
//! Reading order: [`front`] (the way of a request), [`authorizer`] (who may pass), [`payload`] (request to event),
//! [`answer`] (the function's answer to HTTP), [`outbox`] (sent mails), [`admin_page`] (static files), [`hosts`].
//! Knows nothing of what the functions do, and trusts no token because it is local.

mod admin_page;
mod answer;
mod authorizer;
mod front;
mod hosts;
mod outbox;
mod payload;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use serde_json::Value;
use shared::api::Route;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

pub(crate) use admin_page::AdminPage;
pub(crate) use outbox::OutboxMail;

use crate::issuer::{self, Issuer};
use front::Front;

/// Longest time that a function may take; the real limit.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);

/// A gateway at work; stops when dropped.
#[derive(Debug)]
pub(crate) struct Gateway {
    #[cfg(test)]
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl Gateway {
    /// Serves on a bound listener, in the background of the current runtime.
    ///
    /// # Shape
    /// `dispatcher` takes the name of a function and an event of payload 2.0; an answer that is no object with
    /// `statusCode`, such as null, stands for a function that failed. It runs to its end even if the caller is gone.
    /// `outbox` gives the sent mails, newest first. `page` tells how the admin page stands.
    ///
    /// # Errors
    /// The listener has no address.
    pub(crate) fn start<D, F, O>(
        listener: TcpListener,
        routes: Vec<&'static Route>,
        issuer: Issuer,
        dispatcher: D,
        outbox: O,
        page: watch::Receiver<AdminPage>,
    ) -> std::io::Result<Self>
    where
        D: Fn(&'static str, Value) -> F + Send + Sync + 'static,
        F: Future<Output = Value> + Send + 'static,
        O: Fn() -> Vec<OutboxMail> + Send + Sync + 'static,
    {
        let front = Front {
            routes,
            issuer,
            dispatcher: Box::new(move |function, event| Box::pin(dispatcher(function, event))),
            page,
            timeout: INTEGRATION_TIMEOUT,
        };
        Self::serve(listener, front, Arc::new(outbox))
    }

    fn serve(listener: TcpListener, front: Front, outbox: outbox::Source) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let app = issuer::router(front.issuer.clone())
            .merge(outbox::router(outbox))
            .merge(Router::new().fallback(front::handle).with_state(Arc::new(front)))
            .layer(axum::middleware::from_fn_with_state(address, hosts::check));
        let (stop, stopped) = oneshot::channel::<()>();
        // An error means that the gateway was dropped, which is the signal as well.
        let until_stopped = async move { drop(stopped.await) };
        let listener = listener.tap_io(|stream| {
            // Without this, small answers wait for the caller's delayed acknowledgements.
            let _ = stream.set_nodelay(true);
        });
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move {
            // Errors of accepting are retried inside; it ends with the signal alone.
            let _ = axum::serve(listener, service).with_graceful_shutdown(until_stopped).await;
        });
        Ok(Self {
            #[cfg(test)]
            address,
            stop: Some(stop),
            task: Some(task),
        })
    }

    /// Where it listens.
    #[cfg(test)]
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no new requests, and waits until those under way are answered.
    pub(crate) async fn stop(mut self) {
        self.stop.take();
        if let Some(task) = self.task.take() {
            // A panic of the listener would have shown in every request before.
            let _ = task.await;
        }
    }
}
