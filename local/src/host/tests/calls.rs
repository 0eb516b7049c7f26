//! Calls of the HTTP API as the gateway hands them over.

use serde_json::{Value, json};

use super::world::World;

pub(super) const TENANT: &str = "acme";
pub(super) const OTHER: &str = "zenith";
const BASE: &str = "/v1/integrations/autotask";

impl World {
    /// Answers (status, body).
    pub(super) async fn call(
        &self,
        tenant: &str,
        method: &str,
        path: &str,
        query: &str,
        body: &Value,
    ) -> (u64, Value) {
        let answer =
            self.host.call("settings", event(tenant, "admin", method, path, query, body)).await.unwrap();
        let body = answer["body"].as_str().unwrap_or_default();
        (answer["statusCode"].as_u64().unwrap(), serde_json::from_str(body).unwrap_or(Value::Null))
    }

    pub(super) async fn get(&self, path: &str) -> (u64, Value) {
        self.call(TENANT, "GET", path, "", &Value::Null).await
    }

    pub(super) async fn settings(&self) -> Value {
        self.get("settings").await.1
    }

    pub(super) async fn put(&self, draft: &Value) -> (u64, Value) {
        self.call(TENANT, "PUT", "settings", "", draft).await
    }

    pub(super) async fn run_now(&self) -> (u64, Value) {
        self.call(TENANT, "POST", "runs", "", &json!({})).await
    }

    pub(super) async fn leave(&self) -> (u64, Value) {
        self.call(TENANT, "DELETE", "settings", &format!("confirm={TENANT}"), &Value::Null).await
    }

    /// The runs of the pull log, newest first, without the lines of nights that were not begun.
    pub(super) async fn runs(&self) -> Vec<Value> {
        self.runs_of(TENANT).await
    }

    pub(super) async fn runs_of(&self, tenant: &str) -> Vec<Value> {
        let mut lines = self.lines_of(tenant).await;
        lines.retain(|line| line["state"] != "skipped");
        lines
    }

    /// All lines of the pull log, newest first.
    pub(super) async fn lines_of(&self, tenant: &str) -> Vec<Value> {
        let (status, page) = self.call(tenant, "GET", "runs", "", &Value::Null).await;
        assert_eq!(status, 200, "{page}");
        page["runs"].as_array().unwrap().clone()
    }

    /// (kind, state) of every run, newest first.
    pub(super) async fn log(&self) -> Vec<(String, String)> {
        let text = |run: &Value, name: &str| run[name].as_str().unwrap().to_owned();
        self.runs().await.iter().map(|run| (text(run, "kind"), text(run, "state"))).collect()
    }

    /// The form with the right login, over the settings of this version.
    pub(super) fn draft(&self, version: u64, change: Value) -> Value {
        let config = self.control.config();
        let mut draft = json!({
            "active": true, "username": config.user, "password": config.password, "version": version,
            "recipients": ["list@lists.example"],
        });
        for (name, value) in change.as_object().unwrap() {
            draft[name] = value.clone();
        }
        draft
    }

    /// Saves the form with changes, over whatever is stored now.
    pub(super) async fn save(&self, change: Value) -> (u64, Value) {
        let version = self.settings().await["version"].as_u64().unwrap();
        self.put(&self.draft(version, change)).await
    }

    /// Switches on or off, and changes nothing else.
    pub(super) async fn check(&self, is_active: bool) -> Value {
        let (status, settings) = self.save(json!({"active": is_active, "password": null})).await;
        assert_eq!(status, 200, "{settings}");
        settings
    }

    /// Sets a tenant up.
    pub(super) async fn set_up(&self, tenant: &str) {
        let (status, answer) = self.call(tenant, "PUT", "settings", "", &self.draft(0, json!({}))).await;
        assert_eq!((status, &answer["active"]), (200, &json!(true)), "{answer}");
    }

    /// Sets the tenant up and lets the first load run to its end.
    pub(super) async fn load(&self) {
        self.set_up(TENANT).await;
        self.work().await;
        assert_eq!(self.log().await, [("initial".to_owned(), "done".to_owned())]);
    }
}

/// An event of the HTTP API, payload 2.0.
pub(super) fn event(tenant: &str, role: &str, method: &str, path: &str, query: &str, body: &Value) -> Value {
    let (path, id) = match path.split_once('/') {
        Some(("runs", id)) => (format!("{BASE}/runs/{id}"), Some(id)),
        _ => (format!("{BASE}/{path}"), None),
    };
    let route = match id {
        Some(_) => format!("{method} {BASE}/runs/{{id}}"),
        None => format!("{method} {path}"),
    };
    let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
    let query_values: serde_json::Map<String, Value> =
        pairs.map(|(name, value)| (name, value.into())).collect();
    let claims = json!({"tenant": tenant, "role": role, "email": format!("{role}@{tenant}.example")});
    json!({
        "version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": query,
        "queryStringParameters": query_values, "headers": {"content-type": "application/json"},
        "pathParameters": id.map(|id| json!({"id": id})),
        "requestContext": {
            "accountId": "1", "apiId": "a", "domainName": "api.example", "requestId": "request-7", "routeKey": route,
            "authorizer": {"jwt": {"claims": claims, "scopes": null}}, "stage": "$default",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "t"},
            "time": "20/Nov/2026:02:00:00 +0000", "timeEpoch": 0,
        },
        "body": if body.is_null() { Value::Null } else { body.to_string().into() }, "isBase64Encoded": false,
    })
}
