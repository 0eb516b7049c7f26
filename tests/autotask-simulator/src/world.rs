//! The whole state of one simulator, shared by its HTTP side and its control side.

use crate::calendar::parse_instant;
use crate::clock::Clock;
use crate::config::Config;
use crate::counters::Counters;
use crate::faults::Faults;
use crate::gate::{Hourly, Logins, ThreadGate};
use crate::plans::Plans;
use crate::schema::Schemas;
use crate::seed::seed;
use crate::store::Store;
use crate::view::Lag;
use crate::write::{Edit, Writer, apply};
use anyhow::Context;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard};

/// The state.
#[derive(Debug)]
pub(crate) struct World {
    config: RwLock<Arc<Config>>,
    /// The fields of all entities.
    pub(crate) schemas: Schemas,
    store: RwLock<Store>,
    clock: Mutex<Clock>,
    lag: Mutex<Lag>,
    /// Wrong secrets and locks.
    pub(crate) logins: Mutex<Logins>,
    /// Concurrent calls.
    pub(crate) threads: Mutex<ThreadGate>,
    /// Calls of the last hour.
    pub(crate) hourly: Mutex<Hourly>,
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
        let schemas = Schemas::load()?;
        let store = seed(&config, &schemas, start_ms)?;
        Ok(Self {
            clock: Mutex::new(Clock::new(start_ms, config.is_clock_frozen)),
            config: RwLock::new(Arc::new(config)),
            schemas,
            store: RwLock::new(store),
            lag: Mutex::default(),
            logins: Mutex::default(),
            threads: Mutex::default(),
            hourly: Mutex::default(),
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

    /// The records, to be read.
    pub(crate) fn store(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The clock.
    pub(crate) fn clock(&self) -> MutexGuard<'_, Clock> {
        lock(&self.clock)
    }

    /// The simulated now.
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock().now_ms()
    }

    /// The states before recent writes that reads still show.
    pub(crate) fn lag(&self) -> Lag {
        lock(&self.lag).current()
    }

    /// Works on the records.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&mut Writer<'_>) -> T) -> T {
        let config = self.config();
        let now_ms = self.now_ms();
        let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
        let mut lag = lock(&self.lag);
        let mut writer =
            Writer { store: &mut store, schemas: &self.schemas, lag: &mut lag, config: &config, now_ms };
        work(&mut writer)
    }

    /// Does one edit in the source and gives the id of its row.
    pub(crate) fn apply(&self, edit: &Edit) -> anyhow::Result<i64> {
        self.write(|writer| apply(writer, edit))
    }

    /// The base of our own URLs, without a slash at the end.
    pub(crate) fn public_url(&self) -> String {
        let own = || self.own_url.get().cloned().unwrap_or_default();
        self.config().public_url.as_ref().map_or_else(own, |url| url.trim_end_matches('/').to_owned())
    }

    /// The base of the zone where the customer lives, such as `http://host/ATServicesRest`.
    pub(crate) fn zone_url(&self) -> String {
        let path = self.config().zone_path.trim_matches('/').to_owned();
        let slash = if path.is_empty() { "" } else { "/" };
        format!("{}{slash}{path}/ATServicesRest", self.public_url())
    }
}
