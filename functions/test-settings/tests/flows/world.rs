//! What the function works with in these tests.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use autotask_simulator::{Config as Source, Control, Simulator};
use aws_credential_types::Credentials as Keys;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};
use shared::api::ClaimNames;
use shared::autotask::address::AddressPolicy;
use shared::clock::Clock;
use shared::config::Config;
use shared::secrets::Secrets;
use shared::session::{Session, Sessions};
use shared::store::Store;
use test_settings::{Deps, handle};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const TABLE: &str = "probe";

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub(crate) struct TestClock(AtomicU64);

impl Clock for TestClock {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) struct World {
    pub(crate) control: Control,
    pub(crate) deps: Deps,
    clock: Arc<TestClock>,
    table: aws_sdk_dynamodb::Client,
    _simulator: Simulator,
}

impl World {
    pub(crate) async fn start(source: Source) -> Self {
        Self::with_secret(source, None).await
    }

    /// A tenant whose login is stored.
    pub(crate) async fn with_secret(source: Source, stored: Option<(&str, &str)>) -> Self {
        logs();
        let simulator = Simulator::start(Source { is_clock_frozen: true, ..source }).await.unwrap();
        let control = simulator.control();
        let clock = Arc::new(TestClock(AtomicU64::new(control.now_ms().unsigned_abs())));
        let table = database().await;
        let config = Config {
            integration_code: "CODE".to_owned().into(),
            discovery_url: simulator.base_url(),
            policy: AddressPolicy { allow_loopback_http: true, ..AddressPolicy::default() },
            extra_ca_pem: None,
            it_glue: shared::config::ItGlueAddress::default(),
        };
        let deps = Deps {
            sessions: Sessions::Fixed(Session {
                store: Store::new(table.clone(), TABLE),
                secrets: Secrets::new(secrets(stored).await, "lci/autotask"),
            }),
            config,
            clock: clock.clone(),
            names: ClaimNames::default(),
            deadline: Duration::from_secs(9),
        };
        Self { control, deps, clock, table, _simulator: simulator }
    }

    pub(crate) fn user(&self) -> String {
        self.control.config().user
    }

    /// The form filled in rightly.
    pub(crate) fn form(&self) -> Value {
        json!({"username": self.user(), "password": self.control.config().password})
    }

    pub(crate) fn form_with(&self, password: &str) -> Value {
        json!({"username": self.user(), "password": password})
    }

    /// A test by the tenant's admin.
    pub(crate) async fn test(&self, form: &Value) -> (u64, Value) {
        self.call("admin", &form.to_string()).await
    }

    pub(crate) async fn call(&self, role: &str, body: &str) -> (u64, Value) {
        let answer = handle(event(role, body), &self.deps).await;
        let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        (answer["statusCode"].as_u64().unwrap(), body)
    }

    /// How often credentials were looked at, and how often they were refused.
    pub(crate) fn logins(&self) -> (u64, u64) {
        let logins = self.control.counters().logins;
        logins.values().fold((0, 0), |sum, one| (sum.0 + one.attempts, sum.1 + one.failures))
    }

    pub(crate) fn advance_s(&self, by_s: u64) {
        self.clock.0.fetch_add(by_s * 1_000, Ordering::SeqCst);
    }

    /// All that is stored, as text.
    pub(crate) async fn stored(&self) -> Vec<String> {
        let items = self.table.scan().table_name(TABLE).send().await.unwrap().items.unwrap();
        items.iter().map(|item| format!("{item:?}")).collect()
    }
}

fn event(role: &str, body: &str) -> Value {
    let path = "/v1/integrations/autotask/test";
    let route = format!("POST {path}");
    let claims = json!({"tenant": "acme", "role": role, "email": "admin@acme.example"});
    json!({
        "version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "accountId": "1", "apiId": "a", "domainName": "api.example", "requestId": "request-7", "routeKey": route,
            "authorizer": {"jwt": {"claims": claims, "scopes": null}}, "stage": "$default",
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "t"},
            "time": "20/Nov/2026:02:00:00 +0000", "timeEpoch": 0,
        },
        "body": body, "isBase64Encoded": false,
    })
}

async fn database() -> aws_sdk_dynamodb::Client {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(aws_sdk_dynamodb::config::Region::new("local"))
        .credentials_provider(Keys::from_keys("local", "local", None))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let client = aws_sdk_dynamodb::Client::from_conf(config);
    let attribute = |name: &str| {
        let attribute = AttributeDefinition::builder().attribute_name(name);
        attribute.attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let key =
        |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("pk"))
        .attribute_definitions(attribute("sk"))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .send()
        .await
        .unwrap();
    client
}

/// A Secrets Manager that holds one login or none, and only reads.
async fn secrets(stored: Option<(&str, &str)>) -> aws_sdk_secretsmanager::Client {
    let stored = stored.map(|(username, password)| json!({"username": username, "password": password}));
    let answer = async move |body: String| {
        let asked: Value = serde_json::from_str(&body).unwrap();
        match (&stored, asked["SecretId"].as_str()) {
            (Some(login), Some("lci/autotask/acme")) => {
                (StatusCode::OK, json!({"VersionId": "1", "SecretString": login.to_string()}).to_string())
            }
            _ => (StatusCode::BAD_REQUEST, json!({"__type": "ResourceNotFoundException"}).to_string()),
        }
    };
    let app = Router::new().route("/", post(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let config = aws_sdk_secretsmanager::Config::builder()
        .behavior_version(aws_sdk_secretsmanager::config::BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(aws_sdk_secretsmanager::config::Region::new("local"))
        .credentials_provider(Keys::from_keys("local", "local", None))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    aws_sdk_secretsmanager::Client::from_conf(config)
}

/// Everything that is logged by the whole program, ours down to the finest level.
pub(crate) fn logs() -> &'static Mutex<Vec<u8>> {
    static LOGS: OnceLock<Mutex<Vec<u8>>> = OnceLock::new();
    let mut is_new = false;
    let logs = LOGS.get_or_init(|| {
        is_new = true;
        Mutex::default()
    });
    if is_new {
        let filter: Targets = "info,shared=trace,shared_core=trace,test_settings=trace".parse().unwrap();
        let lines = tracing_subscriber::fmt::layer().with_writer(|| Sink);
        let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
    }
    logs
}

struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        logs().lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
