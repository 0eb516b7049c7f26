//! The queues and what is in them.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};
use shared::clock::Clock;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::message::{Message, Standing, digest};
use super::receipt::Receipt;
use super::{faults, queue_arn, wire};
use crate::aws::config::{LoopbackConfig, QueueConfig};
use crate::aws::fault::{Fault, blocking};
use crate::aws::records::Records;

/// All queues of the process.
#[derive(Debug)]
pub(in crate::aws) struct Queues {
    configured: Vec<QueueConfig>,
    clock: Arc<dyn Clock>,
    messages: Mutex<Records<Message>>,
    /// Rung when a message can be received that could not be before.
    arrived: Notify,
    stopped: watch::Receiver<()>,
}

impl Queues {
    /// Opens the queues with what was left in them.
    ///
    /// What was in flight is visible at once: its receivers were tasks of the process that ended.
    ///
    /// # Errors
    /// A message cannot be read.
    pub(in crate::aws) fn open(
        folder: Option<PathBuf>,
        config: &LoopbackConfig,
        stopped: watch::Receiver<()>,
    ) -> anyhow::Result<Self> {
        let mut messages: Records<Message> = Records::open(folder)?;
        let now_ms = config.clock.now_ms();
        let held = messages.rows().values().filter(|message| message.standing(now_ms) == Standing::InFlight);
        for message in held.cloned().collect::<Vec<_>>() {
            messages.put(&message.key(), message.visible_from(now_ms))?;
        }
        Ok(Self {
            configured: config.queues.clone(),
            clock: Arc::clone(&config.clock),
            messages: Mutex::new(messages),
            arrived: Notify::new(),
            stopped,
        })
    }

    /// The queue of a name, or of a URL that ends with it.
    pub(super) fn find(&self, name_or_url: &str) -> Result<&QueueConfig, Fault> {
        let name = name_or_url.rsplit('/').next().unwrap_or_default();
        self.configured.iter().find(|queue| queue.name == name).ok_or_else(faults::no_such_queue)
    }

    pub(super) fn send(&self, request: wire::SendMessage) -> Result<Value, Fault> {
        let queue = self.find(&request.queue_url)?;
        let (body, delay_s) = request.checked()?;
        let message = Message::new(&queue.name, body, self.clock.now_ms(), delay_s);
        let answer = json!({ "MessageId": message.id, "MD5OfMessageBody": digest(&message.body) });
        self.messages().put(&message.key(), message)?;
        self.arrived.notify_waiters();
        Ok(answer)
    }

    pub(super) async fn receive(self: Arc<Self>, request: wire::ReceiveMessage) -> Result<Value, Fault> {
        let (n_wanted, visibility_s) = (request.max_messages()?, request.visibility_s()?);
        let deadline = Instant::now() + Duration::from_secs(request.wait_s()?);
        let mut stopped = self.stopped.clone();
        loop {
            let mut arrived = pin!(self.arrived.notified());
            // A message that arrives between the look and the wait must still ring.
            arrived.as_mut().enable();
            let (this, url) = (Arc::clone(&self), request.queue_url.clone());
            let received = blocking(move || this.take(&url, n_wanted, visibility_s)).await?;
            if !received.is_empty() {
                let shown = received.iter().map(|message| message.shown(|name| request.wants(name)));
                return Ok(json!({ "Messages": shown.collect::<Vec<_>>() }));
            }
            let next = Instant::now() + self.until_next(&request.queue_url)?;
            tokio::select! {
                () = arrived => {}
                () = tokio::time::sleep_until(next.min(deadline)) => {}
                _ = stopped.changed() => return Ok(json!({})),
            }
            if Instant::now() >= deadline {
                return Ok(json!({}));
            }
        }
    }

    pub(super) fn delete(&self, request: &wire::DeleteMessage) -> Result<(), Fault> {
        let receipt = self.receipt(&request.queue_url, &request.receipt_handle)?;
        let mut messages = self.messages();
        if messages.rows().get(&receipt.key).and_then(Message::receipt).as_ref() == Some(&receipt) {
            messages.remove(&receipt.key)?;
        }
        Ok(())
    }

    pub(super) fn change_visibility(&self, request: &wire::ChangeMessageVisibility) -> Result<(), Fault> {
        let visibility_s = request.visibility_s()?;
        let receipt = self.receipt(&request.queue_url, &request.receipt_handle)?;
        let now_ms = self.clock.now_ms();
        let mut messages = self.messages();
        let message = messages.rows().get(&receipt.key);
        let message = message.filter(|message| message.receipt().as_ref() == Some(&receipt));
        let message = message.ok_or_else(|| {
            let reason = "Message does not exist or is not available for visibility timeout change";
            faults::invalid("ReceiptHandle", &request.receipt_handle, reason)
        })?;
        if message.standing(now_ms) != Standing::InFlight {
            return Err(faults::not_in_flight());
        }
        let changed = message.visible_from(now_ms + visibility_s * 1000);
        messages.put(&receipt.key, changed)?;
        self.arrived.notify_waiters();
        Ok(())
    }

