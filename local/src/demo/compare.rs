//! Store against source, record by record.

use std::collections::BTreeMap;

use anyhow::Context;
use autotask_simulator::{Control, Entity as Source};
use serde_json::value::RawValue;
use shared::store::{Store, TenantId};
use shared_core::entity::Entity;
use shared_core::project::decode;

/// Entities that the demo compares, in Autotask's words and in ours.
pub(super) const COMPARED: [(Entity, Source); 6] = [
    (Entity::Companies, Source::Companies),
    (Entity::Contacts, Source::Contacts),
    (Entity::Assets, Source::ConfigurationItems),
    (Entity::Products, Source::Products),
    (Entity::AssetTypes, Source::ConfigurationItemTypes),
    (Entity::AssetCategories, Source::ConfigurationItemCategories),
];

/// Whether the store holds what the source holds, no more and no less.
pub(super) async fn is_equal(
    store: &Store,
    control: &Control,
    tenant: &TenantId,
    entity: Entity,
    source: Source,
) -> anyhow::Result<bool> {
    let mut wanted = BTreeMap::new();
    let mut unusable = None;
    control.for_each_line(source, |line| match decoded(entity, line) {
        Ok((id, doc)) => drop(wanted.insert(id, doc)),
        Err(error) => unusable = Some(error),
    });
    if let Some(error) = unusable {
        return Err(error).context("the simulator's truth cannot be read");
    }
    let mut is_equal = true;
    for shard in 0..Store::n_shards() {
        let compare = |id, doc: &str| is_equal &= wanted.remove(&id).is_some_and(|wanted| wanted == doc);
        store.read_shard(tenant, entity, shard, compare).await?;
    }
    Ok(is_equal && wanted.is_empty())
}

fn decoded(entity: Entity, line: &str) -> anyhow::Result<(i64, String)> {
    let raw: &RawValue = serde_json::from_str(line)?;
    let record = decode(entity, raw)?;
    Ok((record.id, record.doc))
}
