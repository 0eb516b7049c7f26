//! One slice of a run, from taking the lease to handing on.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use shared_core::entity::Entity;
use shared_core::instant::rfc3339;
use shared_core::itglue::Reading;
use shared_core::ledger::{Run, SyncState};
use shared_core::query::MAX_IN_VALUES;
use shared_core::run::{self, Event, Kind, State, Trigger};
use shared_core::scope::{SCOPED, Scope};
use shared_core::step::{self, OVERLAP_S, Step};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::Instrument;

use super::context::Context;
use super::entities::{EntityPlan, comes_last, has_begun_whole, join_all, run_entity};
use super::error::EngineError;
use super::heartbeat::{Baseline, beat};
use super::preflight;
use crate::autotask::address::AddressPolicy;
use crate::autotask::{AutotaskClient, Credentials};
use crate::clock::Clock;
use crate::store::lease::Lease;
use crate::store::runs::Fence;
use crate::store::{Store, StoreError, TenantId};

/// Whose data is synchronised, with which credentials.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// The tenant.
    pub tenant: TenantId,
    /// API user, password, tracking identifier.
    pub credentials: Credentials,
    /// Base of the zone look-up.
    pub discovery_url: String,
    /// Which hosts may be called.
    pub policy: AddressPolicy,
    /// Certificates of authorities to trust besides the system's, as PEM.
    pub extra_ca_pem: Option<String>,
    /// Name of this worker in the lease.
    pub owner: String,
    /// No other process can be alive (the state folder is locked): how owners of this one begin; other leases are
    /// leftovers.
    pub sole: Option<String>,
    /// Which records are kept, where IT Glue is the primary source; none: all of them.
    pub scope: Option<Scope>,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which kind of run to begin when none is unfinished.
    pub kind: Kind,
    /// Who or what asks for it.
    pub trigger: Trigger,
    /// Entities to pull, in order.
    pub entities: Vec<Entity>,
    /// Read everything once more although the first load is complete.
    pub again: bool,
    /// Soft end of the slice: after it, only the page in hand is finished.
    pub soft_limit: Option<Duration>,
    /// What a reading of IT Glue's organizations showed at the run's begin.
    pub organizations: Option<Reading>,
}

/// How a slice ended.
#[derive(Debug)]
pub enum SliceEnd {
    /// The first load was complete already: nothing was done. The run that completed it, if it is still kept.
    NothingToDo(Option<Box<Run>>),
    /// The run is over, or waits for a human; see its state.
    Ended(Box<Run>),
    /// The next slice is due at once.
    HandOn(Box<Run>),
    /// The next slice is of use only after this time (milliseconds of our clock).
    WaitUntil(Box<Run>, u64),
}

/// The engine of one tenant.
#[derive(Debug)]
pub struct Engine {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) config: EngineConfig,
    watcher: Option<watch::Sender<Option<Run>>>,
}

