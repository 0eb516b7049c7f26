//! Records as their readers ask for them: one, those of a company, all of a small entity.

use shared_core::entity::Entity;
use shared_core::plan::Place;

use super::item::{get_number, get_text, is_shown, sort_key};
use super::keys::{N_SHARDS, TenantId};
use super::{Store, StoreError, keys};

impl Store {
    /// All live documents of an entity, in no order; for entities of few records.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn all_docs(&self, tenant: &TenantId, entity: Entity) -> Result<Vec<String>, StoreError> {
        Ok(self.docs(tenant, entity, None).await?.into_iter().map(|(_, doc)| doc).collect())
    }

    /// The document of one record, and when it was found gone, if it was (milliseconds since the epoch).
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn record(
        &self,
        tenant: &TenantId,
        entity: Entity,
        place: Place,
    ) -> Result<Option<(String, Option<u64>)>, StoreError> {
        let key = keys::record(tenant, entity, place.company_id, place.id);
        let Some(item) = self.get(&key).await?.filter(|item| item.contains_key("doc")) else {
            return Ok(None);
        };
        Ok(Some((get_text(&item, "doc")?.to_owned(), get_number(&item, "gone").ok())))
    }

    /// The live documents of one company, sorted by id.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn by_company(
        &self,
        tenant: &TenantId,
        entity: Entity,
        company_id: i64,
    ) -> Result<Vec<String>, StoreError> {
        let mut docs = self.docs(tenant, entity, Some(keys::company_prefix(company_id))).await?;
        docs.sort_unstable();
        Ok(docs.into_iter().map(|(_, doc)| doc).collect())
    }

    /// Live documents with their sort keys, from all shards at once.
    async fn docs(
        &self,
        tenant: &TenantId,
        entity: Entity,
        prefix: Option<String>,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut shards = tokio::task::JoinSet::new();
        for shard in 0..N_SHARDS {
            let (store, pk, prefix) = (self.clone(), keys::records_pk(tenant, entity, shard), prefix.clone());
            shards.spawn(async move { store.query_all(&pk, prefix.as_deref()).await });
        }
        let mut docs = Vec::new();
        while let Some(shard) = shards.join_next().await {
            for item in shard.map_err(StoreError::call("join a read"))?? {
                if is_shown(&item) {
                    docs.push((sort_key(&item).to_owned(), get_text(&item, "doc")?.to_owned()));
                }
            }
        }
        Ok(docs)
    }
}
