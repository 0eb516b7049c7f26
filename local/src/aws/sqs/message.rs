//! One message and where it stands.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::receipt::Receipt;
use crate::aws::ids;

/// A message as it is kept; which queue it is in is part of it, so that moving it is one write.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) queue: String,
    pub(super) id: String,
    pub(super) body: String,
    pub(super) sent_ms: u64,
    /// From when on it can be received.
    pub(super) visible_ms: u64,
    pub(super) n_receives: u32,
    first_received_ms: Option<u64>,
    /// What the last receiver was given; none while it waits for its first one.
    token: Option<String>,
}

/// How a message counts in the figures of its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Visible,
    InFlight,
    Delayed,
}

impl Message {
    pub(super) fn new(queue: &str, body: String, now_ms: u64, delay_s: u64) -> Self {
        Self {
            queue: queue.to_owned(),
            id: ids::uuid(),
            body,
            sent_ms: now_ms,
            visible_ms: now_ms + delay_s * 1000,
            n_receives: 0,
            first_received_ms: None,
            token: None,
        }
    }

    /// A key under which messages sort by age.
    pub(super) fn key(&self) -> String {
        format!("{:015}-{}", self.sent_ms, self.id)
    }

    pub(super) fn standing(&self, now_ms: u64) -> Standing {
        match self.token {
            _ if self.visible_ms <= now_ms => Standing::Visible,
            Some(_) => Standing::InFlight,
            None => Standing::Delayed,
        }
    }

    /// The message once received, hidden for a while.
    pub(super) fn received(&self, now_ms: u64, visibility_s: u64) -> Self {
        Self {
            visible_ms: now_ms + visibility_s * 1000,
            n_receives: self.n_receives + 1,
            first_received_ms: self.first_received_ms.or(Some(now_ms)),
            token: Some(ids::uuid()),
            ..self.clone()
        }
    }

    /// The message with another instant from which on it can be received.
    pub(super) fn visible_from(&self, visible_ms: u64) -> Self {
        Self { visible_ms, ..self.clone() }
    }

    /// The message once moved to another queue.
    pub(super) fn moved_to(&self, queue: &str, now_ms: u64) -> Self {
        Self { queue: queue.to_owned(), visible_ms: now_ms, token: None, ..self.clone() }
    }

    /// The handle of its last receive.
    pub(super) fn receipt(&self) -> Option<Receipt> {
        let token = self.token.clone()?;
        Some(Receipt { queue: self.queue.clone(), key: self.key(), token })
    }

    /// As a receiver sees it, with those attributes that it wants.
    pub(super) fn shown(&self, wants: impl Fn(&str) -> bool) -> Value {
        let attributes = [
            ("ApproximateFirstReceiveTimestamp", self.first_received_ms.unwrap_or_default().to_string()),
            ("ApproximateReceiveCount", self.n_receives.to_string()),
            ("SenderId", crate::aws::ACCOUNT.to_owned()),
            ("SentTimestamp", self.sent_ms.to_string()),
        ];
        let attributes: Map<String, Value> = attributes
            .into_iter()
            .filter(|(name, _)| wants(name))
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let mut shown = json!({
            "MessageId": self.id,
            "ReceiptHandle": self.receipt().map(|receipt| receipt.to_handle()),
            "MD5OfBody": digest(&self.body),
            "Body": self.body,
        });
        if !attributes.is_empty() {
            shown["Attributes"] = attributes.into();
        }
        shown
    }
}

/// The checksum of a body that senders and receivers compare.
pub(super) fn digest(body: &str) -> String {
    format!("{:x}", md5::compute(body))
}
