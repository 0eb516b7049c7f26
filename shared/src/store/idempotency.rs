//! Answers of requests that carry an idempotency key, so that a repeated request gets the same answer and does nothing.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};

use super::item::{get_number, get_text, key_item, number, text};
use super::keys::{self, TenantId};
use super::{Store, StoreError};

/// How long an answer is kept, in seconds.
const KEPT_S: u64 = 24 * 3_600;
/// After this a request that never answered may be carried out again, in milliseconds.
const ABANDONED_MS: u64 = 60_000;

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing: the caller may go on, and must report its answer.
    New,
    /// The same request was answered with this status and body.
    Answered(u16, String),
    /// The same request is being carried out.
    InProgress,
    /// The key belongs to another request.
    OtherRequest,
}

impl Store {
    /// Takes a key for a request, of which `fingerprint` is a hash.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn take_idempotency_key(
        &self,
        tenant: &TenantId,
        operation: &str,
        key: &str,
        fingerprint: &str,
        now_ms: u64,
    ) -> Result<Known, StoreError> {
        let key = keys::idempotency(tenant, operation, key);
        let mut item = key_item(&key);
        item.insert("print".to_owned(), text(fingerprint));
        item.insert("taken_ms".to_owned(), number(now_ms));
        item.insert("ttl".to_owned(), number(now_ms / 1_000 + KEPT_S));
        let expired = "attribute_exists(taken_ms) AND attribute_not_exists(answer) AND taken_ms < :abandoned AND print = :print";
        let condition = format!("attribute_not_exists(pk) OR #ttl < :now_s OR ({expired})");
        let values = [
            (":abandoned", number(now_ms.saturating_sub(ABANDONED_MS))),
            (":print", text(fingerprint)),
            (":now_s", number(now_ms / 1_000)),
        ];
        if self.put_one(item, &condition, &values).await? {
            return Ok(Known::New);
        }
        let Some(item) = self.get(&key).await? else { return Ok(Known::InProgress) };
        if get_text(&item, "print")? != fingerprint {
            return Ok(Known::OtherRequest);
        }
        match get_text(&item, "answer") {
            Ok(answer) => Ok(Known::Answered(get_number(&item, "status")?, answer.to_owned())),
            Err(_) => Ok(Known::InProgress),
        }
    }

    /// Keeps the answer of a request that took a key.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn keep_answer(
        &self,
        tenant: &TenantId,
        operation: &str,
        key: &str,
        status: u16,
        answer: &str,
    ) -> Result<(), StoreError> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_item(&keys::idempotency(tenant, operation, key))))
            .update_expression("SET answer = :answer, #status = :status")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":answer", text(answer))
            .expression_attribute_values(":status", number(status))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::call("keep an answer"))?;
        self.meter.note_write(sent.consumed_capacity());
        Ok(())
    }

    /// Gives a key back, so that the request can be tried again.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn free_idempotency_key(
        &self,
        tenant: &TenantId,
        operation: &str,
        key: &str,
    ) -> Result<(), StoreError> {
        let sent = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key_item(&keys::idempotency(tenant, operation, key))))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::call("free an idempotency key"))?;
        self.meter.note_write(sent.consumed_capacity());
        Ok(())
    }

    /// Puts one item; answers whether the condition held.
    async fn put_one(
        &self,
        item: super::item::Item,
        condition: &str,
        values: &[(&str, AttributeValue)],
    ) -> Result<bool, StoreError> {
        let mut put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression(condition)
            .expression_attribute_names("#ttl", "ttl")
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        for (name, value) in values {
            put = put.expression_attribute_values(*name, value.clone());
        }
        match put.send().await.map_err(aws_sdk_dynamodb::error::SdkError::into_service_error) {
            Ok(answer) => {
                self.meter.note_write(answer.consumed_capacity());
                Ok(true)
            }
            Err(error) if error.is_conditional_check_failed_exception() => Ok(false),
            Err(error) => Err(StoreError::call("take an idempotency key")(error)),
        }
    }
}
