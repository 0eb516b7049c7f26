//! First loads: doorbells of the queue `initial` become slices.
//!
//! Long work in a queue of its own, so that it never holds up a night. All of it is [`shared::worker`].

use serde_json::Value;
use shared::worker::{Turn, Worker};

/// Answers one event of the queue.
///
/// # Errors
/// A text that says why the event is none of SQS.
pub async fn handle(event: Value, worker: &Worker, turn: &Turn) -> Result<Value, String> {
    worker.answer_batch(event, turn).await
}
