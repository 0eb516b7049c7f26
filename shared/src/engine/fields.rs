//! Which fields a tenant's entity has: asked once a week, kept in the store.

use shared_core::entity::Entity;
use shared_core::wire::{self, FieldInfo};

use super::context::Context;
use super::error::EngineError;
use crate::autotask::CallError;

/// How long field information is good for, in milliseconds: 7 days.
const LIFETIME_MS: u64 = 7 * 24 * 3_600 * 1_000;

/// What a query of an entity may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fields {
    /// Wire names for `IncludeFields`.
    pub(crate) include: Vec<String>,
    /// Wire names of stamps that can be filtered by; none while that is not known.
    pub(crate) stamps: Option<Vec<String>>,
}

impl Fields {
    /// The fields that every tenant's entity has, to begin with while the field information is on its way; none for an
    /// entity that some tenants have with fewer fields.
    pub(crate) fn assumed(entity: Entity) -> Option<Self> {
        let wanted = wire::wanted_fields(entity);
        let is_sure = !wanted.iter().any(|name| wire::is_optional_field(entity, name));
        is_sure.then(|| Self { include: wanted.iter().map(|&name| name.to_owned()).collect(), stamps: None })
    }
}

/// Whether fresh field information is in the store.
pub(crate) async fn are_cached(context: &Context, entity: Entity) -> Result<bool, EngineError> {
    Ok(cached(context, entity).await?.is_some())
}

async fn cached(context: &Context, entity: Entity) -> Result<Option<String>, EngineError> {
    let cached = context.store.load_fields(&context.tenant, entity).await?;
    let now_ms = context.clock.now_ms();
    let is_fresh = |fetched_at_ms: u64| now_ms.saturating_sub(fetched_at_ms) < LIFETIME_MS;
    Ok(cached.filter(|cached| is_fresh(cached.fetched_at_ms)).map(|cached| cached.body))
}

/// The fields of an entity, from the store or from Autotask.
pub(crate) async fn load(context: &Context, entity: Entity) -> Result<Fields, EngineError> {
    let body = match cached(context, entity).await? {
        Some(body) => body,
        None => match fetch(context, entity).await {
            Ok(body) => body,
            Err(EngineError::Call(error @ CallError::Refused { .. })) => {
                tracing::warn!(entity = %entity, "{entity} are read without field information: {error}");
                return Ok(usable(entity, &[]));
            }
            Err(error) => return Err(error),
        },
    };
    let fields = wire::parse_fields(body.as_bytes()).map_err(|error| EngineError::Bug(error.to_string()))?;
    Ok(usable(entity, &fields))
}

/// Asks Autotask for the fields of an entity and keeps them.
pub(crate) async fn fetch(context: &Context, entity: Entity) -> Result<String, EngineError> {
    let body = context.client.fields(entity).await?;
    context.store.save_fields(&context.tenant, entity, &body, context.clock.now_ms()).await?;
    Ok(body)
}

fn usable(entity: Entity, fields: &[FieldInfo]) -> Fields {
    let find = |name: &str| fields.iter().find(|field| field.name.eq_ignore_ascii_case(name));
    let is_there =
        |name: &str| name.eq_ignore_ascii_case(wire::ID) || fields.is_empty() || find(name).is_some();
    let include = wire::wanted_fields(entity).iter().filter(|name| is_there(name));
    let can_filter = |name: &str| match find(name) {
        Some(field) => field.is_queryable,
        None => fields.is_empty() && !wire::is_optional_field(entity, name),
    };
    let stamps = wire::watermark_fields(entity).iter().filter(|name| can_filter(name));
    Fields {
        include: include.map(|&name| name.to_owned()).collect(),
        stamps: Some(stamps.map(|&name| name.to_owned()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use shared_core::entity::Entity;
    use shared_core::wire::{FieldInfo, watermark_fields};

    use super::{Fields, usable};

    fn field(name: &str, is_queryable: bool) -> FieldInfo {
        FieldInfo {
            name: name.to_owned(),
            data_type: "datetime".to_owned(),
            is_queryable,
            is_reference: false,
            is_picklist: false,
            picklist: Vec::new(),
        }
    }

    #[test]
    fn an_entity_with_optional_fields_waits_for_its_field_information() {
        assert!(Fields::assumed(Entity::Assets).is_some());
        assert!(Fields::assumed(Entity::Contracts).is_none());
    }

    #[test]
    fn only_fields_that_the_tenant_has_are_named() {
        let stamp = watermark_fields(Entity::Contracts)[0];
        let with = usable(Entity::Contracts, &[field("id", true), field(&stamp.to_uppercase(), true)]);
        assert_eq!(with.include, ["id", stamp]);
        assert_eq!(with.stamps.as_deref(), Some(&[stamp.to_owned()][..]));
        let without = usable(Entity::Contracts, &[field("id", true), field(stamp, false)]);
        assert_eq!(without.stamps, Some(Vec::new()));
    }
}
