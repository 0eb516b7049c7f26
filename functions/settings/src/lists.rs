//! Pages of lists: their size and their opaque cursors.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::{Schema, SchemaGenerator, json_schema};
use shared::api::{ApiError, ApiRequest};

const DEFAULT_ROWS: usize = 25;
const MAX_ROWS: usize = 100;

/// What the API's document says of `limit`.
pub(crate) fn limit_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "minimum": 1, "maximum": MAX_ROWS})
}

/// Rows that are asked for.
pub(crate) fn limit(request: &ApiRequest) -> Result<usize, ApiError> {
    let Some(text) = request.query_param("limit") else { return Ok(DEFAULT_ROWS) };
    let rows = text.parse().ok().filter(|rows| (1..=MAX_ROWS).contains(rows));
    rows.ok_or_else(|| ApiError::field("limit", format!("it is no number from 1 to {MAX_ROWS}")))
}

/// Name of the last row of a page; opaque to clients.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cursor(pub(crate) String);

impl Cursor {
    pub(crate) fn read(request: &ApiRequest) -> Result<Option<Self>, ApiError> {
        let Some(text) = request.query_param("cursor") else { return Ok(None) };
        Self::parse(text)
            .map(Some)
            .ok_or_else(|| ApiError::field("cursor", "it is none that a former page gave"))
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let name = String::from_utf8(bytes).ok()?;
        let is_fit = |c: char| c.is_ascii_alphanumeric() || "-#_".contains(c);
        ((1..=80).contains(&name.len()) && name.chars().all(is_fit)).then_some(Self(name))
    }

    pub(crate) fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn only_our_own_cursors_are_read() {
        let cursor = Cursor("0001-q00001".to_owned());
        assert_eq!(Cursor::parse(&cursor.write()), Some(cursor));
        for bad in ["", "!", "YWJj=", &Cursor("a b".to_owned()).write(), &Cursor("x".repeat(99)).write()] {
            assert_eq!(Cursor::parse(bad), None, "{bad}");
        }
    }
}
