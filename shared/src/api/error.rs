//! The one envelope of errors, and the one table of their codes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Stable codes of errors; what programs branch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request cannot be understood; `details` names the field.
    InvalidRequest,
    /// No valid token.
    Unauthorized,
    /// The token does not allow this.
    Forbidden,
    /// There is no such thing, or it is another tenant's.
    NotFound,
    /// The route knows other methods.
    MethodNotAllowed,
    /// Somebody else changed it since it was read; `details` holds what they changed.
    VersionConflict,
    /// What is asked for does not fit the present state, for example a run while one is under way.
    Conflict,
    /// The idempotency key was used for another request.
    IdempotencyMismatch,
    /// Autotask refused the login; `details.cause` names the reason.
    LoginRefused,
    /// Too soon after a refused login; `details.retry_after_s` says when to come back.
    HeldOff,
    /// The body is larger than the route takes.
    TooLarge,
    /// A part that we depend on does not answer; try again.
    Unavailable,
    /// A defect of ours.
    Internal,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 13] = [
        Self::InvalidRequest,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::VersionConflict,
        Self::Conflict,
        Self::IdempotencyMismatch,
        Self::LoginRefused,
        Self::HeldOff,
        Self::TooLarge,
        Self::Unavailable,
        Self::Internal,
    ];

    /// HTTP status that goes with the code.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::InvalidRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::VersionConflict | Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::IdempotencyMismatch | Self::LoginRefused => 422,
            Self::HeldOff => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

/// An error as a client sees it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// What programs branch on.
    pub code: Code,
    /// What a person reads: what is wrong and what to do.
    pub message: String,
    /// More for programs, by code; null when there is none.
    pub details: Value,
}

impl ApiError {
    /// An error without details.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: Value::Null }
    }

    /// The same with details.
    #[must_use]
    pub fn with(self, details: Value) -> Self {
        Self { details, ..self }
    }

    /// A field of the request that cannot be used.
    pub fn field(field: &str, why: impl std::fmt::Display) -> Self {
        let message = format!("field {field:?} cannot be used: {why}");
        Self::new(Code::InvalidRequest, message).with(serde_json::json!({ "field": field }))
    }
}

/// Shape of the envelope.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Envelope {
    /// What went wrong.
    pub error: EnvelopeError,
}

/// What went wrong, in the envelope.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct EnvelopeError {
    /// What programs branch on.
    pub code: Code,
    /// What a person reads.
    pub message: String,
    /// Names this request in our logs.
    pub request_id: String,
    /// More for programs, by code.
    pub details: Value,
}
