//! One value of the source as the export must write it.

use super::columns::{Column, Kind};
use super::labels::Labels;
use anyhow::{Context, bail, ensure};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

/// What a protected field shows.
const MASK: &str = "*****";

/// The value of a column.
pub(super) fn value(column: &Column, wire: &Value, labels: &Labels) -> anyhow::Result<Value> {
    let raw = wire.get(column.field).unwrap_or(&Value::Null);
    let value = match column.kind {
        Kind::UserDefined => user_defined(raw),
        Kind::Manufacturer => Ok(json!(labels.manufacturer(wire))),
        Kind::Model => Ok(json!(labels.model(wire))),
        _ if raw.is_null() => Ok(Value::Null),
        Kind::Integer => raw.as_i64().map(|n| json!(n)).context("no whole number"),
        Kind::Amount => raw.as_f64().map(|n| json!(n)).context("no number"),
        Kind::Text => text(raw),
        Kind::Truth => truth(raw),
        Kind::Date => date(raw),
        Kind::Instant => instant(raw),
    };
    value.with_context(|| format!("{} of {wire}", column.field))
}

fn text(raw: &Value) -> anyhow::Result<Value> {
    let text = raw.as_str().context("no text")?;
    Ok(if text.is_empty() { Value::Null } else { json!(text) })
}

fn truth(raw: &Value) -> anyhow::Result<Value> {
    match (raw.as_bool(), raw.as_i64()) {
        (Some(truth), _) => Ok(json!(truth)),
        (None, Some(number)) => Ok(json!(number != 0)),
        _ => bail!("neither a truth nor a number"),
    }
}

fn date(raw: &Value) -> anyhow::Result<Value> {
    let text = raw.as_str().and_then(|text| text.get(..10)).context("no date")?;
    Ok(json!(text))
}

fn instant(raw: &Value) -> anyhow::Result<Value> {
    let text = raw.as_str().context("no text")?;
    let at = match text.parse::<Timestamp>() {
        Ok(at) => at,
        // Without a zone it is UTC all the same.
        Err(_) => text.parse::<DateTime>()?.to_zoned(TimeZone::UTC)?.timestamp(),
    };
    Ok(json!(at.to_string()))
}

fn user_defined(raw: &Value) -> anyhow::Result<Value> {
    let mut fields = Map::new();
    for field in raw.as_array().map(Vec::as_slice).unwrap_or_default() {
        let name = field.get("name").and_then(Value::as_str).context("no name")?;
        let value =
            field.get("value").and_then(Value::as_str).filter(|text| !text.is_empty() && *text != MASK);
        let before = fields.insert(name.to_owned(), json!(value));
        ensure!(before.is_none(), "the field {name} is there twice");
    }
    Ok(Value::Object(fields))
}

#[cfg(test)]
mod tests {
    use super::{instant, user_defined};
    use serde_json::json;

    #[test]
    fn instants_are_utc_with_the_fraction_cut() {
        for (wire, expected) in [
            ("2022-12-07T09:15:45.2Z", "2022-12-07T09:15:45.2Z"),
            ("2022-12-07T09:15:45.200", "2022-12-07T09:15:45.2Z"),
            ("2022-12-07T09:15:45", "2022-12-07T09:15:45Z"),
            ("2022-12-07T09:15:45.120Z", "2022-12-07T09:15:45.12Z"),
        ] {
            assert_eq!(instant(&json!(wire)).unwrap(), json!(expected));
        }
    }

    #[test]
    fn masked_and_empty_user_defined_fields_are_null() {
        let wire = json!([{"name": "b", "value": "*****"}, {"name": "a", "value": " x "}, {"name": "c", "value": ""}]);
        assert_eq!(user_defined(&wire).unwrap().to_string(), r#"{"a":" x ","b":null,"c":null}"#);
        assert_eq!(user_defined(&json!(null)).unwrap(), json!({}));
    }
}
