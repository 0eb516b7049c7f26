//! What the service says about itself: zone, versions, limits, entities and their fields.

use super::answer::Answer;
use super::call::Call;
use super::route::Place;
use crate::config::{Config, Rights};
use crate::schema::{Abilities, Entity, Field, Kind, PickValue, Schema, Udf};
use crate::world::{World, lock};
use serde_json::{Value, json};

/// Answers `zoneInformation`.
pub(super) fn zone(world: &World, call: &Call) -> Answer {
    let user = call.argument("user").unwrap_or_default();
    if !user.eq_ignore_ascii_case(&world.config().user) {
        return Answer::error("Zone information could not be determined");
    }
    Answer::value(&json!({
        "zoneName": "America East 3",
        "url": format!("{}/", world.zone_url()),
        "webUrl": format!("{}/", world.public_url()),
        "ci": 912_345,
    }))
}

/// Answers the routes that belong to no entity.
pub(super) fn global(world: &World, config: &Config, call: &Call) -> Result<Answer, Answer> {
    let value = match call.route.place {
        Place::Nowhere => return Err(Answer::no_route(&call.path)),
        _ if call.method != "GET" => return Err(Answer::wrong_verb(&call.method)),
        Place::Version => {
            json!({"majorVersion": 2026, "minorVersion": 3, "build": 118, "customerType": "Production"})
        }
        Place::Threshold => json!({
            "externalRequestThreshold": config.hourly_limit,
            "requestThresholdTimeframe": 60,
            "currentTimeframeRequestCount": lock(&world.hourly).n_calls(),
        }),
        _ => {
            let all: Vec<Value> = Entity::ALL
                .iter()
                .map(|entity| json!({"info": information(world, config, *entity)}))
                .collect();
            json!({ "entityDescriptions": all })
        }
    };
    Ok(Answer::value(&value))
}

/// Answers `{Entity}/entityInformation` and what lies below it.
pub(super) fn of_entity(
    world: &World,
    config: &Config,
    call: &Call,
    entity: Entity,
) -> Result<Answer, Answer> {
    if call.method != "GET" {
        return Err(Answer::wrong_verb(&call.method));
    }
    let schema = world.schemas.get(entity).map_err(|error| Answer::error(error.to_string()))?;
    let value = match call.route.place {
        Place::Fields => json!({ "fields": fields(schema, config) }),
        Place::UserDefinedFields => {
            let udfs: Vec<Value> = schema.udfs.iter().map(user_defined_field).collect();
            json!({ "fields": udfs })
        }
        _ => json!({ "info": information(world, config, entity) }),
    };
    Ok(Answer::value(&value))
}

fn information(world: &World, config: &Config, entity: Entity) -> Value {
    let Abilities { create, update, delete, .. } = entity.abilities();
    let [none, all, restricted] = config.user_access_numbers;
    let (may_read, may_write, read_access) = match config.rights_of(entity) {
        Rights::Full => (true, true, all),
        Rights::ReadOnly => (true, false, all),
        Rights::Partial(_) => (true, true, restricted),
        Rights::Empty | Rights::Forbidden | Rights::Denied500 => (false, false, none),
    };
    let write_access = |is_able: bool| if is_able && may_write { all } else { none };
    let has_udfs = world.schemas.get(entity).is_ok_and(|schema| !schema.udfs.is_empty());
    json!({
        "name": entity.singular(),
        "canCreate": create && may_write,
        "canDelete": delete && may_write,
        "canQuery": may_read,
        "canUpdate": update && may_write,
        "userAccessForCreate": write_access(create),
        "userAccessForDelete": write_access(delete),
        "userAccessForQuery": read_access,
        "userAccessForUpdate": write_access(update),
        "hasUserDefinedFields": has_udfs,
        "supportsWebhookCallouts": matches!(entity, Entity::Companies | Entity::Contacts | Entity::ConfigurationItems | Entity::Tickets),
    })
}

fn fields(schema: &Schema, config: &Config) -> Vec<Value> {
    let id = json!({
        "name": "id", "dataType": "long", "length": 0, "isRequired": true, "isReadOnly": true, "isQueryable": true,
        "isReference": false, "referenceEntityType": "", "isPickList": false, "picklistValues": null,
        "picklistParentValueField": "", "isSupportedWebhookField": false,
    });
    let rest = schema.fields.iter().map(|field| {
        let is_queryable = config.is_queryable(schema.entity, &field.name);
        field_value(field, is_queryable)
    });
    std::iter::once(id).chain(rest).collect()
}

fn field_value(field: &Field, is_queryable: bool) -> Value {
    let data_type = match field.kind {
        Kind::Int => "integer",
        Kind::Long => "long",
        Kind::Decimal => "decimal",
        Kind::Bool => "boolean",
        Kind::Text => "string",
        Kind::Time => "datetime",
    };
    let values: Vec<Value> =
        (1..).zip(&field.picklist).map(|(order, value)| pick_value(order, value)).collect();
    json!({
        "name": field.name,
        "dataType": data_type,
        "length": field.max_length,
        "isRequired": field.is_required,
        "isReadOnly": field.is_read_only,
        "isQueryable": is_queryable,
        "isReference": field.reference.is_some(),
        "referenceEntityType": field.reference.map_or("", Entity::singular),
        "isPickList": field.is_picklist(),
        "picklistValues": if field.is_picklist() { json!(values) } else { Value::Null },
        "picklistParentValueField": field.picklist_parent,
        "isSupportedWebhookField": !field.is_read_only,
    })
}

fn pick_value(order: i64, value: &PickValue) -> Value {
    json!({
        "value": value.value,
        "label": value.label,
        "isDefaultValue": order == 1,
        "sortOrder": order,
        "parentValue": value.parent,
        "isActive": value.is_active,
        "isSystem": false,
    })
}

fn user_defined_field(udf: &Udf) -> Value {
    let values: Vec<Value> = (1..)
        .zip(udf.picklist)
        .map(|(order, (value, label))| {
            let value = PickValue {
                value: (*value).to_owned(),
                label: (*label).to_owned(),
                is_active: true,
                parent: String::new(),
            };
            pick_value(order, &value)
        })
        .collect();
    json!({
        "name": udf.name,
        "label": udf.name,
        "type": udf.data_type,
        "length": 8000,
        "description": "",
        "isRequired": false,
        "isReadOnly": udf.is_protected,
        "isQueryable": !udf.is_protected,
        "isReference": false,
        "referenceEntityType": "",
        "isPickList": !udf.picklist.is_empty(),
        "picklistValues": if values.is_empty() { Value::Null } else { json!(values) },
        "picklistParentValueField": "",
        "defaultValue": "",
        "isSupportedWebhookField": true,
    })
}
