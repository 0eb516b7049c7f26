//! Answers in the shapes of the real service.

use crate::clock::http_date;
use crate::config::{Config, KeyRefusal, RetryAfter};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use http_body::{Frame, SizeHint};
use serde_json::{Value, json};
use std::pin::Pin;
use std::task::{Context, Poll};

const HTML_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>We're sorry, but something went wrong</title></head><body><h1>We're sorry</h1></body></html>\n";

/// An answer that has not been sent yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: String,
    /// One more header, `retry-after` or `location`.
    pub(super) header: Option<(&'static str, String)>,
    /// Why the call was refused, for the log.
    pub(super) reason: String,
    /// Organizations in the page.
    pub(super) n_rows: u32,
    /// True to end the connection half way through the body.
    pub(super) is_cut: bool,
}

impl Answer {
    /// A status with a JSON:API document.
    pub(super) fn document(status: u16, document: &Value) -> Self {
        let content_type = "application/vnd.api+json; charset=utf-8".to_owned();
        Self { status, content_type, body: document.to_string(), ..Self::default() }
    }

    /// A status with one error.
    pub(super) fn error(config: &Config, status: u16, detail: &str, source: Value) -> Self {
        let title = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        let shown = if config.is_error_status_text { json!(status.to_string()) } else { json!(status) };
        let error =
            json!({"status": shown, "title": title.unwrap_or("Error"), "detail": detail, "source": source});
        Self { reason: detail.to_owned(), ..Self::document(status, &json!({ "errors": [error] })) }
    }

    /// 404.
    pub(super) fn not_found(config: &Config, what: &str) -> Self {
        Self::error(config, 404, &format!("{what} not found"), json!({"pointer": "id"}))
    }

    /// The key does not open the door.
    pub(super) fn bad_key(config: &Config, reason: &str) -> Self {
        let answer = match config.key_refusal {
            KeyRefusal::Forbidden403 => {
                let body = json!({"message": "Forbidden"}).to_string();
                Self { status: 403, content_type: "application/json".to_owned(), body, ..Self::default() }
            }
            KeyRefusal::Unauthorized401 => Self::error(config, 401, "Invalid API key", Value::Null),
        };
        Self { reason: reason.to_owned(), ..answer }
    }

    /// 429 with the `Retry-After` that was chosen.
    pub(super) fn too_many(config: &Config, retry_after: RetryAfter, now_ms: i64) -> Self {
        let retry_after = match retry_after {
            RetryAfter::Absent => None,
            RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
            RetryAfter::HttpDate(seconds) => Some(http_date(now_ms + seconds as i64 * 1000)),
        };
        let header = retry_after.map(|text| ("retry-after", text));
        Self { header, ..Self::error(config, 429, "Rate limit exceeded", Value::Null) }
    }

    /// An HTML page of a web server.
    pub(super) fn html(status: u16) -> Self {
        let (content_type, body) = ("text/html; charset=utf-8".to_owned(), HTML_PAGE.to_owned());
        Self { status, content_type, body, reason: "fault: html".to_owned(), ..Self::default() }
    }

    /// The bytes on the wire.
    pub(super) fn respond(self, now_ms: i64) -> Response {
        let body = Whole { bytes: Bytes::from(self.body), is_cut: self.is_cut, n_polls: 0 };
        let mut response = Response::new(Body::new(body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = Some(("content-type", self.content_type)).filter(|(_, kind)| !kind.is_empty());
        for (name, value) in [Some(("date", http_date(now_ms))), kind, self.header].into_iter().flatten() {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// A body of known length that may break off half way.
struct Whole {
    bytes: Bytes,
    is_cut: bool,
    n_polls: u8,
}

impl http_body::Body for Whole {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.n_polls = self.n_polls.saturating_add(1);
        match (self.n_polls, self.is_cut) {
            (1, true) => Poll::Ready(Some(Ok(Frame::data(self.bytes.slice(..self.bytes.len() / 2))))),
            (1, false) => Poll::Ready(Some(Ok(Frame::data(self.bytes.clone())))),
            // The half that was promised leaves the buffers while the server waits for the rest.
            (2, true) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            (_, true) => Poll::Ready(Some(Err(std::io::Error::other("cut off on order")))),
            (_, false) => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        !self.is_cut && (self.n_polls > 0 || self.bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}
