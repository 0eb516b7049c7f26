//! One slice of a job: from taking the lease to handing on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shared_core::pace::Class;
use shared_core::warranty::desk::{RunsAhead, goes_first};
use shared_core::warranty::{Job, JobKind, JobState, Stop};
use shared_core::wire::HELD_FIELDS;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::Instrument;

use super::planning::OURSELVES;
use super::rows::{Rows, RowsError};
use super::work::Outcome;
use crate::autotask::{AutotaskClient, CallError, Credentials, Patience};
use crate::clock::Clock;
use crate::lambda::erased;
use crate::store::desk::Desk;
use crate::store::lease::{LEASE_MS, Lease};
use crate::store::plans::PlanHead;
use crate::store::{Store, StoreError, TenantId};
use crate::worker::Worker;

/// How often the lease is renewed: several times before it runs out.
const RENEW_EVERY: Duration = Duration::from_secs(20);

/// Why a slice could not even be ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum SliceError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("internal error: {0}")]
    Bug(&'static str),
}

/// What a slice starts from.
pub(super) struct Start<'a> {
    pub(super) worker: &'a Worker,
    pub(super) store: &'a Store,
    pub(super) tenant: &'a TenantId,
    pub(super) desk: Desk,
    pub(super) credentials: Option<Credentials>,
    pub(super) owner: &'a str,
    pub(super) soft_limit: Duration,
}

/// One slice.
pub(super) struct Slice<'a> {
    pub(super) store: &'a Store,
    pub(super) tenant: &'a TenantId,
    pub(super) clock: &'a Arc<dyn Clock>,
    pub(super) client: AutotaskClient,
    pub(super) lease: Lease,
    pub(super) job: Job,
    pub(super) rows: Rows,
    /// Fields that are asked for around a write.
    pub(super) held_fields: Vec<String>,
    /// Writes without a clear answer in a row.
    pub(super) n_unclear: usize,
    /// When the progress was stored last.
    pub(super) progress_at: Instant,
    deadline: Instant,
    is_lost: Arc<AtomicBool>,
}

/// Runs one slice of the job on the desk; answers the job as it then is.
pub(super) async fn run_slice(start: Start<'_>) -> Result<Job, SliceError> {
    let Start { worker, store, tenant, .. } = &start;
    let (sync, _) = store.sync_state(tenant).await?;
    let atdb = sync.atdb.clone().ok_or(SliceError::Bug("a plan without an Autotask database"))?;
    let now_ms = worker.clock.now_ms();
    let (sole, above) = (worker.sole.as_deref(), start.desk.epoch);
    let lease = store.take_lease(&atdb, start.owner, now_ms, sole, above).await?;
    let is_lost = Arc::new(AtomicBool::new(false));
    let renewing = renew(Store::clone(store), Arc::clone(&worker.clock), lease.clone(), Arc::clone(&is_lost));
    let mut own_requests = lease.own_requests.clone();
    let ended = erased(under_lease(&start, lease.clone(), is_lost, &mut own_requests)).await;
    drop(renewing);
    // A lost release is no harm: the lease runs out.
    if let Err(error) = store.release_lease(&lease, &own_requests).await {
        tracing::warn!("the lease could not be released: {error}");
    }
    ended
}

