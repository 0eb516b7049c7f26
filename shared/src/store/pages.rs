//! Lists in pages, newest first.

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use serde::de::DeserializeOwned;
use shared_core::ledger::Run;
use shared_core::warranty::Job;

use super::auto_maps::AutoMapped;
use super::item::{Item, from_doc, sort_key, text};
use super::keys::{self, TenantId};
use super::{Store, StoreError};

/// Which runs are wanted.
#[derive(Clone, Debug, Default)]
pub struct RunRange<'a> {
    /// Only runs before this one (the last of a former page).
    pub before: Option<&'a str>,
    /// Only runs born at this time or later, milliseconds since the epoch.
    pub from_ms: u64,
    /// Only runs born before this time.
    pub until_ms: Option<u64>,
}

impl Store {
    /// Runs, newest first, at most `limit`; and whether there are more.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn runs_before(
        &self,
        tenant: &TenantId,
        range: &RunRange<'_>,
        limit: i32,
    ) -> Result<(Vec<Run>, bool), StoreError> {
        self.born_before(tenant, keys::run_prefix(), range, limit).await
    }

    /// Jobs of write-back that are over, likewise.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn jobs_before(
        &self,
        tenant: &TenantId,
        range: &RunRange<'_>,
        limit: i32,
    ) -> Result<(Vec<Job>, bool), StoreError> {
        self.born_before(tenant, keys::logged_job_prefix(), range, limit).await
    }

    /// Saves of what auto-map proposed, likewise.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn auto_maps_before(
        &self,
        tenant: &TenantId,
        range: &RunRange<'_>,
        limit: i32,
    ) -> Result<(Vec<AutoMapped>, bool), StoreError> {
        self.born_before(tenant, keys::auto_mapped_prefix(), range, limit).await
    }

    async fn born_before<T: DeserializeOwned>(
        &self,
        tenant: &TenantId,
        prefix: &str,
        range: &RunRange<'_>,
        limit: i32,
    ) -> Result<(Vec<T>, bool), StoreError> {
        let lowest = format!("{prefix}{}", instant(range.from_ms));
        let until = range.until_ms.map(instant);
        let before = [range.before, until.as_deref()].into_iter().flatten().min().unwrap_or("~");
        let pk = keys::meta_pk(tenant);
        let (items, has_more) = self.page_before(&pk, &lowest, &format!("{prefix}{before}"), limit).await?;
        Ok((items.iter().map(from_doc).collect::<Result<_, _>>()?, has_more))
    }

    /// Items of a partition with `lowest <= sk < before`, last first, at most `limit`; and whether there are more.
    pub(crate) async fn page_before(
        &self,
        pk: &str,
        lowest: &str,
        before: &str,
        limit: i32,
    ) -> Result<(Vec<Item>, bool), StoreError> {
        // DynamoDB refuses a range that ends before it begins, such as a cursor of another list makes.
        if before < lowest {
            return Ok((Vec::new(), false));
        }
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk BETWEEN :lowest AND :before")
            .expression_attribute_values(":pk", text(pk))
            .expression_attribute_values(":lowest", text(if lowest.is_empty() { " " } else { lowest }))
            .expression_attribute_values(":before", text(before))
            .scan_index_forward(false)
            .limit(limit.saturating_add(2))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::call("list items"))?;
        self.meter.note_read(answer.consumed_capacity());
        let mut items = answer.items.unwrap_or_default();
        items.retain(|item| sort_key(item) != before);
        let wanted = usize::try_from(limit).unwrap_or(0);
        // A page of DynamoDB ends at 1 MB: what it left out comes with the next one.
        let has_more = items.len() > wanted || answer.last_evaluated_key.is_some();
        items.truncate(wanted);
        Ok((items, has_more))
    }
}

/// An instant as run ids begin: always 13 digits, so that the order of texts is that of time.
fn instant(ms: u64) -> String {
    format!("{:013}", ms.min(9_999_999_999_999))
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn instants_are_sorted_as_texts_however_far_they_are() {
        let year_6000_ms = 127_174_492_800_000;
        assert!(
            instant(0) < instant(1_795_331_901_716) && instant(1_795_331_901_716) < instant(year_6000_ms)
        );
    }
}
