//! One call: what it brought, and the place that it holds.

use super::route::Route;
use crate::counters::CallKind;
use crate::gate::Credentials;
use crate::query::percent_decode;
use crate::world::{World, lock};
use axum::body::Bytes;
use axum::http::request::Parts;
use std::sync::Arc;

/// What a call brought.
#[derive(Debug)]
pub(super) struct Call {
    /// The verb in capitals.
    pub(super) method: String,
    /// The path as it came.
    pub(super) path: String,
    /// The part after the question mark.
    pub(super) query: String,
    /// What the path means.
    pub(super) route: Route,
    /// The kind of the call.
    pub(super) kind: CallKind,
    /// Who calls.
    pub(super) credentials: Credentials,
    /// True when the answer may be compressed.
    pub(super) accepts_gzip: bool,
    /// The body.
    pub(super) body: Bytes,
}

impl Call {
    /// Reads the head of a call.
    pub(super) fn new(parts: &Parts, body: Bytes) -> Self {
        let header = |name: &str| {
            let value =
                parts.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            value.unwrap_or_default()
        };
        let method = parts.method.as_str().to_ascii_uppercase();
        let route = Route::parse(parts.uri.path());
        Self {
            kind: route.kind(&method),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            route,
            credentials: Credentials {
                user: header("username"),
                secret: header("secret"),
                code: header("apiintegrationcode"),
            },
            accepts_gzip: header("accept-encoding").to_ascii_lowercase().contains("gzip"),
            method,
            body,
        }
    }

    /// An argument of the URL, decoded.
    pub(super) fn argument(&self, name: &str) -> Option<String> {
        argument(&self.query, name)
    }

    /// Length of the URL without its host.
    pub(super) fn url_length(&self) -> usize {
        self.path.len() + self.query.len() + 1
    }
}

/// An argument of a URL's query part, decoded.
pub(super) fn argument(query: &str, name: &str) -> Option<String> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| percent_decode(value))
}

/// The place that a call holds until its answer is out or its caller is gone.
pub(super) struct Guard {
    world: Arc<World>,
    endpoint: &'static str,
    slot: Option<(String, String)>,
}

impl Guard {
    /// Counts the call in.
    pub(super) fn new(world: Arc<World>, call: &Call) -> Self {
        let endpoint = call.route.endpoint();
        lock(&world.counters).arrive(endpoint, call.kind);
        Self { world, endpoint, slot: None }
    }

    /// Takes a thread slot; false when all are taken.
    pub(super) fn take_slot(&mut self, code: &str, limit: usize) -> bool {
        let key = (code.to_owned(), self.endpoint.to_owned());
        let is_free = lock(&self.world.threads).enter(&key, limit);
        if is_free {
            self.slot = Some(key);
        }
        is_free
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        lock(&self.world.counters).leave(self.endpoint);
        if let Some(key) = self.slot.take() {
            let lag_ms = self.world.config().release_lag_ms;
            lock(&self.world.threads).leave(&key, lag_ms);
        }
    }
}
