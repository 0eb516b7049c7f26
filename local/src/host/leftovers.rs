//! What a process that was killed left behind: signs of life that are no longer true.

use shared::doorbell::Bell;
use shared::store::tenant::{Due, TenantChange};
use shared::store::{Store, StoreError};
use shared_core::run::State;

/// Has everybody looked at who waits for something, and makes due at once whose run was being worked on; without this
/// ends that nobody was told of, mails and runs would wait until their worker counts as silent.
///
/// Nobody else can be at it: the state folder is locked. Runs that wait by their own decision go on waiting.
pub(super) async fn wake(store: &Store, bell: &Bell, now_ms: u64) -> Result<(), StoreError> {
    for waiting in store.due_tenants(u64::MAX).await? {
        let tenant = &waiting.tenant;
        let (_, unfinished) = store.sync_state(tenant).await?;
        let run = match &unfinished {
            Some(run_id) => store.load_run(tenant, run_id).await?,
            None => None,
        };
        if run.is_some_and(|run| matches!(run.state, State::Queued | State::Running | State::Stalled)) {
            let due = Some(Due::At(now_ms, waiting.queue));
            store.change_tenant(tenant, TenantChange { due, ..TenantChange::default() }).await?;
        }
        if let Err(error) = bell.ring(waiting.queue, tenant, waiting.atdb.as_deref(), 0).await {
            tracing::warn!(tenant = %tenant, "{error}; the planner will ring");
        }
    }
    Ok(())
}
