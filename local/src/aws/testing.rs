//! What the tests of the endpoints share.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use serde_json::Value;
use shared::clock::Clock;
use tokio::sync::mpsc;

use super::{AwsLoopback, LoopbackConfig, QueueConfig, Redrive};

/// A clock that goes on only when told.
#[derive(Debug)]
pub(super) struct MovedClock(AtomicU64);

impl MovedClock {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(1_795_312_800_000)))
    }

    pub(super) fn advance_s(&self, seconds: u64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A queue `work` with the dead-letter queue `dead` after two receives, and one sender.
pub(super) fn config(clock: &Arc<MovedClock>) -> LoopbackConfig {
    let redrive = Redrive { max_receive_count: 2, dead_letter_queue: "dead".to_owned() };
    LoopbackConfig {
        queues: vec![
            QueueConfig { name: "work".to_owned(), visibility_timeout_s: 30, redrive: Some(redrive) },
            QueueConfig { name: "dead".to_owned(), visibility_timeout_s: 30, redrive: None },
        ],
        identities: vec!["lci@msp.example".to_owned()],
        configuration_sets: vec!["events".to_owned()],
        clock: clock.clone(),
    }
}

/// Endpoints in memory, with their clock and their events.
pub(super) async fn in_memory() -> (AwsLoopback, Arc<MovedClock>, mpsc::Receiver<Value>) {
    let clock = MovedClock::new();
    let (loopback, events) = started(None, &clock).await;
    (loopback, clock, events)
}

/// Endpoints on a state folder.
pub(super) async fn started(
    folder: Option<&Path>,
    clock: &Arc<MovedClock>,
) -> (AwsLoopback, mpsc::Receiver<Value>) {
    let (events, received) = mpsc::channel(16);
    let loopback = AwsLoopback::start(folder, config(clock), events).await.unwrap();
    (loopback, received)
}

/// The code of a refusal.
pub(super) fn code<T, E: ProvideErrorMetadata>(answer: Result<T, SdkError<E>>) -> String {
    match answer {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.code().unwrap_or("none").to_owned(),
    }
}
