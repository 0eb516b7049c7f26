//! Saves that took over what auto-map proposed, as the pull log tells of them.

use serde::{Deserialize, Serialize};

use super::item::{Item, doc, from_doc, key_item, number};
use super::keys::{self, TenantId};
use super::runs::expiry_s;
use super::{Store, StoreError};

/// One such save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoMapped {
    /// Its name in the pull log; begins with the time of the save in milliseconds since the epoch, 13 digits.
    pub id: String,
    /// E-mail address of who saved.
    pub by: String,
    /// Version of the company links that it made.
    pub version: u64,
    /// Rows that it linked as proposed.
    pub n_auto: u64,
    /// Rows that it changed in all.
    pub n_changes: u64,
}

impl AutoMapped {
    /// The name of a save at this time.
    #[must_use]
    pub fn id_at(at_ms: u64, version: u64) -> String {
        format!("{at_ms:013}-links{version}")
    }

    /// When it was saved, milliseconds since the epoch.
    #[must_use]
    pub fn at_ms(&self) -> u64 {
        self.id.get(..13).and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }

    pub(super) fn item(&self, tenant: &TenantId) -> Result<Item, StoreError> {
        let mut item = key_item(&keys::auto_mapped(tenant, &self.id));
        item.insert("doc".to_owned(), doc(self)?);
        item.insert("ttl".to_owned(), number(expiry_s(&self.id)));
        Ok(item)
    }
}

impl Store {
    /// One by its name.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn auto_mapped(&self, tenant: &TenantId, id: &str) -> Result<Option<AutoMapped>, StoreError> {
        self.get(&keys::auto_mapped(tenant, id)).await?.as_ref().map(from_doc).transpose()
    }
}
