//! Calls of the HTTP API as a browser makes them.

use reqwest::{Client, Method};
use serde_json::Value;

/// Base of the integration's routes.
pub(crate) const BASE: &str = "/v1/integrations/autotask";

/// The deployed HTTP API.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    base: String,
    host: String,
    http: Client,
}

impl Api {
    /// The API of that id; the emulator tells APIs apart by the host that is asked for.
    pub(crate) fn new(port: u16, id: &str) -> Self {
        let host = format!("{id}.execute-api.localhost:{port}");
        Self { base: format!("http://127.0.0.1:{port}"), host, http: Client::new() }
    }

    /// Status and body of a call; the body is null where it is no JSON.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> anyhow::Result<(u16, Value)> {
        let mut request =
            self.http.request(method, format!("{}{path}", self.base)).header("host", &self.host);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        Ok((status, serde_json::from_str(&answer.text().await?).unwrap_or_default()))
    }

    /// The origin that a browser on a page of that origin is told it may call from; none if it may not.
    pub(crate) async fn preflight(&self, path: &str, origin: &str) -> anyhow::Result<Option<String>> {
        let request =
            self.http.request(Method::OPTIONS, format!("{}{path}", self.base)).header("host", &self.host);
        let request = request.header("origin", origin).header("access-control-request-method", "PUT");
        let answer = request.header("access-control-request-headers", "authorization").send().await?;
        let allowed = answer.headers().get("access-control-allow-origin");
        Ok(allowed.map(|origin| origin.to_str().map(str::to_owned)).transpose()?)
    }

    /// A reading call.
    pub(crate) async fn get(&self, path: &str, token: &str) -> anyhow::Result<(u16, Value)> {
        self.call(Method::GET, path, Some(token), None).await
    }
}
