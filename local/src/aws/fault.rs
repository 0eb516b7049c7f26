//! Refusals in the words of AWS, in the shapes that its SDKs read.

use std::io;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An answer other than success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    status: StatusCode,
    /// The name of the error's shape.
    shape: &'static str,
    /// The code that SQS had before it spoke JSON; its SDKs still go by it.
    query_code: Option<&'static str>,
    message: String,
}

impl Fault {
    /// The caller is at fault.
    pub(super) fn refused(shape: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, shape, query_code: None, message: message.into() }
    }

    /// An operation that there is none of, here or at all.
    pub(super) fn unknown_operation(operation: &str) -> Self {
        Self::refused("UnknownOperationException", format!("operation {operation} is not known here"))
    }

    /// The same with a code of SQS's query protocol.
    pub(super) fn with_query_code(self, code: &'static str) -> Self {
        Self { query_code: Some(code), ..self }
    }

    /// The refusal as the JSON protocols show it.
    pub(super) fn to_json(&self) -> Response {
        let body = json!({ "__type": self.shape, "message": self.message }).to_string();
        let content_type = [(header::CONTENT_TYPE, "application/x-amz-json-1.0")];
        let query_error =
            self.query_code.map(|code| [("x-amzn-query-error", format!("{code};{}", self.blame()))]);
        match query_error {
            Some(query_error) => (self.status, content_type, query_error, body).into_response(),
            None => (self.status, content_type, body).into_response(),
        }
    }

    /// The refusal as the Query protocol shows it.
    pub(super) fn to_xml(&self, namespace: &str, request_id: &str) -> Response {
        let (blame, shape, message) = (self.blame(), self.shape, escaped(&self.message));
        let body = format!(
            "<ErrorResponse xmlns=\"{namespace}\"><Error><Type>{blame}</Type><Code>{shape}</Code>\
             <Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        );
        (self.status, [(header::CONTENT_TYPE, "text/xml")], body).into_response()
    }

    fn blame(&self) -> &'static str {
        if self.status.is_server_error() { "Receiver" } else { "Sender" }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        tracing::error!(error = %error, "the state folder cannot be written: {error}");
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        let message = "the state folder cannot be written".to_owned();
        Self { status, shape: "InternalFailure", query_code: None, message }
    }
}

/// Runs what reads and writes files beside the tasks of the runtime.
///
/// # Errors
/// Those of the work.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(io::Error::other(error).into()))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
