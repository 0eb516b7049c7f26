//! What the API user sees of the records: cut by rights, delayed after writes.

use crate::config::{Config, Rights};
use crate::filter::Condition;
use crate::rng::unit;
use crate::schema::{Entity, Schema};
use crate::store::{IdRange, Row, Store};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// States before recent writes, which reads still show for a while.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lag(HashMap<(Entity, i64), (Instant, Option<Row>)>);

impl Lag {
    /// Keeps the state before a write; nothing when the row was not there.
    pub(crate) fn remember(&mut self, entity: Entity, id: i64, before: Option<Row>, lag_ms: u64) {
        if lag_ms > 0 {
            // A state that no longer shows must not stand in the way of the new one.
            self.purge();
            let until = Instant::now() + Duration::from_millis(lag_ms);
            self.0.entry((entity, id)).or_insert((until, before));
        }
    }

    /// The states that still show.
    pub(crate) fn current(&mut self) -> Self {
        self.purge();
        self.clone()
    }

    fn purge(&mut self) {
        let now = Instant::now();
        self.0.retain(|_, (until, _)| *until > now);
    }
}

/// The rows of one entity as one user sees them now.
pub(crate) struct View<'a> {
    /// The records as they are.
    pub(crate) store: &'a Store,
    /// The fields.
    pub(crate) schema: &'a Schema,
    /// Recent writes.
    pub(crate) lag: &'a Lag,
    hidden: f64,
    is_empty: bool,
    seed: u64,
}

impl<'a> View<'a> {
    /// The view that the rights in the configuration allow.
    pub(crate) fn new(store: &'a Store, schema: &'a Schema, lag: &'a Lag, config: &Config) -> Self {
        let rights = config.rights_of(schema.entity);
        let hidden = if let Rights::Partial(hidden) = rights { hidden } else { 0.0 };
        Self { store, schema, lag, hidden, is_empty: rights == Rights::Empty, seed: config.seed }
    }

    fn shown(&self, row: &'a Row) -> Option<&'a Row> {
        if self.hidden > 0.0 && unit(self.seed, row.id as u64) < self.hidden {
            return None;
        }
        match self.lag.0.get(&(self.schema.entity, row.id)) {
            None => Some(row),
            Some((_, before)) => before.as_ref(),
        }
    }

    /// The visible rows that meet all conditions, ascending by id.
    pub(crate) fn rows(&self, range: IdRange, conditions: &'a [Condition]) -> impl Iterator<Item = &'a Row> {
        let rows = if self.is_empty { &[] } else { self.store.table(self.schema.entity).range(range) };
        rows.iter().filter_map(|row| self.shown(row)).filter(|row| {
            conditions.iter().all(|condition| condition.holds(row, self.schema, &self.store.texts))
        })
    }

    /// How many visible rows meet all conditions; quick when only the id is asked about.
    pub(crate) fn count(&self, range: IdRange, conditions: &'a [Condition]) -> usize {
        if conditions.is_empty() && self.hidden <= 0.0 && self.lag.0.is_empty() && !self.is_empty {
            return self.store.table(self.schema.entity).range(range).len();
        }
        self.rows(range, conditions).count()
    }

    /// The visible row with an id.
    pub(crate) fn get(&self, id: i64) -> Option<&'a Row> {
        self.rows(IdRange { low: id, high: id }, &[]).next()
    }
}
