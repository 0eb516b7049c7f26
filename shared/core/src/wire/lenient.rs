//! Readings of one scalar as loosely as Autotask writes it, and no looser.
//!
//! Never guesses: what is not listed here is an error that names the value. Used by `wire_record!`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::{Deserializer, Error, Unexpected, Visitor};

use super::calendar::{parse_date, parse_instant};
use crate::model::Text;

/// The integers up to here are exact in an `f64`.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// What a JSON scalar of one kind means; each kind of JSON value is refused unless a reading is given.
///
/// The outer `None` refuses the value, the inner one means that it stands for «absent».
pub(crate) trait Accept<'de>: Sized {
    /// What was expected, for the error's text.
    const EXPECTED: &'static str;

    fn from_bool(_value: bool) -> Option<Option<Self>> {
        None
    }

    fn from_int(_value: i64) -> Option<Option<Self>> {
        None
    }

    fn from_float(_value: f64) -> Option<Option<Self>> {
        None
    }

    /// Called with a text that is not empty; a refused text comes back for the error.
    fn from_text(text: Cow<'de, str>) -> Result<Option<Self>, Cow<'de, str>>;
}

impl<'de: 'a, 'a> Accept<'de> for Text<'a> {
    const EXPECTED: &'static str = "a text";

    fn from_text(text: Cow<'de, str>) -> Result<Option<Self>, Cow<'de, str>> {
        Ok(Some(Text(text)))
    }
}

impl<'de> Accept<'de> for i64 {
    const EXPECTED: &'static str = "an integer";

    fn from_int(value: i64) -> Option<Option<Self>> {
        Some(Some(value))
    }

    fn from_float(value: f64) -> Option<Option<Self>> {
        let is_exact = value.fract() == 0.0 && value.abs() <= MAX_EXACT;
        is_exact.then_some(Some(value as i64))
    }

    fn from_text(text: Cow<'de, str>) -> Result<Option<Self>, Cow<'de, str>> {
        text.parse().map(Some).map_err(|_| text)
    }
}

impl<'de> Accept<'de> for bool {
    const EXPECTED: &'static str = "a boolean";

    fn from_bool(value: bool) -> Option<Option<Self>> {
        Some(Some(value))
    }

    fn from_int(value: i64) -> Option<Option<Self>> {
        match value {
            0 => Some(Some(false)),
            1 => Some(Some(true)),
            _ => None,
        }
    }

    fn from_text(text: Cow<'de, str>) -> Result<Option<Self>, Cow<'de, str>> {
        match &*text {
            "0" => Ok(Some(false)),
            "1" => Ok(Some(true)),
            word if word.eq_ignore_ascii_case("false") => Ok(Some(false)),
            word if word.eq_ignore_ascii_case("true") => Ok(Some(true)),
            _ => Err(text),
        }
    }
}

impl<'de> Accept<'de> for f64 {
    const EXPECTED: &'static str = "an amount";

    fn from_int(value: i64) -> Option<Option<Self>> {
        Some(Some(value as f64))
    }

    fn from_float(value: f64) -> Option<Option<Self>> {
        value.is_finite().then_some(Some(value))
    }

    fn from_text(text: Cow<'de, str>) -> Result<Option<Self>, Cow<'de, str>> {
        text.parse().ok().and_then(Self::from_float).ok_or(text)
    }
}

impl<'de> Accept<'de> for Timestamp {
    const EXPECTED: &'static str = "an instant";

    fn from_text(text: Cow<'de, str>) -> Result<Option<Self>, Cow<'de, str>> {
        parse_instant(&text).ok_or(text)
    }
}

impl<'de> Accept<'de> for Date {
    const EXPECTED: &'static str = "a calendar date";

    fn from_text(text: Cow<'de, str>) -> Result<Option<Self>, Cow<'de, str>> {
        parse_date(&text).ok_or(text)
    }
}

/// Reads one scalar; null and `""` are absent.
///
/// # Errors
/// A JSON type or a value that the kind does not accept.
pub(crate) fn lenient<'de, D: Deserializer<'de>, T: Accept<'de>>(input: D) -> Result<Option<T>, D::Error> {
    input.deserialize_any(Scalar(PhantomData))
}

struct Scalar<T>(PhantomData<T>);

impl<'de, T: Accept<'de>> Scalar<T> {
    fn text<E: Error>(&self, text: Cow<'de, str>) -> Result<Option<T>, E> {
        if text.is_empty() {
            return Ok(None);
        }
        T::from_text(text).map_err(|text| E::invalid_value(Unexpected::Str(&text), self))
    }
}

impl<'de, T: Accept<'de>> Visitor<'de> for Scalar<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(T::EXPECTED)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        T::from_bool(value).ok_or_else(|| E::invalid_type(Unexpected::Bool(value), &self))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        T::from_int(value).ok_or_else(|| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        let read = i64::try_from(value).map_or_else(|_| T::from_float(value as f64), T::from_int);
        read.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        T::from_float(value).ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        self.text(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        self.text(Cow::Owned(text.to_owned()))
    }
}