impl Engine {
    /// An engine; `watcher` sees the run several times a second while a slice works.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        config: EngineConfig,
        watcher: Option<watch::Sender<Option<Run>>>,
    ) -> Self {
        Self { store, clock, config, watcher }
    }

    /// Works on the tenant's unfinished run, or begins one, until it ends or the soft limit comes.
    ///
    /// # Errors
    /// [`EngineError`] when not even the run's state could be settled: another worker took over, the store is down, the
    /// request makes no sense. What Autotask refuses or withholds is not an error but a state of the run.
    pub async fn run_slice(&self, request: &Request) -> Result<SliceEnd, EngineError> {
        self.slice(request, None).await
    }

    /// Ends the slice that `request` asks for before it began, for a reason that the run then tells.
    ///
    /// # Errors
    /// As [`Engine::run_slice`].
    pub async fn break_off(&self, request: &Request, why: EngineError) -> Result<SliceEnd, EngineError> {
        self.slice(request, Some(why)).await
    }

    async fn slice(&self, request: &Request, why: Option<EngineError>) -> Result<SliceEnd, EngineError> {
        let tenant = &self.config.tenant;
        let (mut state, active) = self.store.sync_state(tenant).await?;
        let unfinished = match &active {
            Some(run_id) => self.store.load_run(tenant, run_id).await?,
            None => None,
        };
        if unfinished.is_none()
            && request.kind == Kind::Initial
            && state.initial_run.is_some()
            && !request.again
        {
            return self.nothing_to_do(&state).await;
        }
        if unfinished.is_none() && request.kind == Kind::Nightly && state.initial_run.is_none() {
            return Err(EngineError::NoInitialSync { tenant: tenant.to_string() });
        }
        let kind = unfinished.as_ref().map_or(request.kind, |run| run.kind);
        let client = self.client(kind, &state)?;
        let reached = match why {
            None => self.database(&client, &mut state).await,
            Some(why) => Err(why),
        };
        let (atdb, unreached) = match reached {
            Ok(atdb) => (atdb, None),
            // The run says so, as it does for everything that Autotask withholds.
            Err(error) => (state.atdb.clone().unwrap_or_else(|| format!("tenant-{tenant}")), Some(error)),
        };
        let lease = self.lease(&atdb, active.as_deref()).await?;
        client.set_own_requests(&lease.own_requests);
        let ended = self.under_lease(request, (state, active), client.clone(), &lease, unreached).await;
        // A lost release is no harm: the lease runs out.
        if let Err(error) = self.store.release_lease(&lease, &client.own_requests()).await {
            tracing::warn!("the lease could not be released: {error}");
        }
        // Nobody who can wait uses up the room that it waits for.
        if let Ok(SliceEnd::WaitUntil(_, wake_ms)) = &ended {
            self.store.wait_for_lease(&atdb, self.clock.now_ms(), *wake_ms).await;
        }
        ended
    }

    /// Looks at the tenant's state again: until the lease was ours, somebody else may have worked on it.
    async fn under_lease(
        &self,
        request: &Request,
        before: (SyncState, Option<String>),
        client: AutotaskClient,
        lease: &Lease,
        unreached: Option<EngineError>,
    ) -> Result<SliceEnd, EngineError> {
        let (found, active) = self.store.sync_state(&self.config.tenant).await?;
        let is_as_before = active == before.1 && found.last_run == before.0.last_run;
        let state = if is_as_before { before.0 } else { return Err(StoreError::Fenced.into()) };
        let unfinished = match &active {
            Some(run_id) => self.store.load_run(&self.config.tenant, run_id).await?,
            None => None,
        };
        let is_new = unfinished.is_none();
        let run = unfinished.unwrap_or_else(|| self.new_run(request, lease.epoch));
        let span =
            tracing::info_span!("run", run.id = %run.id, run.kind = ?run.kind, tenant = %self.config.tenant);
        let begun = (run, is_new, state);
        self.work_on(request, begun, client, lease, unreached).instrument(span).await
    }

    async fn work_on(
        &self,
        request: &Request,
        (run, is_new, state): (Run, bool, SyncState),
        client: AutotaskClient,
        lease: &Lease,
        unreached: Option<EngineError>,
    ) -> Result<SliceEnd, EngineError> {
        let context = Arc::new(self.context(request, &run, client, lease));
        let n_steps = match is_new {
            true => 0,
            false => self.store.claim_run(&self.config.tenant, &run.id, lease.epoch).await?,
        };
        // Until a step is planned nothing was read, and the run may begin anew.
        let is_first = n_steps == 0;
        let mut baseline = Baseline { run, consumed: self.store.consumed(), started: Instant::now() };
        self.begin_slice(&mut baseline.run, request)?;
        context.client.set_limit_probes(baseline.run.n_limit_probes);
        // A page may prove the login only if the source's clock is known before it: watermarks start from there.
        let may_read = is_first && context.client.knows_server_time();
        let before_login = rfc3339(context.client.server_now_ms());
        let login = match unreached {
            None => preflight::log_in(&context, first_entity(&baseline.run.entities), may_read).await,
            Some(error) => Err(error),
        };
        if is_first {
            let after_login = || rfc3339(context.client.server_now_ms());
            baseline.run.started_at = if may_read { before_login } else { after_login() };
        }
        context.set_run_since(window_start(&baseline.run.started_at));
        context.set_confirmed(baseline.run.confirmed.clone());
        let has_usage = match login {
            Ok(has_usage) => has_usage,
            Err(error) => {
                self.store_begin(&baseline, is_new, &state, lease).await?;
                return self.end_early(&context, &baseline, lease, error).await;
            }
        };
        self.store_begin(&baseline, is_new, &state, lease).await?;
        let heart_stop = Arc::new(Notify::new());
        let watcher = self.watcher.clone();
        let beating =
            beat(Arc::clone(&context), lease.clone(), baseline.clone(), watcher, Arc::clone(&heart_stop));
        let heart = tokio::spawn(beating.in_current_span());
        let ended = self.entities(&context, &baseline.run, &state, has_usage).await;
        // A beat under way is waited for: it must not land after what is stored next.
        heart_stop.notify_one();
        drop(heart.await);
        let state = self.with_zone(state, &context, &baseline.run, lease).await?;
        let steps = match ended {
            Ok(steps) => steps,
            Err(error) => return self.end_early(&context, &baseline, lease, error).await,
        };
        if steps.iter().all(|step| step.range.is_done) {
            return self.complete(&context, &baseline, state, steps, lease).await;
        }
        if context.is_stop_asked() {
            let run = self.save(&context, &baseline, Event::StopRequested, lease, |_| ()).await?;
            return Ok(SliceEnd::Ended(Box::new(run)));
        }
        let run = self.save(&context, &baseline, Event::SliceEnded, lease, |_| ()).await?;
        Ok(SliceEnd::HandOn(Box::new(run)))
    }

    fn context(&self, request: &Request, run: &Run, client: AutotaskClient, lease: &Lease) -> Context {
        Context::new(
            self.store.clone(),
            client,
            Arc::clone(&self.clock),
            self.config.tenant.clone(),
            Fence { run_id: run.id.clone(), epoch: lease.epoch },
            request.soft_limit.map(|limit| Instant::now() + limit),
            &run.entities,
        )
        .within(self.config.scope.clone())
    }

    fn new_run(&self, request: &Request, epoch: u64) -> Run {
        let now_ms = self.clock.now_ms();
        // Ascending in time, and unique because the epoch rises with each lease.
        let id = format!("{now_ms:013}-{epoch:06}");
        Run::queued(id, request.kind, request.trigger, request.entities.clone(), rfc3339(now_ms))
    }

    async fn nothing_to_do(&self, state: &SyncState) -> Result<SliceEnd, EngineError> {
        let Some(run_id) = &state.initial_run else { return Ok(SliceEnd::NothingToDo(None)) };
        let run = self.store.load_run(&self.config.tenant, run_id).await?;
        Ok(SliceEnd::NothingToDo(run.map(Box::new)))
    }

    fn begin_slice(&self, run: &mut Run, request: &Request) -> Result<(), EngineError> {
        run.organizations = request.organizations.clone().or(run.organizations.take());
        run.state = advance(run.state, Event::SliceStarted)?;
        run.n_slices += 1;
        run.next_wake_ms = None;
        run.error = None;
        Ok(())
    }

    async fn store_begin(
        &self,
        baseline: &Baseline,
        is_new: bool,
        state: &SyncState,
        lease: &Lease,
    ) -> Result<(), StoreError> {
        let tenant = &self.config.tenant;
        if is_new {
            return self.store.create_run(tenant, &baseline.run, state, lease).await;
        }
        let fence = Fence { run_id: baseline.run.id.clone(), epoch: lease.epoch };
        // First of all: it holds only while the run is still the unfinished one.
        self.store.save_sync_state(tenant, &fence, state).await?;
        self.store.save_run(tenant, &baseline.run, lease.epoch).await
    }

    /// Remembers a zone that moved during the slice.
    async fn with_zone(
        &self,
        mut state: SyncState,
        context: &Context,
        run: &Run,
        lease: &Lease,
    ) -> Result<SyncState, EngineError> {
        let Some(zone) = context.client.current() else { return Ok(state) };
        if state.zone_url.as_ref() != Some(&zone.url) {
            state.zone_url = Some(zone.url);
            let fence = Fence { run_id: run.id.clone(), epoch: lease.epoch };
            self.store.save_sync_state(&self.config.tenant, &fence, &state).await?;
        }
        Ok(state)
    }

    async fn entities(
        &self,
        context: &Arc<Context>,
        run: &Run,
        state: &SyncState,
        has_usage: bool,
    ) -> Result<Vec<Step>, EngineError> {
        let stored = self.store.steps(&self.config.tenant, &run.id).await?;
        let mut fills = self.fills(run).await?;
        let plans = run.entities.iter().map(|&entity| {
            let steps: Vec<Step> = stored.iter().filter(|step| step.entity == entity).cloned().collect();
            let mark = state.marks.get(entity.name()).cloned();
            let fill = fills.remove(&entity).unwrap_or_default();
            let is_whole = run.kind == Kind::Initial
                || step::is_sweep_due(mark.as_ref(), self.clock.now_ms())
                || fill.len() > MAX_IN_VALUES
                || has_begun_whole(&steps);
            let since = mark.filter(|_| !is_whole).map(|mark| window_start(&mark.watermark));
            EntityPlan { entity, steps, is_whole, since, fill }
        });
        let is_scoped = self.config.scope.is_some();
        let (first, last): (Vec<_>, Vec<_>) = plans.partition(|plan| !comes_last(plan.entity, is_scoped));
        let begin = |tasks: &mut JoinSet<_>, plans: Vec<EntityPlan>| {
            for plan in plans {
                tasks.spawn(run_entity(Arc::clone(context), plan).in_current_span());
            }
        };
        let mut tasks = JoinSet::new();
        begin(&mut tasks, first);
        if !has_usage {
            let context = Arc::clone(context);
            let read = async move { preflight::read_limit(&context).await.map(|()| Vec::new()) };
            tasks.spawn(read.in_current_span());
        }
        let mut steps = join_all(context, &mut tasks).await?;
        if steps.iter().any(|step| !step.range.is_done) {
            return Ok(steps);
        }
        begin(&mut tasks, last);
        steps.extend(join_all(context, &mut tasks).await?);
        Ok(steps)
    }

    /// Companies by entity that were linked since it was last read.
    async fn fills(&self, run: &Run) -> Result<HashMap<Entity, Vec<i64>>, EngineError> {
        let mut fills = HashMap::new();
        let Some(scope) = &self.config.scope else { return Ok(fills) };
        for &entity in run.entities.iter().filter(|entity| SCOPED.contains(entity)) {
            let filled = self.store.load_filled(&self.config.tenant, entity).await?;
            fills.insert(entity, scope.unfilled(&filled));
        }
        Ok(fills)
    }

    pub(super) fn show(&self, run: &Run) {
        if let Some(watcher) = &self.watcher {
            watcher.send_replace(Some(run.clone()));
        }
    }
}

fn first_entity(entities: &[Entity]) -> Entity {
    entities
        .iter()
        .copied()
        .find(|&entity| entity == Entity::Assets)
        .or(entities.first().copied())
        .unwrap_or(Entity::Companies)
}

pub(super) fn advance(from: State, event: Event) -> Result<State, EngineError> {
    run::next(from, event).map_err(|error| EngineError::Bug(error.to_string()))
}

/// An instant moved back by the overlap, for filters.
fn window_start(instant: &str) -> String {
    let at: Timestamp = instant.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    at.checked_sub(SignedDuration::from_secs(OVERLAP_S)).unwrap_or(at).to_string()
}
