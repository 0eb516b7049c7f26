//! Roll-ups that were added up, kept beside what they were made from.

use shared_core::rollups::{Kept, Rollup};

use super::item::{key_item, number};
use super::keys::TenantId;
use super::mappings::{SaveError, deflated, inflated};
use super::{Store, StoreError, keys};

/// How long sums are kept that nobody made anew, in seconds: 90 days.
const KEPT_S: u64 = 90 * 24 * 3_600;

impl Store {
    /// The sums of a company that were kept last, whatever became of its records since; none if they cannot be read.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn load_sums(
        &self,
        tenant: &TenantId,
        company_id: i64,
    ) -> Result<Option<Kept<Rollup>>, StoreError> {
        let Some(item) = self.get(&keys::sums(tenant, company_id)).await? else { return Ok(None) };
        match inflated(&item) {
            Ok(kept) => Ok(Some(kept)),
            // Another version of ours kept them: they are made anew.
            Err(StoreError::Damaged { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps the sums of a company. Of two who do so at once the last one stays; whichever it is says what it is made from.
    ///
    /// # Errors
    /// [`SaveError`].
    pub async fn keep_sums(
        &self,
        tenant: &TenantId,
        company_id: i64,
        sums: &Kept<Rollup>,
        now_ms: u64,
    ) -> Result<(), SaveError> {
        let mut item = deflated(key_item(&keys::sums(tenant, company_id)), sums)?;
        item.insert("ttl".to_owned(), number(now_ms / 1_000 + KEPT_S));
        Ok(self.transact(vec![self.put_when(item, "", &[])]).await?)
    }
}
