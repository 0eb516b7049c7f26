//! The entities that are simulated, their names in REST and SOAP, and what may be done with them.

use serde::{Deserialize, Serialize};

/// One Autotask entity; serialised under its REST route name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the variants are Autotask's own route names")]
pub enum Entity {
    Companies,
    Contacts,
    ConfigurationItems,
    ConfigurationItemTypes,
    ConfigurationItemCategories,
    Products,
    Contracts,
    ContractServices,
    ContractServiceUnits,
    Tickets,
    Opportunities,
    Resources,
}

impl Entity {
    /// Every entity, in the order in which the data is made.
    pub const ALL: [Self; 12] = [
        Self::Resources,
        Self::Companies,
        Self::Contacts,
        Self::ConfigurationItemTypes,
        Self::ConfigurationItemCategories,
        Self::Products,
        Self::Opportunities,
        Self::Contracts,
        Self::ContractServices,
        Self::ContractServiceUnits,
        Self::ConfigurationItems,
        Self::Tickets,
    ];

    /// The segment of the route, such as `ConfigurationItems`.
    pub fn route(self) -> &'static str {
        self.names().0
    }

    /// The name in `entityInformation`, such as `ConfigurationItem`.
    pub fn singular(self) -> &'static str {
        self.names().1
    }

    /// The SOAP name that error texts use, such as `InstalledProduct`.
    pub fn legacy(self) -> &'static str {
        self.names().2
    }

    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Companies => ("Companies", "Company", "Account"),
            Self::Contacts => ("Contacts", "Contact", "Contact"),
            Self::ConfigurationItems => ("ConfigurationItems", "ConfigurationItem", "InstalledProduct"),
            Self::ConfigurationItemTypes => {
                ("ConfigurationItemTypes", "ConfigurationItemType", "InstalledProductType")
            }
            Self::ConfigurationItemCategories => {
                ("ConfigurationItemCategories", "ConfigurationItemCategory", "InstalledProductCategory")
            }
            Self::Products => ("Products", "Product", "Product"),
            Self::Contracts => ("Contracts", "Contract", "Contract"),
            Self::ContractServices => ("ContractServices", "ContractService", "ContractService"),
            Self::ContractServiceUnits => {
                ("ContractServiceUnits", "ContractServiceUnit", "ContractServiceUnit")
            }
            Self::Tickets => ("Tickets", "Ticket", "Ticket"),
            Self::Opportunities => ("Opportunities", "Opportunity", "Opportunity"),
            Self::Resources => ("Resources", "Resource", "Resource"),
        }
    }

    /// The entity of a route segment, whatever its case.
    pub fn parse(segment: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.route().eq_ignore_ascii_case(segment))
    }

    /// Create, update and delete, as the vendor grants them over REST.
    pub(crate) fn abilities(self) -> Abilities {
        let (create, update, delete) = match self {
            Self::Contacts | Self::ConfigurationItemTypes => (true, true, true),
            Self::ContractServiceUnits => (false, false, false),
            Self::Resources => (false, true, false),
            _ => (true, true, false),
        };
        Abilities { create, update, delete, at_root: !self.is_child_only() }
    }

    /// True when writes go through the parent's route only.
    fn is_child_only(self) -> bool {
        matches!(self, Self::Contacts | Self::ContractServices)
    }

    /// The field that every edit stamps; none where Autotask keeps no such field.
    pub(crate) fn edit_stamps(self) -> &'static [&'static str] {
        match self {
            Self::Companies => &["lastTrackedModifiedDateTime"],
            Self::Contacts => &["lastModifiedDate"],
            Self::ConfigurationItems => &["lastModifiedTime"],
            Self::Contracts => &["lastModifiedDateTime"],
            Self::Tickets => &["lastActivityDate", "lastTrackedModificationDateTime"],
            Self::Opportunities => &["lastActivity"],
            _ => &[],
        }
    }

    /// The field that holds the instant of creation.
    pub(crate) fn create_stamp(self) -> Option<&'static str> {
        match self {
            Self::Companies
            | Self::Contacts
            | Self::ConfigurationItems
            | Self::Tickets
            | Self::Opportunities => Some("createDate"),
            Self::Products => Some("createdTime"),
            _ => None,
        }
    }
}

/// What REST allows on an entity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Abilities {
    /// POST is known.
    pub(crate) create: bool,
    /// PATCH and PUT are known.
    pub(crate) update: bool,
    /// DELETE is known.
    pub(crate) delete: bool,
    /// Writes are accepted at the entity's own route.
    pub(crate) at_root: bool,
}

/// A collection under a parent, such as `Companies/{id}/Contacts`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Child {
    /// The entity of the rows.
    pub(crate) entity: Entity,
    /// The field of the row that names the parent.
    pub(crate) foreign_key: &'static str,
    /// True when rows are written here.
    pub(crate) is_writable: bool,
}

/// The child collection of a parent under a route segment, whatever its case.
pub(crate) fn child(parent: Entity, segment: &str) -> Option<Child> {
    const COMPANY: &str = "companyID";
    const CONTRACT: &str = "contractID";
    const ASSET: &str = "configurationItemID";
    let table: &[(Entity, &str, Entity, &str, bool)] = &[
        (Entity::Companies, "Contacts", Entity::Contacts, COMPANY, true),
        (Entity::Companies, "ConfigurationItems", Entity::ConfigurationItems, COMPANY, false),
        (Entity::Companies, "Contracts", Entity::Contracts, COMPANY, false),
        (Entity::Companies, "Tickets", Entity::Tickets, COMPANY, false),
        (Entity::Companies, "Opportunities", Entity::Opportunities, COMPANY, false),
        (Entity::Contracts, "Services", Entity::ContractServices, CONTRACT, true),
        (Entity::Contracts, "ServiceUnits", Entity::ContractServiceUnits, CONTRACT, false),
        (Entity::ConfigurationItems, "Tickets", Entity::Tickets, ASSET, false),
    ];
    let found = table.iter().find(|row| row.0 == parent && row.1.eq_ignore_ascii_case(segment))?;
    Some(Child { entity: found.2, foreign_key: found.3, is_writable: found.4 })
}
