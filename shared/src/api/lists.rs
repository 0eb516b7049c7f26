//! Pages of lists: their size, their opaque cursors, and what they are narrowed by.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::{Schema, SchemaGenerator, json_schema};

use super::error::ApiError;
use super::request::ApiRequest;

/// How many rows a page of a list may have.
#[derive(Clone, Copy, Debug)]
pub struct PageSize {
    /// Unless the request says otherwise.
    pub default: usize,
    /// At most.
    pub most: usize,
}

/// Lists that people leaf through.
pub const SHORT: PageSize = PageSize { default: 25, most: 100 };
/// Tables that a page holds as a whole.
pub const LONG: PageSize = PageSize { default: 100, most: 1_000 };

/// What the API's document says of `limit` of a short list.
pub fn short_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "minimum": 1, "maximum": SHORT.most})
}

/// What the API's document says of `limit` of a long list.
pub fn long_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "minimum": 1, "maximum": LONG.most})
}

/// Characters of a text that is searched for.
const MAX_TEXT_CHARS: usize = 100;

/// What the API's document says of a text that is searched for.
pub fn text_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "maxLength": MAX_TEXT_CHARS})
}

/// A text that is searched for, without the blanks around it; none if the parameter is absent or blank.
///
/// # Errors
/// It is too long, or no readable text.
pub fn text(request: &ApiRequest, name: &str) -> Result<Option<String>, ApiError> {
    let Some(text) = request.query_param(name) else { return Ok(None) };
    if text.chars().count() > MAX_TEXT_CHARS {
        return Err(ApiError::field(name, format!("it must have at most {MAX_TEXT_CHARS} characters")));
    }
    // The gateway puts U+FFFD where bytes are no UTF-8.
    if text.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        return Err(ApiError::field(name, "it has characters that no name has"));
    }
    Ok(Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned))
}

/// A whole number within bounds, written as numbers are: without a plus sign and without zeros in front.
///
/// # Errors
/// It is anything else.
pub fn number<T>(request: &ApiRequest, name: &str, bounds: RangeInclusive<T>) -> Result<Option<T>, ApiError>
where
    T: FromStr + Display + PartialOrd,
{
    let Some(text) = request.query_param(name) else { return Ok(None) };
    let is_fit = |number: &T| bounds.contains(number) && number.to_string() == text;
    let why = || format!("it is no number from {} to {}", bounds.start(), bounds.end());
    text.parse().ok().filter(is_fit).map(Some).ok_or_else(|| ApiError::field(name, why()))
}

impl PageSize {
    /// Rows that are asked for.
    ///
    /// # Errors
    /// `limit` is no number in range.
    pub fn read(self, request: &ApiRequest) -> Result<usize, ApiError> {
        Ok(number(request, "limit", 1..=self.most)?.unwrap_or(self.default))
    }
}

/// Name of the last row of a page; opaque to clients.
#[derive(Debug, PartialEq, Eq)]
pub struct Cursor(pub String);

impl Cursor {
    /// The cursor of a request, if it has one.
    ///
    /// # Errors
    /// It is none of ours.
    pub fn read(request: &ApiRequest) -> Result<Option<Self>, ApiError> {
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

    /// As clients see it.
    #[must_use]
    pub fn write(&self) -> String {
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
