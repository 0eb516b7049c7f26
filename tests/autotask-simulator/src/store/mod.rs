//! The records: packed rows by entity, and the texts that they share.
//!
//! Knows nothing of HTTP, rights or faults.

mod row;
mod table;
mod texts;

pub(crate) use row::{Row, RowBuilder, Value};
pub(crate) use table::{IdRange, Table};
pub(crate) use texts::Texts;

use crate::schema::Entity;
use std::collections::BTreeMap;

/// Every table and the texts.
#[derive(Debug)]
pub(crate) struct Store {
    tables: BTreeMap<Entity, Table>,
    /// The texts of all rows.
    pub(crate) texts: Texts,
    empty: Table,
}

impl Default for Store {
    fn default() -> Self {
        let tables = Entity::ALL.into_iter().map(|entity| (entity, Table::default())).collect();
        Self { tables, texts: Texts::default(), empty: Table::default() }
    }
}

impl Store {
    /// The rows of one entity.
    pub(crate) fn table(&self, entity: Entity) -> &Table {
        self.tables.get(&entity).unwrap_or(&self.empty)
    }

    /// The rows of one entity, to be changed.
    pub(crate) fn table_mut(&mut self, entity: Entity) -> &mut Table {
        self.tables.entry(entity).or_default()
    }

    /// Puts a value into a field of a row that is not in a table yet.
    pub(crate) fn assign(&mut self, row: &mut Row, field_idx: usize, value: &Value) {
        let cell = match value {
            Value::Null => None,
            Value::Number(number) => Some(*number as u64),
            Value::Text(text) => Some(self.texts.push(text)),
        };
        row.set_cell(field_idx, cell);
    }
}
