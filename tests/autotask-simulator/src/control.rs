//! The handle with which tests steer a simulator from the inside.

use crate::calendar::{instant_text, parse_instant};
use crate::config::{Config, Rights};
use crate::counters::Counters;
use crate::faults::Fault;
use crate::plans::Plan;
use crate::schema::Entity;
use crate::truth::{self, Filter};
use crate::world::{World, lock};
use crate::write::Edit;
use anyhow::Context;
use serde_json::Value;
use std::sync::Arc;

/// Steers a running simulator; cheap to clone, usable from any thread.
#[derive(Debug, Clone)]
pub struct Control {
    world: Arc<World>,
}

impl Control {
    /// A handle on a world.
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world }
    }

    /// The configuration of this moment.
    pub fn config(&self) -> Config {
        Config::clone(&self.world.config())
    }

    /// Changes the configuration; takes effect with the next call. Settings marked «read at start only»
    /// may be changed without any effect.
    pub fn configure(&self, change: impl FnOnce(&mut Config)) {
        self.world.configure(change);
    }

    /// Sets the rights on one entity.
    pub fn set_rights(&self, entity: Entity, rights: Rights) {
        self.configure(|config| {
            config.rights.insert(entity, rights);
        });
    }

    /// Moves the customer to the zone under another path, such as `zoneB`; the old one answers 401.
    pub fn move_zone(&self, path: &str) {
        self.configure(|config| path.clone_into(&mut config.zone_path));
    }

    /// Does one edit in the source, past the rules of the API, and gives the id of its row.
    ///
    /// # Errors
    /// The row is not there (or is, for an insert), or a field or value does not fit.
    pub fn apply(&self, edit: &Edit) -> anyhow::Result<i64> {
        self.world.apply(edit)
    }

    /// Adds a row; `fields` is a JSON object with wire names, `id` among them if it matters.
    ///
    /// # Errors
    /// As [`Control::apply`].
    pub fn insert(&self, entity: Entity, fields: Value) -> anyhow::Result<i64> {
        self.apply(&Edit::insert(entity, fields))
    }

    /// Changes fields of a row and stamps it.
    ///
    /// # Errors
    /// As [`Control::apply`].
    pub fn update(&self, entity: Entity, id: i64, fields: Value) -> anyhow::Result<i64> {
        self.apply(&Edit::update(entity, id, fields))
    }

    /// Removes a row for good.
    ///
    /// # Errors
    /// The row is not there.
    pub fn delete(&self, entity: Entity, id: i64) -> anyhow::Result<i64> {
        self.apply(&Edit::Delete { entity, id })
    }

    /// Orders edits for the moment after a page has been served.
    pub fn plan(&self, plan: Plan) {
        lock(&self.world.plans).add(plan);
    }

    /// Drops all plans that are not due yet.
    pub fn clear_plans(&self) {
        lock(&self.world.plans).clear();
    }

    /// Orders a fault and gives its number.
    pub fn add_fault(&self, fault: Fault) -> u64 {
        lock(&self.world.faults).add(fault)
    }

    /// Takes a fault back; false when there is none with the number.
    pub fn remove_fault(&self, id: u64) -> bool {
        lock(&self.world.faults).remove(id)
    }

    /// Takes all faults back.
    pub fn clear_faults(&self) {
        lock(&self.world.faults).clear();
    }

    /// How often a fault has hit a call.
    pub fn fault_count(&self, id: u64) -> u64 {
        lock(&self.world.faults).n_fired(id)
    }

    /// The simulated now in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.world.now_ms()
    }

    /// The simulated now as text.
    pub fn now(&self) -> String {
        instant_text(self.now_ms())
    }

    /// Puts the clock at an instant such as `2026-11-20T02:00:00Z`.
    ///
    /// # Errors
    /// The text is not an instant.
    pub fn set_clock(&self, instant: &str) -> anyhow::Result<()> {
        let at_ms = parse_instant(instant).with_context(|| format!("«{instant}» is not an instant"))?;
        self.world.clock().set(at_ms);
        Ok(())
    }

    /// Moves the clock forward.
    pub fn advance_clock_ms(&self, by_ms: i64) {
        self.world.clock().advance(by_ms);
    }

    /// Stops the clock or lets it flow again.
    pub fn freeze_clock(&self, is_frozen: bool) {
        self.world.clock().freeze(is_frozen);
    }

    /// Calls of the last hour, those of other integrations included.
    pub fn hourly_calls(&self) -> u64 {
        let foreign = self.world.config().foreign_calls_per_hour;
        let now_ms = self.now_ms();
        let mut hourly = lock(&self.world.hourly);
        hourly.observe(now_ms, foreign);
        hourly.n_calls()
    }

    /// Adds a burst of calls of other integrations.
    pub fn add_foreign_calls(&self, n_calls: u64) {
        let now_ms = self.now_ms();
        lock(&self.world.hourly).add(now_ms.div_euclid(1000), n_calls);
    }

    /// Empties the window of the hourly limit.
    pub fn reset_hourly(&self) {
        lock(&self.world.hourly).reset();
    }

    /// Unlocks the API user, as an administrator does.
    pub fn unlock(&self) {
        let user = self.world.config().user.clone();
        lock(&self.world.logins).unlock(&user);
    }

    /// True while the API user is locked.
    pub fn is_locked(&self) -> bool {
        lock(&self.world.logins).is_locked(&self.world.config())
    }

    /// Everything that was counted so far.
    pub fn counters(&self) -> Counters {
        lock(&self.world.counters).clone()
    }

    /// Starts counting anew.
    pub fn reset_counters(&self) {
        lock(&self.world.counters).reset();
    }

    /// All rows of an entity as on the wire, whatever the rights, ascending by id.
    pub fn truth(&self, entity: Entity) -> Vec<Value> {
        let mut rows = Vec::new();
        self.for_each_line(entity, |line| rows.extend(serde_json::from_str::<Value>(line)));
        rows
    }

    /// Calls `work` with each row of an entity as JSON text, ascending by id.
    pub fn for_each_line(&self, entity: Entity, mut work: impl FnMut(&str)) {
        let mut after_id = i64::MIN;
        while let Some((lines, last_id)) = truth::lines(&self.world, entity, after_id, &Filter::default()) {
            lines.lines().for_each(&mut work);
            after_id = last_id;
        }
    }

    /// The ids of all rows of an entity, ascending, whatever the rights.
    pub fn ids(&self, entity: Entity) -> Vec<i64> {
        self.world.store().table(entity).rows().iter().map(|row| row.id).collect()
    }

    /// One row as on the wire.
    pub fn record(&self, entity: Entity, id: i64) -> Option<Value> {
        let (lines, _) = truth::lines(&self.world, entity, id.saturating_sub(1), &Filter::default())?;
        let row: Value = serde_json::from_str(lines.lines().next()?).ok()?;
        (row.get("id").and_then(Value::as_i64) == Some(id)).then_some(row)
    }

    /// How often a row was written: 1 when new, one more with every update.
    pub fn version(&self, entity: Entity, id: i64) -> Option<u32> {
        self.world.store().table(entity).get(id).map(|row| row.version)
    }
}
