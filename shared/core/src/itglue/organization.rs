//! One organization: IT Glue's record to ours.
//!
//! Lenient as `project` is: unknown attributes are ignored, null, `""` and absent are one, and one bad record is a
//! rejection that names its attribute, never the end of a run.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::model::Text;
use crate::wire::{clip, lenient};

/// The longest reason, in bytes.
const MAX_REASON_BYTES: usize = 200;
/// The longest name of an attribute, in bytes; no attribute of IT Glue's comes near it.
const MAX_ATTRIBUTE_BYTES: usize = 100;
/// Words that a status has when the company is not looked after any more. Statuses are the MSP's own list, so what is
/// not known here counts as active: a company too many is seen, one too few is missed.
const OVER: [&str; 9] =
    ["inactive", "archived", "deleted", "terminated", "former", "cancelled", "canceled", "closed", "lost"];

/// A company as IT Glue knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ItGlueOrganization")]
pub struct Organization {
    /// IT Glue's id.
    pub id: i64,
    /// Its name, exactly as it stands there.
    pub name: String,
    /// False when its status says that the company is not looked after any more.
    pub is_active: bool,
    /// A short name, often the one that technicians use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// The label of its type, such as `Customer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    /// The label of its status, such as `Active`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_name: Option<String>,
    /// When it was last edited, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub updated_at: Option<Timestamp>,
}

/// A record that was not decoded: kept with its reason, shown, and tried again by the next run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("rejected IT Glue organization {id:?}, attribute {attribute:?}: {reason}")]
pub struct Rejected {
    /// The record's id, if that much could be read.
    pub id: Option<i64>,
    /// The attribute at fault; `None` if the record as a whole is.
    pub attribute: Option<String>,
    /// What is wrong, at most 200 bytes; quotes the offending scalar alone.
    pub reason: String,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(default, deserialize_with = "lenient")]
    id: Option<i64>,
    #[serde(default, borrow)]
    attributes: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(default, rename_all = "kebab-case", bound(deserialize = "'de: 'a"))]
#[derive(Default)]
struct Attributes<'a> {
    #[serde(deserialize_with = "lenient")]
    name: Option<Text<'a>>,
    #[serde(deserialize_with = "lenient")]
    short_name: Option<Text<'a>>,
    #[serde(deserialize_with = "lenient")]
    organization_type_name: Option<Text<'a>>,
    #[serde(deserialize_with = "lenient")]
    organization_status_name: Option<Text<'a>>,
    #[serde(deserialize_with = "lenient")]
    updated_at: Option<Timestamp>,
}

/// Decodes one record of a page.
///
/// # Errors
/// [`Rejected`] for a record that is no object, has no id, attributes or name, or holds another type in an attribute that
/// we keep. Count it, keep it and go on.
pub fn decode(raw: &RawValue) -> Result<Organization, Rejected> {
    let id = peek_id(raw);
    let reject = |attribute: Option<&str>, reason: &str| Rejected {
        id,
        attribute: attribute.map(|name| clip(name, MAX_ATTRIBUTE_BYTES)),
        reason: clip(reason, MAX_REASON_BYTES),
    };
    if !is_object(raw) {
        return Err(reject(None, "not a JSON object"));
    }
    let wire: Wire<'_> = serde_json::from_str(raw.get()).map_err(|error| reject(None, &reason_of(&error)))?;
    let id = wire.id.filter(|id| *id >= 0).ok_or_else(|| reject(Some("id"), "missing or negative"))?;
    let attributes = wire.attributes.filter(|raw| is_object(raw));
    let attributes = attributes.ok_or_else(|| reject(None, "has no attributes"))?;
    let mut input = serde_json::Deserializer::from_str(attributes.get());
    let attributes: Attributes<'_> = serde_path_to_error::deserialize(&mut input).map_err(|error| {
        let attribute = error.path().iter().next().map(ToString::to_string);
        reject(attribute.as_deref(), &reason_of(error.inner()))
    })?;
    let name = attributes.name.as_deref().ok_or_else(|| reject(Some("name"), "missing"))?;
    let text = |text: Option<Text<'_>>| text.map(|text| text.to_string());
    Ok(Organization {
        id,
        name: name.to_owned(),
        is_active: is_active(attributes.organization_status_name.as_deref()),
        short_name: text(attributes.short_name),
        type_name: text(attributes.organization_type_name),
        status_name: text(attributes.organization_status_name),
        updated_at: attributes.updated_at,
    })
}

/// The id of a record, even if nothing else of it can be read.
#[must_use]
pub fn peek_id(raw: &RawValue) -> Option<i64> {
    #[derive(Deserialize)]
    struct Peek {
        #[serde(default, deserialize_with = "lenient")]
        id: Option<i64>,
    }
    if !is_object(raw) {
        return None;
    }
    serde_json::from_str::<Peek>(raw.get()).ok()?.id.filter(|id| *id >= 0)
}

