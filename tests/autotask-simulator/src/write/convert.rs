//! Turns JSON into the values of fields, with the texts of the parser that the real service uses.

use crate::calendar::{DAY_MS, parse_instant};
use crate::filter::{decimal, integer};
use crate::schema::{Field, Kind};
use crate::store::Value;
use serde_json::Value as Json;

/// The value of a field.
///
/// # Errors
/// The text of a 500.
pub(super) fn convert(field: &Field, json: &Json) -> Result<Value, String> {
    match (field.kind, json) {
        (_, Json::Null) => Ok(Value::Null),
        (Kind::Bool, Json::Bool(truth)) => Ok(Value::Number(i64::from(*truth))),
        (Kind::Text, Json::Bool(truth)) => Ok(Value::Text(truth.to_string())),
        // The service's JSON reader stops at the first letter of `true` where digits must stand.
        (_, Json::Bool(truth)) => Err(unexpected(if *truth { 't' } else { 'f' })),
        (_, Json::Array(_)) => Err(unexpected('[')),
        (_, Json::Object(_)) => Err(unexpected('{')),
        (Kind::Text, Json::String(text)) => Ok(Value::Text(text.clone())),
        (Kind::Text, Json::Number(number)) => Ok(Value::Text(number.to_string())),
        (Kind::Time, Json::String(text)) => instant(field, text),
        (Kind::Bool, Json::String(text)) => boolean(field, text),
        (Kind::Bool, Json::Number(number)) => Ok(Value::Number(i64::from(number.as_i64() != Some(0)))),
        (Kind::Decimal, _) => decimal(json).map(Value::Number).ok_or_else(|| not_a(field, "decimal", json)),
        (Kind::Int, _) => integer(json)
            .filter(|number| i32::try_from(*number).is_ok())
            .map(Value::Number)
            .ok_or_else(|| not_a(field, "integer", json)),
        (Kind::Long, _) => integer(json).map(Value::Number).ok_or_else(|| not_a(field, "integer", json)),
        (Kind::Time, Json::Number(_)) => Err(not_a(field, "DateTime", json)),
    }
}

fn unexpected(character: char) -> String {
    format!("Unexpected character encountered while parsing value: {character}")
}

fn not_a(field: &Field, kind: &str, json: &Json) -> String {
    let shown = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    format!("Could not convert value to {kind}: {shown}. Path '{}'.", field.name)
}

fn boolean(field: &Field, text: &str) -> Result<Value, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(Value::Number(1)),
        "false" => Ok(Value::Number(0)),
        _ => Err(not_a(field, "boolean", &Json::String(text.to_owned()))),
    }
}

/// Date-only fields keep the date that was written and lose the time, whatever the offset says.
fn instant(field: &Field, text: &str) -> Result<Value, String> {
    let bad = || not_a(field, "DateTime", &Json::String(text.to_owned()));
    let at_ms = parse_instant(text).ok_or_else(bad)?;
    if !field.is_day {
        return Ok(Value::Number(at_ms));
    }
    let day_ms = text.trim().get(..10).and_then(parse_instant).unwrap_or(at_ms);
    Ok(Value::Number(day_ms.div_euclid(DAY_MS) * DAY_MS))
}
