//! What happens in the source without the API: people at work in Autotask's own screens.

use super::{Change, Purpose, Writer};
use crate::schema::{Entity, Schema};
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// One change in the source, not bound by the rules of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Edit {
    /// A new row, under the next id unless `fields` names one.
    Insert {
        /// Whose row.
        entity: Entity,
        /// Field names and values as on the wire.
        fields: Map<String, Value>,
    },
    /// Changes some fields of a row.
    Update {
        /// Whose row.
        entity: Entity,
        /// Which row.
        id: i64,
        /// Field names and values as on the wire.
        fields: Map<String, Value>,
        /// False to leave the modification stamps as they are.
        #[serde(default = "yes")]
        is_stamped: bool,
    },
    /// Changes a row, or makes it when there is none with this id.
    Upsert {
        /// Whose row.
        entity: Entity,
        /// Which row.
        id: i64,
        /// Field names and values as on the wire.
        fields: Map<String, Value>,
    },
    /// Removes a row for good.
    Delete {
        /// Whose row.
        entity: Entity,
        /// Which row.
        id: i64,
    },
    /// Gives a configuration item to another company, which the API cannot do.
    MoveCompany {
        /// The configuration item.
        id: i64,
        /// The new owner.
        company_id: i64,
    },
}

fn yes() -> bool {
    true
}

impl Edit {
    /// A stamped change of some fields.
    pub fn update(entity: Entity, id: i64, fields: Value) -> Self {
        Self::Update { entity, id, fields: object(fields), is_stamped: true }
    }

    /// A new row.
    pub fn insert(entity: Entity, fields: Value) -> Self {
        Self::Insert { entity, fields: object(fields) }
    }
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value { map } else { Map::new() }
}

/// Does one edit and gives the id of its row.
pub(crate) fn apply(writer: &mut Writer<'_>, edit: &Edit) -> anyhow::Result<i64> {
    match edit {
        Edit::Insert { entity, fields } => insert(writer, *entity, fields),
        Edit::Update { entity, id, fields, is_stamped } => update(writer, *entity, *id, fields, *is_stamped),
        Edit::Upsert { entity, id, fields } if writer.store.table(*entity).get(*id).is_some() => {
            update(writer, *entity, *id, fields, true)
        }
        Edit::Upsert { entity, id, fields } => {
            let mut fields = fields.clone();
            fields.insert("id".to_owned(), json!(id));
            insert(writer, *entity, &fields)
        }
        Edit::Delete { entity, id } => {
            if !writer.delete(*entity, *id) {
                bail!("{} {id} is not there to be deleted", entity.singular());
            }
            Ok(*id)
        }
        Edit::MoveCompany { id, company_id } => {
            let fields = object(json!({"companyID": company_id, "contactID": null, "contractID": null}));
            update(writer, Entity::ConfigurationItems, *id, &fields, true)
        }
    }
}

fn insert(writer: &mut Writer<'_>, entity: Entity, fields: &Map<String, Value>) -> anyhow::Result<i64> {
    let schema = writer.schemas.get(entity)?;
    let change = read(schema, fields)?;
    let id = crate::filter::key(fields, "id").and_then(Value::as_i64);
    if id.is_some_and(|id| writer.store.table(entity).get(id).is_some()) {
        bail!("there is already a {} with this id", entity.singular());
    }
    writer.create(schema, &change, id, Purpose::Raw).map_err(|errors| anyhow::anyhow!(errors.join("; ")))
}

fn update(
    writer: &mut Writer<'_>,
    entity: Entity,
    id: i64,
    fields: &Map<String, Value>,
    is_stamped: bool,
) -> anyhow::Result<i64> {
    let schema = writer.schemas.get(entity)?;
    let mut change = read(schema, fields)?;
    if is_stamped {
        for name in entity.edit_stamps() {
            let idx = schema.index(name).context("stamp field missing")?;
            // A stamp that the test names itself wins.
            if !change.touches(idx) {
                change.fields.push((idx, crate::store::Value::Number(writer.now_ms)));
            }
        }
    }
    writer.update(schema, id, &change, Purpose::Raw).map_err(|errors| anyhow::anyhow!(errors.join("; ")))?;
    Ok(id)
}

fn read(schema: &Schema, fields: &Map<String, Value>) -> anyhow::Result<Change> {
    for name in fields.keys().filter(|name| !name.eq_ignore_ascii_case("userDefinedFields")) {
        if schema.column(name).is_none() {
            bail!("{} has no field {name}", schema.entity.singular());
        }
    }
    Change::read(schema, fields, Purpose::Raw).map_err(|errors| anyhow::anyhow!(errors.join("; ")))
}
