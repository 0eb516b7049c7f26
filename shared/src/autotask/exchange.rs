//! One request and its answer, without any judgement. Used by the clients of both vendors.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use shared_core::retry::Answer;
use shared_core::wire;

use super::address::{AddressPolicy, PublicResolver};
use super::trust;

/// Largest body that is read: a page of 500 rows with long notes stays far below.
const MAX_BODY_BYTES: usize = 96 * 1024 * 1024;

/// No answer in time.
pub(crate) const TIMED_OUT: &str = "time-out";
/// The connection ended within the body.
pub(crate) const BROKE_OFF: &str = "the answer broke off";
/// Nobody was reached.
pub(crate) const NO_CONNECTION: &str = "no connection";
/// Somebody was reached who could not prove to be Autotask.
pub(crate) const NO_TLS: &str = "no trusted TLS";

/// A client that goes nowhere but where it is sent: no redirects, no proxies, public addresses where the policy says so.
///
/// # Errors
/// Why TLS cannot be set up.
pub(crate) fn http(
    (timeout, connect_timeout): (Duration, Duration),
    policy: &AddressPolicy,
    extra_ca_pem: Option<&str>,
) -> Result<reqwest::Client, &'static str> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("lci-autotask/", env!("CARGO_PKG_VERSION")))
        .timeout(timeout)
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .http1_only();
    if policy.wants_public_addresses() {
        builder = builder.dns_resolver(Arc::new(PublicResolver));
    }
    if let Some(pem) = extra_ca_pem {
        builder = builder.tls_certs_merge(trust::certificates(pem)?);
    }
    builder.build().map_err(|_| "TLS could not be set up")
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) answer: Answer,
    pub(crate) body: Vec<u8>,
    /// The server's clock, milliseconds since the epoch.
    pub(crate) server_ms: Option<u64>,
}

/// Sends a request and reads the whole body; the error is a short text without addresses or secrets.
pub(crate) async fn exchange(request: reqwest::RequestBuilder) -> Result<Received, String> {
    let mut response = request.send().await.map_err(|error| describe(&error))?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| describe(&error))? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err("the answer is too large".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    let is_json =
        headers.get(CONTENT_TYPE).is_none_or(|kind| kind.to_str().is_ok_and(|kind| kind.contains("json")));
    // Pages are long and say nothing about errors; their reader looks for itself.
    let errors = if (200..300).contains(&status) { None } else { wire::parse_errors(&body) };
    let answer = Answer {
        status,
        is_json,
        retry_after_ms: retry_after_ms(&headers),
        errors: errors.unwrap_or_default(),
    };
    Ok(Received { answer, body, server_ms: date_ms(&headers, DATE.as_str()) })
}

fn describe(error: &reqwest::Error) -> String {
    let what = if error.is_connect() && is_about_tls(error) {
        NO_TLS
    } else if error.is_connect() {
        NO_CONNECTION
    } else if error.is_timeout() {
        TIMED_OUT
    } else if error.is_body() || error.is_decode() {
        BROKE_OFF
    } else {
        "the request failed"
    };
    what.to_owned()
}

/// TLS reports what it cannot accept as invalid data of the connection, and a handshake cut short as its end.
fn is_about_tls(error: &reqwest::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let io = cause.downcast_ref::<std::io::Error>();
        let is_tls = io.is_some_and(|io| match io.kind() {
            ErrorKind::InvalidData => true,
            ErrorKind::UnexpectedEof => io.to_string().contains("tls"),
            _ => false,
        });
        if is_tls {
            return true;
        }
        // An error that an I/O error wraps is not among the latter's sources.
        let wrapped =
            io.and_then(std::io::Error::get_ref).map(|wrapped| wrapped as &(dyn std::error::Error + 'static));
        source = wrapped.or_else(|| cause.source());
    }
    false
}

fn retry_after_ms(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return seconds.checked_mul(1_000);
    }
    let at_ms = date_ms(headers, RETRY_AFTER.as_str())?;
    let now_ms = date_ms(headers, DATE.as_str()).or_else(|| epoch_ms(SystemTime::now()))?;
    Some(at_ms.saturating_sub(now_ms))
}

fn date_ms(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?;
    epoch_ms(httpdate::parse_http_date(text).ok()?)
}

fn epoch_ms(time: SystemTime) -> Option<u64> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

    use super::retry_after_ms;

    #[test]
    fn retry_after_is_seconds_or_a_date_of_the_servers_clock() {
        let check = |text: &'static str, want| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(text));
            headers.insert(DATE, HeaderValue::from_static("Fri, 20 Nov 2026 02:00:00 GMT"));
            assert_eq!(retry_after_ms(&headers), want, "{text}");
        };
        check("7", Some(7_000));
        check("Fri, 20 Nov 2026 02:01:00 GMT", Some(60_000));
        check("Fri, 20 Nov 2026 01:00:00 GMT", Some(0));
        check("soon", None);
        assert_eq!(retry_after_ms(&HeaderMap::new()), None);
    }
}
