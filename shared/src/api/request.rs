//! One request, taken from an event of API Gateway's HTTP API (payload 2.0).

use std::collections::HashMap;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;

use super::caller::Caller;
use super::error::{ApiError, Code};

/// Largest body that a route takes unless it says otherwise; the gateway's own limit is 10 MB.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// How much of a field's name is told back.
const MAX_SHOWN_CHARS: usize = 80;

/// A request whose caller is known.
#[derive(Debug)]
pub struct ApiRequest {
    /// Who asks.
    pub caller: Caller,
    /// Values of the path's parameters.
    pub path: HashMap<String, String>,
    /// Values of the query string.
    pub query: HashMap<String, String>,
    /// Value of `Idempotency-Key`, if there is one.
    pub idempotency_key: Option<String>,
    /// Body as it came.
    pub body: Vec<u8>,
    /// Names this request in our logs.
    pub request_id: String,
}

impl ApiRequest {
    /// The body read as JSON of a known shape; no body at all is an object without fields.
    ///
    /// # Errors
    /// [`Code::InvalidRequest`], naming the field that does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let body: &[u8] = if self.body.is_empty() { b"{}" } else { &self.body };
        // A list of values in the right order would pass for an object with the reader of a struct.
        if body.trim_ascii_start().first() == Some(&b'[') {
            let error =
                ApiError::new(Code::InvalidRequest, "the body cannot be used: it is a list, not an object");
            return Err(error.with(serde_json::json!({ "field": "." })));
        }
        let mut reader = serde_json::Deserializer::from_slice(body);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| unreadable(&error))?;
        reader
            .end()
            .map_err(|_| ApiError::new(Code::InvalidRequest, "the body goes on after its JSON value"))?;
        Ok(value)
    }

    /// A parameter of the path.
    ///
    /// # Errors
    /// [`Code::NotFound`] when the gateway gave none.
    pub fn path_param(&self, name: &str) -> Result<&str, ApiError> {
        self.path.get(name).map(String::as_str).ok_or_else(|| ApiError::new(Code::NotFound, "no such path"))
    }

    /// A parameter of the query string.
    #[must_use]
    pub fn query_param(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }
}

fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    // A name that nobody knows is the caller's own, and may be as long as the body; a body that ends too early has no
    // place yet.
    let path = Some(error.path().to_string()).filter(|path| path != "?").unwrap_or_else(|| ".".to_owned());
    let field: String = path.chars().take(MAX_SHOWN_CHARS).collect();
    // The parser's words may quote the value, and a value may be a password: only its kind and place are told.
    let inner = error.inner();
    let why = match inner.classify() {
        serde_json::error::Category::Data => "it does not have the documented shape",
        _ => "it is not JSON",
    };
    let place = if field == "." { "the body".to_owned() } else { format!("field {field:?} of the body") };
    let message = format!("{place} cannot be used: {why} (line {}, column {})", inner.line(), inner.column());
    ApiError::new(Code::InvalidRequest, message).with(serde_json::json!({ "field": field }))
}

/// The body of an event, decoded.
pub(super) fn body_of(event: &ApiGatewayV2httpRequest) -> Result<Vec<u8>, ApiError> {
    let text = event.body.as_deref().unwrap_or_default();
    if text.len() > MAX_BODY_BYTES * 4 / 3 + 4 {
        return Err(too_large());
    }
    let body = if event.is_base64_encoded {
        STANDARD
            .decode(text)
            .map_err(|_| ApiError::new(Code::InvalidRequest, "the body is not valid base64"))?
    } else {
        text.as_bytes().to_vec()
    };
    if body.len() > MAX_BODY_BYTES { Err(too_large()) } else { Ok(body) }
}

fn too_large() -> ApiError {
    ApiError::new(
        Code::TooLarge,
        format!("the body is larger than {MAX_BODY_BYTES} bytes: send less at once"),
    )
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::unreadable;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Empty {}

    #[test]
    fn a_long_name_is_not_told_back_in_full() {
        let body = format!("{{\"{}\": 1}}", "\\u0001x".repeat(10_000));
        let mut reader = serde_json::Deserializer::from_str(&body);
        let error = serde_path_to_error::deserialize::<_, Empty>(&mut reader).unwrap_err();
        let refused = unreadable(&error);
        assert!(refused.message.len() < 1_000 && refused.details.to_string().len() < 1_000, "{refused:?}");
        assert!(refused.message.contains("documented shape") && !refused.message.contains('\u{1}'));
    }
}
