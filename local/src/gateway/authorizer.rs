//! The JWT authorizer: only RS256, by a known key, from our issuer, for our audience, at the right time.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};

use super::answer;
use crate::issuer::{CLIENT_ID, Issuer};

/// How far clocks may differ.
const LEEWAY_S: f64 = 30.0;

/// Claims of a verified token, each as a string, as functions get them.
pub(super) type Claims = Map<String, Value>;

/// Why a request may not pass; the caller learns no more than the real gateway tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no token.
    Missing,
    /// There is one, but it is not good.
    Invalid,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = answer::message(StatusCode::UNAUTHORIZED, "Unauthorized");
        let challenge = match self {
            Self::Missing => "Bearer",
            Self::Invalid => "Bearer error=\"invalid_token\"",
        };
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        response
    }
}

/// The claims of the token in an `Authorization` header.
pub(super) fn verified(header: Option<&HeaderValue>, issuer: &Issuer) -> Result<Claims, Refusal> {
    let header = header.ok_or(Refusal::Missing)?.to_str().map_err(|_| Refusal::Invalid)?;
    let claims = decoded(bare(header), issuer).ok_or(Refusal::Invalid)?;
    if is_in_time(&claims, issuer.now_ms()) {
        Ok(claims.into_iter().map(|(name, value)| (name, Value::String(text_of(&value)))).collect())
    } else {
        Err(Refusal::Invalid)
    }
}

/// The real gateway takes a token with or without its scheme.
fn bare(header: &str) -> &str {
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => header,
    }
}

fn decoded(token: &str, issuer: &Issuer) -> Option<Map<String, Value>> {
    let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
    let key = DecodingKey::from_jwk(issuer.key(&kid)?).ok()?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[issuer.url()]);
    validation.set_audience(&[CLIENT_ID]);
    validation.set_required_spec_claims(&["iss", "aud", "exp"]);
    // The library knows no clock but the machine's; see below.
    validation.validate_exp = false;
    jsonwebtoken::decode(token, &key, &validation).ok().map(|token| token.claims)
}

fn is_in_time(claims: &Map<String, Value>, now_ms: u64) -> bool {
    // Exact up to the year 287,396.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of our time fit into 53 bits")]
    let now_s = now_ms as f64 / 1_000.0;
    let ends = claims.get("exp").and_then(Value::as_f64);
    let is_begun = |name: &str| match claims.get(name) {
        None => true,
        Some(value) => value.as_f64().is_some_and(|begins_at_s| begins_at_s <= now_s + LEEWAY_S),
    };
    ends.is_some_and(|ends_at_s| now_s < ends_at_s + LEEWAY_S) && is_begun("nbf") && is_begun("iat")
}

/// Claims are strings in a payload; lists look like `[a b]`.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => format!("[{}]", values.iter().map(text_of).collect::<Vec<_>>().join(" ")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{bare, text_of};

    #[test]
    fn the_scheme_is_optional_and_in_any_case() {
        for header in ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c", "a.b.c"] {
            assert_eq!(bare(header), "a.b.c", "{header}");
        }
        assert_eq!(bare("Basic a.b.c"), "Basic a.b.c");
    }

    #[test]
    fn claims_become_text() {
        let check = |value: Value, text: &str| assert_eq!(text_of(&value), text);
        check(json!("a b"), "a b");
        check(json!(1_583_348_638), "1583348638");
        check(json!(true), "true");
        check(json!(["admins", 7]), "[admins 7]");
        check(json!([]), "[]");
    }
}
