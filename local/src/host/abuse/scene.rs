//! A host with a first load behind it and nothing to do.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use autotask_simulator::{Config as Source, Simulator};
use secrecy::SecretString;
use serde_json::{Value, json};
use shared::autotask::address::AddressPolicy;
use shared::clock::SystemClock;
use shared::config::Config;

use crate::database::{Embedded, TABLE};
use crate::host::Host;

/// Everything in this process.
pub(super) struct Scene {
    pub(super) host: Host,
    /// Tags of the one mail that was sent.
    pub(super) mail_tags: Value,
    _simulator: Simulator,
}

impl Scene {
    /// Sets tenant `demo` up, loads it, sends its mail, and settles what SES says of that.
    pub(super) async fn loaded() -> Self {
        let source = Source::small();
        let login =
            json!({"username": source.user, "password": source.password, "active": true, "version": 0});
        let simulator = Simulator::start(source).await.unwrap();
        let config = Config {
            integration_code: SecretString::from("CODE"),
            discovery_url: simulator.base_url(),
            policy: AddressPolicy { allow_loopback_http: true, ..AddressPolicy::default() },
            extra_ca_pem: None,
            it_glue: shared::config::ItGlueAddress::default(),
        };
        let database = Embedded::open(None).await.unwrap();
        let mut host =
            Host::start(None, database, config, Arc::new(SystemClock), "http://localhost").await.unwrap();
        let saved = host.call("settings", request("PUT", "/v1/integrations/autotask/settings", &login)).await;
        assert_eq!(saved.unwrap()["statusCode"], 200);
        let answered = host.call("initial-sync", sample("sqs-doorbell.json")).await;
        assert_eq!(answered.unwrap(), json!({"batchItemFailures": []}));
        let sent = host.mail_events.as_mut().unwrap().recv().await.unwrap();
        let mail_tags = sent["detail"]["mail"]["tags"].clone();
        host.call("nightly-sync", sent).await.unwrap();
        Self { host, mail_tags, _simulator: simulator }
    }

    /// Every item of the table.
    pub(super) async fn dump(&self) -> BTreeSet<String> {
        let client = self.host._database.client();
        let mut pages = client.scan().table_name(TABLE).consistent_read(true).into_paginator().send();
        let mut items = BTreeSet::new();
        while let Some(page) = pages.next().await {
            for item in page.unwrap().items() {
                let sorted: std::collections::BTreeMap<_, _> = item.iter().collect();
                items.insert(format!("{sorted:?}"));
            }
        }
        items
    }
}

/// A committed sample.
pub(super) fn sample(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The committed sample of the gateway as a request of an admin.
pub(super) fn request(method: &str, path: &str, body: &Value) -> Value {
    let mut event = sample("api-gateway-v2.json");
    let claims = json!({"tenant": "demo", "role": "admin", "email": "admin@demo.example"});
    event["requestContext"]["authorizer"]["jwt"]["claims"] = claims;
    event["requestContext"]["http"]["method"] = json!(method);
    event["requestContext"]["http"]["path"] = json!(path);
    event["rawPath"] = json!(path);
    event["body"] = json!(body.to_string());
    event["routeKey"] = json!(format!("{method} {path}"));
    for name in ["queryStringParameters", "pathParameters", "rawQueryString"] {
        event.as_object_mut().unwrap().remove(name);
    }
    event
}
