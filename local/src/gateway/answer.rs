//! From a function's answer to HTTP.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

/// Lambda's limit of an answer.
const MAX_ANSWER_BYTES: usize = 6 * 1024 * 1024;
/// Those that the connection sets by itself.
const NOT_TAKEN: [HeaderName; 3] = [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING];

/// An answer of payload 2.0.
///
/// The real gateway makes a 200 of an answer without `statusCode`; functions of ours never rely on it, and so it is
/// taken for the defect that it is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    #[serde(default)]
    headers: BTreeMap<String, Value>,
    #[serde(default)]
    cookies: Vec<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// An answer of the gateway itself.
pub(super) fn message(status: StatusCode, text: &str) -> Response {
    (status, axum::Json(json!({ "message": text }))).into_response()
}

/// The function's answer; one that is none becomes the gateway's 500.
pub(super) fn response(answered: Value) -> Response {
    let answer = serde_json::from_value(answered).ok();
    answer.and_then(built).unwrap_or_else(|| {
        tracing::error!(
            "a function's answer is none: it must be an object with statusCode, headers and body"
        );
        message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    })
}

fn built(answer: Answer) -> Option<Response> {
    let body = answer.body.unwrap_or_default();
    if body.len() > MAX_ANSWER_BYTES {
        return None;
    }
    let body = if answer.is_base64_encoded { STANDARD.decode(body).ok()? } else { body.into_bytes() };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status_code).ok().filter(|status| status.as_u16() >= 200)?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=utf-8"));
    for (name, value) in answer.headers {
        let name: HeaderName = name.parse().ok()?;
        if !NOT_TAKEN.contains(&name) {
            headers.insert(name, text_of(&value)?.parse().ok()?);
        }
    }
    for cookie in answer.cookies {
        headers.append(header::SET_COOKIE, cookie.parse().ok()?);
    }
    Some(response)
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use serde_json::{Value, json};

    use super::{MAX_ANSWER_BYTES, response};

    async fn read(answer: Value) -> (u16, HeaderMap, Vec<u8>) {
        let (parts, body) = response(answer).into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status.as_u16(), parts.headers, body.to_vec())
    }

    #[tokio::test]
    async fn an_answer_is_taken_as_it_is() {
        let answer = json!({
            "statusCode": 201,
            "headers": {"Content-Type": "image/png", "X-Count": 7, "content-length": "999"},
            "cookies": ["a=1; Secure", "b=2"],
            "body": "AP/+",
            "isBase64Encoded": true,
        });
        let (status, headers, body) = read(answer).await;
        assert_eq!((status, body), (201, vec![0, 255, 254]));
        assert_eq!(
            (&headers["content-type"], &headers["x-count"]),
            (&"image/png".parse().unwrap(), &"7".parse().unwrap())
        );
        assert_eq!(headers.get_all("set-cookie").iter().count(), 2);
        assert_eq!(headers.get("content-length"), None);
        assert_eq!(read(json!({"statusCode": 204})).await.0, 204);
    }

    #[tokio::test]
    async fn what_is_no_answer_is_a_500() {
        for answer in [
            Value::Null,
            json!("done"),
            json!({}),
            json!({"body": "no status"}),
            json!({"statusCode": "many"}),
            json!({"statusCode": 99}),
            json!({"statusCode": 101}),
            json!({"statusCode": 1_000}),
            json!({"statusCode": 200, "body": {"not": "text"}}),
            json!({"statusCode": 200, "body": "%%", "isBase64Encoded": true}),
            json!({"statusCode": 200, "headers": {"x": "a\r\nset-cookie: b"}}),
            json!({"statusCode": 200, "headers": {"no name": "a"}}),
            json!({"statusCode": 200, "headers": {"x": ["a"]}}),
            json!({"statusCode": 200, "body": "x".repeat(MAX_ANSWER_BYTES + 1)}),
        ] {
            let (status, _, body) = read(answer).await;
            assert_eq!((status, &body[..]), (500, &br#"{"message":"Internal Server Error"}"#[..]));
        }
    }
}
