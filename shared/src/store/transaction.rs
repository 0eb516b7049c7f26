//! One `TransactWriteItems` call, retried where DynamoDB says that another one was in the way.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, TransactWriteItem};

use super::{Store, StoreError};

/// Most actions of one transaction (DynamoDB's limit).
pub(crate) const MAX_ACTIONS: usize = 100;
/// Most bytes of one transaction: DynamoDB takes 4 MB; the rest is room for its own way of counting.
pub(crate) const MAX_BYTES: usize = 3_500_000;
/// Tries when another transaction is in the way.
const MAX_ATTEMPTS: u32 = 6;
const FIRST_PAUSE_MS: u64 = 20;

impl Store {
    /// Writes all actions or none.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when a condition did not hold, [`StoreError::Call`] otherwise.
    pub(crate) async fn transact(&self, actions: Vec<TransactWriteItem>) -> Result<(), StoreError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let sent = self
                .client
                .transact_write_items()
                .set_transact_items(Some(actions.clone()))
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(aws_sdk_dynamodb::error::SdkError::into_service_error);
            match sent {
                Ok(answer) => {
                    self.meter.note_write(answer.consumed_capacity());
                    return Ok(());
                }
                Err(error) if is_condition(&error) => return Err(StoreError::Fenced),
                Err(error) if is_passing(&error) && attempt < MAX_ATTEMPTS => {
                    tokio::time::sleep(Duration::from_millis(FIRST_PAUSE_MS << attempt)).await;
                }
                Err(error) => return Err(StoreError::call("commit a transaction")(error)),
            }
        }
    }
}

fn reasons(error: &TransactWriteItemsError) -> impl Iterator<Item = &str> {
    match error {
        TransactWriteItemsError::TransactionCanceledException(canceled) => canceled.cancellation_reasons(),
        _ => &[],
    }
    .iter()
    .filter_map(|reason| reason.code())
}

fn is_condition(error: &TransactWriteItemsError) -> bool {
    reasons(error).any(|code| code == "ConditionalCheckFailed")
}

fn is_passing(error: &TransactWriteItemsError) -> bool {
    reasons(error).any(|code| {
        matches!(code, "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded")
    }) || matches!(error, TransactWriteItemsError::TransactionInProgressException(_))
}
