//! From a request to the event that a function gets: payload 2.0 of an HTTP API.
//!
//! Source: "Create AWS Lambda proxy integrations for HTTP APIs" in the API Gateway developer guide.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::{Value, json};
use shared::api::Route;

use super::authorizer::Claims;
use crate::form::Form;

/// Stands for an account in the cloud.
const ACCOUNT_ID: &str = "000000000000";
const API_ID: &str = "lci";
/// Concern the connection, not the request (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [&str; 7] =
    ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/// A route and the values of its parameters.
#[derive(Debug)]
pub(super) struct Matched {
    pub(super) route: &'static Route,
    pub(super) values: Vec<(String, String)>,
}

/// A request that may pass.
#[derive(Debug)]
pub(super) struct Incoming {
    pub(super) matched: Matched,
    /// Decoded.
    pub(super) path: String,
    pub(super) parts: Parts,
    pub(super) body: Bytes,
    pub(super) claims: Claims,
    pub(super) peer: SocketAddr,
    pub(super) now_ms: u64,
}

impl Incoming {
    /// The event; fields that the real gateway leaves out when they are empty are left out.
    pub(super) fn event(&self, request_id: &str) -> Value {
        let mut event = json!({
            "version": "2.0",
            "routeKey": self.route_key(),
            "rawPath": self.path,
            "rawQueryString": self.parts.uri.query().unwrap_or_default(),
            "headers": self.headers(),
            "requestContext": self.context(request_id),
            "isBase64Encoded": false,
        });
        put_filled(&mut event, "cookies", json!(cookies(&self.parts.headers)));
        put_filled(&mut event, "queryStringParameters", json!(self.query()));
        let values: BTreeMap<_, _> = self.matched.values.iter().cloned().collect();
        put_filled(&mut event, "pathParameters", json!(values));
        if let Some((body, is_base64)) = self.body() {
            event["body"] = json!(body);
            event["isBase64Encoded"] = json!(is_base64);
        }
        event
    }

    fn route_key(&self) -> String {
        format!("{} {}", self.matched.route.method.as_str(), self.matched.route.path)
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    fn context(&self, request_id: &str) -> Value {
        let host = self.header(header::HOST);
        let domain = host.rsplit_once(':').map_or(host, |(domain, _)| domain);
        json!({
            "accountId": ACCOUNT_ID,
            "apiId": API_ID,
            "authorizer": {"jwt": {"claims": self.claims, "scopes": null}},
            "domainName": domain,
            "domainPrefix": domain.split('.').next(),
            "http": {
                "method": self.parts.method.as_str(),
                "path": self.path,
                "protocol": format!("{:?}", self.parts.version),
                "sourceIp": self.peer.ip().to_string(),
                "userAgent": self.header(header::USER_AGENT),
            },
            "requestId": request_id,
            "routeKey": self.route_key(),
            "stage": "$default",
            "time": log_time(self.now_ms),
            "timeEpoch": self.now_ms,
        })
    }

    fn headers(&self) -> BTreeMap<String, String> {
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in &self.parts.headers {
            let is_kept = name != header::COOKIE && !HOP_BY_HOP.contains(&name.as_str());
            if is_kept {
                append(&mut headers, name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
            }
        }
        append(&mut headers, "x-forwarded-for", &self.peer.ip().to_string());
        headers.insert("x-forwarded-proto".to_owned(), "http".to_owned());
        let port = self.header(header::HOST).rsplit_once(':').map_or("80", |(_, port)| port);
        headers.insert("x-forwarded-port".to_owned(), port.to_owned());
        headers
    }

    fn query(&self) -> BTreeMap<String, String> {
        let mut query = BTreeMap::new();
        for (name, value) in Form::parse(self.parts.uri.query().unwrap_or_default()).pairs() {
            append(&mut query, name, value);
        }
        query
    }

    /// Text as it is, everything else as base64.
    fn body(&self) -> Option<(String, bool)> {
        if self.body.is_empty() {
            return None;
        }
        let text =
            if is_text(self.header(header::CONTENT_TYPE)) { str::from_utf8(&self.body).ok() } else { None };
        Some(text.map_or_else(|| (STANDARD.encode(&self.body), true), |text| (text.to_owned(), false)))
    }
}

/// An id of the length and alphabet of the real ones.
pub(super) fn new_request_id() -> String {
    let mut bytes = [0_u8; 11];
    // Without randomness the id is a poor one, and still an id.
    let _ = aws_lc_rs::rand::fill(&mut bytes);
    URL_SAFE.encode(bytes)
}

/// Repeats are joined by commas, in headers and in the query string.
fn append(values: &mut BTreeMap<String, String>, name: &str, value: &str) {
    let joined = match values.remove(name) {
        Some(former) => format!("{former},{value}"),
        None => value.to_owned(),
    };
    values.insert(name.to_owned(), joined);
}

fn put_filled(event: &mut Value, name: &str, value: Value) {
    let is_empty = value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(serde_json::Map::is_empty);
    if !is_empty {
        event[name] = value;
    }
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::COOKIE).iter();
    let lines = lines.map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned());
    lines
        .flat_map(|line| line.split(';').map(|cookie| cookie.trim().to_owned()).collect::<Vec<_>>())
        .collect()
}

/// Forms are not text to the real gateway.
fn is_text(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media_type.starts_with("text/")
        || ["application/json", "application/javascript", "application/xml"].contains(&media_type.as_str())
}

/// Common log format, for example `12/Mar/2020:19:03:58 +0000`.
fn log_time(now_ms: u64) -> String {
    let now = i64::try_from(now_ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    now.unwrap_or_default().strftime("%d/%b/%Y:%H:%M:%S +0000").to_string()
}
