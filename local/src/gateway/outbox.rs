//! Sent mails, for people to look at: a list, one mail, and its HTML in a sandbox.

use std::fmt;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer;
use crate::aws::StoredMail;

/// Pages of ours load nothing but a mail's frame.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; \
    frame-ancestors 'none'; form-action 'none'; base-uri 'none'";
/// A mail is somebody else's text: no scripts, no forms, nothing from elsewhere, an origin of its own.
const MAIL_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    frame-ancestors 'self'; form-action 'none'; base-uri 'none'";

/// A mail that was accepted for sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutboxMail {
    /// Names it.
    pub(crate) id: String,
    /// When it was accepted.
    pub(crate) time: jiff::Timestamp,
    /// Its recipients.
    pub(crate) to: Vec<String>,
    /// Its subject.
    pub(crate) subject: String,
    /// Its plain text.
    pub(crate) text: String,
    /// Its HTML; empty if it has none.
    pub(crate) html: String,
}

impl From<StoredMail> for OutboxMail {
    fn from(mail: StoredMail) -> Self {
        let StoredMail { id, accepted_ms, to, subject, text, html, .. } = mail;
        let time = i64::try_from(accepted_ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        Self {
            id,
            time: time.unwrap_or(jiff::Timestamp::UNIX_EPOCH),
            to,
            subject,
            text: text.unwrap_or_default(),
            html: html.unwrap_or_default(),
        }
    }
}

impl OutboxMail {
    fn address(&self) -> String {
        format!("/outbox/{}", utf8_percent_encode(&self.id, NON_ALPHANUMERIC))
    }

    fn recipients(&self) -> String {
        self.to.join(", ")
    }
}

/// Gives the mails, newest first.
pub(super) type Source = Arc<dyn Fn() -> Vec<OutboxMail> + Send + Sync>;

#[derive(Template)]
#[template(path = "outbox.html")]
struct List {
    mails: Vec<OutboxMail>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Single {
    mail: OutboxMail,
}

/// The routes of the outbox.
pub(super) fn router(source: Source) -> Router {
    Router::new()
        .route("/outbox", get(list))
        .route("/outbox/{id}", get(single))
        .route("/outbox/{id}/html", get(html))
        .with_state(source)
}

async fn list(State(source): State<Source>) -> Response {
    page(PAGE_POLICY, List { mails: source() }.render())
}

async fn single(State(source): State<Source>, Path(id): Path<String>) -> Response {
    match find(&source, &id) {
        Some(mail) => page(PAGE_POLICY, Single { mail }.render()),
        None => answer::message(StatusCode::NOT_FOUND, "Not Found"),
    }
}

async fn html(State(source): State<Source>, Path(id): Path<String>) -> Response {
    match find(&source, &id) {
        Some(mail) => page(MAIL_POLICY, Ok::<_, fmt::Error>(mail.html)),
        None => answer::message(StatusCode::NOT_FOUND, "Not Found"),
    }
}

fn find(source: &Source, id: &str) -> Option<OutboxMail> {
    source().into_iter().find(|mail| mail.id == id)
}

fn page<E>(policy: &'static str, rendered: Result<String, E>) -> Response {
    let Ok(rendered) = rendered else {
        return answer::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (headers, Html(rendered)).into_response()
}
