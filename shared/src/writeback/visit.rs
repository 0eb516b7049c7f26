//! From a doorbell to what is stored next.

use shared_core::settings::Settings;
use shared_core::warranty::desk::{DeskDuty, DeskView, RunsAhead, desk_duty, goes_first};
use shared_core::warranty::{Job, Stop};

use super::planning::{OURSELVES, job_after, make_plan};
use super::slice::{SliceError, Start, run_slice};
use crate::autotask::Credentials;
use crate::doorbell::{Doorbell, MAX_DELAY_S, Queue};
use crate::lambda::erased;
use crate::mail::{Frame, deliver};
use crate::secrets::SecretError;
use crate::session::Session;
use crate::store::desk::Desk;
use crate::store::{StoreError, TenantId};
use crate::worker::{Answered, Turn, WorkError, Worker};

/// Decisions of one doorbell at most; more would be a defect that must not spin.
const MAX_ROUNDS: u32 = 8;
/// How long to wait for an Autotask database that a run holds, in milliseconds.
const HELD_PAUSE_MS: u64 = 60_000;

/// One tenant's turn.
struct Visit<'a> {
    worker: &'a Worker,
    tenant: TenantId,
    session: Session,
    turn: &'a Turn,
}

impl Worker {
    /// Answers one doorbell: makes a plan that is wished for, or works on one slice of the job.
    ///
    /// # Errors
    /// [`WorkError`]; nothing is lost by it, the planner rings again.
    pub async fn write_back(&self, doorbell: &Doorbell, turn: &Turn) -> Result<Answered, WorkError> {
        let tenant =
            TenantId::parse(&doorbell.tenant).map_err(|error| WorkError::BadDoorbell(error.to_string()))?;
        let session = self.session(&tenant, doorbell.atdb.as_deref()).await?;
        let visit = Visit { worker: self, tenant, session, turn };
        erased(visit.work()).await
    }
}

