//! Makes the rows of one entity, field by field and by name.

use crate::calendar::DAY_MS;
use crate::rng::Rng;
use crate::schema::{Entity, Schema, Schemas};
use crate::store::{RowBuilder, Store};

/// Makes the rows of one entity one after the other.
pub(super) struct Maker<'a> {
    schema: &'a Schema,
    store: &'a mut Store,
    builder: RowBuilder,
    last_id: i64,
    now_ms: i64,
    /// Chance for this entity only, so that more rows of one leave the others as they were.
    pub(super) rng: Rng,
}

impl<'a> Maker<'a> {
    /// A maker whose first id lies a little above `before_first_id`.
    pub(super) fn new(
        schemas: &'a Schemas,
        store: &'a mut Store,
        entity: Entity,
        seed: u64,
        now_ms: i64,
        before_first_id: i64,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            schema: schemas.get(entity)?,
            store,
            builder: RowBuilder::default(),
            last_id: before_first_id,
            now_ms,
            rng: Rng::new(seed, entity as u64 + 1),
        })
    }

    fn put(&mut self, name: &str, cell: u64) {
        if let Some(idx) = self.schema.index(name) {
            self.builder.cell(idx, cell);
        }
    }

    /// A number or a reference.
    pub(super) fn number(&mut self, name: &str, value: i64) {
        self.put(name, value as u64);
    }

    /// True or false.
    pub(super) fn flag(&mut self, name: &str, value: bool) {
        self.put(name, u64::from(value));
    }

    /// A sum of money between two bounds, with two to four decimals.
    pub(super) fn money(&mut self, name: &str, low: i64, high: i64) {
        let value = self.rng.between(low * 10_000, high * 10_000) / 50 * 50;
        self.number(name, value);
    }

    /// A text that no other row has.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        let span = self.store.texts.push(value);
        self.put(name, span);
    }

    /// A text that many rows have.
    pub(super) fn shared(&mut self, name: &str, value: &str) {
        let span = self.store.texts.share(value);
        self.put(name, span);
    }

    /// A text, `""` or nothing: old data mixes the last two freely.
    pub(super) fn maybe(&mut self, name: &str, percent: u64, value: &str) {
        if self.rng.chance(percent) {
            self.shared(name, value);
        } else if self.rng.chance(50) {
            self.shared(name, "");
        }
    }

    /// A user-defined value.
    pub(super) fn udf(&mut self, name: &str, value: &str) {
        if let Some(idx) = self.schema.udf_index(name) {
            let span = self.store.texts.share(value);
            self.builder.udf(idx, span);
        }
    }

    /// An instant in the past, at most `days_back` days ago, with zero to three decimals.
    pub(super) fn past_ms(&mut self, days_back: i64) -> i64 {
        let at_ms = self.now_ms - self.rng.between(60_000, days_back * DAY_MS);
        let coarse = self.rng.pick(&[1_i64, 10, 100, 1000]).max(1);
        at_ms / coarse * coarse
    }

    /// An instant between another one and now.
    pub(super) fn since_ms(&mut self, from_ms: i64) -> i64 {
        let span_days = ((self.now_ms - from_ms) / DAY_MS).max(1);
        self.past_ms(span_days).max(from_ms)
    }

    /// A calendar date at midnight, this many days from now.
    pub(super) fn day_ms(&mut self, from_days: i64, to_days: i64) -> i64 {
        (self.now_ms.div_euclid(DAY_MS) + self.rng.between(from_days, to_days)) * DAY_MS
    }

    /// Stores the row under the next id and returns the id. About one id in four is skipped.
    pub(super) fn finish(&mut self) -> i64 {
        self.last_id += 1;
        while self.rng.chance(25) {
            self.last_id += 1;
        }
        self.finish_as(self.last_id)
    }

    /// Stores the row under a given id.
    pub(super) fn finish_as(&mut self, id: i64) -> i64 {
        let row = self.builder.build(id);
        self.store.table_mut(self.schema.entity).put(row);
        id
    }
}
