//! Ends a run that nobody works on, because the integration was switched off.

use shared_core::instant::rfc3339;
use shared_core::ledger::Run;
use shared_core::run::Event;

use super::error::EngineError;
use super::slice::advance;
use crate::clock::Clock;
use crate::store::{Store, StoreError, TenantId};

/// Stops a tenant's unfinished run; what it had committed stays, and a later slice goes on from there.
///
/// # Errors
/// [`EngineError::Store`] with `LeaseHeld` while a slice works on it: that slice sees the wish by itself.
pub async fn stop_idle_run(
    store: &Store,
    clock: &dyn Clock,
    tenant: &TenantId,
    owner: &str,
    sole: Option<&str>,
) -> Result<Option<Run>, EngineError> {
    let (state, Some(run_id)) = store.sync_state(tenant).await? else { return Ok(None) };
    let atdb = state.atdb.unwrap_or_else(|| format!("tenant-{tenant}"));
    let above = store.run_epoch(tenant, &run_id).await?;
    let now_ms = clock.now_ms();
    let lease = match store.take_lease(&atdb, owner, now_ms, sole, above).await {
        Err(held @ StoreError::LeaseHeld { .. }) => {
            store.wait_for_lease(&atdb, now_ms, now_ms).await;
            return Err(held.into());
        }
        taken => taken?,
    };
    let stopped = stop_run(store, clock, tenant, &run_id, lease.epoch).await;
    store.release_lease(&lease, &lease.own_requests).await?;
    stopped
}

async fn stop_run(
    store: &Store,
    clock: &dyn Clock,
    tenant: &TenantId,
    run_id: &str,
    epoch: u64,
) -> Result<Option<Run>, EngineError> {
    store.claim_run(tenant, run_id, epoch).await?;
    let Some(mut run) = store.load_run(tenant, run_id).await? else { return Ok(None) };
    run.state = advance(run.state, Event::StopRequested)?;
    run.ended_at = Some(rfc3339(clock.now_ms()));
    store.save_run(tenant, &run, epoch).await?;
    Ok(Some(run))
}
