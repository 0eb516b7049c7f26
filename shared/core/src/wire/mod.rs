//! Autotask's words: the only place that spells its entities, its fields and its JSON envelopes.
//!
//! Never decides anything about a run and never does I/O. Used by `project`, by the Autotask client and by the engine.

mod answer;
mod calendar;
mod companies;
mod contracts;
mod customer;
mod devices;
mod lenient;
mod metadata;
mod opportunities;
mod record;
mod tickets;
mod user_defined;
mod warranty;

use crate::entity::Entity;

pub use answer::{Page, PageError, parse_count, parse_errors, parse_page};
pub use customer::{Threshold, ZoneInformation, parse_threshold, parse_zone};
pub use metadata::{EntityRights, FieldInfo, PicklistValue, parse_fields, parse_rights};
pub use warranty::{
    ASSET_API_VENDOR, ASSET_PERSON_TYPE, ASSET_STAMPS, HELD_FIELDS, HeldDate, WARRANTY_EXPIRATION_DATE,
    parse_held, warranty_patch,
};

pub(crate) use answer::clip;
pub(crate) use companies::{Company, Contact};
pub(crate) use contracts::{Contract, ContractService, ContractServiceUnit};
pub(crate) use devices::{ConfigurationItem, ConfigurationItemCategory, ConfigurationItemType, Product};
pub(crate) use lenient::lenient;
pub(crate) use opportunities::Opportunity;
pub(crate) use tickets::Ticket;

/// The field that every entity carries and that orders every page.
pub const ID: &str = "id";

/// The field that ties a record to its company.
pub const COMPANY_ID: &str = "companyID";

/// The picklist field of `Companies` that tells customers from leads, vendors and others.
pub const COMPANY_TYPE: &str = "companyType";

/// The picklist field of `Opportunities` that tells how far a sale is.
pub const OPPORTUNITY_STAGE: &str = "stage";

/// The field that holds the user-defined fields; never part of [`wanted_fields`].
pub const USER_DEFINED_FIELDS: &str = "userDefinedFields";

/// The picklist field of `ConfigurationItems` whose labels are manufacturers.
pub const ASSET_MANUFACTURER: &str = "rmmDeviceAuditManufacturerID";

/// The picklist field of `ConfigurationItems` whose labels are models.
pub const ASSET_MODEL: &str = "rmmDeviceAuditModelID";

/// The path segment of the entity under `/V1.0/`.
#[must_use]
pub fn endpoint(entity: Entity) -> &'static str {
    match entity {
        Entity::Companies => "Companies",
        Entity::Assets => "ConfigurationItems",
        Entity::Contacts => "Contacts",
        Entity::Products => "Products",
        Entity::AssetTypes => "ConfigurationItemTypes",
        Entity::AssetCategories => "ConfigurationItemCategories",
        Entity::Contracts => "Contracts",
        Entity::ContractServices => "ContractServices",
        Entity::ContractServiceUnits => "ContractServiceUnits",
        Entity::Tickets => "Tickets",
        Entity::Opportunities => "Opportunities",
    }
}

/// The fields to ask for through `IncludeFields`.
///
/// # Shape
/// `id` comes first, each name once, [`USER_DEFINED_FIELDS`] left out. A field that a tenant may lack is marked by
/// [`is_optional_field`]: asking such a tenant for it fails the whole query.
#[must_use]
pub fn wanted_fields(entity: Entity) -> &'static [&'static str] {
    match entity {
        Entity::Companies => Company::WANTED,
        Entity::Assets => ConfigurationItem::WANTED,
        Entity::Contacts => Contact::WANTED,
        Entity::Products => Product::WANTED,
        Entity::AssetTypes => ConfigurationItemType::WANTED,
        Entity::AssetCategories => ConfigurationItemCategory::WANTED,
        Entity::Contracts => Contract::WANTED,
        Entity::ContractServices => ContractService::WANTED,
        Entity::ContractServiceUnits => ContractServiceUnit::WANTED,
        Entity::Tickets => Ticket::WANTED,
        Entity::Opportunities => Opportunity::WANTED,
    }
}

/// The stamps of which at least one moves when a record is created or edited.
///
/// # Shape
/// Every name is also wanted. Empty: the entity has no stamp, so its records are compared by hash.
/// # Source
/// Autotask REST guide, «best practices», and the swagger's field lists. An edit stamp may be null on a record that
/// was never edited, so the creation stamp stands beside it. On tickets neither edit stamp is reliable alone.
#[must_use]
pub fn watermark_fields(entity: Entity) -> &'static [&'static str] {
    match entity {
        Entity::Companies => &["lastTrackedModifiedDateTime", "createDate"],
        Entity::Assets => &["lastModifiedTime", "createDate"],
        Entity::Contacts => &["lastModifiedDate", "createDate"],
        Entity::Contracts => &["lastModifiedDateTime"],
        Entity::Tickets => &["lastActivityDate", "lastTrackedModificationDateTime", "createDate"],
        Entity::Opportunities => &["lastActivity", "createDate"],
        Entity::Products
        | Entity::AssetTypes
        | Entity::AssetCategories
        | Entity::ContractServices
        | Entity::ContractServiceUnits => &[],
    }
}

/// True for a wanted field that is newer than the public swagger, so that a tenant's zone may not know it yet.
///
/// Names compare without case, as Autotask compares them.
#[must_use]
pub fn is_optional_field(entity: Entity, field: &str) -> bool {
    entity == Entity::Contracts && field.eq_ignore_ascii_case("lastModifiedDateTime")
}

#[cfg(test)]
mod tests;
