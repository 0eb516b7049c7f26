//! Reads the values of conditions, by the type of the field that they are compared with.

use super::{Compare, Test};
use crate::calendar::parse_instant;
use crate::schema::Kind;
use serde_json::Value;

/// The test of one comparison.
pub(super) fn comparison(kind: Kind, compare: Compare, field: &str, value: &Value) -> Result<Test, String> {
    if value.is_null() {
        return Err(format!(
            "Invalid query syntax. A value is required for {field}; use exist or notExist for null."
        ));
    }
    let is_text_only = matches!(compare, Compare::BeginsWith | Compare::EndsWith | Compare::Contains);
    let is_equality = matches!(compare, Compare::Eq | Compare::NotEq);
    match kind {
        Kind::Text => Ok(Test::Text(compare, text(field, value)?.to_lowercase())),
        _ if is_text_only => Err(format!("Invalid query syntax. The operator is not valid for {field}.")),
        Kind::Bool if !is_equality => {
            Err(format!("Invalid query syntax. The operator is not valid for {field}."))
        }
        _ => Ok(Test::Number(compare, number(kind, field, value)?)),
    }
}

/// The test of a list.
pub(super) fn list(kind: Kind, is_negated: bool, field: &str, values: &[Value]) -> Result<Test, String> {
    if values.is_empty() {
        return Err(format!("Invalid query syntax. A list of values is required for {field}."));
    }
    if kind == Kind::Text {
        let texts: Result<Vec<String>, String> =
            values.iter().map(|value| text(field, value).map(|text| text.to_lowercase())).collect();
        return Ok(Test::TextIn(texts?, is_negated));
    }
    let numbers: Result<Vec<i64>, String> = values.iter().map(|value| number(kind, field, value)).collect();
    let mut numbers = numbers?;
    numbers.sort_unstable();
    Ok(Test::NumberIn(numbers, is_negated))
}

fn text(field: &str, value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        _ => Err(format!("Invalid query syntax. The value for {field} is not valid.")),
    }
}

fn number(kind: Kind, field: &str, value: &Value) -> Result<i64, String> {
    let bad = || format!("Invalid query syntax. The value for {field} is not valid.");
    match kind {
        Kind::Bool => value
            .as_bool()
            .map(i64::from)
            .ok_or_else(|| format!("Invalid query syntax. The value for {field} must be true or false.")),
        Kind::Time => value.as_str().and_then(parse_instant).ok_or_else(bad),
        Kind::Decimal => decimal(value).ok_or_else(bad),
        Kind::Int => integer(value)
            .filter(|number| i32::try_from(*number).is_ok())
            .ok_or_else(|| format!("Value was either too large or too small for an Int32. {}", bad())),
        Kind::Long | Kind::Text => integer(value).ok_or_else(bad),
    }
}

/// A whole number, also from a text: some callers send ids as texts and are answered.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().filter(|f| f.fract() == 0.0).map(|f| f as i64))
        }
        _ => None,
    }
}

/// A decimal in ten thousandths, also from a text.
pub(crate) fn decimal(value: &Value) -> Option<i64> {
    let float = match value {
        Value::String(text) => text.trim().parse().ok()?,
        other => other.as_f64()?,
    };
    Some((float * 10_000.0).round() as i64)
}
