//! What `lci export` must say, computed from the simulator's truth by a second reading of the contract.
//!
//! Never uses the product's types or rules; where both are wrong in the same way, the fact sheet is.

mod columns;
mod labels;
mod truth;
mod values;

pub use columns::{Column, Kind};
pub use labels::{Labels, Picklists};
pub use truth::Source;

use autotask_simulator::Entity;
use serde_json::{Map, Value};

/// What `lci export` exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exported {
    /// `companies`
    Companies,
    /// `contacts`
    Contacts,
    /// `assets`
    Assets,
    /// `products`
    Products,
    /// `contracts`
    Contracts,
    /// `tickets`
    Tickets,
    /// `opportunities`
    Opportunities,
}

impl Exported {
    /// Everything, with what is pulled by choice.
    pub const ALL: &'static [Self] = &[
        Self::Companies,
        Self::Contacts,
        Self::Assets,
        Self::Products,
        Self::Contracts,
        Self::Tickets,
        Self::Opportunities,
    ];

    /// What is always pulled.
    pub const CORE: &'static [Self] = &[Self::Companies, Self::Contacts, Self::Assets, Self::Products];

    /// Its name in the contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// Where it comes from.
    #[must_use]
    pub fn source(self) -> Entity {
        self.names().1
    }

    fn names(self) -> (&'static str, Entity) {
        match self {
            Self::Companies => ("companies", Entity::Companies),
            Self::Contacts => ("contacts", Entity::Contacts),
            Self::Assets => ("assets", Entity::ConfigurationItems),
            Self::Products => ("products", Entity::Products),
            Self::Contracts => ("contracts", Entity::Contracts),
            Self::Tickets => ("tickets", Entity::Tickets),
            Self::Opportunities => ("opportunities", Entity::Opportunities),
        }
    }
}

/// The row that the export must hold for a row of the source: the columns of the contract, others may be there too.
///
/// # Errors
/// The truth itself holds what no reading of the contract allows.
pub fn row(entity: Exported, wire: &Value, labels: &Labels) -> anyhow::Result<Map<String, Value>> {
    let columns = columns::columns(entity).iter();
    columns.map(|column| Ok((column.name.to_owned(), values::value(column, wire, labels)?))).collect()
}
