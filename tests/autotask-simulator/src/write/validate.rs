//! Refuses what the real service refuses in a write: missing fields, bad lists, bad references.

use super::change::{Change, Purpose};
use crate::schema::{Entity, Field, Kind, Schema};
use crate::store::{Row, Store, Value};

/// Checks a change against the row that it makes.
///
/// # Errors
/// The texts of a 500, one per mistake.
pub(super) fn validate(
    store: &Store,
    schema: &Schema,
    change: &Change,
    purpose: Purpose,
) -> Result<(), Vec<String>> {
    let mut errors = Vec::new();
    for (idx, field) in schema.fields.iter().enumerate() {
        let value = change.fields.iter().find(|(other, _)| *other == idx).map(|(_, value)| value);
        if let Err(error) = one(store, field, value, purpose) {
            errors.push(error);
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn one(store: &Store, field: &Field, value: Option<&Value>, purpose: Purpose) -> Result<(), String> {
    let is_missing = match value {
        None => purpose == Purpose::Create,
        Some(Value::Null) => true,
        Some(Value::Text(text)) => text.trim().is_empty(),
        Some(Value::Number(_)) => false,
    };
    if is_missing && field.is_required && (purpose == Purpose::Create || field.is_updatable()) {
        return Err(format!("Missing Required Field: {}.", field.name));
    }
    match value {
        Some(Value::Number(number)) => number_is_known(store, field, *number),
        Some(Value::Text(text)) => text_fits(field, text),
        Some(Value::Null) | None => Ok(()),
    }
}

fn number_is_known(store: &Store, field: &Field, number: i64) -> Result<(), String> {
    if field.is_picklist() && !field.picklist.iter().any(|value| value.value == number.to_string()) {
        return Err(format!("Picklist value [{number}] does not exist for {}.", field.name));
    }
    match field.reference {
        Some(target) if store.table(target).get(number).is_none() => Err(bad_reference(field, target)),
        _ => Ok(()),
    }
}

fn bad_reference(field: &Field, target: Entity) -> String {
    format!(
        "Reference value on field: {} of type: {} does not exist or is invalid.",
        field.name,
        target.singular()
    )
}

fn text_fits(field: &Field, text: &str) -> Result<(), String> {
    if field.max_length > 0 && text.chars().count() > field.max_length {
        return Err(format!(
            "The value of field {} exceeds the maximum length of {}.",
            field.name, field.max_length
        ));
    }
    if field.is_picklist() && !text.is_empty() && !field.picklist.iter().any(|value| value.value == text) {
        return Err(format!("Picklist value [{text}] does not exist for {}.", field.name));
    }
    Ok(())
}

/// Refuses a row that points at an inactive contact or resource, even in fields left alone.
///
/// # Errors
/// The text of a 500.
pub(super) fn refuse_inactive(
    store: &Store,
    schema: &Schema,
    row: &Row,
    is_active: impl Fn(Entity, &Row) -> bool,
) -> Result<(), String> {
    for (idx, field) in schema.fields.iter().enumerate().filter(|(_, field)| field.kind == Kind::Int) {
        let Some(target) = field.reference.filter(|t| matches!(t, Entity::Contacts | Entity::Resources))
        else {
            continue;
        };
        let Some(number) = row.number(idx) else { continue };
        if !store.table(target).get(number).is_some_and(|other| is_active(target, other)) {
            return Err(bad_reference(field, target));
        }
    }
    Ok(())
}