    pub(super) fn attributes(&self, request: &wire::GetQueueAttributes) -> Result<Value, Fault> {
        let queue = self.find(&request.queue_url)?;
        let all = self.all_attributes(queue);
        let mut shown = Map::new();
        for name in &request.attribute_names {
            match all.get(name) {
                Some(value) => drop(shown.insert(name.clone(), value.clone())),
                None if name == "All" => shown.clone_from(&all),
                None => return Err(faults::unknown_attribute(name)),
            }
        }
        Ok(json!({ "Attributes": shown }))
    }

    fn all_attributes(&self, queue: &QueueConfig) -> Map<String, Value> {
        let now_ms = self.clock.now_ms();
        let messages = self.messages();
        let standings: Vec<Standing> = messages
            .rows()
            .values()
            .filter(|message| message.queue == queue.name)
            .map(|message| message.standing(now_ms))
            .collect();
        let count =
            |standing| standings.iter().filter(|other| **other == standing).count().to_string().into();
        let mut all = Map::new();
        all.insert("QueueArn".to_owned(), queue_arn(&queue.name).into());
        all.insert("VisibilityTimeout".to_owned(), queue.visibility_timeout_s.to_string().into());
        all.insert("ApproximateNumberOfMessages".to_owned(), count(Standing::Visible));
        all.insert("ApproximateNumberOfMessagesNotVisible".to_owned(), count(Standing::InFlight));
        all.insert("ApproximateNumberOfMessagesDelayed".to_owned(), count(Standing::Delayed));
        if let Some(redrive) = &queue.redrive {
            let target = queue_arn(&redrive.dead_letter_queue);
            let policy =
                json!({ "deadLetterTargetArn": target, "maxReceiveCount": redrive.max_receive_count });
            all.insert("RedrivePolicy".to_owned(), policy.to_string().into());
        }
        all
    }

    /// Receives what is visible now, and puts aside what was received too often.
    fn take(&self, url: &str, n_wanted: u64, visibility_s: Option<u64>) -> Result<Vec<Message>, Fault> {
        let queue = self.find(url)?;
        let visibility_s = visibility_s.unwrap_or(queue.visibility_timeout_s);
        let now_ms = self.clock.now_ms();
        let mut messages = self.messages();
        let mut visible: Vec<Message> = messages
            .rows()
            .values()
            .filter(|message| message.queue == queue.name && message.visible_ms <= now_ms)
            .cloned()
            .collect();
        // One that came back waits behind those that were visible before it.
        visible.sort_by_key(|message| message.visible_ms);
        let mut received = Vec::new();
        for message in visible {
            if let Some(target) = aside(queue, &message) {
                messages.put(&message.key(), message.moved_to(target, now_ms))?;
                self.arrived.notify_waiters();
            } else if (received.len() as u64) < n_wanted {
                let message = message.received(now_ms, visibility_s);
                messages.put(&message.key(), message.clone())?;
                received.push(message);
            }
        }
        Ok(received)
    }

    /// How long until a hidden message of the queue becomes visible by itself; a long time if there is none.
    fn until_next(&self, url: &str) -> Result<Duration, Fault> {
        let queue = self.find(url)?;
        let now_ms = self.clock.now_ms();
        let messages = self.messages();
        let of_queue = messages.rows().values().filter(|message| message.queue == queue.name);
        let next_ms = of_queue.map(|message| message.visible_ms.saturating_sub(now_ms)).min();
        Ok(next_ms.map_or(Duration::from_hours(1), Duration::from_millis))
    }

    fn receipt(&self, url: &str, handle: &str) -> Result<Receipt, Fault> {
        let queue = self.find(url)?;
        let receipt = Receipt::parse(handle).filter(|receipt| receipt.queue == queue.name);
        receipt.ok_or_else(|| faults::invalid_receipt(handle))
    }

    fn messages(&self) -> MutexGuard<'_, Records<Message>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a message belongs that has been received as often as its queue allows.
fn aside<'a>(queue: &'a QueueConfig, message: &Message) -> Option<&'a str> {
    let redrive = queue.redrive.as_ref()?;
    (message.n_receives >= redrive.max_receive_count).then_some(redrive.dead_letter_queue.as_str())
}
