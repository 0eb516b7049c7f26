//! Organizations, their types and their statuses, as the service stores and shows them.

use crate::clock::instant_text;
use anyhow::bail;
use serde_json::{Map, Value, json};

/// Types by id.
pub(crate) const TYPES: [(i64, &str); 5] =
    [(71, "Customer"), (72, "Vendor"), (73, "Partner"), (74, "Prospect"), (75, "Internal")];
/// Statuses by id.
pub(crate) const STATUSES: [(i64, &str); 3] = [(15, "Active"), (16, "Inactive"), (17, "On hold")];

/// What may be set from outside; everything else is the service's own.
const WRITABLE: [&str; 10] = [
    "name",
    "description",
    "organization-type-id",
    "organization-status-id",
    "primary",
    "quick-notes",
    "short-name",
    "alert",
    "psa-integration",
    "my-glue",
];

/// One organization.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Organization {
    /// Its id, a text on the wire.
    pub(crate) id: i64,
    /// Everything else, under the names of the wire, companions of ids not among them.
    pub(crate) attributes: Map<String, Value>,
}

impl Organization {
    /// A new one with what was given and the service's defaults.
    ///
    /// # Errors
    /// There is no name, or an attribute is not one that may be set.
    pub(crate) fn new(id: i64, given: &Map<String, Value>, now_ms: i64) -> anyhow::Result<Self> {
        let mut attributes = Map::new();
        for name in WRITABLE {
            attributes.insert(name.to_owned(), Value::Null);
        }
        attributes.insert("primary".to_owned(), json!(false));
        attributes.insert("my-glue".to_owned(), json!(false));
        attributes.insert("psa-integration".to_owned(), json!("disabled"));
        attributes.insert("created-at".to_owned(), json!(instant_text(now_ms)));
        let mut organization = Self { id, attributes };
        organization.edit(given, now_ms)?;
        if organization.text("name").is_empty() {
            bail!("name can't be blank");
        }
        Ok(organization)
    }

    /// Sets attributes, with dashes or underscores, and stamps the organization.
    ///
    /// # Errors
    /// An attribute is not one that may be set, or its type or status does not exist.
    pub(crate) fn edit(&mut self, given: &Map<String, Value>, now_ms: i64) -> anyhow::Result<()> {
        for (name, value) in given {
            let name = name.replace('_', "-");
            if !WRITABLE.contains(&name.as_str()) {
                bail!("{name} is not an attribute that can be set");
            }
            let is_known = match name.as_str() {
                "organization-type-id" => value.is_null() || named(&TYPES, value).is_some(),
                "organization-status-id" => value.is_null() || named(&STATUSES, value).is_some(),
                _ => true,
            };
            if !is_known {
                bail!("{name} does not exist");
            }
            self.attributes.insert(name, value.clone());
        }
        self.attributes.insert("updated-at".to_owned(), json!(instant_text(now_ms)));
        Ok(())
    }

    /// An attribute as text; empty when it is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.attributes.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The id in an attribute.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.attributes.get(name).and_then(Value::as_i64)
    }

    /// True when a PSA owns the record.
    pub(crate) fn is_synced(&self) -> bool {
        self.text("psa-integration") == "enabled"
    }

    /// As the service shows it.
    pub(crate) fn render(&self) -> Value {
        let mut attributes = self.attributes.clone();
        let name_of = |list: &[(i64, &str)], key: &str| {
            self.attributes.get(key).and_then(|id| named(list, id)).map_or(Value::Null, |name| json!(name))
        };
        attributes.insert("organization-type-name".to_owned(), name_of(&TYPES, "organization-type-id"));
        attributes
            .insert("organization-status-name".to_owned(), name_of(&STATUSES, "organization-status-id"));
        json!({
            "id": self.id.to_string(),
            "type": "organizations",
            "attributes": attributes,
            "relationships": {},
        })
    }
}

/// The name of an id that comes as a number or as a text.
fn named<'a>(list: &[(i64, &'a str)], id: &Value) -> Option<&'a str> {
    let id = id.as_i64().or_else(|| id.as_str()?.parse().ok())?;
    list.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}
