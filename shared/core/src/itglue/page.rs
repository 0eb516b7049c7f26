//! The envelopes of IT Glue's answers: pages and errors.
//!
//! Never takes a broken answer for an empty one.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::wire::{clip, lenient};

/// The longest text of IT Glue's that is kept, in bytes.
const MAX_ERROR_BYTES: usize = 500;

/// A body that is not the page that was asked for: truncated, HTML, or another shape. Never to be read as «no rows».
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed answer: {0}")]
pub struct Malformed(pub String);

/// One page of a list.
#[derive(Debug)]
pub struct Page<'a> {
    /// The records as they came, in the order of the answer; empty is a real answer.
    pub records: Vec<&'a RawValue>,
    /// How many records the list has, all pages together.
    pub n_total: u64,
    /// True when another page follows.
    pub has_next: bool,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    data: Option<Vec<&'a RawValue>>,
    meta: Option<Meta>,
    #[serde(default)]
    links: Links,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Meta {
    #[serde(default, deserialize_with = "lenient")]
    total_count: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    next_page: Option<i64>,
}

#[derive(Default, Deserialize)]
struct Links {
    next: Option<Value>,
}

/// Splits a page into its records without reading them.
///
/// # Errors
/// [`Malformed`] for everything that is not `{"data":[…],"meta":{"total-count":n,…}}`.
pub fn parse_page(body: &[u8]) -> Result<Page<'_>, Malformed> {
    let malformed = |reason: &str| Malformed(clip(reason, 200));
    // A derived reader would also take a list for an object, field by field.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(malformed("not a JSON object"));
    }
    let body: Body<'_> = serde_json::from_slice(body).map_err(|error| malformed(&error.to_string()))?;
    let records = body.data.ok_or_else(|| malformed("no list «data»"))?;
    let meta = body.meta.ok_or_else(|| malformed("no «meta»"))?;
    let n_total = meta.total_count.and_then(|n| u64::try_from(n).ok());
    let has_next = meta.next_page.is_some() || body.links.next.is_some_and(|next| !next.is_null());
    Ok(Page { records, n_total: n_total.ok_or_else(|| malformed("no «total-count»"))?, has_next })
}

/// The texts of `{"errors":[…]}` or of a gateway's `{"message":…}`, each cut at 500 bytes; empty when there are none.
///
/// # Shape
/// `title: detail` of each error, whatever type its status has.
#[must_use]
pub fn parse_errors(body: &[u8]) -> Vec<String> {
    #[derive(Deserialize)]
    struct Errors {
        errors: Option<Value>,
        message: Option<Value>,
    }
    let Ok(body) = serde_json::from_slice::<Errors>(body) else { return Vec::new() };
    match (body.errors, body.message) {
        (Some(Value::Array(errors)), _) => errors.iter().map(error_text).collect(),
        (Some(Value::Null) | None, None | Some(Value::Null)) => Vec::new(),
        (Some(Value::Null) | None, Some(message)) => vec![error_text(&message)],
        (Some(error), _) => vec![error_text(&error)],
    }
}

fn error_text(error: &Value) -> String {
    let part = |name: &str| error.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let text = match (part("title"), part("detail")) {
        (Some(title), Some(detail)) => format!("{title}: {detail}"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => error.as_str().map_or_else(|| error.to_string(), str::to_owned),
    };
    clip(&text, MAX_ERROR_BYTES)
}

#[cfg(test)]
mod tests {
    use super::{parse_errors, parse_page};

    #[test]
    fn pages_are_split_into_records() {
        let check = |body: &str, want: (usize, u64, bool)| {
            let page = parse_page(body.as_bytes()).unwrap();
            assert_eq!((page.records.len(), page.n_total, page.has_next), want, "{body}");
        };
        check(r#"{"data":[],"meta":{"total-count":0,"next-page":null}}"#, (0, 0, false));
        check(r#"{"data":[{"id":"1"},null],"meta":{"total-count":"7","next-page":2},"x":1}"#, (2, 7, true));
        check(r#"{"data":[1],"meta":{"total-count":9},"links":{"next":"https://x"}}"#, (1, 9, true));
        check(r#"{"data":[1],"meta":{"total-count":1},"links":{"next":null}}"#, (1, 1, false));
    }

    #[test]
    fn broken_pages_are_never_empty() {
        for body in [
            "",
            "null",
            "[]",
            "[[],{}]",
            "{}",
            "<html></html>",
            r#"{"data":null,"meta":{"total-count":1}}"#,
            r#"{"data":{},"meta":{"total-count":1}}"#,
            r#"{"data":[]}"#,
            r#"{"data":[],"meta":{}}"#,
            r#"{"data":[],"meta":{"total-count":-1}}"#,
            r#"{"data":[],"meta":{"total-count":1}"#,
            r#"{"errors":[{"status":"500"}]}"#,
        ] {
            assert!(parse_page(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn errors_are_given_in_it_glues_words() {
        let check = |body: &str, want: &[&str]| assert_eq!(parse_errors(body.as_bytes()), want, "{body}");
        check(
            r#"{"errors":[{"status":401,"title":"Unauthorized","detail":"Unauthorized resource access"}]}"#,
            &["Unauthorized: Unauthorized resource access"],
        );
        check(
            r#"{"errors":[{"status":"422","title":"Bad"},"plain",{"x":1}]}"#,
            &["Bad", "plain", "{\"x\":1}"],
        );
        check(r#"{"message":"Forbidden"}"#, &["Forbidden"]);
        check(r#"{"errors":"x"}"#, &["x"]);
        for body in ["", "[]", "<html>", "{}", r#"{"errors":null}"#] {
            check(body, &[]);
        }
        let long = format!(r#"{{"message":"{}"}}"#, "é".repeat(400));
        assert_eq!(parse_errors(long.as_bytes()), ["é".repeat(250)]);
    }
}
