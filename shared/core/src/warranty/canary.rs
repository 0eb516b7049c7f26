//! The proof of a canary: two readings of a whole record, of which only the warranty date may differ.
//!
//! Compared are all fields that either reading has, also those that we know nothing about.

use std::collections::BTreeSet;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::wire;

/// What comparing showed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WarrantyCanaryProof")]
pub struct Proof {
    /// Fields that changed and should not have, in alphabetical order; user-defined ones by their own name.
    pub changed_fields: Vec<String>,
    /// Autotask shows the date that was sent.
    pub shows_date: bool,
}

impl Proof {
    /// Whether the run may go on.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changed_fields.is_empty() && self.shows_date
    }
}

/// Compares a record before and after its warranty date was set to `sent`.
///
/// # Shape
/// Both are the `item` of an answer. Null, an empty text and a missing field are one, as Autotask mixes them; the order of
/// user-defined fields means nothing. Left out are the warranty date and [`wire::ASSET_STAMPS`].
#[must_use]
pub fn compare(before: &Map<String, Value>, after: &Map<String, Value>, sent: Option<Date>) -> Proof {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut changed_fields: Vec<String> = names
        .into_iter()
        .filter(|name| !is_expected(name) && *name != wire::USER_DEFINED_FIELDS)
        .filter(|name| !is_same(before.get(*name), after.get(*name)))
        .cloned()
        .collect();
    changed_fields.extend(changed_user_fields(before, after));
    changed_fields.sort();
    Proof { changed_fields, shows_date: held(after) == Some(sent) }
}

fn is_expected(name: &str) -> bool {
    name == wire::WARRANTY_EXPIRATION_DATE || wire::ASSET_STAMPS.contains(&name)
}

fn held(record: &Map<String, Value>) -> Option<Option<Date>> {
    let text = Value::Object(record.clone()).to_string();
    wire::parse_held(&text).ok().map(|held| held.warranty_expiration_date)
}

fn changed_user_fields(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let (before, after) = (user_fields(before), user_fields(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = names.into_iter().filter(|name| !is_same(before.get(*name), after.get(*name)));
    changed.cloned().collect()
}

/// User-defined fields by name.
fn user_fields(record: &Map<String, Value>) -> Map<String, Value> {
    let list = record.get(wire::USER_DEFINED_FIELDS).and_then(Value::as_array);
    let pair = |field: &Value| {
        let name = field.get("name")?.as_str()?.to_owned();
        Some((name, field.get("value").cloned().unwrap_or_default()))
    };
    list.into_iter().flatten().filter_map(pair).collect()
}

fn is_same(before: Option<&Value>, after: Option<&Value>) -> bool {
    match (plain(before), plain(after)) {
        (Value::Number(before), Value::Number(after)) if before != after => {
            let both = before.as_f64().zip(after.as_f64());
            both.is_some_and(|(before, after)| before.total_cmp(&after).is_eq())
        }
        (before, after) => before == after,
    }
}

fn plain(value: Option<&Value>) -> &Value {
    value.filter(|value| value.as_str() != Some("")).unwrap_or(&Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{Proof, compare};

    fn before() -> Value {
        json!({"id": 7, "companyID": 174, "notes": "a\r\nb", "referenceNumber": "", "monthlyCost": 3.5, "isActive": true,
            "warrantyExpirationDate": "2025-03-01T00:00:00Z", "lastModifiedTime": "2026-10-30T22:15:07.413Z",
            "userDefinedFields": [{"name": "Stage", "value": "2"}, {"name": "Owner", "value": null}]})
    }

    fn object(value: &Value) -> &Map<String, Value> {
        value.as_object().unwrap()
    }

    fn check(change: impl FnOnce(&mut Value), want_changed: &[&str], shows_date: bool) {
        let mut after = before();
        after["warrantyExpirationDate"] = json!("2027-05-01T00:00:00Z");
        change(&mut after);
        let proof = compare(object(&before()), object(&after), Some("2027-05-01".parse().unwrap()));
        let changed_fields = want_changed.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(proof, Proof { changed_fields, shows_date }, "{after}");
        assert_eq!(proof.is_clean(), want_changed.is_empty() && shows_date);
    }

    #[test]
    fn the_date_and_autotasks_stamps_may_change() {
        check(|_| (), &[], true);
        check(
            |after| {
                after["lastModifiedTime"] = json!("2026-11-22T09:00:00Z");
                after["lastActivityPersonID"] = json!(29_682_885);
                after["lastActivityPersonType"] = json!(1);
            },
            &[],
            true,
        );
    }

    #[test]
    fn other_spellings_of_the_same_record_are_no_change() {
        check(|after| after["referenceNumber"] = Value::Null, &[], true);
        check(|after| after["monthlyCost"] = json!(3.5000), &[], true);
        check(|after| drop(after.as_object_mut().unwrap().remove("referenceNumber")), &[], true);
        check(|after| after["userDefinedFields"].as_array_mut().unwrap().reverse(), &[], true);
        check(|after| drop(after["userDefinedFields"].as_array_mut().unwrap().pop()), &[], true);
    }

    #[test]
    fn anything_else_is_named() {
        check(|after| after["notes"] = Value::Null, &["notes"], true);
        check(|after| after["isActive"] = json!(false), &["isActive"], true);
        check(|after| after["monthlyCost"] = json!(3.51), &["monthlyCost"], true);
        check(|after| after["somethingNew"] = json!(1), &["somethingNew"], true);
        check(|after| after["userDefinedFields"] = json!([]), &["Stage"], true);
        check(|after| (after["notes"], after["id"]) = (json!("x"), json!(8)), &["id", "notes"], true);
    }

    #[test]
    fn a_date_that_is_not_shown_is_no_proof() {
        check(|after| after["warrantyExpirationDate"] = json!("2025-03-01T00:00:00Z"), &[], false);
        check(|after| after["warrantyExpirationDate"] = Value::Null, &[], false);
        check(|after| drop(after.as_object_mut().unwrap().remove("warrantyExpirationDate")), &[], false);
    }
}
