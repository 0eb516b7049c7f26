//! One record of Autotask's to one record of ours.
//!
//! Never looks beside the record: labels, mappings and links are for its readers. Used by the engine for every row.

mod company;
mod contract;
mod device;
mod opportunity;
mod rejection;
mod ticket;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use xxhash_rust::xxh3::xxh3_128_with_seed;

use crate::entity::Entity;
use crate::facets::Facet;
use crate::model::ModelRecord;
use crate::wire;

pub use rejection::Rejected;

/// The version of the stored documents; raising it makes every record's hash new, so that a sweep rewrites all.
pub const SCHEMA_VERSION: u32 = 1;

/// One record, ready for the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Autotask's id, never negative.
    pub id: i64,
    /// The company to which it belongs; `None` for companies themselves and for entities without one.
    pub company_id: Option<i64>,
    /// Our model as compact JSON: fields in their fixed order, absent values left out.
    pub doc: String,
    /// 12 characters of `A-Za-z0-9-_` (72 bits of a 128-bit hash: a record is only ever compared with its own last
    /// state) that change if and only if `doc` or [`SCHEMA_VERSION`] does.
    pub hash: String,
    /// What is kept of it beside the records; none for entities that no mapping looks at.
    pub facet: Option<Facet>,
}

/// A field that holds what no record may hold, although its type is right.
pub(crate) struct Invalid {
    field: &'static str,
    reason: &'static str,
}

/// How one record of Autotask's becomes ours.
pub(crate) trait Project {
    type Model: ModelRecord;

    fn project(self) -> Result<Self::Model, Invalid>;
}

/// Decodes one row of a page.
///
/// # Shape
/// Unknown fields are ignored; null, `""` and absent are one; texts stay as they are to the byte; calendar dates are
/// never moved; instants become UTC.
/// # Errors
/// [`Rejected`] for a row that is no object, for a field that we keep and that holds another type, and for a missing
/// id or company. Count it, keep it and go on: one bad row never stops a run.
pub fn decode(entity: Entity, raw: &RawValue) -> Result<Record, Rejected> {
    match entity {
        Entity::Companies => decode_as::<wire::Company<'_>>(entity, raw),
        Entity::Assets => decode_as::<wire::ConfigurationItem<'_>>(entity, raw),
        Entity::Contacts => decode_as::<wire::Contact<'_>>(entity, raw),
        Entity::Products => decode_as::<wire::Product<'_>>(entity, raw),
        Entity::AssetTypes => decode_as::<wire::ConfigurationItemType<'_>>(entity, raw),
        Entity::AssetCategories => decode_as::<wire::ConfigurationItemCategory<'_>>(entity, raw),
        Entity::Contracts => decode_as::<wire::Contract<'_>>(entity, raw),
        Entity::ContractServices => decode_as::<wire::ContractService<'_>>(entity, raw),
        Entity::ContractServiceUnits => decode_as::<wire::ContractServiceUnit>(entity, raw),
        Entity::Tickets => decode_as::<wire::Ticket<'_>>(entity, raw),
        Entity::Opportunities => decode_as::<wire::Opportunity<'_>>(entity, raw),
    }
}

/// Whether a record has any user-defined field, masked ones included.
#[must_use]
pub fn has_user_defined_values(record: &Record) -> bool {
    // Quotes within texts are escaped, so this can only be the field itself.
    record.doc.contains("\"user_defined_fields\":{")
}

/// A short name for a row that has no readable id: 16 hex digits of a hash of its text.
#[must_use]
pub fn fingerprint(raw: &RawValue) -> String {
    format!("{:016x}", xxhash_rust::xxh3::xxh3_64(raw.get().as_bytes()))
}

/// The id of a row, even if nothing else of it can be read.
#[must_use]
pub fn peek_id(raw: &RawValue) -> Option<i64> {
    #[derive(Deserialize)]
    struct Peek {
        #[serde(default, deserialize_with = "crate::wire::lenient")]
        id: Option<i64>,
    }
    if !is_object(raw) {
        return None;
    }
    serde_json::from_str::<Peek>(raw.get()).ok()?.id.filter(|id| *id >= 0)
}

fn decode_as<'a, W: Project + Deserialize<'a>>(
    entity: Entity,
    raw: &'a RawValue,
) -> Result<Record, Rejected> {
    // A derived reader would also take a list for an object, field by field.
    if !is_object(raw) {
        return Err(Rejected::whole(entity, "not a JSON object"));
    }
    let wire: W =
        serde_json::from_str(raw.get()).map_err(|error| Rejected::explained::<W>(entity, raw, &error))?;
    let model = wire.project().map_err(|invalid| Rejected::invalid(entity, raw, &invalid))?;
    record_of(&model).map_err(|error| Rejected::whole(entity, &error.to_string()))
}

fn record_of<M: ModelRecord + Serialize>(model: &M) -> Result<Record, serde_json::Error> {
    let doc = serde_json::to_string(model)?;
    let hash = hash_of(&doc);
    Ok(Record { id: model.id(), company_id: model.company_id(), doc, hash, facet: model.facet() })
}

fn hash_of(doc: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let hash = xxh3_128_with_seed(doc.as_bytes(), u64::from(SCHEMA_VERSION));
    (0..12).map(|digit| char::from(ALPHABET[(hash >> (6 * digit)) as usize % 64])).collect()
}

fn is_object(raw: &RawValue) -> bool {
    raw.get().trim_start().starts_with('{')
}

/// The id of a record: present and not negative.
fn required_id(id: Option<i64>) -> Result<i64, Invalid> {
    required(id, wire::ID)
}

/// The company of a record that cannot be without one; 0 is the MSP itself.
fn required_company(company_id: Option<i64>) -> Result<i64, Invalid> {
    required(company_id, wire::COMPANY_ID)
}

fn required(id: Option<i64>, field: &'static str) -> Result<i64, Invalid> {
    match id {
        Some(id) if id >= 0 => Ok(id),
        Some(_) => Err(Invalid { field, reason: "negative" }),
        None => Err(Invalid { field, reason: "missing" }),
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
