//! How a tenant's IT Glue account is reached, and what its last reading showed. Its key is elsewhere.

use serde::{Deserialize, Serialize};
use shared_core::itglue::{Reading, Region};
use shared_core::mail::ItGlueKeyRefused;
use shared_core::settings::PasswordNote;

use super::audit::AuditEntry;
use super::item::{doc, from_doc, get_number, key_item, number};
use super::keys::TenantId;
use super::{Store, StoreError, keys};

/// What an admin chose about IT Glue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItGlueSettings {
    /// Where the account lives.
    pub region: Region,
    /// The key's note; the key itself is in Secrets Manager.
    pub key: PasswordNote,
    /// When it was saved, RFC 3339 UTC.
    pub saved_at: String,
    /// E-mail address of who saved it.
    pub saved_by: String,
}

impl Store {
    /// The settings and their version.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_it_glue(&self, tenant: &TenantId) -> Result<Option<(ItGlueSettings, u64)>, StoreError> {
        let Some(item) = self.get(&keys::it_glue(tenant)).await? else { return Ok(None) };
        Ok(Some((from_doc(&item)?, get_number(&item, "version")?)))
    }

    /// Saves the settings over the version before them, with the entry of the audit trail.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when somebody else saved meanwhile.
    pub async fn save_it_glue(
        &self,
        tenant: &TenantId,
        (settings, before): (&ItGlueSettings, u64),
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut item = key_item(&keys::it_glue(tenant));
        item.insert("doc".to_owned(), doc(settings)?);
        item.insert("version".to_owned(), number(before + 1));
        let put = match before {
            0 => self.put_if_new(item),
            before => self.put_when(item, "version = :before", &[(":before", number(before))]),
        };
        self.transact(vec![put, self.put_if_new(entry.item(tenant)?)]).await
    }

    /// What the last reading showed; none before the first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_reading(&self, tenant: &TenantId) -> Result<Option<(Reading, String)>, StoreError> {
        let Some(item) = self.get(&keys::it_glue_reading(tenant)).await? else { return Ok(None) };
        Ok(Some(from_doc(&item)?))
    }

    /// Keeps what a reading showed, and with which version of the key; a key that was refused is told by mail, once.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn save_reading(
        &self,
        tenant: &TenantId,
        reading: &Reading,
        key_version: &str,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        let mut item = key_item(&keys::it_glue_reading(tenant));
        item.insert("doc".to_owned(), doc(&(reading, key_version))?);
        let mut actions = vec![self.put_when(item, "", &[])];
        if let Some(intent) = ItGlueKeyRefused::intent(reading, key_version, now_ms) {
            actions.push(self.put_intent_action(tenant, &intent)?);
        }
        self.transact(actions).await
    }
}
