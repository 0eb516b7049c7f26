//! The built admin page: static files of one folder.

use std::path::{Path, PathBuf};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer;

const INDEX: &str = "index.html";
/// Everything comes from this origin, and nobody frames it.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; \
    form-action 'self'; base-uri 'none'";

/// Answers with a file of the folder; any other path without an ending is a view of the page itself.
pub(super) async fn serve(folder: Option<&Path>, method: &Method, path: &str) -> Response {
    let not_found = || answer::message(StatusCode::NOT_FOUND, "Not Found");
    // A call of the API that is none must not be answered with a page.
    let is_page = (method == Method::GET || method == Method::HEAD) && !path.starts_with("/v1/");
    let Some((folder, below)) = folder.zip(relative(path)).filter(|_| is_page) else { return not_found() };
    if let Some(bytes) = read(folder.join(&below)).await {
        return file(&below, bytes);
    }
    let is_view = below.extension().is_none();
    match read(folder.join(INDEX)).await.filter(|_| is_view) {
        Some(bytes) => file(Path::new(INDEX), bytes),
        None => not_found(),
    }
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
