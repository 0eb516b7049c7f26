//! While a slice works: keep the lease, store the progress, show it.

use std::sync::Arc;
use std::time::Duration;

use shared_core::ledger::Run;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::context::Context;
use crate::store::lease::Lease;
use crate::store::{Consumed, StoreError};

/// How often watchers see the progress.
const SHOW_EVERY: Duration = Duration::from_millis(200);
/// How often lease and progress are stored: a third of the time after which a lease runs out.
const STORE_EVERY: Duration = Duration::from_secs(15);

/// What a slice starts from.
#[derive(Debug, Clone)]
pub(crate) struct Baseline {
    pub(crate) run: Run,
    pub(crate) consumed: Consumed,
    pub(crate) started: Instant,
}

impl Baseline {
    /// The run as it is now: its stored state, and what this slice added.
    pub(crate) fn run_now(&self, context: &Context) -> Run {
        let mut run = self.run.clone();
        run.costs = run.costs.plus(&context.costs(self.consumed));
        run.worked_ms += u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        run.progress = context.progress();
        run
    }
}

/// Beats until it is told to stop, which it does between two beats; a lost lease stops the slice.
pub(crate) async fn beat(
    context: Arc<Context>,
    lease: Lease,
    baseline: Baseline,
    watcher: Option<watch::Sender<Option<Run>>>,
    stop: Arc<Notify>,
) {
    let mut stored_at = Instant::now();
    loop {
        tokio::select! {
            () = tokio::time::sleep(SHOW_EVERY) => {}
            () = stop.notified() => return,
        }
        let run = baseline.run_now(&context);
        if stored_at.elapsed() >= STORE_EVERY {
            stored_at = Instant::now();
            if let Err(error) = keep(&context, &lease, &run).await {
                tracing::warn!("heartbeat failed: {error}");
                if matches!(error, StoreError::Fenced) {
                    context.stop();
                }
            }
        }
        if let Some(watcher) = &watcher {
            watcher.send_replace(Some(run));
        }
    }
}

async fn keep(context: &Context, lease: &Lease, run: &Run) -> Result<(), StoreError> {
    let own_requests = context.client.own_requests();
    context.store.renew_lease(lease, context.clock.now_ms(), &own_requests).await?;
    context.store.save_run(&context.tenant, run, lease.epoch).await
}
