//! What Autotask says about an entity: its fields with their picklists, and this user's rights.
//!
//! Never cached here. Used by the Autotask client, by `catalogue` and by the start-up checks of a run.

use serde::Deserialize;

use super::answer::{PageError, malformed, parse_answer};
use super::lenient::lenient;

/// What Autotask says about one field of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldInfo {
    /// The wire name, or the name of a user-defined field.
    pub name: String,
    /// `string`, `integer`, `long`, `short`, `decimal`, `double`, `boolean`, `datetime` and others.
    pub data_type: String,
    /// False: a filter on it is an error.
    pub is_queryable: bool,
    /// True if the value is another entity's id.
    pub is_reference: bool,
    /// True if the value is one of [`Self::picklist`].
    pub is_picklist: bool,
    /// The values in Autotask's order, inactive ones included; empty if it is no picklist.
    pub picklist: Vec<PicklistValue>,
}

/// One value of a picklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PicklistValue {
    /// The value as text, even where the entity's field is an integer.
    pub value: String,
    /// The label for people, exactly as Autotask has it.
    pub label: String,
    /// False: still in use by records, no longer offered.
    pub is_active: bool,
    /// The value of the parent field on which this one depends.
    pub parent_value: Option<String>,
}

/// What the API user may do with an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EntityRights {
    /// Autotask's name of the entity.
    pub name: Option<String>,
    /// True if rows can be created.
    #[serde(deserialize_with = "flag")]
    pub can_create: bool,
    /// True if rows can be deleted.
    #[serde(deserialize_with = "flag")]
    pub can_delete: bool,
    /// True if rows can be read.
    #[serde(deserialize_with = "flag")]
    pub can_query: bool,
    /// True if rows can be updated.
    #[serde(deserialize_with = "flag")]
    pub can_update: bool,
    /// Autotask's number for this user's right to create.
    #[serde(deserialize_with = "lenient")]
    pub user_access_for_create: Option<i64>,
    /// Autotask's number for this user's right to delete.
    #[serde(deserialize_with = "lenient")]
    pub user_access_for_delete: Option<i64>,
    /// Autotask's number for this user's right to read.
    #[serde(deserialize_with = "lenient")]
    pub user_access_for_query: Option<i64>,
    /// Autotask's number for this user's right to update.
    #[serde(deserialize_with = "lenient")]
    pub user_access_for_update: Option<i64>,
    /// True if the entity can carry user-defined fields.
    #[serde(deserialize_with = "flag")]
    pub has_user_defined_fields: bool,
}

#[derive(Deserialize)]
struct FieldsBody {
    fields: Option<Vec<FieldBody>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FieldBody {
    name: String,
    /// User-defined fields call it `type`.
    #[serde(default, alias = "type")]
    data_type: Option<String>,
    #[serde(default, deserialize_with = "flag")]
    is_queryable: bool,
    #[serde(default, deserialize_with = "flag")]
    is_reference: bool,
    #[serde(default, deserialize_with = "flag")]
    is_pick_list: bool,
    picklist_values: Option<Vec<PicklistBody>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PicklistBody {
    #[serde(deserialize_with = "word")]
    value: String,
    #[serde(default)]
    label: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    is_active: Option<bool>,
    #[serde(default, deserialize_with = "word")]
    parent_value: String,
}

#[derive(Deserialize)]
struct RightsBody {
    info: Option<EntityRights>,
}

/// Reads the answer of `entityInformation/fields` or of `entityInformation/userDefinedFields`.
///
/// # Errors
/// As [`parse_page`](super::parse_page); a body without a list of fields is [`PageError::Malformed`].
pub fn parse_fields(body: &[u8]) -> Result<Vec<FieldInfo>, PageError> {
    let fields = parse_answer::<FieldsBody>(body)?.fields.ok_or_else(|| malformed("no list «fields»"))?;
    Ok(fields.into_iter().map(field_info).collect())
}

/// Reads the answer of `entityInformation`.
///
/// # Errors
/// As [`parse_page`](super::parse_page); a right that is not mentioned is not granted.
pub fn parse_rights(body: &[u8]) -> Result<EntityRights, PageError> {
    parse_answer::<RightsBody>(body)?.info.ok_or_else(|| malformed("no entity information"))
}

fn field_info(field: FieldBody) -> FieldInfo {
    FieldInfo {
        name: field.name,
        data_type: field.data_type.unwrap_or_default(),
        is_queryable: field.is_queryable,
        is_reference: field.is_reference,
        is_picklist: field.is_pick_list,
        picklist: field.picklist_values.unwrap_or_default().into_iter().map(picklist_value).collect(),
    }
}

fn picklist_value(value: PicklistBody) -> PicklistValue {
    PicklistValue {
        value: value.value,
        label: value.label.unwrap_or_default(),
        is_active: value.is_active.unwrap_or(true),
        parent_value: Some(value.parent_value).filter(|parent| !parent.is_empty()),
    }
}

/// A boolean as loosely as in records; absent is false.
fn flag<'de, D: serde::Deserializer<'de>>(input: D) -> Result<bool, D::Error> {
    Ok(lenient(input)?.unwrap_or_default())
}

/// A text that may be written as a number; absent is empty.
fn word<'de, D: serde::Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    Ok(match serde_json::Value::deserialize(input)? {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::{parse_fields, parse_rights};

    #[test]
    fn fields_are_read_with_their_picklists() {
        let body = br#"{"fields":[{"name":"configurationItemType","dataType":"integer","isQueryable":true,"isPickList":true,
            "picklistValues":[{"value":"3","label":"Laptop","parentValue":"","isActive":true},{"value":4,"parentValue":"7"}]},
            {"name":"Stage","type":"string","picklistValues":null}]}"#;
        let fields = parse_fields(body).unwrap();
        assert!(fields[0].is_picklist && fields[0].is_queryable && !fields[0].is_reference);
        assert_eq!((fields[0].picklist[0].label.as_str(), fields[0].picklist[0].is_active), ("Laptop", true));
        assert_eq!((fields[0].picklist[1].value.as_str(), fields[0].picklist[1].is_active), ("4", true));
        assert_eq!(fields[0].picklist[1].parent_value.as_deref(), Some("7"));
        assert_eq!((fields[1].data_type.as_str(), fields[1].picklist.len()), ("string", 0));
        assert!(parse_fields(b"{}").is_err());
    }

    #[test]
    fn rights_are_read_and_default_to_none() {
        let body =
            br#"{"info":{"name":"ConfigurationItem","canQuery":true,"canUpdate":false,"userAccessForQuery":2,
            "hasUserDefinedFields":true,"supportsWebhookCallouts":true}}"#;
        let rights = parse_rights(body).unwrap();
        assert!(
            rights.can_query && rights.has_user_defined_fields && !rights.can_update && !rights.can_create
        );
        assert_eq!((rights.user_access_for_query, rights.user_access_for_update), (Some(2), None));
        assert!(parse_rights(b"{}").is_err());
    }
}
