//! From a doorbell to what is stored next.

use std::sync::Arc;

use secrecy::SecretString;
use shared_core::duty::{Duty, duty};
use shared_core::run::{Kind, Trigger};
use shared_core::scope::Scope;

use super::look::Look;
use super::{Turn, Worker};
use crate::autotask::Credentials;
use crate::doorbell::{Doorbell, MAX_DELAY_S, Queue};
use crate::engine::{Engine, EngineConfig, EngineError, Request, SliceEnd, stop_idle_run};
use crate::lambda::erased;
use crate::mail::deliver;
use crate::mappings::scope;
use crate::secrets::SecretError;
use crate::session::{Session, SessionError};
use crate::store::tenant::{Due, TenantChange};
use crate::store::{StoreError, TenantId};

/// Decisions of one doorbell at most; more would be a defect that must not spin.
const MAX_ROUNDS: u32 = 12;
/// How long to wait for an Autotask database that another tenant's run holds, in milliseconds.
const HELD_PAUSE_MS: u64 = 60_000;

/// What a doorbell led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// There is no such tenant, or nothing is due.
    Idle,
    /// A slice was worked on, or its end settled.
    Worked,
    /// Somebody else works on it.
    Busy,
}

/// Why a doorbell could not be answered; ring again.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// A message that is no doorbell: ringing again will not help.
    #[error("not a doorbell: {0}")]
    BadDoorbell(String),
    /// The tenant's data could not be opened.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The secret could not be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Impossible by design.
    #[error("internal error: {0}")]
    Bug(&'static str),
}

/// When to look again, mails included. A run that waits is not woken by them: whoever looks at it sends them too.
fn sooner(due: Due, mails_due_ms: Option<u64>, has_unfinished: bool) -> Due {
    match (due, mails_due_ms) {
        (Due::Never, Some(mails_ms)) => Due::At(mails_ms, Queue::Nightly),
        (Due::At(at_ms, queue), Some(mails_ms)) if !has_unfinished => Due::At(at_ms.min(mails_ms), queue),
        _ => due,
    }
}

/// One tenant's turn.
pub(super) struct Visit<'a> {
    pub(super) worker: &'a Worker,
    pub(super) tenant: TenantId,
    pub(super) session: Session,
    pub(super) turn: &'a Turn,
}

impl Worker {
    /// Answers one doorbell: sends mails that wait, settles what nobody settled, works on one slice at most.
    ///
    /// # Errors
    /// [`WorkError`]; nothing is lost by it, the planner rings again.
    pub async fn answer(&self, doorbell: &Doorbell, turn: &Turn) -> Result<Answered, WorkError> {
        let tenant =
            TenantId::parse(&doorbell.tenant).map_err(|error| WorkError::BadDoorbell(error.to_string()))?;
        let session = self.session(&tenant, doorbell.atdb.as_deref()).await?;
        let visit = Visit { worker: self, tenant, session, turn };
        let worked = visit.work().await;
        // Mails of this or of a former visit, whatever became of the work.
        let mails_due_ms = visit.deliver().await?;
        let (answered, next) = worked?;
        // Last of all: until here it was due at once, so that a worker that dies over the mails is missed.
        if let Some((look, due)) = next {
            let due = sooner(due, mails_due_ms, look.unfinished.is_some());
            visit.plan(&look, due).await?;
        }
        Ok(answered)
    }
}

impl Worker {
    /// A session bound to the tenant's Autotask database, whether the doorbell knew it or not: the lease lies under it.
    pub(crate) async fn session(&self, tenant: &TenantId, known: Option<&str>) -> Result<Session, WorkError> {
        let session = self.sessions.open(tenant, known).await?;
        let stored = session.store.load_schedule(tenant).await?.atdb;
        if stored.is_none() || stored.as_deref() == known {
            return Ok(session);
        }
        Ok(self.sessions.open(tenant, stored.as_deref()).await?)
    }
}