async fn under_lease(
    start: &Start<'_>,
    lease: Lease,
    is_lost: Arc<AtomicBool>,
    own_requests: &mut Vec<(u64, u64)>,
) -> Result<Job, SliceError> {
    let Start { worker, store, tenant, desk, .. } = start;
    // Until the lease was ours, somebody else may have worked on it.
    let found = store.load_desk(tenant).await?;
    let job = found.job.clone().filter(|job| !job.is_over());
    let Some(mut job) = job.filter(|_| found.n_jobs == desk.n_jobs) else {
        return Err(StoreError::Fenced.into());
    };
    store.claim_desk(tenant, &found, lease.epoch).await?;
    (job.state, job.wake_ms, job.n_slices) = (JobState::Running, None, job.n_slices + 1);
    store.save_job(tenant, &job, lease.epoch, worker.clock.now_ms() + LEASE_MS).await?;
    let Some(head) = store.plan_head(tenant, &job.plan_id).await? else {
        return stopped(start, &lease, job, None, Stop::PlanGone).await;
    };
    let rows = match Rows::load(store, tenant, &job, &head).await {
        Ok(rows) => rows,
        Err(RowsError::Store(error)) => return Err(error.into()),
        Err(RowsError::OtherPlan) => return stopped(start, &lease, job, Some(&head), Stop::PlanGone).await,
    };
    let Some(credentials) = start.credentials.clone() else {
        return stopped(start, &lease, job, Some(&head), Stop::Credentials).await;
    };
    let user = credentials.user.clone();
    let config = worker.config.client(Class::WriteBack, Patience::Run);
    // The zone is looked up anew: what is written must be written to the database that the rows came from.
    let client = match AutotaskClient::new(credentials, config, Arc::clone(&worker.clock), None) {
        Ok(client) => client,
        Err(error) => return failed(start, &lease, job, &error).await,
    };
    client.set_own_requests(&lease.own_requests);
    client.set_limit_probes(job.n_limit_probes);
    let mut slice = Slice {
        store,
        tenant,
        clock: &worker.clock,
        client,
        lease,
        job,
        rows,
        held_fields: HELD_FIELDS.iter().map(|&field| field.to_owned()).collect(),
        n_unclear: 0,
        progress_at: Instant::now(),
        deadline: Instant::now() + start.soft_limit,
        is_lost,
    };
    let worked = match slice.log_in(&user).await {
        Ok(()) => slice.work().await,
        Err(outcome) => Ok(outcome),
    };
    *own_requests = slice.client.own_requests();
    slice.settle(worked?, &head).await
}

async fn stopped(
    start: &Start<'_>,
    lease: &Lease,
    mut job: Job,
    head: Option<&PlanHead>,
    stop: Stop,
) -> Result<Job, SliceError> {
    job.end(Some(stop), start.worker.clock.now_ms());
    let (head, trust) = (head.map(|head| told(head, &job)), job.trust_after(job.by != OURSELVES));
    start.store.end_job(start.tenant, &job, lease.epoch, trust, head.as_ref()).await?;
    Ok(job)
}

async fn failed(
    start: &Start<'_>,
    lease: &Lease,
    mut job: Job,
    error: &CallError,
) -> Result<Job, SliceError> {
    tracing::warn!("write-back waits: {error}");
    job.wait_after_failure(start.worker.clock.now_ms());
    let due_ms = job.wake_ms.unwrap_or_default();
    start.store.save_job(start.tenant, &job, lease.epoch, due_ms).await?;
    Ok(job)
}

/// The plan's head with a job that is over.
fn told(head: &PlanHead, job: &Job) -> PlanHead {
    let mut head = head.clone();
    head.jobs.retain(|other| other.id != job.id);
    head.jobs.push(job.clone());
    head
}

