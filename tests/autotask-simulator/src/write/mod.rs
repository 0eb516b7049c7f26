//! Writes: what the API user does, checked, and what the test does behind its back, unchecked.

mod change;
mod convert;
mod edit;
mod validate;

pub(crate) use change::{Change, Purpose};
pub use edit::Edit;
pub(crate) use edit::apply;

use crate::config::Config;
use crate::schema::{Entity, Schema, Schemas};
use crate::store::{Row, Store, Value};
use crate::view::Lag;

/// The text for a DELETE of a row that is not there.
pub(crate) const NOTHING_TO_DELETE: &str = "No message. No matching records found. The logged in Resource may not have the required permissions to delete the data.";
const NOTHING_TO_UPDATE: &str = "No matching records found. The logged in Resource may not have the required permissions to update the data.";

/// What writes work on.
pub(crate) struct Writer<'a> {
    /// The records.
    pub(crate) store: &'a mut Store,
    /// The fields of all entities.
    pub(crate) schemas: &'a Schemas,
    /// The states before recent writes.
    pub(crate) lag: &'a mut Lag,
    /// The configuration.
    pub(crate) config: &'a Config,
    /// The simulated now.
    pub(crate) now_ms: i64,
}

impl Writer<'_> {
    /// Makes a row and gives its id.
    ///
    /// # Errors
    /// The texts of a 500.
    pub(crate) fn create(
        &mut self,
        schema: &Schema,
        change: &Change,
        id: Option<i64>,
        purpose: Purpose,
    ) -> Result<i64, Vec<String>> {
        if purpose != Purpose::Raw {
            validate::validate(self.store, schema, change, purpose)?;
        }
        let id = id.unwrap_or_else(|| self.store.table(schema.entity).next_id());
        let mut row = Row::new(id);
        let stamps = schema.entity.edit_stamps().iter().copied();
        // A configuration item that nobody has edited yet has no modification stamp.
        let stamps = stamps.filter(|_| schema.entity != Entity::ConfigurationItems);
        for name in stamps.chain(schema.entity.create_stamp()) {
            self.stamp(schema, &mut row, name);
        }
        if purpose == Purpose::Create {
            self.put_default_category(schema, &mut row);
        }
        self.put_change(schema, &mut row, change);
        self.lag.remember(schema.entity, id, None, self.config.read_after_write_lag_ms);
        self.store.table_mut(schema.entity).put(row);
        Ok(id)
    }

    /// Changes a row.
    ///
    /// # Errors
    /// The texts of a 500.
    pub(crate) fn update(
        &mut self,
        schema: &Schema,
        id: i64,
        change: &Change,
        purpose: Purpose,
    ) -> Result<(), Vec<String>> {
        let missing = || vec![NOTHING_TO_UPDATE.to_owned()];
        let before = self.store.table(schema.entity).get(id).cloned().ok_or_else(missing)?;
        if purpose != Purpose::Raw {
            validate::validate(self.store, schema, change, purpose)?;
            self.refuse_inactive(schema, &before)?;
        }
        let mut row = before.clone();
        self.put_change(schema, &mut row, change);
        row.version += 1;
        if purpose != Purpose::Raw {
            self.stamp_edit(schema, &mut row);
        }
        self.lag.remember(schema.entity, id, Some(before), self.config.read_after_write_lag_ms);
        self.store.table_mut(schema.entity).put(row);
        Ok(())
    }

    /// Removes a row; false when it was not there.
    pub(crate) fn delete(&mut self, entity: Entity, id: i64) -> bool {
        let removed = self.store.table_mut(entity).remove(id);
        removed.is_some()
    }

    fn refuse_inactive(&self, schema: &Schema, row: &Row) -> Result<(), Vec<String>> {
        if !self.config.refuse_inactive_references {
            return Ok(());
        }
        let is_active = |entity: Entity, other: &Row| {
            let idx = self.schemas.get(entity).ok().and_then(|schema| schema.index("isActive"));
            idx.and_then(|idx| other.number(idx)) == Some(1)
        };
        validate::refuse_inactive(self.store, schema, row, is_active).map_err(|error| vec![error])
    }

    /// A configuration item that names no category gets the global default.
    fn put_default_category(&mut self, schema: &Schema, row: &mut Row) {
        let categories = Entity::ConfigurationItemCategories;
        let flag = self.schemas.get(categories).ok().and_then(|schema| schema.index("isGlobalDefault"));
        let (Some(flag), Some(idx)) = (flag, schema.index("configurationItemCategoryID")) else { return };
        let rows = self.store.table(categories).rows();
        let default_id = rows.iter().find(|row| row.number(flag) == Some(1)).map(|row| row.id);
        if let Some(default_id) = default_id {
            self.store.assign(row, idx, &Value::Number(default_id));
        }
    }

    fn put_change(&mut self, schema: &Schema, row: &mut Row, change: &Change) {
        let Change { fields, udfs } = change;
        for (idx, value) in fields {
            self.store.assign(row, *idx, value);
        }
        for (idx, value) in udfs {
            let span = value.as_deref().map(|text| self.store.texts.push(text));
            row.set_udf(*idx, span);
        }
        debug_assert!(schema.fields.len() <= 128, "the presence bits of a row hold 128 fields");
    }

    fn stamp_edit(&mut self, schema: &Schema, row: &mut Row) {
        for name in schema.entity.edit_stamps() {
            self.stamp(schema, row, name);
        }
    }

    fn stamp(&mut self, schema: &Schema, row: &mut Row, name: &str) {
        if let Some(idx) = schema.index(name) {
            self.store.assign(row, idx, &Value::Number(self.now_ms));
        }
    }
}
