//! The exclusive lease of one Autotask database.
//!
//! Limits of Autotask are per database, so one writer per database makes them process-local. The epoch rises with each
//! taking; rows that carry an older epoch refuse their writer (see [`super::runs`]).

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure};

use shared_core::warranty::desk::Wanted;

use super::item::{Item, get_number, key_item, number, text};
use super::{Store, StoreError, keys};

/// How long a lease lives without renewal, in milliseconds.
pub const LEASE_MS: u64 = 90_000;

/// How long a wish for the lease counts: some tries of those who wait, one a minute.
const WANTED_MS: u64 = 180_000;

/// A lease that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The Autotask database.
    pub atdb: String,
    /// Who holds it.
    pub owner: String,
    /// Fencing epoch.
    pub epoch: u64,
    /// Our own requests by minute (milliseconds of our clock divided by 60,000), as the last holder left them.
    pub own_requests: Vec<(u64, u64)>,
}

impl Store {
    /// Takes the lease if it is free, run out, or ours.
    ///
    /// The epoch rises above `above`: a run may have been worked on under the lease of another name, before its database
    /// was known.
    ///
    /// `sole` says that no other process can be alive (a locked state folder), and how owners of this process begin: a lease
    /// of any other owner is a leftover, and taken at once.
    ///
    /// # Errors
    /// [`StoreError::LeaseHeld`] while somebody else holds it.
    pub async fn take_lease(
        &self,
        atdb: &str,
        owner: &str,
        now_ms: u64,
        sole: Option<&str>,
        above: u64,
    ) -> Result<Lease, StoreError> {
        let lease = self.raise_lease(atdb, owner, now_ms, sole, 1).await?;
        match above.checked_sub(lease.epoch) {
            Some(short) => self.raise_lease(atdb, owner, now_ms, sole, short + 1).await,
            None => Ok(lease),
        }
    }

