//! A batch of doorbells, as Lambda's event source mapping for SQS brings it.

use aws_lambda_events::sqs::SqsEvent;
use serde_json::{Value, json};
use tracing::Instrument;

use super::{Answered, Turn, WorkError, Worker};
use crate::doorbell::Doorbell;
use crate::lambda::{Erased, erased};

/// How much of a field's path is told.
const MAX_SHOWN_CHARS: usize = 80;

type Answering<'a> = Erased<'a, Result<Answered, WorkError>>;

impl Worker {
    /// Answers every doorbell of an SQS event; those that failed are named, so that only they come again.
    ///
    /// # Shape
    /// The answer is `{"batchItemFailures":[{"itemIdentifier":"..."}]}`.
    ///
    /// # Errors
    /// A text that says why the event is none of SQS.
    pub async fn answer_batch(&self, event: Value, turn: &Turn) -> Result<Value, String> {
        each_doorbell(event, |doorbell| erased(async move { self.answer(&doorbell, turn).await })).await
    }

    /// The same for doorbells of the queue `writeback`.
    ///
    /// # Errors
    /// As [`Worker::answer_batch`].
    pub async fn write_back_batch(&self, event: Value, turn: &Turn) -> Result<Value, String> {
        each_doorbell(event, |doorbell| erased(async move { self.write_back(&doorbell, turn).await })).await
    }
}

/// What answers is handed in, not chosen here: a function's program holds nothing but its own work.
async fn each_doorbell<'w>(
    event: Value,
    answer: impl Fn(Doorbell) -> Answering<'w>,
) -> Result<Value, String> {
    // The parser's words quote what it found, and that may be anything: only its place is told.
    let event: SqsEvent = serde_path_to_error::deserialize(event).map_err(|error| {
        let at: String = error.path().to_string().chars().take(MAX_SHOWN_CHARS).collect();
        format!("no event of SQS: {at:?} does not have the documented shape")
    })?;
    let mut failures = Vec::new();
    for record in event.records {
        let id = record.message_id.unwrap_or_default();
        let body = record.body.as_deref().unwrap_or_default();
        if !answer_message(body, &answer).await {
            failures.push(json!({ "itemIdentifier": id }));
        }
    }
    Ok(json!({ "batchItemFailures": failures }))
}

/// Answers one message; no if it should come again.
async fn answer_message<'w>(body: &str, answer: &impl Fn(Doorbell) -> Answering<'w>) -> bool {
    let doorbell: Doorbell = match serde_json::from_str(body) {
        Ok(doorbell) => doorbell,
        Err(error) => {
            // Coming again would not make a doorbell of it; the queue moves it aside in the end.
            tracing::error!("message is no doorbell (line {}, column {})", error.line(), error.column());
            return false;
        }
    };
    let span = tracing::info_span!("doorbell", tenant = %doorbell.tenant);
    match answer(doorbell).instrument(span.clone()).await {
        Ok(answered) => {
            span.in_scope(|| tracing::info!(?answered, "doorbell answered"));
            true
        }
        Err(error) => {
            span.in_scope(|| tracing::error!("doorbell not answered: {}", chain(&error)));
            matches!(error, WorkError::Bug(_))
        }
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
