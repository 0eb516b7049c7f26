//! POST, PATCH, PUT and DELETE.

use super::answer::Answer;
use super::call::Call;
use super::route::Place;
use crate::counters::{CallKind, WriteSeen};
use crate::filter::{integer, key};
use crate::schema::{Abilities, Child, Entity, Schema};
use crate::store::Value as Cell;
use crate::world::{World, lock};
use crate::write::{Change, NOTHING_TO_DELETE, Purpose, Writer};
use serde_json::{Map, Value, json};

/// Carries a write out, or refuses a verb that the route does not know.
pub(super) fn write(world: &World, call: &Call, entity: Entity) -> Result<Answer, Answer> {
    let abilities = entity.abilities();
    match call.route.place {
        Place::Root if !abilities.at_root => Err(Answer::no_route(&call.path)),
        Place::Root => at_collection(world, call, entity, abilities, None),
        Place::Item(id) if call.method == "DELETE" && abilities.delete && abilities.at_root => {
            delete(world, call, entity, id, None)
        }
        Place::Child(parent, parent_id, child, id) => {
            if world.store().table(parent).get(parent_id).is_none() {
                return Err(Answer::empty(404, "no such parent"));
            }
            under_parent(world, call, child, parent_id, id)
        }
        _ => Err(Answer::wrong_verb(&call.method)),
    }
}

fn under_parent(
    world: &World,
    call: &Call,
    child: Child,
    parent_id: i64,
    id: Option<i64>,
) -> Result<Answer, Answer> {
    let abilities = child.entity.abilities();
    let parent = Some((child.foreign_key, parent_id));
    match id {
        _ if !child.is_writable => Err(Answer::wrong_verb(&call.method)),
        None => at_collection(world, call, child.entity, abilities, parent),
        // The service has no DELETE for the services of a contract.
        Some(id) if call.method == "DELETE" && abilities.delete => {
            delete(world, call, child.entity, id, parent)
        }
        Some(_) => Err(Answer::wrong_verb(&call.method)),
    }
}

type Parent = Option<(&'static str, i64)>;

fn at_collection(
    world: &World,
    call: &Call,
    entity: Entity,
    abilities: Abilities,
    parent: Parent,
) -> Result<Answer, Answer> {
    let purpose = match call.kind {
        CallKind::Create if abilities.create => Purpose::Create,
        CallKind::Patch if abilities.update => Purpose::Patch,
        CallKind::Put if abilities.update => Purpose::Replace,
        _ => return Err(Answer::wrong_verb(&call.method)),
    };
    let body = read_body(&call.body)?;
    let schema = world.schemas.get(entity).map_err(|error| Answer::error(error.to_string()))?;
    let mut change = Change::read(schema, &body, purpose).map_err(|errors| Answer::errors(500, &errors))?;
    let id = world.write(|writer| match purpose {
        Purpose::Create => {
            adopt(schema, &mut change, parent);
            writer.create(schema, &change, None, purpose)
        }
        _ => update(writer, schema, &body, &change, purpose, parent),
    });
    let id = id.map_err(|errors| Answer::errors(500, &errors))?;
    Ok(done(world, call, entity, id, body.keys().cloned().collect()))
}

fn read_body(bytes: &[u8]) -> Result<Map<String, Value>, Answer> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) => Err(Answer::error("The request body must be a JSON object.")),
        Err(error) => Err(Answer::error(format!("The request body is not JSON: {error}"))),
    }
}

/// The parent in the URL wins over what the body says.
fn adopt(schema: &Schema, change: &mut Change, parent: Parent) {
    let Some((foreign_key, parent_id)) = parent else { return };
    if let Some(idx) = schema.index(foreign_key) {
        change.fields.retain(|(other, _)| *other != idx);
        change.fields.push((idx, Cell::Number(parent_id)));
    }
}

fn update(
    writer: &mut Writer<'_>,
    schema: &Schema,
    body: &Map<String, Value>,
    change: &Change,
    purpose: Purpose,
    parent: Parent,
) -> Result<i64, Vec<String>> {
    let id =
        key(body, "id").and_then(integer).ok_or_else(|| vec!["Missing Required Field: id.".to_owned()])?;
    if !belongs(writer, schema, id, parent) {
        return Err(vec![format!("{}: Value {id} does not exist or is invalid", schema.entity.singular())]);
    }
    writer.update(schema, id, change, purpose).map(|()| id)
}

fn belongs(writer: &Writer<'_>, schema: &Schema, id: i64, parent: Parent) -> bool {
    let Some((foreign_key, parent_id)) = parent else { return true };
    let row = writer.store.table(schema.entity).get(id);
    let idx = schema.index(foreign_key);
    row.zip(idx).and_then(|(row, idx)| row.number(idx)) == Some(parent_id)
}

fn delete(world: &World, call: &Call, entity: Entity, id: i64, parent: Parent) -> Result<Answer, Answer> {
    let schema = world.schemas.get(entity).map_err(|error| Answer::error(error.to_string()))?;
    let is_deleted = world.write(|writer| belongs(writer, schema, id, parent) && writer.delete(entity, id));
    if is_deleted {
        Ok(done(world, call, entity, id, Vec::new()))
    } else {
        Err(Answer::error(NOTHING_TO_DELETE))
    }
}

fn done(world: &World, call: &Call, entity: Entity, id: i64, fields: Vec<String>) -> Answer {
    lock(&world.counters).wrote(WriteSeen { kind: call.kind, entity, id, fields });
    Answer::value(&json!({ "itemId": id }))
}