    async fn raise_lease(
        &self,
        atdb: &str,
        owner: &str,
        now_ms: u64,
        sole: Option<&str>,
        by: u64,
    ) -> Result<Lease, StoreError> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_item(&keys::lease(atdb))))
            .update_expression("SET #owner = :owner, until_ms = :until ADD epoch :by")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":owner", text(owner))
            .expression_attribute_values(":until", number(now_ms + LEASE_MS))
            .expression_attribute_values(":by", number(by))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let free = "attribute_not_exists(until_ms) OR until_ms < :now OR #owner = :owner";
        update = update.expression_attribute_values(":now", number(now_ms));
        update = match sole {
            None => update.condition_expression(free),
            Some(process) => update
                .condition_expression(format!("{free} OR NOT begins_with(#owner, :process)"))
                .expression_attribute_values(":process", text(process)),
        };
        let answer = update.send().await.map_err(|error| held_or_failed(atdb, error))?;
        self.meter.note_write(answer.consumed_capacity());
        let item = answer.attributes.unwrap_or_default();
        let own_requests = own_requests_in(&item);
        let epoch = get_number(&item, "epoch")?;
        Ok(Lease { atdb: atdb.to_owned(), owner: owner.to_owned(), epoch, own_requests })
    }

    /// Keeps the lease for another [`LEASE_MS`] and notes our requests by minute.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when it was taken by somebody else.
    pub async fn renew_lease(
        &self,
        lease: &Lease,
        now_ms: u64,
        own_requests: &[(u64, u64)],
    ) -> Result<(), StoreError> {
        self.write_lease(lease, now_ms + LEASE_MS, own_requests).await
    }

    /// Gives the lease back; nothing happens if it is no longer ours.
    ///
    /// # Errors
    /// [`StoreError::Call`] when DynamoDB fails: it then runs out by itself.
    pub async fn release_lease(&self, lease: &Lease, own_requests: &[(u64, u64)]) -> Result<(), StoreError> {
        match self.write_lease(lease, 0, own_requests).await {
            Err(StoreError::Fenced) => Ok(()),
            other => other,
        }
    }

    /// The same from an instant on, for as long as some tries take; a word that gets lost costs a delay only.
    pub async fn wait_for_lease(&self, atdb: &str, now_ms: u64, from_ms: u64) {
        if let Err(error) = self.want_lease(atdb, now_ms, from_ms + WANTED_MS).await {
            tracing::warn!("the wish for the lease could not be noted: {error}");
        }
    }

    /// Says that a run waits for the database: whoever holds it and can wait gives way until then. A wish that reaches
    /// further stays as it is; one that is still alive keeps its beginning.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn want_lease(&self, atdb: &str, now_ms: u64, until_ms: u64) -> Result<(), StoreError> {
        const PROLONG: (&str, &str) = ("SET wanted_until_ms = :until", "wanted_until_ms >= :now");
        const BEGIN: (&str, &str) = (
            "SET wanted_until_ms = :until, wanted_since_ms = :now",
            "attribute_not_exists(wanted_until_ms) OR wanted_until_ms < :now",
        );
        let live = self.lease_wanted(atdb).await?.filter(|wanted| wanted.until_ms >= now_ms);
        let (set, condition) = match live {
            Some(wanted) if wanted.until_ms >= until_ms => return Ok(()),
            Some(_) => PROLONG,
            None => BEGIN,
        };
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_item(&keys::lease(atdb))))
            .update_expression(set)
            .condition_expression(condition)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        for (placeholder, value) in [(":until", until_ms), (":now", now_ms)] {
            update = update.expression_attribute_values(placeholder, number(value));
        }
        match update.send().await.map_err(SdkError::into_service_error) {
            Ok(answer) => self.meter.note_write(answer.consumed_capacity()),
            // Somebody else wished at the same moment, which serves as well.
            Err(UpdateItemError::ConditionalCheckFailedException(_)) => {}
            Err(error) => return Err(StoreError::call("note a wish for the lease")(error)),
        }
        Ok(())
    }

    /// Whether a run of any tenant waits for the database, as far as it said so.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn lease_wanted(&self, atdb: &str) -> Result<Option<Wanted>, StoreError> {
        let item = self.get(&keys::lease(atdb)).await?.unwrap_or_default();
        let since_ms = get_number(&item, "wanted_since_ms").unwrap_or(0);
        let wanted = get_number(&item, "wanted_until_ms").ok();
        Ok(wanted.map(|until_ms| Wanted { since_ms, until_ms }))
    }

    /// Our requests to an Autotask database by minute, as the last holder of its lease left them.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn own_requests(&self, atdb: &str) -> Result<Vec<(u64, u64)>, StoreError> {
        let item = self.get(&keys::lease(atdb)).await?.unwrap_or_default();
        Ok(own_requests_in(&item))
    }

    async fn write_lease(
        &self,
        lease: &Lease,
        until_ms: u64,
        own_requests: &[(u64, u64)],
    ) -> Result<(), StoreError> {
        let own = serde_json::to_string(own_requests).unwrap_or_else(|_| "[]".to_owned());
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_item(&keys::lease(&lease.atdb))))
            .update_expression("SET until_ms = :until, own_requests = :own")
            .condition_expression("epoch = :epoch")
            .expression_attribute_values(":until", number(until_ms))
            .expression_attribute_values(":own", text(own))
            .expression_attribute_values(":epoch", number(lease.epoch))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(|error| match error.into_service_error() {
                UpdateItemError::ConditionalCheckFailedException(_) => StoreError::Fenced,
                other => StoreError::call("renew the lease")(other),
            })?;
        self.meter.note_write(answer.consumed_capacity());
        Ok(())
    }
}

fn held_or_failed(atdb: &str, error: SdkError<UpdateItemError>) -> StoreError {
    match error.into_service_error() {
        UpdateItemError::ConditionalCheckFailedException(failed) => {
            let until_ms = failed.item().and_then(|item| get_number(item, "until_ms").ok()).unwrap_or(0);
            StoreError::LeaseHeld { atdb: atdb.to_owned(), until_ms }
        }
        other => StoreError::call("take the lease")(other),
    }
}

fn own_requests_in(item: &Item) -> Vec<(u64, u64)> {
    let stored = item.get("own_requests").and_then(|value| value.as_s().ok());
    stored.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}
