//! The user-defined fields that the simulated customer made up.

use super::Entity;

/// What a protected field shows instead of its value.
pub(crate) const MASK: &str = "*****";

/// One user-defined field.
#[derive(Debug, Clone)]
pub(crate) struct Udf {
    /// The name, which is also the label.
    pub(crate) name: &'static str,
    /// `string`, `datetime` or `integer`.
    pub(crate) data_type: &'static str,
    /// Masked on read, not to be queried or written by this user.
    pub(crate) is_protected: bool,
    /// Value and label of a list; empty when the field is no list.
    pub(crate) picklist: &'static [(&'static str, &'static str)],
}

const STAGES: &[(&str, &str)] = &[("1", "In service"), ("2", "Replace 2027"), ("3", "Retire & recycle")];

/// Name, type, protection and list.
type Line = (&'static str, &'static str, bool, &'static [(&'static str, &'static str)]);

/// The user-defined fields of an entity.
pub(super) fn udfs(entity: Entity) -> Vec<Udf> {
    let table: &[Line] = match entity {
        Entity::ConfigurationItems => &[
            ("Lifecycle Stage", "string", false, STAGES),
            ("Purchase Order", "string", false, &[]),
            ("BIOS Password", "string", true, &[]),
            ("Last Audit", "datetime", false, &[]),
        ],
        Entity::Companies => &[
            ("Account Tier", "string", false, &[("1", "Gold"), ("2", "Silver")]),
            ("Portal Key", "string", true, &[]),
        ],
        Entity::Contacts => &[("Badge Number", "string", false, &[])],
        Entity::Tickets => &[("Site Visit", "string", false, &[])],
        Entity::Contracts => &[("Renewal Owner", "string", false, &[])],
        _ => &[],
    };
    let make = |(name, data_type, is_protected, picklist): &Line| Udf {
        name,
        data_type,
        is_protected: *is_protected,
        picklist,
    };
    table.iter().map(make).collect()
}
