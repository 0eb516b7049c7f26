//! The envelopes of Autotask's answers: pages, counts and errors.
//!
//! Never takes a broken answer for an empty one. Used by the Autotask client.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::lenient::lenient;

/// The longest text of Autotask's that is kept, in bytes.
const MAX_ERROR_BYTES: usize = 500;

/// The longest reason of our own, in bytes: a parser's message may quote the answer.
const MAX_REASON_BYTES: usize = 200;

/// Why a body is not the answer that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Autotask refused the request in its own words, each cut at 500 bytes; at least one.
    #[error("Autotask answered with errors: {}", .0.join("; "))]
    Errors(Vec<String>),
    /// The body is no such answer: truncated, HTML, or another shape. Never to be read as «no rows».
    #[error("malformed answer: {0}")]
    Malformed(String),
}

/// One page of a query.
#[derive(Debug)]
pub struct Page<'a> {
    /// The rows as they came, in the order of the answer; empty is a real answer.
    pub items: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct PageBody<'a> {
    #[serde(borrow)]
    items: Option<Vec<&'a RawValue>>,
    errors: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct CountBody {
    #[serde(default, rename = "queryCount", deserialize_with = "lenient")]
    query_count: Option<i64>,
}

#[derive(Deserialize)]
struct ErrorsBody {
    errors: Option<serde_json::Value>,
}

/// Splits a page into its rows without reading them; unknown keys beside `items` are ignored.
///
/// # Errors
/// [`PageError::Errors`] for an answer with a non-empty `errors`, [`PageError::Malformed`] for everything else that
/// is not `{"items":[…]}`.
pub fn parse_page(body: &[u8]) -> Result<Page<'_>, PageError> {
    let page = match parse_object::<PageBody<'_>>(body) {
        // Only an answer that says `errors`, or that cannot be read, is worth a second look.
        Ok(page) if page.errors.is_none() => page,
        Ok(page) => refused(body).map_or(Ok(page), Err)?,
        Err(malformed) => return Err(refused(body).unwrap_or(malformed)),
    };
    page.items.map(|items| Page { items }).ok_or_else(|| malformed("no list «items»"))
}

/// Reads `{"queryCount":n}`; the number may be a text.
///
/// # Errors
/// As [`parse_page`]: a body without a count is never 0.
pub fn parse_count(body: &[u8]) -> Result<u64, PageError> {
    let count = parse_answer::<CountBody>(body)?.query_count;
    count.and_then(|count| u64::try_from(count).ok()).ok_or_else(|| malformed("no query count"))
}

/// The texts of `{"errors":[…]}`, each cut at 500 bytes on a character's boundary.
///
/// # Shape
/// `None` when the body has no errors, so that `Some` holds at least one text. An entry may be a text or an object
/// with `message`; any other entry is given as JSON.
#[must_use]
pub fn parse_errors(body: &[u8]) -> Option<Vec<String>> {
    let texts: Vec<_> = match parse_object::<ErrorsBody>(body).ok()?.errors? {
        serde_json::Value::Array(entries) => entries.iter().map(error_text).collect(),
        serde_json::Value::Null => Vec::new(),
        entry => vec![error_text(&entry)],
    };
    (!texts.is_empty()).then_some(texts)
}

/// Cuts a text at so many bytes, on a character's boundary.
pub(crate) fn clip(text: &str, max_bytes: usize) -> String {
    text[..text.floor_char_boundary(max_bytes)].to_owned()
}

pub(super) fn malformed(reason: &str) -> PageError {
    PageError::Malformed(clip(reason, MAX_REASON_BYTES))
}

/// Reads an answer that is an object of this shape; Autotask's own errors come before ours.
pub(super) fn parse_answer<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, PageError> {
    match refused(body) {
        Some(errors) => Err(errors),
        None => parse_object(body),
    }
}

fn refused(body: &[u8]) -> Option<PageError> {
    parse_errors(body).map(PageError::Errors)
}

