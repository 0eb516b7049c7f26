//! The pause after refused logins, one item per tenant.
//!
//! When to attempt is decided by `shared_core::login`; here is seen to it that parallel callers make one attempt.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use shared_core::login::{Attempt, Held, HoldOff, Outcome};

use super::item::{doc, from_doc, key_item, number};
use super::keys::TenantId;
use super::{Store, StoreError, keys};

/// Times that an attempt is begun anew because the state changed under it; after that others are busy enough.
const MAX_TRIES: u32 = 3;
/// What is told then.
const BUSY: Held = Held { retry_after_ms: 1_000, is_under_way: true };

/// No attempt may be made.
#[derive(Debug, thiserror::Error)]
pub enum NoAttempt {
    /// Not now.
    #[error(transparent)]
    Held(#[from] Held),
    /// It could not be found out.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Reserves the one login attempt that may be made now; end it with [`Store::end_login_attempt`].
    ///
    /// # Errors
    /// [`NoAttempt::Held`] while another one is under way or the pause after a refusal lasts.
    pub async fn begin_login_attempt(&self, tenant: &TenantId, now_ms: u64) -> Result<Attempt, NoAttempt> {
        for _ in 0..MAX_TRIES {
            let seen = self.login_hold_off(tenant).await?;
            let attempt = seen.unwrap_or_default().begin(now_ms)?;
            if self.replace_hold_off(tenant, seen.as_ref(), &attempt.held).await? {
                return Ok(attempt);
            }
        }
        Err(BUSY.into())
    }

    /// Notes how an attempt ended; one that a later attempt has overtaken changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Call`]: the attempt then counts as refused.
    pub async fn end_login_attempt(
        &self,
        tenant: &TenantId,
        attempt: &Attempt,
        outcome: Outcome,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        let ended = attempt.held.end(outcome, now_ms);
        self.replace_hold_off(tenant, Some(&attempt.held), &ended).await.map(drop)
    }

    /// The state of the pause; none before the first attempt.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn login_hold_off(&self, tenant: &TenantId) -> Result<Option<HoldOff>, StoreError> {
        self.get(&keys::login(tenant)).await?.map(|item| from_doc(&item)).transpose()
    }

    /// Stores a state unless another one than `seen` is stored; false then.
    async fn replace_hold_off(
        &self,
        tenant: &TenantId,
        seen: Option<&HoldOff>,
        state: &HoldOff,
    ) -> Result<bool, StoreError> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_item(&keys::login(tenant))))
            .update_expression("SET doc = :doc, until_ms = :until, begun_at_ms = :begun")
            .expression_attribute_values(":doc", doc(state)?)
            .expression_attribute_values(":until", number(state.until_ms))
            .expression_attribute_values(":begun", begun(state))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        update = match seen {
            None => update.condition_expression("attribute_not_exists(pk)"),
            Some(seen) => update
                .condition_expression("until_ms = :seen_until AND begun_at_ms = :seen_begun")
                .expression_attribute_values(":seen_until", number(seen.until_ms))
                .expression_attribute_values(":seen_begun", begun(seen)),
        };
        match update.send().await.map_err(aws_sdk_dynamodb::error::SdkError::into_service_error) {
            Ok(answer) => {
                self.meter.note_write(answer.consumed_capacity());
                Ok(true)
            }
            Err(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
            Err(error) => Err(StoreError::call("note a login attempt")(error)),
        }
    }
}

fn begun(state: &HoldOff) -> AttributeValue {
    number(state.begun_at_ms.unwrap_or(0))
}
