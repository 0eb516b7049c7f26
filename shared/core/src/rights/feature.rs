//! The features, what each needs, and the boxes of Autotask's security level that grant it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::entity::Entity;

/// A part of the product that can be switched on and needs rights of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// Companies, contacts, assets and what they refer to; always on.
    Assets,
    /// Pull contracts.
    Contracts,
    /// Pull tickets.
    Tickets,
    /// Pull opportunities.
    Opportunities,
    /// Write warranty dates back.
    WarrantyWriteBack,
}

/// What is switched on besides the assets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Contracts are pulled.
    pub contracts: bool,
    /// Tickets are pulled.
    pub tickets: bool,
    /// Opportunities are pulled.
    pub opportunities: bool,
    /// Warranty dates are written back.
    pub write_back: bool,
}

/// What may be done with records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RightAction")]
pub enum Action {
    /// Read them.
    Read,
    /// Change them.
    Update,
    /// Add some.
    Create,
    /// Delete some.
    Delete,
}

/// A right that a feature needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// On what.
    pub entity: Entity,
    /// To do what.
    pub action: Action,
}

impl Feature {
    /// Every feature, in the order in which it is shown.
    pub const ALL: [Self; 5] =
        [Self::Assets, Self::Contracts, Self::Tickets, Self::Opportunities, Self::WarrantyWriteBack];

    /// Stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Assets => "assets",
            Self::Contracts => "contracts",
            Self::Tickets => "tickets",
            Self::Opportunities => "opportunities",
            Self::WarrantyWriteBack => "warranty_write_back",
        }
    }

    /// Whether it is switched on.
    #[must_use]
    pub fn is_wanted(self, wanted: &Wanted) -> bool {
        match self {
            Self::Assets => true,
            Self::Contracts => wanted.contracts,
            Self::Tickets => wanted.tickets,
            Self::Opportunities => wanted.opportunities,
            Self::WarrantyWriteBack => wanted.write_back,
        }
    }

    /// The rights it needs; at least one.
    #[must_use]
    pub fn needs(self) -> &'static [Need] {
        const fn read(entity: Entity) -> Need {
            Need { entity, action: Action::Read }
        }
        const ASSETS: &[Need] = &[
            read(Entity::Companies),
            read(Entity::Contacts),
            read(Entity::Assets),
            read(Entity::Products),
            read(Entity::AssetTypes),
            read(Entity::AssetCategories),
        ];
        match self {
            Self::Assets => ASSETS,
            Self::Contracts => {
                &const {
                    [
                        read(Entity::Contracts),
                        read(Entity::ContractServices),
                        read(Entity::ContractServiceUnits),
                    ]
                }
            }
            Self::Tickets => &const { [read(Entity::Tickets)] },
            Self::Opportunities => &const { [read(Entity::Opportunities)] },
            Self::WarrantyWriteBack => &[Need { entity: Entity::Assets, action: Action::Update }],
        }
    }
}

impl Need {
    /// The boxes of the security level that grant it.
    ///
    /// # Source
    /// The setup documents of the integration («Setting up a Custom Security Level»); they leave the boxes of the service
    /// desk open.
    #[must_use]
    pub fn setting(&self) -> &'static str {
        match (self.entity, self.action) {
            (Entity::Assets, Action::Update) => {
                "CRM > Object Permissions > Configuration Items & Subscriptions: Edit = All"
            }
            (Entity::Companies, _) => {
                "CRM > Account & Contact Access: Customer & Cancelation, Vendor & Partners, and Prospects, Leads, & \
                 Dead = All"
            }
            (Entity::Contacts, _) => {
                "CRM > Account & Contact Access: = All (contacts are seen with their accounts)"
            }
            (Entity::Assets, _) => {
                "CRM > Object Permissions > Configuration Items & Subscriptions: View = All"
            }
            (Entity::Products, _) => "Inventory > Products: View = All; Admin: Products & Services checked",
            (Entity::AssetTypes | Entity::AssetCategories, _) => "Admin: Configuration Items checked",
            (Entity::Contracts, _) => {
                "Contracts > Object Permissions: View = All; Contracts > Contract Visibility = Full"
            }
            (Entity::ContractServices | Entity::ContractServiceUnits, _) => {
                "Contracts > Object Permissions: View = All; Contracts > Contract Visibility = Full; Admin: Products & \
                 Services checked"
            }
            (Entity::Tickets, _) => "Service Desk: not No Permission; viewing of Tickets = All",
            (Entity::Opportunities, _) => {
                "CRM > Object Permissions > Opportunities & Quotes: View = All; Admin: Sales & Opportunities checked"
            }
        }
    }
}
