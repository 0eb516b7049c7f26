//! JSON objects, and nothing that could pass for one.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// A value that was written as a JSON object: a derived reader would also take a list, field by field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Object<T>(pub T);

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_map(ObjectVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::Object;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Pair {
        left: u8,
        right: Option<Object<u8>>,
    }

    #[test]
    fn lists_do_not_pass() {
        let read = |json| serde_json::from_str::<Object<Pair>>(json).ok().map(|object| object.0.left);
        assert_eq!(read(r#"{"left":1}"#), Some(1));
        assert_eq!(read("{}"), Some(0));
        for bad in ["[]", "[1,null]", "null", "1", r#""left""#, r#"{"left":1,"x":2}"#] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
