//! Rows of `lci export`: a stored document with every column, nulls included.
//!
//! Never decodes a text: values are copied from the document as they stand. Used by the export command and the readers
//! that hand out whole records.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::catalogue::Catalogue;
use crate::entity::Entity;
use crate::model::{
    AssetCategory, AssetType, Company, Contact, Contract, ContractService, ContractServiceUnit, Opportunity,
    Product, Ticket,
};

/// The columns of assets: those of the document, with the two labels that are found when a row is written.
const ASSET_COLUMNS: &[&str] = &[
    "id",
    "company_id",
    "name",
    "serial_number",
    "is_active",
    "type_id",
    "category_id",
    "product_id",
    "contact_id",
    "install_date",
    "warranty_expiration_date",
    MANUFACTURER,
    MODEL,
    "created_at",
    "last_modified_at",
    USER_DEFINED_FIELDS,
    "reference_number",
    "location",
    "parent_asset_id",
    "company_location_id",
    "contract_id",
    "contract_service_id",
    "service_level_agreement_id",
    "vendor_id",
    "manufacturer_id",
    "model_id",
    "rmm_device_id",
    "rmm_device_type_id",
    "rmm_hostname",
    "rmm_operating_system",
    "rmm_last_user",
    "rmm_memory_bytes",
    "rmm_storage_bytes",
    "rmm_missing_patch_count",
    "monthly_cost",
];

const MANUFACTURER: &str = "manufacturer";
const MODEL: &str = "model";
const USER_DEFINED_FIELDS: &str = "user_defined_fields";

/// The columns of an entity's rows, in their order: first those that the contract names, then our others.
#[must_use]
pub fn columns(entity: Entity) -> &'static [&'static str] {
    match entity {
        Entity::Companies => Company::FIELDS,
        Entity::Assets => ASSET_COLUMNS,
        Entity::Contacts => Contact::FIELDS,
        Entity::Products => Product::FIELDS,
        Entity::AssetTypes => AssetType::FIELDS,
        Entity::AssetCategories => AssetCategory::FIELDS,
        Entity::Contracts => Contract::FIELDS,
        Entity::ContractServices => ContractService::FIELDS,
        Entity::ContractServiceUnits => ContractServiceUnit::FIELDS,
        Entity::Tickets => Ticket::FIELDS,
        Entity::Opportunities => Opportunity::FIELDS,
    }
}

/// One row: a JSON object on one line, without a line end.
///
/// # Shape
/// Exactly [`columns`] in their order; what the document lacks is null, user-defined fields are then `{}`.
/// # Errors
/// The document is not a JSON object, or an asset's label ids are not numbers.
pub fn row(entity: Entity, doc: &str, catalogue: &Catalogue) -> Result<String, serde_json::Error> {
    let document: Document<'_> = serde_json::from_str(doc)?;
    let (manufacturer, model) = labels(entity, &document, catalogue)?;
    let mut row = String::with_capacity(doc.len() + 24 * columns(entity).len());
    let mut lookup_idx = 0;
    for column in columns(entity) {
        row.push_str(if row.is_empty() { "{\"" } else { ",\"" });
        row.push_str(column);
        row.push_str("\":");
        match (entity, *column) {
            (Entity::Assets, MANUFACTURER) => row.push_str(&serde_json::to_string(&manufacturer)?),
            (Entity::Assets, MODEL) => row.push_str(&serde_json::to_string(&model)?),
            _ => row.push_str(document.value(column, &mut lookup_idx).unwrap_or_else(|| missing(column))),
        }
    }
    row.push('}');
    Ok(row)
}

fn missing(column: &str) -> &'static str {
    if column == USER_DEFINED_FIELDS { "{}" } else { "null" }
}

fn labels<'c>(
    entity: Entity,
    document: &Document<'_>,
    catalogue: &'c Catalogue,
) -> Result<(Option<&'c str>, Option<&'c str>), serde_json::Error> {
    if entity != Entity::Assets {
        return Ok((None, None));
    }
    let id = |column| document.value(column, &mut 0).map(serde_json::from_str::<i64>).transpose();
    Ok(catalogue.resolve(id("manufacturer_id")?, id("model_id")?, id("product_id")?))
}

/// A document split into its columns and their JSON.
struct Document<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Document<'a> {
    /// The JSON of a column. The search starts at `lookup_idx` and goes round: columns come in the document's order.
    fn value(&self, column: &str, lookup_idx: &mut usize) -> Option<&'a str> {
        let (before, after) = self.0.split_at_checked(*lookup_idx)?;
        let found = after.iter().chain(before).position(|(name, _)| *name == column)?;
        let found_idx = (*lookup_idx + found) % self.0.len();
        *lookup_idx = found_idx + 1;
        Some(self.0[found_idx].1)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Document<'a> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_map(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a document of ours")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut columns = Vec::with_capacity(40);
        while let Some((name, value)) = map.next_entry::<&str, &RawValue>()? {
            columns.push((name, value.get()));
        }
        if columns.is_empty() { Err(A::Error::custom("an empty document")) } else { Ok(Document(columns)) }
    }
}

#[cfg(test)]
mod tests;
