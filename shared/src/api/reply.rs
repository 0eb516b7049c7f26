//! Answers.

use serde::Serialize;
use serde_json::Value;

use super::error::{ApiError, Code};

/// A successful answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Body, JSON unless `content_type` says otherwise.
    pub body: String,
    /// Media type of the body.
    pub content_type: &'static str,
}

impl Reply {
    /// 200 with a JSON body.
    ///
    /// # Errors
    /// [`Code::Internal`] when the body cannot be written as JSON.
    pub fn ok<T: Serialize>(body: &T) -> Result<Self, ApiError> {
        Self::json(200, body)
    }

    /// A status with a JSON body.
    ///
    /// # Errors
    /// [`Code::Internal`] when the body cannot be written as JSON.
    pub fn json<T: Serialize>(status: u16, body: &T) -> Result<Self, ApiError> {
        let body = serde_json::to_string(body)
            .map_err(|error| ApiError::new(Code::Internal, format!("answer cannot be written: {error}")))?;
        Ok(Self { status, body, content_type: "application/json" })
    }

    /// 200 with comma-separated values.
    #[must_use]
    pub fn csv(body: String) -> Self {
        Self { status: 200, body, content_type: "text/csv; charset=utf-8" }
    }

    /// The answer as API Gateway wants it, payload 2.0.
    #[must_use]
    pub fn to_payload(&self) -> Value {
        payload(self.status, &self.body, self.content_type)
    }
}

pub(super) fn payload(status: u16, body: &str, content_type: &str) -> Value {
    serde_json::json!({
        "statusCode": status,
        "headers": {"content-type": content_type, "cache-control": "no-store", "x-content-type-options": "nosniff"},
        "body": body,
        "isBase64Encoded": false,
    })
}