impl Visit<'_> {
    /// Answers what was done, and when to look again unless that is written down already.
    async fn work(&self) -> Result<(Answered, Option<(Look, Due)>), WorkError> {
        let mut answered = Answered::Idle;
        let mut has_sliced = false;
        for _ in 0..MAX_ROUNDS {
            let Some(look) = self.look().await? else { return Ok((answered, None)) };
            let now_ms = self.worker.clock.now_ms();
            match duty(&look.view(), now_ms) {
                Duty::Settle(run_id) => {
                    self.settle(&look, &run_id).await?;
                    answered = Answered::Worked;
                }
                Duty::Stop(_) => {
                    if !self.stop(&look).await? {
                        return Ok((Answered::Busy, None));
                    }
                    answered = Answered::Worked;
                }
                Duty::Slice(kind, trigger) => {
                    if has_sliced {
                        self.hand_on(&look, 0).await;
                        return Ok((answered, None));
                    }
                    has_sliced = true;
                    answered = self.slice(&look, kind, trigger).await?;
                    if answered == Answered::Busy {
                        return Ok((answered, None));
                    }
                }
                Duty::Purge => {
                    self.purge(&look).await?;
                    return Ok((Answered::Worked, None));
                }
                Duty::WaitUntil(at_ms) => {
                    let delay_s = at_ms.saturating_sub(now_ms).div_ceil(1_000);
                    // A night is the planner's: only a run that waits hands on to itself.
                    if has_sliced && look.unfinished.is_some() && delay_s <= MAX_DELAY_S {
                        self.hand_on(&look, delay_s).await;
                    }
                    let due = Due::At(at_ms, look.queue());
                    return Ok((answered, Some((look, due))));
                }
                Duty::Rest => return Ok((answered, Some((look, Due::Never)))),
            }
        }
        Err(WorkError::Bug("a doorbell found no end"))
    }

    /// Writes down when to look again, unless it is written there already.
    pub(super) async fn plan(&self, look: &Look, due: Due) -> Result<(), StoreError> {
        let is_there = match due {
            Due::At(at_ms, _) => look.schedule.due_ms == Some(at_ms),
            Due::Never => look.schedule.due_ms.is_none(),
        };
        if is_there {
            return Ok(());
        }
        let seen_schedule = Some(look.schedule.revision);
        let change = TenantChange { due: Some(due), seen_schedule, ..TenantChange::default() };
        match self.session.store.change_tenant(&self.tenant, change).await {
            // An admin's wish came in between: it is due at once, and rings.
            Err(StoreError::Fenced) => Ok(()),
            other => other,
        }
    }

    /// Ends a run that was switched off; no if a slice is still at it.
    async fn stop(&self, look: &Look) -> Result<bool, WorkError> {
        let (worker, turn) = (self.worker, self.turn);
        let (store, sole) = (&self.session.store, worker.sole.as_deref());
        match stop_idle_run(store, worker.clock.as_ref(), &self.tenant, &turn.owner, sole).await {
            Ok(_) => Ok(true),
            Err(EngineError::Store(StoreError::LeaseHeld { .. } | StoreError::Fenced)) => {
                let at_ms = worker.clock.now_ms() + HELD_PAUSE_MS;
                self.plan(look, Due::At(at_ms, look.queue())).await?;
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn slice(&self, look: &Look, kind: Kind, trigger: Trigger) -> Result<Answered, WorkError> {
        let login = self.login(look).await?;
        let is_missing = login.is_none();
        let scope = scope(&self.session.store, &self.tenant, &look.settings).await?;
        let engine = self.engine(look, scope, login.unwrap_or_else(|| SecretString::from("")));
        let entities = match &look.unfinished {
            Some(run) => run.entities.clone(),
            None => look.settings.entities(),
        };
        let soft_limit = Some(self.turn.soft_limit);
        let alive = self.stay_alive(look, Queue::for_run(kind)).await?;
        let organizations = erased(self.read_organizations(look)).await?;
        let request = Request { kind, trigger, entities, again: false, soft_limit, organizations };
        let work = match is_missing {
            true => erased(engine.break_off(&request, EngineError::NoLogin)),
            false => erased(engine.run_slice(&request)),
        };
        let ended = work.await;
        // Ends the signs of life; what follows says when to look again.
        drop(alive);
        match ended {
            Ok(SliceEnd::NothingToDo(_)) => Ok(Answered::Idle),
            Ok(SliceEnd::Ended(_)) => Ok(Answered::Worked),
            Ok(SliceEnd::HandOn(run) | SliceEnd::WaitUntil(run, _)) => {
                self.settle_slice(&run).await?;
                Ok(Answered::Worked)
            }
            Err(EngineError::Store(StoreError::LeaseHeld { .. } | StoreError::Fenced)) => {
                self.come_back_later().await?;
                Ok(Answered::Busy)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn come_back_later(&self) -> Result<(), WorkError> {
        let Some(look) = self.look().await? else { return Ok(()) };
        let at_ms = self.worker.clock.now_ms() + HELD_PAUSE_MS;
        Ok(self.plan(&look, Due::At(at_ms, look.queue())).await?)
    }

    /// The password that the settings name; none when it is gone or damaged, which only an admin can mend.
    async fn login(&self, look: &Look) -> Result<Option<SecretString>, SecretError> {
        let Some(note) = &look.settings.password else { return Ok(None) };
        match self.session.secrets.load(&self.tenant, Some(&note.version)).await {
            Ok(login) => Ok(login.map(|login| login.password)),
            Err(SecretError::Damaged) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn engine(&self, look: &Look, scope: Option<Scope>, password: SecretString) -> Engine {
        let Worker { clock, config, sole, .. } = self.worker;
        let config = EngineConfig {
            tenant: self.tenant.clone(),
            credentials: Credentials {
                user: look.settings.username.clone(),
                password,
                integration_code: config.integration_code.clone(),
            },
            discovery_url: config.discovery_url.clone(),
            policy: config.policy.clone(),
            extra_ca_pem: config.extra_ca_pem.clone(),
            owner: self.turn.owner.clone(),
            sole: sole.clone(),
            scope,
        };
        Engine::new(self.session.store.clone(), Arc::clone(clock), config, None)
    }

    /// Sends mails that wait; answers when those that must wait longer are due.
    async fn deliver(&self) -> Result<Option<u64>, WorkError> {
        let Some(look) = self.look().await? else { return Ok(None) };
        let worker = self.worker;
        let frame = look.frame(&self.tenant, &worker.app_url);
        let store = &self.session.store;
        let delivered = deliver(store, &worker.mailer, worker.clock.as_ref(), &frame).await?;
        Ok(delivered.next_due_ms)
    }

    /// Rings for the next slice; a lost ring is the planner's to make good.
    pub(super) async fn hand_on(&self, look: &Look, delay_s: u64) {
        let atdb = look.sync.atdb.as_deref().or(look.schedule.atdb.as_deref());
        if let Err(error) = self.worker.bell.ring(look.queue(), &self.tenant, atdb, delay_s).await {
            tracing::warn!("{error}; the planner will ring");
        }
    }
}
