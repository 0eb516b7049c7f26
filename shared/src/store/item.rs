//! Small helpers between DynamoDB attributes and our types.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Serialize, de::DeserializeOwned};
use shared_core::scope::LEFT_OUT;

use super::error::StoreError;
use super::keys::Key;

/// Attributes of one item.
pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn bytes(value: Vec<u8>) -> AttributeValue {
    AttributeValue::B(value.into())
}

pub(crate) fn key_item(key: &Key) -> Item {
    Item::from([("pk".to_owned(), text(&key.pk)), ("sk".to_owned(), text(&key.sk))])
}

pub(crate) fn get_text<'a>(item: &'a Item, name: &str) -> Result<&'a str, StoreError> {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .map(String::as_str)
        .ok_or_else(|| StoreError::damaged(sort_key(item), format!("no text {name}")))
}

pub(crate) fn get_number<T: std::str::FromStr>(item: &Item, name: &str) -> Result<T, StoreError> {
    item.get(name)
        .and_then(|value| value.as_n().ok())
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| StoreError::damaged(sort_key(item), format!("no number {name}")))
}

pub(crate) fn get_bytes<'a>(item: &'a Item, name: &str) -> Result<&'a [u8], StoreError> {
    item.get(name)
        .and_then(|value| value.as_b().ok())
        .map(AsRef::as_ref)
        .ok_or_else(|| StoreError::damaged(sort_key(item), format!("no bytes {name}")))
}

pub(crate) fn sort_key(item: &Item) -> &str {
    item.get("sk").and_then(|value| value.as_s().ok()).map_or("?", String::as_str)
}

/// Whether a record is there and not left out.
pub(crate) fn is_shown(item: &Item) -> bool {
    let is_left_out = item.get("h").and_then(|value| value.as_s().ok()).is_some_and(|hash| hash == LEFT_OUT);
    !is_left_out && !item.contains_key("gone")
}

/// The one document attribute of an item.
pub(crate) fn doc<T: Serialize>(value: &T) -> Result<AttributeValue, StoreError> {
    serde_json::to_string(value).map(text).map_err(|error| StoreError::damaged("(new)", error))
}

/// Reads the document attribute of an item.
pub(crate) fn from_doc<T: DeserializeOwned>(item: &Item) -> Result<T, StoreError> {
    serde_json::from_str(get_text(item, "doc")?).map_err(|error| StoreError::damaged(sort_key(item), error))
}
