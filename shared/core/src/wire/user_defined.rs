//! User-defined fields: a list of name and value on the wire, a sorted map in the model.
//!
//! Never keeps a masked value. Used by the records that carry them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::lenient::Accept;
use crate::model::Text;

/// What Autotask shows instead of a value that this API user may not see.
const MASK: &str = "*****";

/// One entry of `userDefinedFields`.
#[derive(Deserialize)]
#[serde(expecting = "an object with name and value", bound(deserialize = "'de: 'a"))]
struct UserDefinedField<'a> {
    name: Text<'a>,
    #[serde(default, deserialize_with = "crate::wire::lenient")]
    value: Option<Value<'a>>,
}

/// A value as text; Autotask writes texts, but a number or a boolean loses nothing by becoming one.
struct Value<'a>(Text<'a>);

impl<'de: 'a, 'a> Accept<'de> for Value<'a> {
    const EXPECTED: &'static str = "a text";

    fn from_bool(value: bool) -> Option<Option<Self>> {
        Some(Some(Self(Text(value.to_string().into()))))
    }

    fn from_int(value: i64) -> Option<Option<Self>> {
        Some(Some(Self(Text(value.to_string().into()))))
    }

    fn from_float(value: f64) -> Option<Option<Self>> {
        Some(Some(Self(Text(value.to_string().into()))))
    }

    fn from_text(text: Cow<'de, str>) -> Result<Option<Self>, Cow<'de, str>> {
        Ok((text != MASK).then_some(Self(Text(text))))
    }
}

/// Reads the list; null is the empty list, and of two entries with one name the last counts.
///
/// # Errors
/// An entry without a name, or a value that is an object or a list.
pub(crate) fn user_defined<'de: 'a, 'a, D: Deserializer<'de>>(
    input: D,
) -> Result<BTreeMap<Text<'a>, Option<Text<'a>>>, D::Error> {
    let fields = Option::<Vec<UserDefinedField<'a>>>::deserialize(input)?.unwrap_or_default();
    Ok(fields.into_iter().map(|field| (field.name, field.value.map(|value| value.0))).collect())
}