impl Slice<'_> {
    pub(super) fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    pub(super) fn should_end(&self) -> bool {
        self.is_lost.load(Ordering::Acquire) || Instant::now() >= self.deadline
    }

    /// Whether a run wants the database, of this tenant or of another one: it goes first. None of ours can wait for the hour
    /// while the lease is ours.
    pub(super) async fn is_run_due(&self) -> Result<bool, StoreError> {
        let schedule = self.store.load_schedule(self.tenant);
        let (schedule, wanted) = tokio::try_join!(schedule, self.store.lease_wanted(&self.lease.atdb))?;
        let ahead = RunsAhead { unfinished: None, due_ms: schedule.due_ms, wanted };
        Ok(goes_first(ahead, self.now_ms()))
    }

    /// Whether the switches are still as the job needs them.
    pub(super) async fn is_switched_on(&self) -> Result<bool, StoreError> {
        let Some((settings, _)) = self.store.load_settings(self.tenant).await? else { return Ok(false) };
        let may_write = settings.writes_warranties || self.job.kind == JobKind::Undo;
        Ok(settings.is_active && !settings.is_closing && may_write)
    }

    /// The one call that a slice makes alone, in the database that the rows came from.
    async fn log_in(&self, user: &str) -> Result<(), Outcome> {
        let zone = self.client.zone().await.map_err(|error| self.outcome_of(&error))?;
        if zone.database(user) != self.lease.atdb {
            return Err(Outcome::Stop(Stop::OtherDatabase));
        }
        match self.client.threshold().await {
            Ok(_) => Ok(()),
            // A service that will not tell its limit has proved the login all the same.
            Err(CallError::Forbidden { .. } | CallError::Refused { .. }) => Ok(()),
            Err(error) => Err(self.outcome_of(&error)),
        }
    }

    /// Says how far the job is.
    pub(super) async fn save_progress(&mut self) -> Result<(), StoreError> {
        self.progress_at = Instant::now();
        self.job.n_by_phase = self.rows.counted(&self.job);
        let due_ms = self.now_ms() + LEASE_MS;
        self.store.save_job(self.tenant, &self.job, self.lease.epoch, due_ms).await
    }

    async fn settle(mut self, outcome: Outcome, head: &PlanHead) -> Result<Job, SliceError> {
        let now_ms = self.now_ms();
        self.job.n_by_phase = self.rows.counted(&self.job);
        self.job.n_requests += self.client.totals().0.values().sum::<u64>();
        if !matches!(outcome, Outcome::Limit(_)) {
            self.job.n_limit_probes = 0;
        }
        match outcome {
            Outcome::Through => self.job.end(None, now_ms),
            Outcome::Stop(stop) => self.job.end(Some(stop), now_ms),
            Outcome::HandOn => self.job.state = JobState::Queued,
            Outcome::Wait(wake_ms) => self.job.wait_until(wake_ms),
            Outcome::Limit(wake_ms) => {
                self.job.n_limit_probes += 1;
                self.job.wait_until(wake_ms);
            }
            Outcome::Unclear => {
                tracing::warn!("write-back waits: Autotask gives no clear answer to writes");
                self.job.wait_after_unclear(now_ms);
            }
            Outcome::Failed(why) => {
                tracing::warn!("write-back waits: {why}");
                self.job.wait_after_failure(now_ms);
            }
        }
        let (store, epoch, job) = (self.store, self.lease.epoch, self.job);
        if job.is_over() {
            let head = told(head, &job);
            let trust = job.trust_after(job.by != OURSELVES);
            store.end_job(self.tenant, &job, epoch, trust, Some(&head)).await?;
            tracing::info!(job.id = %job.id, state = ?job.state, stop = ?job.stop, phases = ?job.n_by_phase, "write-back ended");
        } else {
            store.save_job(self.tenant, &job, epoch, job.wake_ms.unwrap_or(now_ms)).await?;
        }
        Ok(job)
    }
}

/// Keeps the lease until the value that it gives is dropped; a lost lease ends the slice.
fn renew(store: Store, clock: Arc<dyn Clock>, lease: Lease, is_lost: Arc<AtomicBool>) -> oneshot::Sender<()> {
    let (stop, mut stopped) = oneshot::channel::<()>();
    let renewing = async move {
        loop {
            tokio::select! {
                _ = &mut stopped => return,
                () = tokio::time::sleep(RENEW_EVERY) => {}
            }
            let own_requests = lease.own_requests.clone();
            match store.renew_lease(&lease, clock.now_ms(), &own_requests).await {
                Ok(()) => {}
                Err(StoreError::Fenced) => return is_lost.store(true, Ordering::Release),
                Err(error) => tracing::warn!("the lease could not be renewed: {error}"),
            }
        }
    };
    tokio::spawn(renewing.in_current_span());
    stop
}
