//! SQS: standard queues that are there from the start.
//!
//! Source: API reference of Amazon SQS, version 2012-11-05, JSON protocol.

mod faults;
mod message;
mod queues;
mod receipt;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;

use serde_json::{Value, json};

use super::fault::{Fault, blocking};
use super::{ACCOUNT, REGION};

pub(super) use queues::Queues;

/// The URL of a queue.
pub(super) fn queue_url(endpoint: &str, name: &str) -> String {
    format!("{endpoint}/{ACCOUNT}/{name}")
}

/// The ARN of a queue.
pub(super) fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}

/// Answers one call.
///
/// # Errors
/// What SQS refuses, and what is not known here.
pub(super) async fn answer(
    queues: &Arc<Queues>,
    endpoint: &str,
    operation: &str,
    body: &[u8],
) -> Result<Value, Fault> {
    let on = Arc::clone(queues);
    match operation {
        "SendMessage" => {
            let request = wire::parse(body)?;
            blocking(move || on.send(request)).await
        }
        "ReceiveMessage" => on.receive(wire::parse(body)?).await,
        "DeleteMessage" => {
            let request = wire::parse(body)?;
            blocking(move || on.delete(&request)).await.map(|()| json!({}))
        }
        "ChangeMessageVisibility" => {
            let request = wire::parse(body)?;
            blocking(move || on.change_visibility(&request)).await.map(|()| json!({}))
        }
        "GetQueueUrl" => {
            let request: wire::GetQueueUrl = wire::parse(body)?;
            let queue = on.find(&request.queue_name)?;
            Ok(json!({ "QueueUrl": queue_url(endpoint, &queue.name) }))
        }
        "GetQueueAttributes" => on.attributes(&wire::parse(body)?),
        _ => Err(Fault::unknown_operation(operation)),
    }
}
