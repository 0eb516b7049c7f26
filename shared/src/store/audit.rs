//! The audit trail: who changed what and when, never a secret.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::item::{Item, doc, from_doc, key_item, number, sort_key};
use super::keys::{self, TenantId};
use super::runs::RUN_KEPT_S;
use super::{Store, StoreError};

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When, milliseconds since the epoch.
    pub at_ms: u64,
    /// E-mail address of who did it.
    pub by: String,
    /// What was done, for example `settings.saved`.
    pub what: String,
    /// Version that it made; entries of one instant are told apart by it.
    pub version: u64,
    /// What was there before; null for nothing.
    pub before: Value,
    /// What is there now; null for nothing.
    pub after: Value,
}

impl AuditEntry {
    pub(super) fn item(&self, tenant: &TenantId) -> Result<Item, StoreError> {
        let mut item = key_item(&keys::audit(tenant, self.at_ms, self.version, &self.what));
        item.insert("doc".to_owned(), doc(self)?);
        item.insert("ttl".to_owned(), number(self.at_ms / 1_000 + RUN_KEPT_S));
        Ok(item)
    }
}

impl Store {
    /// Entries, newest first, at most `limit`, after the one that a former answer ended with; and the name of the last
    /// one if there are more.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn audit_entries(
        &self,
        tenant: &TenantId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<AuditEntry>, Option<String>), StoreError> {
        let (items, has_more) =
            self.page_before(&keys::audit_pk(tenant), "", after.unwrap_or("~"), limit).await?;
        let last = items.last().filter(|_| has_more).map(|item| sort_key(item).to_owned());
        Ok((items.iter().map(from_doc).collect::<Result<_, _>>()?, last))
    }
}
