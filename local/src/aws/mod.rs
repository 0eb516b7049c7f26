//! AWS on loopback: the few operations of SQS, SES and Secrets Manager that the product calls, spoken to through the
//! ordinary SDK clients and durable in the state folder.
//!
//! What AWS refuses is refused here with AWS's own code, and what is not implemented is refused as well, so that a wrong
//! call is noticed before it is deployed. Nothing here decides anything for the product. Reading order: this file,
//! [`server`] (the protocols), [`records`] (durability), then [`sqs`], [`ses`], [`secrets`], and [`poller`] (Lambda's
//! event source mapping).

mod clients;
mod config;
mod fault;
mod files;
mod ids;
pub(crate) mod poller;
mod records;
mod secrets;
mod server;
mod ses;
mod sqs;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{mpsc, watch};

pub(crate) use config::{LoopbackConfig, QueueConfig, Redrive};
pub(crate) use ses::StoredMail;

use secrets::Vault;
use server::Services;
use ses::Outbox;
use sqs::Queues;

/// Stands where an account's number stands in ARNs and queue URLs.
const ACCOUNT: &str = "000000000000";
/// Stands where a region stands.
const REGION: &str = "local";

/// Running endpoints; they end when this is dropped.
#[derive(Debug)]
pub(crate) struct AwsLoopback {
    endpoint: String,
    access_key: String,
    outbox: Arc<Outbox>,
    _stop: watch::Sender<()>,
}

impl AwsLoopback {
    /// Serves what is kept in a state folder (`aws/` and `outbox/` in it), or in memory only.
    ///
    /// Send events of accepted mails go to `events`, again after a restart, until each is acknowledged ([`Self::ack`]).
    ///
    /// # Errors
    /// The configuration contradicts itself, a file cannot be read, or no port can be had.
    pub(crate) async fn start(
        folder: Option<&Path>,
        config: LoopbackConfig,
        events: mpsc::Sender<Value>,
    ) -> anyhow::Result<Self> {
        config.check()?;
        let (stop, stopped) = watch::channel(());
        let kept = folder.map(|folder| folder.join("aws"));
        if let Some(kept) = &kept {
            files::open_folder(kept)?;
        }
        let below = |name: &str| kept.as_ref().map(|kept| kept.join(name));
        let queues = Queues::open(below("messages"), &config, stopped.clone())?;
        let vault = Vault::open(below("secrets"), Arc::clone(&config.clock))?;
        let outbox = Outbox::open(below("mails"), folder.map(|folder| folder.join("outbox")), &config)?;
        let outbox = Arc::new(outbox);
        tokio::spawn(ses::hand_over(Arc::clone(&outbox), events, ses::REPEAT_AFTER, stopped.clone()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let access_key = ids::access_key()?;
        let services = Services {
            endpoint: endpoint.clone(),
            access_key: access_key.clone(),
            queues: Arc::new(queues),
            vault: Arc::new(vault),
            outbox: Arc::clone(&outbox),
        };
        tokio::spawn(server::serve(listener, services, stopped));
        Ok(Self { endpoint, access_key, outbox, _stop: stop })
    }

    /// The base address of all three services.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The URL of a queue; a call for one that is not configured is refused.
    pub(crate) fn queue_url(&self, name: &str) -> String {
        sqs::queue_url(&self.endpoint, name)
    }

    /// All accepted mails, oldest first.
    pub(crate) fn mails(&self) -> Vec<StoredMail> {
        self.outbox.mails()
    }

    /// Forgets an event that has been handled, by the envelope's `id`; once more changes nothing.
    ///
    /// # Errors
    /// It could not be written down; the event comes again.
    pub(crate) async fn ack(&self, event_id: &str) -> anyhow::Result<()> {
        let (outbox, event_id) = (Arc::clone(&self.outbox), event_id.to_owned());
        tokio::task::spawn_blocking(move || outbox.settle(&event_id)).await??;
        Ok(())
    }
}
