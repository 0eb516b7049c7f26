//! Spoils one record of a page that was otherwise right.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The ways in which a record can be spoilt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Garble {
    /// A field holds something else, such as `"abc"` where a number belongs.
    WrongType {
        /// The field, in its canonical spelling.
        field: String,
        /// What it holds.
        value: Value,
    },
    /// The id is null.
    NullId,
    /// The record is a text.
    NotAnObject,
    /// The record has the id of its neighbour.
    DuplicateId,
    /// The record has changed places with its neighbour.
    Unsorted,
    /// The id is higher than any id that was asked for.
    IdOutOfRange,
    /// The page has no `items` at all.
    NoItems,
}

/// Spoils a record of a page; the page comes back as it was when it has too few records for that.
pub(crate) fn garble(body: &str, kind: &Garble, row_idx: usize) -> String {
    let Ok(mut page) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
    if *kind == Garble::NoItems {
        page.as_object_mut().and_then(|page| page.remove("items"));
        return page.to_string();
    }
    if let Some(items) = page.get_mut("items").and_then(Value::as_array_mut) {
        spoil(items, kind, row_idx);
    }
    page.to_string()
}

fn spoil(items: &mut [Value], kind: &Garble, row_idx: usize) {
    let neighbour_idx = if row_idx == 0 { 1 } else { row_idx - 1 };
    let neighbour_id = items.get(neighbour_idx).and_then(|item| item.get("id")).cloned();
    if *kind == Garble::Unsorted {
        if row_idx.max(neighbour_idx) < items.len() {
            items.swap(row_idx, neighbour_idx);
        }
        return;
    }
    let Some(item) = items.get_mut(row_idx) else { return };
    match kind {
        Garble::WrongType { field, value } => set(item, field, value.clone()),
        Garble::NullId => set(item, "id", Value::Null),
        Garble::NotAnObject => *item = json!("not a record"),
        Garble::DuplicateId => set(item, "id", neighbour_id.unwrap_or(Value::Null)),
        Garble::IdOutOfRange => set(item, "id", json!(9_000_000_000_000_i64)),
        Garble::Unsorted | Garble::NoItems => {}
    }
}

fn set(item: &mut Value, field: &str, value: Value) {
    if let Some(object) = item.as_object_mut() {
        object.insert(field.to_owned(), value);
    }
}