impl Visit<'_> {
    async fn work(&self) -> Result<Answered, WorkError> {
        let (store, tenant) = (&self.session.store, &self.tenant);
        let mut answered = Answered::Idle;
        for _ in 0..MAX_ROUNDS {
            let Some((settings, _)) = store.load_settings(tenant).await? else { return Ok(answered) };
            let (health, _) = store.load_health(tenant).await?;
            let desk = store.load_desk(tenant).await?;
            let view = DeskView {
                is_active: settings.is_active,
                writes_warranties: settings.writes_warranties,
                is_closing: settings.is_closing,
                login: health.login,
                job: desk.job.as_ref(),
                has_wish: desk.wish_ms.is_some(),
            };
            let now_ms = self.worker.clock.now_ms();
            match desk_duty(&view, now_ms) {
                DeskDuty::Rest => {
                    let mails_due_ms = self.deliver(&settings).await?;
                    self.plan(&desk, mails_due_ms).await?;
                    return Ok(answered);
                }
                DeskDuty::WaitUntil(wake_ms) => {
                    self.plan(&desk, Some(wake_ms)).await?;
                    if answered == Answered::Worked {
                        self.hand_on(wake_ms.saturating_sub(now_ms).div_ceil(1_000)).await;
                    }
                    return Ok(answered);
                }
                DeskDuty::DropWish => self.drop_wish(&desk).await?,
                DeskDuty::Plan => {
                    self.fulfil(&desk, now_ms).await?;
                    answered = Answered::Worked;
                }
                DeskDuty::Work if self.is_run_first(now_ms).await? => {
                    self.plan(&desk, Some(now_ms + HELD_PAUSE_MS)).await?;
                    return Ok(Answered::Busy);
                }
                DeskDuty::Work if answered == Answered::Worked => {
                    self.hand_on(0).await;
                    return Ok(answered);
                }
                DeskDuty::Work => match self.slice(&settings, desk).await? {
                    Some(_) => answered = Answered::Worked,
                    None => return Ok(Answered::Busy),
                },
                DeskDuty::Stop(stop) => match self.stop(&desk, stop, now_ms).await? {
                    true => answered = Answered::Worked,
                    false => return Ok(Answered::Busy),
                },
            }
        }
        Err(WorkError::Bug("a doorbell of write-back found no end"))
    }

    /// Sends mails that wait; answers when those that must wait longer are due.
    async fn deliver(&self, settings: &Settings) -> Result<Option<u64>, StoreError> {
        let Worker { mailer, clock, app_url, .. } = self.worker;
        let frame = Frame::of(settings, &self.tenant, app_url);
        let delivered = deliver(&self.session.store, mailer, clock.as_ref(), &frame).await?;
        Ok(delivered.next_due_ms)
    }

    async fn is_run_first(&self, now_ms: u64) -> Result<bool, StoreError> {
        let (store, tenant) = (&self.session.store, &self.tenant);
        let due_ms = store.load_schedule(tenant).await?.due_ms;
        let (sync, active) = store.sync_state(tenant).await?;
        let unfinished = match active {
            Some(run_id) => store.load_run(tenant, &run_id).await?.map(|run| run.state),
            None => None,
        };
        let wanted = match &sync.atdb {
            Some(atdb) => store.lease_wanted(atdb).await?,
            None => None,
        };
        Ok(goes_first(RunsAhead { unfinished, due_ms, wanted }, now_ms))
    }

    /// Works on one slice; none if somebody else holds the database.
    async fn slice(&self, settings: &Settings, desk: Desk) -> Result<Option<Job>, WorkError> {
        let start = Start {
            worker: self.worker,
            store: &self.session.store,
            tenant: &self.tenant,
            desk: desk.clone(),
            credentials: self.credentials(settings).await?,
            owner: &self.turn.owner,
            soft_limit: self.turn.soft_limit,
        };
        match erased(run_slice(start)).await {
            Ok(job) => Ok(Some(job)),
            Err(SliceError::Store(StoreError::LeaseHeld { .. } | StoreError::Fenced)) => {
                self.come_back_later(&desk).await?;
                Ok(None)
            }
            Err(SliceError::Store(error)) => Err(error.into()),
            Err(SliceError::Bug(what)) => Err(WorkError::Bug(what)),
        }
    }

    /// Ends a job that may not go on; no if a worker is still at it, which sees the same by itself.
    async fn stop(&self, desk: &Desk, stop: Stop, now_ms: u64) -> Result<bool, WorkError> {
        let (store, tenant) = (&self.session.store, &self.tenant);
        let (Some(mut job), (sync, _)) = (desk.job.clone(), store.sync_state(tenant).await?) else {
            return Ok(false);
        };
        let atdb = sync.atdb.unwrap_or_else(|| format!("tenant-{tenant}"));
        let sole = self.worker.sole.as_deref();
        let taken = store.take_lease(&atdb, &self.turn.owner, now_ms, sole, desk.epoch).await;
        let lease = match taken {
            Ok(lease) => lease,
            Err(StoreError::LeaseHeld { .. }) => {
                self.come_back_later(desk).await?;
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        };
        let ended = async {
            store.claim_desk(tenant, desk, lease.epoch).await?;
            job.end(Some(stop), now_ms);
            let mut head = store.plan_head(tenant, &job.plan_id).await?;
            if let Some(head) = &mut head {
                head.jobs.push(job.clone());
            }
            let trust = job.trust_after(job.by != OURSELVES);
            store.end_job(tenant, &job, lease.epoch, trust, head.as_ref()).await
        };
        let ended = ended.await;
        store.release_lease(&lease, &lease.own_requests).await?;
        match ended {
            Ok(()) => Ok(true),
            Err(StoreError::Fenced) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes the plan that is wished for, unless it is the last one again; what may follow by itself is queued.
    async fn fulfil(&self, desk: &Desk, now_ms: u64) -> Result<(), WorkError> {
        let (store, tenant) = (&self.session.store, &self.tenant);
        let (head, plan) = make_plan(store, tenant, OURSELVES, now_ms).await?;
        tracing::info!(plan.id = %head.id, n_rows = head.n_rows, n_writes = head.n_writes, "plan made");
        if let Some(job) = job_after(&head, &plan, desk, now_ms) {
            match store.queue_job(tenant, &job, desk, None).await {
                // A person was quicker; the plan waits for approval.
                Ok(()) | Err(StoreError::Fenced) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.drop_wish(desk).await?;
        Ok(())
    }

    async fn drop_wish(&self, desk: &Desk) -> Result<(), StoreError> {
        match desk.wish_ms {
            Some(wish_ms) => self.session.store.drop_wish(&self.tenant, wish_ms).await,
            None => Ok(()),
        }
    }

    /// The login that the settings name; none when it is gone or damaged, which only an admin can mend.
    async fn credentials(&self, settings: &Settings) -> Result<Option<Credentials>, SecretError> {
        let Some(note) = &settings.password else { return Ok(None) };
        let login = match self.session.secrets.load(&self.tenant, Some(&note.version)).await {
            Ok(login) => login,
            Err(SecretError::Damaged) => None,
            Err(error) => return Err(error),
        };
        Ok(login.map(|login| Credentials {
            user: settings.username.clone(),
            password: login.password,
            integration_code: self.worker.config.integration_code.clone(),
        }))
    }

    async fn come_back_later(&self, desk: &Desk) -> Result<(), StoreError> {
        let now_ms = self.worker.clock.now_ms();
        // A worker that is alive has moved it ahead itself.
        match desk.due_ms {
            Some(due_ms) if due_ms > now_ms => Ok(()),
            _ => self.plan(desk, Some(now_ms + HELD_PAUSE_MS)).await,
        }
    }

    async fn plan(&self, desk: &Desk, due_ms: Option<u64>) -> Result<(), StoreError> {
        if desk.due_ms == due_ms {
            return Ok(());
        }
        self.session.store.plan_desk(&self.tenant, desk, due_ms).await
    }

    /// Rings for the next slice; a lost ring is the planner's to make good.
    async fn hand_on(&self, delay_s: u64) {
        if delay_s > MAX_DELAY_S {
            return;
        }
        let atdb = self.session.store.sync_state(&self.tenant).await.ok().and_then(|(sync, _)| sync.atdb);
        let rung = self.worker.bell.ring(Queue::WriteBack, &self.tenant, atdb.as_deref(), delay_s).await;
        if let Err(error) = rung {
            tracing::warn!("{error}; the planner will ring");
        }
    }
}
