//! Answers in the shapes of the real service.

use crate::calendar::http_date;
use crate::config::{Config, OverLimit, RetryAfter, ThreadMode};
use serde_json::{Value, json};

const HTML_PAGE: &str = "<!DOCTYPE html>\r\n<html><head><title>Service Unavailable</title></head>\r\n<body><h2>The service is unavailable.</h2></body></html>\r\n";

/// An answer that has not been sent yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The header of that name; none when empty.
    pub(crate) content_type: String,
    /// The body before compression.
    pub(crate) body: String,
    /// The header of that name.
    pub(crate) retry_after: Option<String>,
    /// Why the call was refused, for the log.
    pub(crate) reason: String,
    /// Rows in the page.
    pub(crate) n_rows: usize,
    /// True to end the connection half way through the body.
    pub(crate) is_cut: bool,
}

impl Answer {
    /// 200 with JSON.
    pub(crate) fn json(body: String) -> Self {
        Self::with_json(200, body)
    }

    /// 200 with a JSON value.
    pub(crate) fn value(value: &Value) -> Self {
        Self::json(value.to_string())
    }

    fn with_json(status: u16, body: String) -> Self {
        Self { status, content_type: "application/json; charset=utf-8".to_owned(), body, ..Self::default() }
    }

    /// A status with `{"errors":[…]}`.
    pub(crate) fn errors(status: u16, errors: &[String]) -> Self {
        let reason = errors.join("; ");
        Self { reason, ..Self::with_json(status, json!({ "errors": errors }).to_string()) }
    }

    /// 500 with one error: how the service says that a call is wrong.
    pub(crate) fn error(text: impl Into<String>) -> Self {
        Self::errors(500, &[text.into()])
    }

    /// A status and nothing else.
    pub(crate) fn empty(status: u16, reason: &str) -> Self {
        Self { status, reason: reason.to_owned(), ..Self::default() }
    }

    /// A status with `{"Message":…}`.
    pub(crate) fn message(status: u16, text: &str) -> Self {
        Self { reason: text.to_owned(), ..Self::with_json(status, json!({ "Message": text }).to_string()) }
    }

    /// 405.
    pub(crate) fn wrong_verb(method: &str) -> Self {
        Self::message(405, &format!("The requested resource does not support http method '{method}'."))
    }

    /// 404 for a route that does not exist.
    pub(crate) fn no_route(path: &str) -> Self {
        Self::message(404, &format!("No HTTP resource was found that matches the request URI '{path}'."))
    }

    /// An HTML page of a web server.
    pub(crate) fn html(status: u16, reason: &str) -> Self {
        Self {
            status,
            content_type: "text/html".to_owned(),
            body: HTML_PAGE.to_owned(),
            reason: reason.to_owned(),
            ..Self::default()
        }
    }

    /// 429 with the `Retry-After` that was chosen.
    pub(crate) fn too_many(text: &str, retry_after: RetryAfter, now_ms: i64) -> Self {
        let retry_after = match retry_after {
            RetryAfter::Absent => None,
            RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
            RetryAfter::HttpDate(seconds) => Some(http_date(now_ms + seconds as i64 * 1000)),
        };
        Self { retry_after, ..Self::errors(429, &[text.to_owned()]) }
    }

    fn limit(text: &str, config: &Config, now_ms: i64) -> Self {
        let answer = Self::too_many(text, config.retry_after, now_ms);
        match &config.limit_body {
            None => answer,
            Some(body) => Self { body: body.clone(), content_type: "text/plain".to_owned(), ..answer },
        }
    }

    /// The refusal of the thread gate.
    pub(crate) fn too_many_threads(config: &Config, now_ms: i64) -> Self {
        let text = format!(
            "The Autotask API thread threshold of {} threads has been exceeded.",
            config.thread_limit
        );
        match config.thread_mode {
            ThreadMode::TooMany429 => Self::limit(&text, config, now_ms),
            ThreadMode::Error500 => {
                let body = json!({ "errors": [text], "code": "Itgenatr005" }).to_string();
                Self { reason: text, ..Self::with_json(500, body) }
            }
        }
    }

    /// The refusal of the hourly gate.
    pub(crate) fn over_the_hour(config: &Config, now_ms: i64) -> Self {
        let text = format!(
            "The API request threshold of {} requests per 60 minutes has been exceeded.",
            config.hourly_limit
        );
        match config.over_limit {
            OverLimit::TooMany429 => Self::limit(&text, config, now_ms),
            OverLimit::Error500 => Self::error(text),
        }
    }
}