/// Whether a status means that the company is looked after.
fn is_active(status_name: Option<&str>) -> bool {
    let status = status_name.unwrap_or_default().to_lowercase();
    let mut words = status.split(|c: char| !c.is_alphanumeric());
    !words.any(|word| OVER.contains(&word)) && !status.contains("not active") && !status.contains("no longer")
}

fn is_object(raw: &RawValue) -> bool {
    raw.get().trim_start().starts_with('{')
}

/// The parser's message without its position, which says nothing to a reader of the record.
fn reason_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::{RawValue, to_raw_value};
    use serde_json::{Value, json};

    use super::{Organization, decode, is_active};

    fn raw(value: &Value) -> Box<RawValue> {
        to_raw_value(value).unwrap()
    }

    fn record() -> Value {
        json!({
            "id": "4012",
            "type": "organizations",
            "attributes": {
                "name": " Acme \"&\" Sons ",
                "description": null,
                "organization-type-id": 71,
                "organization-type-name": "Customer",
                "organization-status-id": 15,
                "organization-status-name": "Active",
                "primary": false,
                "quick-notes": "<p>x</p>",
                "short-name": "",
                "updated-at": "2026-02-15T14:22:00.000Z",
            },
            "relationships": {},
        })
    }

    #[test]
    fn an_organization_becomes_ours() {
        let organization = decode(&raw(&record())).unwrap();
        let want = Organization {
            id: 4012,
            name: " Acme \"&\" Sons ".to_owned(),
            is_active: true,
            short_name: None,
            type_name: Some("Customer".to_owned()),
            status_name: Some("Active".to_owned()),
            updated_at: Some("2026-02-15T14:22:00Z".parse().unwrap()),
        };
        assert_eq!(organization, want);
        let text = serde_json::to_string(&organization).unwrap();
        assert_eq!(serde_json::from_str::<Organization>(&text).unwrap(), want);
    }

    #[test]
    fn ids_may_be_numbers_or_texts_of_any_length() {
        let check = |id: Value, want: Option<i64>| {
            let mut record = record();
            record["id"] = id.clone();
            assert_eq!(decode(&raw(&record)).ok().map(|organization| organization.id), want, "{id}");
        };
        check(json!(7), Some(7));
        check(json!("574989297464115201"), Some(574_989_297_464_115_201));
        check(json!("-1"), None);
        check(json!("x"), None);
        check(Value::Null, None);
    }

    #[test]
    fn a_bad_record_says_where_it_is_bad() {
        let check = |change: &dyn Fn(&mut Value), id: Option<i64>, attribute: Option<&str>, reason: &str| {
            let mut record = record();
            change(&mut record);
            let rejected = decode(&raw(&record)).unwrap_err();
            assert_eq!((rejected.id, rejected.attribute.as_deref()), (id, attribute), "{record}");
            assert!(rejected.reason.contains(reason), "{rejected:?}");
        };
        check(&|record| *record = json!("x"), None, None, "not a JSON object");
        check(&|record| *record = json!([1]), None, None, "not a JSON object");
        check(&|record| record["id"] = Value::Null, None, Some("id"), "missing");
        check(&|record| record["attributes"] = Value::Null, Some(4012), None, "no attributes");
        check(&|record| record["attributes"] = json!([]), Some(4012), None, "no attributes");
        check(&|record| record["attributes"]["name"] = json!(""), Some(4012), Some("name"), "missing");
        check(&|record| record["attributes"]["name"] = json!([1]), Some(4012), Some("name"), "sequence");
        let stamp: &dyn Fn(&mut Value) = &|record| record["attributes"]["updated-at"] = json!("soon");
        check(stamp, Some(4012), Some("updated-at"), "soon");
    }

    #[test]
    fn only_a_status_that_says_so_makes_a_company_inactive() {
        let check = |status: Option<&str>, want| assert_eq!(is_active(status), want, "{status:?}");
        check(None, true);
        check(Some("Active"), true);
        check(Some("On hold"), true);
        check(Some("Aktiv"), true);
        check(Some("Inactive"), false);
        check(Some("INACTIVE (2024)"), false);
        check(Some("Not Active"), false);
        check(Some("Former client"), false);
        check(Some("Archived"), false);
        check(Some("Formerly known"), true);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,40}", name in any::<String>(), status in any::<String>()) {
            if let Ok(odd) = RawValue::from_string(text) {
                drop(decode(&odd));
            }
            let mut record = record();
            record["attributes"]["name"] = json!(name);
            record["attributes"]["organization-status-name"] = json!(status);
            match decode(&raw(&record)) {
                Ok(organization) => prop_assert_eq!(organization.name, name),
                Err(_) => prop_assert!(name.is_empty()),
            }
        }
    }
}
