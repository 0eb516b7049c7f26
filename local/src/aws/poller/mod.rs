//! Lambda's event source mapping of a queue: receives, invokes, and deletes what was processed.
//!
//! Batches hold one message each, as a message stands for one slice of work. Source: "Using Lambda with Amazon SQS" and
//! its page on error handling.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use serde_json::{Map, Value, json};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinError, JoinSet};

use crate::aws::{AwsLoopback, REGION, sqs};

const WAIT_S: i32 = 20;
/// How long to hold off after a call failed.
const HOLD_OFF: Duration = Duration::from_secs(1);

/// Calls the handler with each message of a queue, several at a time, until `shutdown` says true or its sender is gone;
/// what is in hand by then is finished.
///
/// A message is deleted once the handler has answered without it in `batchItemFailures`. Others come back when their
/// visibility timeout has passed: those that are in there, and those whose handler failed, panicked, or answered what
/// Lambda cannot read.
///
/// # Errors
/// The queue is not there.
pub(crate) async fn poll<H, F>(
    loopback: &AwsLoopback,
    queue: &str,
    max_concurrency: usize,
    mut shutdown: watch::Receiver<bool>,
    handler: H,
) -> anyhow::Result<()>
where
    H: Fn(Value) -> F,
    F: Future<Output = anyhow::Result<Value>> + Send + 'static,
{
    let source =
        Source { client: loopback.sqs(), url: loopback.queue_url(queue), arn: sqs::queue_arn(queue) };
    let looked = source.client.get_queue_url().queue_name(queue).send().await;
    looked.with_context(|| format!("queue {queue} cannot be polled"))?;
    let source = Arc::new(source);
    let slots = Arc::new(Semaphore::new(max_concurrency));
    let mut in_hand = JoinSet::new();
    let polling = async {
        // A message is received only when somebody is free to process it.
        while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
            while let Some(ended) = in_hand.try_join_next() {
                note(ended);
            }
            let Some(message) = source.receive().await else { continue };
            let invocation = handler(source.event_of(&message));
            let source = Arc::clone(&source);
            in_hand.spawn(async move {
                source.process(&message, invocation).await;
                drop(slot);
            });
        }
    };
    tokio::select! {
        () = polling => {}
        _ = shutdown.wait_for(|is_over| *is_over) => {}
    }
    while let Some(ended) = in_hand.join_next().await {
        note(ended);
    }
    Ok(())
}

fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!("a handler did not end well, its message comes again: {error}");
    }
}

#[derive(Debug)]
struct Source {
    client: Client,
    url: String,
    arn: String,
}

impl Source {
    /// The next message; none if there was none for a while.
    async fn receive(&self) -> Option<Message> {
        let call = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .wait_time_seconds(WAIT_S)
            .message_system_attribute_names(MessageSystemAttributeName::All);
        match call.send().await {
            Ok(answer) => answer.messages.unwrap_or_default().pop(),
            Err(error) => {
                let why = shared::aws::kind_of(&error);
                tracing::warn!(queue = %self.arn, "messages of {} cannot be received: {why}", self.arn);
                tokio::time::sleep(HOLD_OFF).await;
                None
            }
        }
    }

    /// Waits for the handler, and deletes the message if it was processed.
    async fn process(&self, message: &Message, invocation: impl Future<Output = anyhow::Result<Value>>) {
        let id = message.message_id().unwrap_or_default();
        let is_processed = match invocation.await {
            Ok(answer) => is_success(&answer, id),
            Err(error) => {
                tracing::warn!(message.id = id, "the handler of message {id} failed: {error:#}");
                false
            }
        };
        if !is_processed {
            return;
        }
        let handle = message.receipt_handle().unwrap_or_default();
        let deleted = self.client.delete_message().queue_url(&self.url).receipt_handle(handle).send().await;
        if let Err(error) = deleted {
            let why = shared::aws::kind_of(&error);
            tracing::warn!(message.id = id, "message {id} cannot be deleted and will come again: {why}");
        }
    }

    fn event_of(&self, message: &Message) -> Value {
        let attributes = message.attributes.iter().flatten();
        let attributes: Map<String, Value> =
            attributes.map(|(name, value)| (name.as_str().to_owned(), value.clone().into())).collect();
        json!({ "Records": [{
            "messageId": message.message_id,
            "receiptHandle": message.receipt_handle,
            "body": message.body,
            "attributes": attributes,
            "messageAttributes": {},
            "md5OfBody": message.md5_of_body,
            "eventSource": "aws:sqs",
            "eventSourceARN": self.arn,
            "awsRegion": REGION,
        }] })
    }
}

/// What Lambda makes of an answer: no list of failures is success, and with one message any entry is failure, since one
/// that names no message of the batch fails all of it.
fn is_success(answer: &Value, message_id: &str) -> bool {
    match answer.get("batchItemFailures") {
        None | Some(Value::Null) => matches!(answer, Value::Null | Value::Object(_)),
        Some(Value::Array(failures)) => {
            if failures.iter().any(|failure| failure["itemIdentifier"] != message_id) {
                tracing::warn!(
                    message.id = message_id,
                    "message {message_id} failed with an answer about another one"
                );
            }
            failures.is_empty()
        }
        Some(_) => false,
    }
}
