//! Events made in this process, for callers that have no gateway before them.

use jiff::Timestamp;
use serde_json::{Value, json};

/// An event of an HTTP API, payload 2.0, as the gateway makes it for an admin of a tenant.
pub(crate) fn api_event(method: &str, path: &str, tenant: &str, body: &Value) -> Value {
    let now = Timestamp::now();
    let claims = json!({"tenant": tenant, "role": "admin", "email": format!("admin@{tenant}.example")});
    json!({
        "version": "2.0",
        "routeKey": format!("{method} {path}"),
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "authorizer": {"jwt": {"claims": claims, "scopes": null}},
            "domainName": "localhost",
            "domainPrefix": "localhost",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1",
                "userAgent": "lci"},
            "requestId": format!("local-{}", now.as_nanosecond()),
            "routeKey": format!("{method} {path}"),
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "body": body.to_string(),
        "isBase64Encoded": false,
    })
}
