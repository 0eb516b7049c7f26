//! What is kept beside the records: index and facet segments, field information, rejected records.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use shared_core::entity::Entity;
use shared_core::facets::Facets;
use shared_core::index::LiveIndex;
use shared_core::plan::Rejection;

use super::item::{Item, doc, from_doc, get_bytes, get_number, get_text, key_item, number, sort_key, text};
use super::keys::TenantId;
use super::{Store, StoreError, keys};

/// Bytes of one part of stored field information: items hold 400 KB at most.
const PART_BYTES: usize = 300_000;
/// How long a rejection is kept, in seconds: 30 days.
const REJECTION_S: u64 = 30 * 24 * 3_600;

pub(crate) fn rejection_item(
    rejection: &Rejection,
    tenant: &TenantId,
    entity: Entity,
    now_ms: u64,
) -> Result<Item, StoreError> {
    let mut item = key_item(&keys::rejected(tenant, entity, &rejection.name));
    item.insert("doc".to_owned(), doc(rejection)?);
    item.insert("ttl".to_owned(), number(now_ms / 1_000 + REJECTION_S));
    Ok(item)
}

/// Cached field information of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cached {
    /// When it was fetched, milliseconds of our clock.
    pub fetched_at_ms: u64,
    /// Body of the answer.
    pub body: String,
}

impl Store {
    /// Whether listed fields of an entity are known to come with user-defined values (`true`) or without (`false`).
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn listing(&self, tenant: &TenantId, entity: Entity) -> Result<Option<bool>, StoreError> {
        self.get(&keys::listing(tenant, entity)).await?.map(|item| from_doc(&item)).transpose()
    }

    /// Keeps what was seen of listed fields.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn note_listing(
        &self,
        tenant: &TenantId,
        entity: Entity,
        has_user_defined: bool,
    ) -> Result<(), StoreError> {
        self.update_doc(&keys::listing(tenant, entity), doc(&has_user_defined)?, None).await
    }

    /// The index of live ids of an entity.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_index(&self, tenant: &TenantId, entity: Entity) -> Result<LiveIndex, StoreError> {
        let mut index = LiveIndex::default();
        for item in self.query_all(&keys::index_pk(tenant, entity), None).await? {
            let key = sort_key(&item);
            let lo = key.parse().map_err(|error| StoreError::damaged(key, error))?;
            index.load(lo, get_bytes(&item, "ids")?).map_err(|error| StoreError::damaged(key, error))?;
        }
        Ok(index)
    }

    /// The facets of an entity.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_facets(&self, tenant: &TenantId, entity: Entity) -> Result<Facets, StoreError> {
        let mut facets = Facets::default();
        if !entity.has_facets() {
            return Ok(facets);
        }
        for item in self.query_all(&keys::facets_pk(tenant, entity), None).await? {
            let key = sort_key(&item);
            let lo = key.parse().map_err(|error| StoreError::damaged(key, error))?;
            let rows = get_bytes(&item, "rows")?;
            facets.load(lo, rows).map_err(|error| StoreError::damaged(key, error))?;
        }
        Ok(facets)
    }

    /// The rejected records of an entity, by name.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_rejected(
        &self,
        tenant: &TenantId,
        entity: Entity,
    ) -> Result<BTreeMap<String, Rejection>, StoreError> {
        let items = self.query_all(&keys::rejected_pk(tenant, entity), None).await?;
        items.iter().map(|item| Ok((sort_key(item).to_owned(), from_doc(item)?))).collect()
    }

    /// Keeps the field information of an entity.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn save_fields(
        &self,
        tenant: &TenantId,
        entity: Entity,
        body: &str,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        let parts = parts_of(body);
        // The first part goes last: it carries how many there are, so a torn write reads as the old or as none.
        for (at, part) in parts.iter().enumerate().rev() {
            let mut item = key_item(&keys::metadata_part(tenant, entity, at));
            item.insert("doc".to_owned(), text(*part));
            item.insert("fetched_at_ms".to_owned(), number(now_ms));
            item.insert("n_parts".to_owned(), number(parts.len()));
            let answer = self
                .client
                .put_item()
                .table_name(&self.table)
                .set_item(Some(item))
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(StoreError::call("keep field information"))?;
            self.meter.note_write(answer.consumed_capacity());
        }
        Ok(())
    }

    /// The kept field information of an entity, if it is there and whole.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_fields(&self, tenant: &TenantId, entity: Entity) -> Result<Option<Cached>, StoreError> {
        let items = self.query_all(&keys::metadata_pk(tenant, entity), None).await?;
        let Some(first) = items.first() else { return Ok(None) };
        let n_parts: usize = get_number(first, "n_parts")?;
        let fetched_at_ms: u64 = get_number(first, "fetched_at_ms")?;
        let mut body = String::new();
        for item in items.iter().take(n_parts) {
            if get_number::<u64>(item, "fetched_at_ms")? != fetched_at_ms {
                return Ok(None);
            }
            body.push_str(get_text(item, "doc")?);
        }
        Ok((items.len() >= n_parts).then_some(Cached { fetched_at_ms, body }))
    }
}

fn parts_of(mut body: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    while body.len() > PART_BYTES {
        let cut = (0..=PART_BYTES).rev().find(|&at| body.is_char_boundary(at)).unwrap_or(0);
        let (part, rest) = body.split_at(cut);
        parts.push(part);
        body = rest;
    }
    parts.push(body);
    parts
}

#[cfg(test)]
mod tests {
    use super::{PART_BYTES, parts_of};

    #[test]
    fn long_bodies_are_cut_between_characters() {
        let body = "é".repeat(PART_BYTES);
        let parts = parts_of(&body);
        assert!(parts.iter().all(|part| part.len() <= PART_BYTES));
        assert_eq!(parts.concat(), body);
        assert_eq!(parts_of(""), [""]);
    }
}
