//! What a process that was killed left behind: signs of life that are no longer true.

use shared::doorbell::{Bell, Queue};
use shared::store::due::DueTenant;
use shared::store::tenant::{Due, TenantChange};
use shared::store::{Store, StoreError, TenantId};
use shared_core::run::State;
use shared_core::warranty::{Job, JobState};

/// Has everybody looked at who waits for something, and makes due at once whose run was being worked on; without this
/// ends that nobody was told of, mails and runs would wait until their worker counts as silent.
///
/// Nobody else can be at it: the state folder is locked. Runs that wait by their own decision go on waiting.
pub(super) async fn wake(store: &Store, bell: &Bell, now_ms: u64) -> Result<(), StoreError> {
    for waiting in store.due_tenants(u64::MAX).await? {
        let tenant = &waiting.tenant;
        if waiting.queue == Queue::WriteBack {
            wake_desk(store, tenant, now_ms).await?;
            ring(bell, &waiting).await;
            continue;
        }
        let (_, unfinished) = store.sync_state(tenant).await?;
        let run = match &unfinished {
            Some(run_id) => store.load_run(tenant, run_id).await?,
            None => None,
        };
        if run.is_some_and(|run| matches!(run.state, State::Queued | State::Running | State::Stalled)) {
            let due = Some(Due::At(now_ms, waiting.queue));
            store.change_tenant(tenant, TenantChange { due, ..TenantChange::default() }).await?;
        }
        ring(bell, &waiting).await;
    }
    Ok(())
}

async fn wake_desk(store: &Store, tenant: &TenantId, now_ms: u64) -> Result<(), StoreError> {
    let desk = store.load_desk(tenant).await?;
    let is_at_work = |job: &Job| matches!(job.state, JobState::Queued | JobState::Running);
    match &desk.job {
        Some(job) if is_at_work(job) => store.plan_desk(tenant, &desk, Some(now_ms)).await,
        _ => Ok(()),
    }
}

async fn ring(bell: &Bell, waiting: &DueTenant) {
    let DueTenant { tenant, queue, atdb, due_ms: _ } = waiting;
    if let Err(error) = bell.ring(*queue, tenant, atdb.as_deref(), 0).await {
        tracing::warn!(tenant = %tenant, "{error}; the planner will ring");
    }
}
