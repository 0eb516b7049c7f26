//! Reads the body of a write into a list of changes.

use super::convert::convert;
use crate::filter::key;
use crate::schema::{Field, MASK, Schema};
use crate::store::Value;
use serde_json::{Map, Value as Json};

/// Which rules a write must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// POST: fixed fields are still open.
    Create,
    /// PATCH: fields not sent stay.
    Patch,
    /// PUT: fields not sent become null.
    Replace,
    /// The test's own hand: every field may be set.
    Raw,
}

/// What a write changes.
#[derive(Debug, Default)]
pub(crate) struct Change {
    /// Index of the field and its new value.
    pub(crate) fields: Vec<(usize, Value)>,
    /// Index of the user-defined field and its new value.
    pub(crate) udfs: Vec<(usize, Option<String>)>,
}

impl Change {
    /// Reads the body of a write.
    ///
    /// # Errors
    /// The texts of a 500.
    pub(crate) fn read(
        schema: &Schema,
        body: &Map<String, Json>,
        purpose: Purpose,
    ) -> Result<Self, Vec<String>> {
        let mut change = Self::default();
        let mut errors = Vec::new();
        for (name, json) in body {
            // Members that the model does not know are skipped, as its JSON reader does.
            let Some((idx, field)) =
                schema.index(name).and_then(|idx| schema.fields.get(idx).map(|f| (idx, f)))
            else {
                continue;
            };
            match convert(field, json) {
                Ok(value) if may_set(field, purpose) => change.fields.push((idx, value)),
                Ok(_) => {}
                Err(error) => errors.push(error),
            }
        }
        if purpose == Purpose::Replace {
            change.clear_the_rest(schema);
        }
        if let Err(error) = change.read_udfs(schema, body, purpose) {
            errors.push(error);
        }
        if errors.is_empty() { Ok(change) } else { Err(errors) }
    }

    /// True when the field is part of the change.
    pub(crate) fn touches(&self, field_idx: usize) -> bool {
        self.fields.iter().any(|(idx, _)| *idx == field_idx)
    }

    fn clear_the_rest(&mut self, schema: &Schema) {
        for (idx, field) in schema.fields.iter().enumerate() {
            if field.is_updatable() && !self.touches(idx) {
                self.fields.push((idx, Value::Null));
            }
        }
        let open = schema.udfs.iter().enumerate().filter(|(_, udf)| !udf.is_protected);
        self.udfs = open.map(|(idx, _)| (idx, None)).collect();
    }

    fn read_udfs(
        &mut self,
        schema: &Schema,
        body: &Map<String, Json>,
        purpose: Purpose,
    ) -> Result<(), String> {
        let Some(list) = key(body, "userDefinedFields").filter(|list| !list.is_null()) else {
            return Ok(());
        };
        let list = list.as_array().ok_or("userDefinedFields must be a list of name and value.")?;
        for entry in list {
            let entry = entry.as_object().ok_or("A user-defined field needs a name and a value.")?;
            let name = key(entry, "name").and_then(Json::as_str).unwrap_or_default();
            let idx = schema.udf_index(name).ok_or_else(|| {
                format!(
                    "Unable to find the user-defined field {name} in the {} Entity",
                    schema.entity.legacy()
                )
            })?;
            let value = udf_value(schema, idx, key(entry, "value").unwrap_or(&Json::Null), purpose)?;
            self.udfs.retain(|(other, _)| *other != idx);
            self.udfs.push((idx, value));
        }
        Ok(())
    }
}

fn may_set(field: &Field, purpose: Purpose) -> bool {
    match purpose {
        Purpose::Raw => true,
        Purpose::Create => !field.is_read_only,
        Purpose::Patch | Purpose::Replace => field.is_updatable(),
    }
}

fn udf_value(schema: &Schema, idx: usize, json: &Json, purpose: Purpose) -> Result<Option<String>, String> {
    let text = match json {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => {
            return Err("The value of a user-defined field must be a text.".to_owned());
        }
    };
    let Some(udf) = schema.udfs.get(idx).filter(|_| purpose != Purpose::Raw) else { return Ok(text) };
    if udf.is_protected || text.as_deref() == Some(MASK) {
        return Err(format!("The user-defined field {} is protected and cannot be written.", udf.name));
    }
    match text.as_deref() {
        Some(value)
            if !value.is_empty()
                && !udf.picklist.is_empty()
                && !udf.picklist.iter().any(|pair| pair.0 == value) =>
        {
            Err(format!("Picklist value [{value}] does not exist for {}.", udf.name))
        }
        _ => Ok(text),
    }
}
