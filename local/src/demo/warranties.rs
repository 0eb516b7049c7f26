//! Warranty dates of the demo, as Lifecycle Insights would hand them over: for most assets a vendor's, and every sort of
//! date that a plan has to hold back or skip.

use autotask_simulator::{Control, Entity as Source};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

/// Assets that get dates at most; as many rows fit into one request.
const MAX_ASSETS: usize = 5_000;
const VENDORS: [&str; 4] = ["dell", "lenovo", "hp", "microsoft"];

/// The body of `PUT /v1/warranties`.
pub(crate) fn handed_over(control: &Control) -> Value {
    let now = control.now();
    let today = now.get(..10).and_then(|day| day.parse().ok()).unwrap_or(Date::constant(2026, 1, 1));
    let assets = control.truth(Source::ConfigurationItems);
    let rows = assets.iter().take(MAX_ASSETS).enumerate();
    let warranties: Vec<Value> = rows.filter_map(|(at, asset)| row(at, asset, today, &now)).collect();
    json!({ "warranties": warranties })
}

/// What is known of one asset; none of every tenth.
fn row(at: usize, asset: &Value, today: Date, now: &str) -> Option<Value> {
    let held = asset["warrantyExpirationDate"].as_str().and_then(|text| text.get(..10)?.parse::<Date>().ok());
    let later = held.unwrap_or(today).saturating_add(((at % 3 + 1) as i64).years());
    let vendor = VENDORS[at % VENDORS.len()];
    let mut row = json!({
        "asset_id": asset["id"], "date": later.to_string(), "fetched_at": now, "coverage": "standard",
        "source": {"kind": "vendor", "name": vendor}, "serial_number": asset["serialNumber"],
    });
    match at % 10 {
        // As vendors answer: the end of the last day, somewhere in America.
        3 => {
            let instant = format!("{}T04:59:59.999Z", later.saturating_add(1.day()));
            (row["raw_value"], row["date"]) = (instant.into(), Value::Null);
        }
        4 => row["date"] = held.unwrap_or(today).saturating_add(1.day()).to_string().into(),
        5 => row["date"] = held.unwrap_or(today).saturating_sub(1.year()).to_string().into(),
        6 => row["source"] = json!({"kind": "estimate", "name": "age of the device"}),
        7 => (row["coverage"], row["date"]) = ("lifetime".into(), Value::Null),
        8 => row["serial_number"] = format!("X{at}").into(),
        9 => return None,
        _ => {}
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;
    use serde_json::json;

    use super::row;

    #[test]
    fn every_sort_of_date_is_handed_over() {
        let asset =
            json!({"id": 7, "warrantyExpirationDate": "2026-01-31T00:00:00Z", "serialNumber": "5CD1"});
        let told = |at| row(at, &asset, date(2026, 11, 22), "2026-11-22T01:00:00Z");
        let rows: BTreeSet<String> = (0..10).filter_map(told).map(|row| row.to_string()).collect();
        assert_eq!(rows.len(), 9);
        assert_eq!(told(3).unwrap()["raw_value"], "2027-02-01T04:59:59.999Z");
        assert!(told(9).is_none());
    }
}
