//! What the store should hold: what the simulator holds.

use std::collections::BTreeMap;

use autotask_simulator::Entity as Source;
use serde_json::value::RawValue;
use shared::store::{Store, TenantId};
use shared_core::entity::Entity;
use shared_core::project::decode;

use super::world::World;

const COMPARED: [(Entity, Source); 6] = [
    (Entity::Companies, Source::Companies),
    (Entity::Contacts, Source::Contacts),
    (Entity::Assets, Source::ConfigurationItems),
    (Entity::Products, Source::Products),
    (Entity::AssetTypes, Source::ConfigurationItemTypes),
    (Entity::AssetCategories, Source::ConfigurationItemCategories),
];

impl World {
    /// What is stored and what is not, or other than it should be; empty when all is well.
    pub(super) async fn differences(&self, tenant: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (entity, source) in COMPARED {
            let stored = self.stored(tenant, entity).await;
            let wanted = self.wanted(entity, source);
            let ids = stored.keys().chain(wanted.keys());
            let mut different: Vec<i64> =
                ids.filter(|id| stored.get(id) != wanted.get(id)).copied().collect();
            different.dedup();
            found.extend(different.iter().map(|id| format!("{entity} {id}")));
        }
        found
    }

    async fn stored(&self, tenant: &str, entity: Entity) -> BTreeMap<i64, String> {
        let (store, tenant) = (self.store(), TenantId::parse(tenant).unwrap());
        let mut stored = BTreeMap::new();
        for shard in 0..Store::n_shards() {
            let keep =
                |id, doc: &str| assert!(stored.insert(id, doc.to_owned()).is_none(), "{entity} {id} twice");
            store.read_shard(&tenant, entity, shard, keep).await.unwrap();
        }
        stored
    }

    fn wanted(&self, entity: Entity, source: Source) -> BTreeMap<i64, String> {
        let mut wanted = BTreeMap::new();
        self.control.for_each_line(source, |line| {
            let raw: &RawValue = serde_json::from_str(line).unwrap();
            let record = decode(entity, raw).unwrap();
            wanted.insert(record.id, record.doc);
        });
        wanted
    }
}
