//! The entities that a run can pull, and the names each goes by.
//!
//! Never does I/O. Used by every layer: `wire` decodes by entity, the store keys by entity, the engine plans by entity.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One Autotask entity that the integration pulls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// Autotask `Companies`.
    Companies,
    /// Autotask `ConfigurationItems`: our assets.
    Assets,
    /// Autotask `Contacts`.
    Contacts,
    /// Autotask `Products`: manufacturer and model of assets without an RMM audit.
    Products,
    /// Autotask `ConfigurationItemTypes`.
    AssetTypes,
    /// Autotask `ConfigurationItemCategories`.
    AssetCategories,
    /// Autotask `Contracts`, pulled by choice.
    Contracts,
    /// Autotask `ContractServices`, pulled with contracts.
    ContractServices,
    /// Autotask `ContractServiceUnits`: how many of a service were billed, and when; pulled with contracts.
    ContractServiceUnits,
    /// Autotask `Tickets`, pulled by choice.
    Tickets,
    /// Autotask `Opportunities`, pulled by choice.
    Opportunities,
}

impl Entity {
    /// Every entity, in the order in which a run starts them: companies and devices first.
    pub const ALL: [Self; 11] = [
        Self::Companies,
        Self::Assets,
        Self::Contacts,
        Self::Products,
        Self::AssetTypes,
        Self::AssetCategories,
        Self::Contracts,
        Self::ContractServices,
        Self::ContractServiceUnits,
        Self::Tickets,
        Self::Opportunities,
    ];

    /// Our name: in reports, exports, keys and logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Companies => "companies",
            Self::Assets => "assets",
            Self::Contacts => "contacts",
            Self::Products => "products",
            Self::AssetTypes => "asset_types",
            Self::AssetCategories => "asset_categories",
            Self::Contracts => "contracts",
            Self::ContractServices => "contract_services",
            Self::ContractServiceUnits => "contract_service_units",
            Self::Tickets => "tickets",
            Self::Opportunities => "opportunities",
        }
    }

    /// Whether facets are kept of its records.
    #[must_use]
    pub fn has_facets(self) -> bool {
        matches!(self, Self::Companies | Self::Assets)
    }

    /// The entity with this name of ours, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.name() == name)
    }
}

impl std::fmt::Display for Entity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Entity;

    #[test]
    fn names_are_unique_and_read_back() {
        for entity in Entity::ALL {
            assert_eq!(Entity::from_name(entity.name()), Some(entity));
        }
    }
}
