//! Bodies of Autotask's `query` and `query/count` calls.
//!
//! Only the complete operator set of the API is spelled here: an unknown operator is silently dropped upstream and the
//! call then answers *everything*, so filters are built from this enum and never from text.
//! Called by the engine; never does I/O.

use serde_json::{Value, json};

use crate::wire;

/// Most rows one page may hold (Autotask refuses more).
pub const MAX_PAGE_RECORDS: u32 = 500;

/// Most values of one `in` list: each counts as an OR condition, of which a query may hold 500.
pub const MAX_IN_VALUES: usize = 500;

/// One condition of a filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `id > value`.
    IdAfter(i64),
    /// `id <= value`.
    IdUpTo(i64),
    /// `id` is one of these; at most [`MAX_IN_VALUES`].
    IdIn(Vec<i64>),
    /// The company is one of these; at most [`MAX_IN_VALUES`].
    CompanyIn(Vec<i64>),
    /// At least one of these datetime fields is at or after the instant (RFC 3339, UTC, with `Z`).
    AnySince {
        /// Wire names of the stamps.
        fields: Vec<String>,
        /// The instant.
        since: String,
        /// Rows with a larger id match as well: new rows that carry no stamp.
        or_id_after: i64,
    },
}

impl Condition {
    fn to_json(&self) -> Value {
        match self {
            Self::IdAfter(id) => json!({"op": "gt", "field": "id", "value": id}),
            Self::IdUpTo(id) => json!({"op": "lte", "field": "id", "value": id}),
            Self::IdIn(ids) => json!({"op": "in", "field": "id", "value": ids}),
            Self::CompanyIn(ids) => json!({"op": "in", "field": wire::COMPANY_ID, "value": ids}),
            Self::AnySince { fields, since, or_id_after } => any_since(fields, since, *or_id_after),
        }
    }
}

fn any_since(fields: &[String], since: &str, or_id_after: i64) -> Value {
    let mut items: Vec<Value> =
        fields.iter().map(|field| json!({"op": "gte", "field": field, "value": since})).collect();
    items.push(Condition::IdAfter(or_id_after).to_json());
    json!({"op": "or", "items": items})
}

/// The ids after `lo` up to `hi`; an open end has no upper condition.
#[must_use]
pub fn id_range(lo: i64, hi: Option<i64>) -> Vec<Condition> {
    let mut conditions = vec![Condition::IdAfter(lo)];
    conditions.extend(hi.map(Condition::IdUpTo));
    conditions
}

/// Body of `POST {Entity}/query`.
///
/// # Shape
/// `include_fields` must hold `id`; empty asks for whole rows. `max_records` is clamped to `1..=500`.
#[must_use]
pub fn page_body(filter: &[Condition], include_fields: &[String], max_records: u32) -> Value {
    let mut body = json!({
        "MaxRecords": max_records.clamp(1, MAX_PAGE_RECORDS),
        "filter": filter.iter().map(Condition::to_json).collect::<Vec<_>>(),
    });
    if !include_fields.is_empty() {
        body["IncludeFields"] = json!(include_fields);
    }
    body
}

/// Body of `POST {Entity}/query/count`.
#[must_use]
pub fn count_body(filter: &[Condition]) -> Value {
    json!({"filter": filter.iter().map(Condition::to_json).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Condition, count_body, id_range, page_body};

    #[test]
    fn a_keyset_page_asks_for_ascending_ids_after_the_cursor() {
        let body = page_body(&id_range(-1, Some(9)), &["id".to_owned()], 9_999);
        assert_eq!(
            body,
            json!({"MaxRecords": 500, "IncludeFields": ["id"], "filter": [
                {"op": "gt", "field": "id", "value": -1}, {"op": "lte", "field": "id", "value": 9}]})
        );
    }

    #[test]
    fn changed_rows_and_rows_without_stamps_are_one_or_group() {
        let since = Condition::AnySince {
            fields: vec!["a".to_owned(), "b".to_owned()],
            since: "2026-11-20T00:00:00Z".to_owned(),
            or_id_after: 9,
        };
        let body = count_body(&[since]);
        assert_eq!(
            body["filter"][0],
            json!({"op": "or", "items": [
                {"op": "gte", "field": "a", "value": "2026-11-20T00:00:00Z"},
                {"op": "gte", "field": "b", "value": "2026-11-20T00:00:00Z"},
                {"op": "gt", "field": "id", "value": 9}]})
        );
    }
}
