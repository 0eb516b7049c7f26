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
/// How often the lease is renewed: several times before it runs out.
const RENEW_EVERY: Duration = Duration::from_secs(15);
/// How often the progress is stored, for the page that shows it, and looked whether an admin asked the run to stop.
const STORE_EVERY: Duration = Duration::from_secs(2);

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
    let (mut stored_at, mut renewed_at) = (Instant::now(), Instant::now());
    loop {
        tokio::select! {
            () = tokio::time::sleep(SHOW_EVERY) => {}
            () = stop.notified() => return,
        }
        let run = baseline.run_now(&context);
        if renewed_at.elapsed() >= RENEW_EVERY {
            renewed_at = Instant::now();
            take_heed(&context, renew(&context, &lease).await);
        }
        if stored_at.elapsed() >= STORE_EVERY {
            stored_at = Instant::now();
            take_heed(&context, context.store.save_run(&context.tenant, &run, lease.epoch).await);
            // What cannot be read now is read next time.
            if context.store.is_stop_asked(&context.tenant, &run.id).await.unwrap_or(false) {
                context.ask_to_stop();
            }
        }
        if let Some(watcher) = &watcher {
            watcher.send_replace(Some(run));
        }
    }
}

async fn renew(context: &Context, lease: &Lease) -> Result<(), StoreError> {
    let own_requests = context.client.own_requests();
    context.store.renew_lease(lease, context.clock.now_ms(), &own_requests).await
}

/// A lost lease stops the slice; any other failure is made good by the next beat.
fn take_heed(context: &Context, beaten: Result<(), StoreError>) {
    let Err(error) = beaten else { return };
    tracing::warn!("heartbeat failed: {error}");
    if matches!(error, StoreError::Fenced) {
        context.stop();
    }
}
