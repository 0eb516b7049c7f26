//! The built admin page: static files of one folder, and beside them what the page must know of this place.

use std::path::{Path, PathBuf};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde_json::json;

use super::answer;
use crate::issuer::{CLIENT_ID, Issuer};

const INDEX: &str = "index.html";
const CONFIG: &str = "/config.json";
/// Where people arrive, who are told when there is no page.
const ARRIVALS: [&str; 3] = ["/", "/index.html", "/callback"];
/// Everything comes from this origin as a file, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// Seconds after which a browser looks again while the page is built.
const LOOK_AGAIN_S: &str = "3";

/// How the admin page stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AdminPage {
    /// It lies in this folder.
    Built(PathBuf),
    /// It will be there in a minute.
    Building,
    /// It is not there, and why.
    Missing(String),
}

/// A request that belongs to no function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit<'a> {
    pub(super) method: &'a Method,
    /// Decoded.
    pub(super) path: &'a str,
    pub(super) headers: &'a HeaderMap,
}

/// Answers with a file of the page. Its views are told apart behind the `#`, so no other path is one, as on S3.
pub(super) async fn serve(page: AdminPage, issuer: &Issuer, visit: Visit<'_>) -> Response {
    let not_found = || answer::message(StatusCode::NOT_FOUND, "Not Found");
    // A call of the API that is none must not be answered with a page.
    let is_page =
        (visit.method == Method::GET || visit.method == Method::HEAD) && !visit.path.starts_with("/v1/");
    let Some(below) = relative(visit.path).filter(|_| is_page) else { return not_found() };
    if visit.path == CONFIG {
        return config(issuer);
    }
    let is_view = ARRIVALS.contains(&visit.path);
    let folder = match page {
        AdminPage::Built(folder) => folder,
        _ if !is_view => return not_found(),
        AdminPage::Building => {
            return wait("The admin page is being built. It appears here by itself.", true);
        }
        AdminPage::Missing(why) => return wait(&why, false),
    };
    if is_view && is_other_name(visit.headers, issuer) {
        return Redirect::temporary(&format!("{}{}", issuer.url(), visit.path)).into_response();
    }
    if let Some(bytes) = read(folder.join(&below)).await {
        return file(&below, bytes);
    }
    match read(folder.join(INDEX)).await.filter(|_| is_view) {
        Some(bytes) => file(Path::new(INDEX), bytes),
        None => not_found(),
    }
}

/// What the page reads before anything else; a deployment has a file of the same shape.
fn config(issuer: &Issuer) -> Response {
    let config = json!({"issuer": issuer.url(), "client_id": CLIENT_ID, "api_base": ""});
    file(Path::new(CONFIG), config.to_string().into_bytes())
}

/// The sign-in comes back to the issuer's own name alone, so the page is not shown under `localhost` beside it.
fn is_other_name(headers: &HeaderMap, issuer: &Issuer) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let of_issuer = issuer.url().split_once("://").map(|(_, host)| host);
    host != of_issuer && host.is_some_and(|host| host.starts_with("localhost"))
}

fn wait(text: &str, is_building: bool) -> Response {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Lifecycle Insights</title>\
        <h1>Lifecycle Insights</h1><p>{text}</p><p>The API and the <a href=\"/outbox\">outbox</a> are at work.</p></html>"
    );
    let mut response = (status, Html(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if is_building {
        headers.insert(header::REFRESH, HeaderValue::from_static(LOOK_AGAIN_S));
    }
    response
}

/// Only plain names lead below the folder: no dots in front, nothing that a file system understands.
fn relative(path: &str) -> Option<PathBuf> {
    let is_plain = |part: &&str| {
        !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return Some(PathBuf::from(INDEX));
    }
    parts.iter().all(is_plain).then(|| parts.iter().collect())
}

async fn read(file: PathBuf) -> Option<Vec<u8>> {
    tokio::task::spawn_blocking(move || std::fs::read(file).ok()).await.ok().flatten()
}

fn file(below: &Path, bytes: Vec<u8>) -> Response {
    // Names of built assets hold a hash of their content.
    let caching = if below.starts_with("assets") { "max-age=31536000, immutable" } else { "no-cache" };
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    put(header::CONTENT_TYPE, media_type(below));
    put(header::CONTENT_SECURITY_POLICY, POLICY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "no-referrer");
    put(header::CACHE_CONTROL, caching);
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    put(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    );
    (headers, bytes).into_response()
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for (path, below) in
            [("/", "index.html"), ("/assets/app-1a2b.js", "assets/app-1a2b.js"), ("//a//b", "a/b")]
        {
            assert_eq!(relative(path).unwrap().to_str(), Some(below));
        }
        for path in
            ["/..", "/../lci.db", "/a/../../b", "/.git/config", "/a\\..\\b", "/C:/x", "/a\0b", "/%2e%2e/x"]
        {
            assert_eq!(relative(path), None, "{path}");
        }
    }
}
