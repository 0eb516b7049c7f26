//! The embedded DynamoDB: a real endpoint on loopback, spoken to through the ordinary SDK.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use dynoxide::Database;
use shared::store::Store;
use tokio::sync::oneshot;

use crate::template::TableDefinition;

/// Name of the table.
pub(crate) const TABLE: &str = "lci";
/// How often expired items are swept; DynamoDB itself takes up to days.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// A running embedded database; it ends with this value.
#[derive(Debug)]
pub(crate) struct Embedded {
    client: aws_sdk_dynamodb::Client,
    _stop: oneshot::Sender<()>,
}

impl Embedded {
    /// Opens the database in a file, or in memory, and serves it on a free loopback port.
    pub(crate) async fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let database = match file {
            Some(file) => Database::new(&file.to_string_lossy())
                .with_context(|| format!("failed to open {}", file.display()))?,
            None => Database::memory().context("failed to open a database in memory")?,
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let client = client(&format!("http://{}", listener.local_addr()?));
        let (stop, stopped) = oneshot::channel::<()>();
        let until_stopped = async move { drop(stopped.await) };
        tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database.clone(), until_stopped));
        tokio::spawn(sweep(database));
        TableDefinition::read()?.create(&client, TABLE).await?;
        Ok(Self { client, _stop: stop })
    }

    /// A store on it.
    pub(crate) fn store(&self) -> Store {
        Store::new(self.client.clone(), TABLE)
    }

    /// The client, for tests that look past the store.
    #[cfg(test)]
    pub(crate) fn client(&self) -> &aws_sdk_dynamodb::Client {
        &self.client
    }
}

fn client(endpoint: &str) -> aws_sdk_dynamodb::Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .read_timeout(Duration::from_secs(30));
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new("local"))
        .credentials_provider(Credentials::from_keys("local", "local", None))
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(timeouts.build())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

async fn sweep(database: Database) {
    loop {
        tokio::time::sleep(SWEEP_EVERY).await;
        let database = database.clone();
        let swept = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
        if let Ok(Err(error)) = swept {
            tracing::warn!("expired items could not be swept: {error}");
        }
    }
}
