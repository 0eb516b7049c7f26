//! The whole state of one simulator, shared by its HTTP side and its control side.

use crate::clock::{Clock, parse_instant};
use crate::config::Config;
use crate::counters::Counters;
use crate::faults::Faults;
use crate::limit::Limits;
use crate::plans::Plans;
use crate::seed::{Origin, seed};
use crate::store::{Edit, Store};
use anyhow::Context;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

/// The state.
#[derive(Debug)]
pub(crate) struct World {
    config: RwLock<Arc<Config>>,
    /// The organizations.
    pub(crate) store: Mutex<Store>,
    /// From which names the organizations were made.
    pub(crate) origins: Vec<Origin>,
    /// The clock.
    pub(crate) clock: Mutex<Clock>,
    /// Requests of the last window.
    pub(crate) limits: Mutex<Limits>,
    /// Orders for things to go wrong.
    pub(crate) faults: Mutex<Faults>,
    /// Edits that wait for a page.
    pub(crate) plans: Mutex<Plans>,
    /// What was counted.
    pub(crate) counters: Mutex<Counters>,
    /// `http://127.0.0.1:PORT`, known once the listener is bound.
    pub(crate) own_url: OnceLock<String>,
}

/// Locks, and goes on after a panic elsewhere: tests want the first failure, not a chain.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    /// Makes the data.
    pub(crate) fn new(config: Config) -> anyhow::Result<Self> {
        let start_ms = parse_instant(&config.start_at).context("start_at is not an instant")?;
        let (store, origins) = seed(&config, start_ms)?;
        Ok(Self {
            clock: Mutex::new(Clock::new(start_ms, config.is_clock_frozen)),
            config: RwLock::new(Arc::new(config)),
            store: Mutex::new(store),
            origins,
            limits: Mutex::default(),
            faults: Mutex::default(),
            plans: Mutex::default(),
            counters: Mutex::default(),
            own_url: OnceLock::new(),
        })
    }

    /// The configuration of this moment.
    pub(crate) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the configuration.
    pub(crate) fn configure(&self, change: impl FnOnce(&mut Config)) {
        let mut slot = self.config.write().unwrap_or_else(PoisonError::into_inner);
        let mut config = Config::clone(&slot);
        change(&mut config);
        *slot = Arc::new(config);
    }

    /// The simulated now.
    pub(crate) fn now_ms(&self) -> i64 {
        lock(&self.clock).now_ms()
    }

    /// Does one edit in the source and gives the id of its organization.
    pub(crate) fn apply(&self, edit: &Edit) -> anyhow::Result<i64> {
        let now_ms = self.now_ms();
        lock(&self.store).apply(edit, now_ms)
    }

    /// The base of our own links, without a slash at the end.
    pub(crate) fn public_url(&self) -> String {
        let own = || self.own_url.get().cloned().unwrap_or_default();
        self.config().public_url.as_ref().map_or_else(own, |url| url.trim_end_matches('/').to_owned())
    }
}
