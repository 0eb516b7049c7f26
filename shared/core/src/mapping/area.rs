//! The four things that are mapped.

use serde::{Deserialize, Serialize};

/// What a book of choices is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// Autotask's types of assets to ours.
    AssetTypes,
    /// Autotask's active flag to our states.
    AssetStatuses,
    /// Which companies are shown.
    Companies,
    /// Which Autotask company is which IT Glue organization.
    CompanyLinks,
}

impl Area {
    /// Every area.
    pub const ALL: [Self; 4] = [Self::AssetTypes, Self::AssetStatuses, Self::Companies, Self::CompanyLinks];

    /// Its name in paths and keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AssetTypes => "asset-types",
            Self::AssetStatuses => "asset-statuses",
            Self::Companies => "companies",
            Self::CompanyLinks => "company-links",
        }
    }
}
