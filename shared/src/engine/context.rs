//! What all parts of a slice share.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use shared_core::entity::Entity;
use shared_core::ledger::Costs;
use shared_core::mail::HeldEntity;
use shared_core::progress::{EntityProgress, Stage};
use shared_core::scope::Scope;
use tokio::time::Instant;

use super::rows::Rows;
use crate::autotask::AutotaskClient;
use crate::clock::Clock;
use crate::store::runs::Fence;
use crate::store::{Store, TenantId};

/// The shared parts of one slice.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) store: Store,
    pub(crate) client: AutotaskClient,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tenant: TenantId,
    pub(crate) fence: Fence,
    run_since: OnceLock<String>,
    confirmed: OnceLock<Vec<HeldEntity>>,
    /// Which records are kept; none: all of them.
    pub(crate) scope: Option<Scope>,
    head_start: Mutex<Option<(Entity, Rows)>>,
    deadline: Option<Instant>,
    is_stopped: AtomicBool,
    is_stop_asked: AtomicBool,
    progress: Mutex<BTreeMap<Entity, EntityProgress>>,
}

impl Context {
    pub(crate) fn new(
        store: Store,
        client: AutotaskClient,
        clock: Arc<dyn Clock>,
        tenant: TenantId,
        fence: Fence,
        deadline: Option<Instant>,
        entities: &[Entity],
    ) -> Self {
        let waiting =
            |&entity| (entity, EntityProgress { entity, stage: Stage::Waiting, n_total: None, n_read: 0 });
        let progress = Mutex::new(entities.iter().map(waiting).collect());
        let (is_stopped, is_stop_asked) = (AtomicBool::new(false), AtomicBool::new(false));
        let (head_start, run_since, confirmed) = (Mutex::new(None), OnceLock::new(), OnceLock::new());
        Self {
            store,
            client,
            clock,
            tenant,
            fence,
            run_since,
            confirmed,
            scope: None,
            head_start,
            deadline,
            is_stopped,
            is_stop_asked,
            progress,
        }
    }

    pub(crate) fn set_run_since(&self, since: String) {
        // Set once, by the slice, before any entity begins.
        let _ = self.run_since.set(since);
    }

    /// The same with only a part of the records kept.
    pub(crate) fn within(self, scope: Option<Scope>) -> Self {
        Self { scope, ..self }
    }

    /// Takes in which held deletions a person confirmed.
    pub(crate) fn set_confirmed(&self, confirmed: Vec<HeldEntity>) {
        // Set once, as the begin of the run is.
        let _ = self.confirmed.set(confirmed);
    }

    /// Deletions of an entity that a person confirmed.
    pub(crate) fn n_confirmed(&self, entity: Entity) -> u64 {
        let held = self.confirmed.get().into_iter().flatten().filter(|held| held.entity == entity);
        held.map(|held| held.n_missing).sum()
    }

    /// Where deltas of entities that are read whole begin, RFC 3339 UTC.
    pub(crate) fn run_since(&self) -> &str {
        self.run_since.get().map_or("1970-01-01T00:00:00Z", String::as_str)
    }

    /// Keeps the page that proved the login, for the entity's walk to begin with.
    pub(crate) fn keep_head_start(&self, entity: Entity, rows: Rows) {
        *self.head_start.lock().unwrap_or_else(PoisonError::into_inner) = Some((entity, rows));
    }

    /// The entity's first page, if it was read already.
    pub(crate) fn take_head_start(&self, entity: Entity) -> Option<Rows> {
        let mut kept = self.head_start.lock().unwrap_or_else(PoisonError::into_inner);
        kept.take_if(|(of, _)| *of == entity).map(|(_, rows)| rows)
    }

    /// Whether work should end after the page in hand.
    pub(crate) fn should_end(&self) -> bool {
        self.is_stopped()
            || self.is_stop_asked()
            || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Whether something went wrong elsewhere in this slice.
    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Acquire)
    }

    /// Makes all parts of the slice end after the page in hand.
    pub(crate) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Release);
    }

    /// Whether an admin switched the integration off meanwhile.
    pub(crate) fn is_stop_asked(&self) -> bool {
        self.is_stop_asked.load(Ordering::Acquire)
    }

    /// Makes the run stop after the page in hand.
    pub(crate) fn ask_to_stop(&self) {
        self.is_stop_asked.store(true, Ordering::Release);
    }

    pub(crate) fn note_progress(&self, entity: Entity, change: impl FnOnce(&mut EntityProgress)) {
        if let Some(progress) = self.lock().get_mut(&entity) {
            change(progress);
        }
    }

    pub(crate) fn note_stage(&self, entity: Entity, stage: Stage) {
        self.note_progress(entity, |progress| progress.stage = stage);
    }

    /// Progress of all entities, in the order in which they are started.
    pub(crate) fn progress(&self) -> Vec<EntityProgress> {
        self.lock().values().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Entity, EntityProgress>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What this slice has cost so far.
    pub(crate) fn costs(&self, store_before: crate::store::Consumed) -> Costs {
        let (requests, bytes_in, waited_ms) = self.client.totals();
        let store = self.store.consumed();
        Costs {
            requests,
            waited_ms,
            bytes_in,
            read_units: store.read_units - store_before.read_units,
            write_units: store.write_units - store_before.write_units,
            store_requests: store.n_requests - store_before.n_requests,
        }
    }
}
