//! Doorbells: queue messages that say who should be looked at.
//!
//! A doorbell carries no state and no secret: lost, doubled, late or reordered ones do no harm, since the planner rings
//! again for whatever is due.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use serde::{Deserialize, Serialize};
use shared_core::run::Kind;

use crate::store::TenantId;

/// Longest delay of an SQS message, in seconds.
pub const MAX_DELAY_S: u64 = 900;

/// Which workers a doorbell is for; each has a queue and a concurrency of its own, so that first loads cannot hold up
/// nights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// First loads.
    Initial,
    /// Nights, mails, purges.
    Nightly,
    /// Writing warranty dates back.
    WriteBack,
}

impl Queue {
    /// Every queue.
    pub const ALL: [Self; 3] = [Self::Initial, Self::Nightly, Self::WriteBack];

    /// The queue for runs of a kind.
    #[must_use]
    pub fn for_run(kind: Kind) -> Self {
        match kind {
            Kind::Initial => Self::Initial,
            Kind::Nightly => Self::Nightly,
        }
    }

    /// As it stands in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Nightly => "nightly",
            Self::WriteBack => "writeback",
        }
    }

    /// Reads [`Self::name`].
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.name() == name)
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doorbell {
    /// Whom to look at.
    pub tenant: String,
    /// The Autotask database of the tenant, as far as it is known: the worker's session is bound to both.
    pub atdb: Option<String>,
}

/// A doorbell that could not be rung; the planner rings again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("doorbell could not be rung: {why}")]
pub struct RingError {
    why: String,
}

/// Rings doorbells.
#[derive(Clone, Debug)]
pub struct Bell {
    client: Client,
    initial_url: String,
    nightly_url: String,
    write_back_url: String,
}

impl Bell {
    /// A bell on these queues.
    #[must_use]
    pub fn new(
        client: Client,
        initial_url: impl Into<String>,
        nightly_url: impl Into<String>,
        write_back_url: impl Into<String>,
    ) -> Self {
        let (initial_url, nightly_url) = (initial_url.into(), nightly_url.into());
        Self { client, initial_url, nightly_url, write_back_url: write_back_url.into() }
    }

    /// Rings for a tenant, after a delay of at most [`MAX_DELAY_S`].
    ///
    /// # Errors
    /// [`RingError`]; nothing is lost by it.
    pub async fn ring(
        &self,
        queue: Queue,
        tenant: &TenantId,
        atdb: Option<&str>,
        delay_s: u64,
    ) -> Result<(), RingError> {
        let url = self.url(queue);
        let doorbell = Doorbell { tenant: tenant.to_string(), atdb: atdb.map(str::to_owned) };
        let body = serde_json::to_string(&doorbell).map_err(|error| RingError { why: error.to_string() })?;
        let delay_s = i32::try_from(delay_s.min(MAX_DELAY_S)).unwrap_or(0);
        let sent =
            self.client.send_message().queue_url(url).message_body(body).delay_seconds(delay_s).send().await;
        sent.map(drop).map_err(|error| RingError { why: crate::aws::kind_of(&error).to_owned() })
    }

    /// Doorbells that wait in a queue, roughly; none when it does not tell.
    pub async fn n_waiting(&self, queue: Queue) -> Option<u64> {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let asked =
            self.client.get_queue_attributes().queue_url(self.url(queue)).attribute_names(name.clone());
        let told = asked.send().await.ok()?;
        told.attributes()?.get(&name)?.parse().ok()
    }

    fn url(&self, queue: Queue) -> &str {
        match queue {
            Queue::Initial => &self.initial_url,
            Queue::Nightly => &self.nightly_url,
            Queue::WriteBack => &self.write_back_url,
        }
    }
}