fn parse_object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, PageError> {
    // A derived reader would also take a list for an object, field by field.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(malformed("not a JSON object"));
    }
    serde_json::from_slice(body).map_err(|error| malformed(&error.to_string()))
}

fn error_text(entry: &serde_json::Value) -> String {
    let message = entry.get("message").or_else(|| entry.get("Message")).unwrap_or(entry);
    message
        .as_str()
        .map_or_else(|| clip(&message.to_string(), MAX_ERROR_BYTES), |text| clip(text, MAX_ERROR_BYTES))
}

#[cfg(test)]
mod tests {
    use super::{MAX_ERROR_BYTES, PageError, parse_count, parse_errors, parse_page};

    fn check_page(body: &str, expected: Result<&[&str], PageError>) {
        let found = parse_page(body.as_bytes());
        let found = found.map(|page| page.items.iter().map(|item| item.get().to_owned()).collect::<Vec<_>>());
        let expected = expected.map(|items| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>());
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn pages_are_split_into_rows() {
        check_page(r#"{"items":[]}"#, Ok(&[]));
        check_page(r#" {"items":[ {"id":1} , {"id": 2}],"x":{}} "#, Ok(&[r#"{"id":1}"#, r#"{"id": 2}"#]));
        check_page(r#"{"pageDetails":{"count":1},"items":[null],"errors":[]}"#, Ok(&["null"]));
    }

    #[test]
    fn refusals_are_given_in_autotasks_words() {
        let refusal = || Err(PageError::Errors(vec!["no such field".to_owned()]));
        check_page(r#"{"errors":["no such field"]}"#, refusal());
        check_page(r#"{"items":[],"errors":["no such field"]}"#, refusal());
        check_page(r#"{"items":[{"id":1}],"errors":["no such field"]}"#, refusal());
        check_page(r#"{"items":null,"errors":[{"message":"no such field"}]}"#, refusal());
        check_page(r#"{"items":"x","errors":"no such field"}"#, refusal());
    }

    #[test]
    fn broken_pages_are_never_empty() {
        for body in [
            "",
            "null",
            "[]",
            "[[]]",
            "7",
            "{}",
            "<html></html>",
            r#"{"items":null}"#,
            r#"{"items":{}}"#,
            r#"{"items":[{"id":1}"#,
            r#"{"items":[{"id":1}]} trailing"#,
            r#"{"errors":[]}"#,
            r#"{"item":{"id":1}}"#,
        ] {
            assert!(matches!(parse_page(body.as_bytes()), Err(PageError::Malformed(_))), "{body}");
        }
        assert!(matches!(parse_page(b"{\"items\":[\"\xff\"]}"), Err(PageError::Malformed(_))));
    }

    fn check_count(body: &str, expected: Option<u64>) {
        assert_eq!(parse_count(body.as_bytes()).ok(), expected, "{body}");
    }

    #[test]
    fn counts_are_read_and_never_invented() {
        check_count(r#"{"queryCount":1209}"#, Some(1209));
        check_count(r#"{"queryCount":"0"}"#, Some(0));
        for body in
            ["", "{}", "[5]", r#"{"queryCount":null}"#, r#"{"queryCount":-1}"#, r#"{"queryCount":"many"}"#]
        {
            check_count(body, None);
        }
    }

    #[test]
    fn error_texts_are_cut_on_a_characters_boundary() {
        let body = format!(r#"{{"errors":["{}"]}}"#, "é".repeat(400));
        assert_eq!(parse_errors(body.as_bytes()), Some(vec!["é".repeat(MAX_ERROR_BYTES / 2)]));
        assert_eq!(parse_errors(br#"{"errors":[7]}"#), Some(vec!["7".to_owned()]));
        assert_eq!(parse_errors(br#"{"errors":null}"#), None);
        assert_eq!(parse_errors(b"<html>"), None);
    }
}
