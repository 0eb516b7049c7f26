//! The handle with which tests steer a simulator from the inside.

use crate::clock::{instant_text, parse_instant};
use crate::config::Config;
use crate::counters::Counters;
use crate::faults::Fault;
use crate::key::{KeyRights, KeyState};
use crate::plans::Plan;
use crate::seed::Origin;
use crate::store::Edit;
use crate::world::{World, lock};
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

    /// Does one edit in the source, past the rules of the API, and gives the id of its organization.
    ///
    /// # Errors
    /// The organization is not there (or is, for a new one), or an attribute does not fit.
    pub fn apply(&self, edit: &Edit) -> anyhow::Result<i64> {
        self.world.apply(edit)
    }

    /// Adds an organization with this name.
    ///
    /// # Errors
    /// As [`Control::apply`].
    pub fn add(&self, name: &str) -> anyhow::Result<i64> {
        self.apply(&Edit::add(name))
    }

    /// Gives an organization another name.
    ///
    /// # Errors
    /// As [`Control::apply`].
    pub fn rename(&self, id: i64, name: &str) -> anyhow::Result<i64> {
        self.apply(&Edit::rename(id, name))
    }

    /// Removes an organization for good.
    ///
    /// # Errors
    /// It is not there.
    pub fn remove(&self, id: i64) -> anyhow::Result<i64> {
        self.apply(&Edit::Remove { id })
    }

    /// Orders edits for the moment after a page has been served.
    pub fn plan(&self, plan: Plan) {
        lock(&self.world.plans).add(plan);
    }

    /// Drops all plans that are not due yet.
    pub fn clear_plans(&self) {
        lock(&self.world.plans).clear();
    }

    /// Revokes, expires or revives all keys.
    pub fn set_key_state(&self, state: KeyState) {
        self.configure(|config| config.keys.iter_mut().for_each(|key| key.state = state));
    }

    /// Takes all keys back, as an administrator does.
    pub fn revoke_key(&self) {
        self.set_key_state(KeyState::Revoked);
    }

    /// Says what all keys may do.
    pub fn set_key_rights(&self, rights: KeyRights) {
        self.configure(|config| config.keys.iter_mut().for_each(|key| key.rights = rights));
    }

    /// Orders a fault and gives its number.
    pub fn add_fault(&self, fault: Fault) -> u64 {
        lock(&self.world.faults).add(fault)
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
        lock(&self.world.clock).set(at_ms);
        Ok(())
    }

    /// Moves the clock forward.
    pub fn advance_clock_ms(&self, by_ms: i64) {
        lock(&self.world.clock).advance(by_ms);
    }

    /// Stops the clock or lets it flow again.
    pub fn freeze_clock(&self, is_frozen: bool) {
        lock(&self.world.clock).freeze(is_frozen);
    }

    /// Adds requests that somebody else made with a key.
    pub fn add_foreign_requests(&self, secret: &str, n_requests: u64) {
        let now_ms = self.now_ms();
        lock(&self.world.limits).add(secret, now_ms, n_requests);
    }

    /// Requests with a key within the window.
    pub fn window_requests(&self, secret: &str) -> u64 {
        let (now_ms, window_s) = (self.now_ms(), self.world.config().window_s);
        lock(&self.world.limits).n_requests(secret, now_ms, window_s)
    }

    /// Empties the windows of all keys.
    pub fn reset_limits(&self) {
        lock(&self.world.limits).reset();
    }

    /// Everything that was counted so far.
    pub fn counters(&self) -> Counters {
        lock(&self.world.counters).clone()
    }

    /// Starts counting anew.
    pub fn reset_counters(&self) {
        lock(&self.world.counters).reset();
    }

    /// All organizations as on the wire, ascending by id.
    pub fn truth(&self) -> Vec<Value> {
        lock(&self.world.store).rows().map(|row| row.render()).collect()
    }

    /// The ids of all organizations, ascending.
    pub fn ids(&self) -> Vec<i64> {
        lock(&self.world.store).rows().map(|row| row.id).collect()
    }

    /// One organization as on the wire.
    pub fn record(&self, id: i64) -> Option<Value> {
        lock(&self.world.store).get(id).map(|row| row.render())
    }

    /// Which organization was made from which company name at start, ascending by id.
    pub fn origins(&self) -> &[Origin] {
        &self.world.origins
    }
}
