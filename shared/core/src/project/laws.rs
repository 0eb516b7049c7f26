//! Laws of decoding that hold for every row.

use proptest::prelude::*;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};

use super::decode;
use crate::catalogue::Catalogue;
use crate::entity::Entity;
use crate::export::row;
use crate::model;
use crate::wire::wanted_fields;

fn raw(value: &Value) -> Box<RawValue> {
    to_raw_value(value).unwrap()
}

/// Any JSON, often with the shapes on which a reader could trip.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[0-9]{0,4}-?[0-9]{0,2}-?[0-9]{0,2}T?[0-9:.]{0,12}[Z+é]?".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner.clone(), 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
            (inner.clone(), inner).prop_map(|(name, value)| json!([{"name": name, "value": value}])),
        ]
    })
}

fn any_entity() -> impl Strategy<Value = Entity> {
    prop::sample::select(Entity::ALL.as_slice())
}

/// What fields of one kind or another accept.
fn likely_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0_i64..9).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("2024-02-29T23:59:59.120")),
        Just(json!([{"name": "Stage", "value": "*****"}, {"name": "", "value": 1.5}])),
    ]
}

/// A row that names the entity's own fields, with whatever in them, or with what they might accept.
fn any_row() -> impl Strategy<Value = (Entity, Value)> {
    let filled = |entity: Entity| {
        let names: Vec<_> = wanted_fields(entity).iter().copied().chain(["userDefinedFields"]).collect();
        let value = prop_oneof![1 => any_json(), 4 => likely_value()];
        let fields = prop::collection::vec((prop::sample::select(names), value), 0..6);
        fields.prop_map(move |fields| (entity, row_of(fields)))
    };
    any_entity().prop_flat_map(filled)
}

/// The id and the company come first, so that a field of the test's own wins.
fn row_of(fields: Vec<(&str, Value)>) -> Value {
    let fields = [("id", json!(1)), ("companyID", json!(2))].into_iter().chain(fields);
    fields.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn asset(serial_number: &str, value: &str) -> Map<String, Value> {
    let fields = json!({
        "id": 1, "companyID": 2, "serialNumber": serial_number, "isActive": true, "monthlyCost": 1.5,
        "installDate": "2024-02-29T00:00:00Z", "userDefinedFields": [{"name": "Key", "value": value}],
    });
    fields.as_object().cloned().unwrap_or_default()
}

/// The document read into our model and written again.
fn rewritten(entity: Entity, doc: &str) -> serde_json::Result<String> {
    fn rewrite<'a, M: serde::Deserialize<'a> + serde::Serialize>(doc: &'a str) -> serde_json::Result<String> {
        serde_json::to_string(&serde_json::from_str::<M>(doc)?)
    }
    match entity {
        Entity::Companies => rewrite::<model::Company<'_>>(doc),
        Entity::Assets => rewrite::<model::Asset<'_>>(doc),
        Entity::Contacts => rewrite::<model::Contact<'_>>(doc),
        Entity::Products => rewrite::<model::Product<'_>>(doc),
        Entity::AssetTypes => rewrite::<model::AssetType<'_>>(doc),
        Entity::AssetCategories => rewrite::<model::AssetCategory<'_>>(doc),
        Entity::Contracts => rewrite::<model::Contract<'_>>(doc),
        Entity::ContractServices => rewrite::<model::ContractService<'_>>(doc),
        Entity::ContractServiceUnits => rewrite::<model::ContractServiceUnit>(doc),
        Entity::Tickets => rewrite::<model::Ticket<'_>>(doc),
        Entity::Opportunities => rewrite::<model::Opportunity<'_>>(doc),
    }
}

/// The same fields in another order; a map of `Value`s would sort them.
fn rotated(fields: &Map<String, Value>, by: usize) -> Box<RawValue> {
    let mut pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    let n_pairs = pairs.len();
    pairs.rotate_left(by % n_pairs);
    RawValue::from_string(format!("{{{}}}", pairs.join(" , "))).unwrap()
}

proptest! {
    #[test]
    fn decoding_never_panics(entity in any_entity(), value in any_json()) {
        let _ = decode(entity, &raw(&value));
    }

    #[test]
    fn a_row_is_decoded_or_refused_within_bounds((entity, value) in any_row()) {
        match decode(entity, &raw(&value)) {
            Ok(record) => {
                prop_assert!(record.id >= 0);
                let catalogue = Catalogue::default();
                let first = row(entity, &record.doc, &catalogue).unwrap();
                prop_assert_eq!(first, row(entity, &record.doc, &catalogue).unwrap());
                prop_assert_eq!(rewritten(entity, &record.doc).unwrap(), record.doc);
                prop_assert_eq!(decode(entity, &raw(&value)).unwrap().hash, record.hash);
            }
            Err(rejected) => prop_assert!(rejected.reason.len() <= 200 && rejected.field.is_some()),
        }
    }

    #[test]
    fn dates_never_shift(
        (year, month, day) in (1900_i16..2200, 1_i8..=12, 1_i8..=28),
        time in prop::sample::select(vec!["", "T00:00:00", "T23:59:59Z", "T00:00:00.000+14:00", "T23:00:00-12:00"]),
    ) {
        let date = format!("{year:04}-{month:02}-{day:02}");
        let mut fields = asset("x", "x");
        fields.insert("warrantyExpirationDate".to_owned(), json!(format!("{date}{time}")));
        let record = decode(Entity::Assets, &raw(&Value::Object(fields))).unwrap();
        let doc: Value = serde_json::from_str(&record.doc).unwrap();
        prop_assert_eq!(&doc["warranty_expiration_date"], &json!(date));
    }

    #[test]
    fn texts_reach_the_export_byte_for_byte(serial_number in any::<String>(), value in any::<String>()) {
        let record = decode(Entity::Assets, &raw(&Value::Object(asset(&serial_number, &value)))).unwrap();
        let row: Value = serde_json::from_str(&row(Entity::Assets, &record.doc, &Catalogue::default()).unwrap()).unwrap();
        let or_null = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
        prop_assert_eq!(&row["serial_number"], &or_null(&serial_number));
        prop_assume!(value != "*****");
        prop_assert_eq!(&row["user_defined_fields"]["Key"], &or_null(&value));
    }

    #[test]
    fn neither_order_nor_unknown_fields_change_the_hash(
        by in 0_usize..9, unknown in "[a-z]{1,8}_", value in any_json(), text in any::<String>(),
    ) {
        let mut fields = asset(&text, &text);
        let hash = decode(Entity::Assets, &raw(&Value::Object(fields.clone()))).unwrap().hash;
        fields.insert(unknown, value);
        prop_assert_eq!(decode(Entity::Assets, &rotated(&fields, by)).unwrap().hash, hash);
    }

    #[test]
    fn another_text_has_another_hash(one in "[a-z]{1,9}", other in "[a-z]{1,9}") {
        let hash = |text: &str| decode(Entity::Assets, &raw(&Value::Object(asset(text, "x")))).unwrap().hash;
        prop_assert_eq!(hash(&one) == hash(&other), one == other);
    }

    #[test]
    fn amounts_come_out_as_they_came_in(amount in any::<f64>().prop_filter("JSON has no others", |amount| amount.is_finite())) {
        let mut fields = asset("x", "x");
        fields.insert("monthlyCost".to_owned(), json!(amount));
        let record = decode(Entity::Assets, &raw(&Value::Object(fields))).unwrap();
        let doc: Value = serde_json::from_str(&record.doc).unwrap();
        prop_assert_eq!(&doc["monthly_cost"], &json!(amount));
    }
}
