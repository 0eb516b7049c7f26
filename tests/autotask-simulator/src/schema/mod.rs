//! What the rows of each entity are made of: fields, picklists and user-defined fields.
//!
//! Read from one embedded table at start, never changed afterwards.

mod entity;
mod parse;
mod picklist;
mod udf;

pub use entity::Entity;
pub(crate) use entity::{Abilities, Child, child};
pub(crate) use picklist::{N_MANUFACTURERS, N_MODELS, PickValue};
pub(crate) use udf::{MASK, Udf};

use std::collections::{BTreeMap, HashMap};

/// The type of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A 32 bit number.
    Int,
    /// A 64 bit number.
    Long,
    /// A number kept in ten thousandths.
    Decimal,
    /// True or false.
    Bool,
    /// Text.
    Text,
    /// An instant in milliseconds since 1970.
    Time,
}

/// One field of an entity.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The canonical camelCase name.
    pub(crate) name: String,
    /// The name as a JSON key with its colon, ready to be written.
    pub(crate) key: String,
    /// The type of its values.
    pub(crate) kind: Kind,
    /// Longest text allowed; 0 when there is no limit.
    pub(crate) max_length: usize,
    /// Must be given on create.
    pub(crate) is_required: bool,
    /// Ignored in every write.
    pub(crate) is_read_only: bool,
    /// Ignored in updates.
    pub(crate) is_fixed: bool,
    /// Holds a calendar date: the time part is always midnight.
    pub(crate) is_day: bool,
    /// The entity that the value points to.
    pub(crate) reference: Option<Entity>,
    /// The values allowed; empty when the field is no picklist.
    pub(crate) picklist: Vec<PickValue>,
    /// The field that the picklist depends on.
    pub(crate) picklist_parent: &'static str,
}

impl Field {
    /// True when values come from a list.
    pub(crate) fn is_picklist(&self) -> bool {
        !self.picklist.is_empty()
    }

    /// True when a write may change the field of a stored row.
    pub(crate) fn is_updatable(&self) -> bool {
        !self.is_read_only && !self.is_fixed
    }
}

/// The fields of one entity.
#[derive(Debug)]
pub(crate) struct Schema {
    /// Whose fields these are.
    pub(crate) entity: Entity,
    /// Every field but `id` and the user-defined ones, in the order in which they are written.
    pub(crate) fields: Vec<Field>,
    /// The user-defined fields.
    pub(crate) udfs: Vec<Udf>,
    by_lower_name: HashMap<String, usize>,
}

/// Where a name leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// The row's id.
    Id,
    /// The field with this index.
    Field(usize),
}

impl Schema {
    /// Finds a column by its name, whatever its case.
    pub(crate) fn column(&self, name: &str) -> Option<Column> {
        if name.eq_ignore_ascii_case("id") {
            return Some(Column::Id);
        }
        self.index(name).map(Column::Field)
    }

    /// The index of a field by its name, whatever its case.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        if let Some(found) = self.by_lower_name.get(name) {
            return Some(*found);
        }
        self.by_lower_name.get(&name.to_ascii_lowercase()).copied()
    }

    /// The index of a user-defined field by its name, whatever its case.
    pub(crate) fn udf_index(&self, name: &str) -> Option<usize> {
        self.udfs.iter().position(|udf| udf.name.eq_ignore_ascii_case(name))
    }
}

/// Every schema by entity.
#[derive(Debug)]
pub(crate) struct Schemas(BTreeMap<Entity, Schema>);

impl Schemas {
    /// Reads the embedded table.
    pub(crate) fn load() -> anyhow::Result<Self> {
        parse::schemas().map(Self)
    }

    /// The schema of one entity.
    pub(crate) fn get(&self, entity: Entity) -> anyhow::Result<&Schema> {
        self.0.get(&entity).ok_or_else(|| anyhow::anyhow!("no fields of {} in the table", entity.route()))
    }
}
