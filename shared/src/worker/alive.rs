//! Signs of life of a working slice: while they come, the planner lets the tenant be; when they end, it rings.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tracing::Instrument;

use super::answer::Visit;
use super::look::Look;
use crate::doorbell::Queue;
use crate::store::StoreError;
use crate::store::lease::LEASE_MS;
use crate::store::tenant::{Due, TenantChange};

/// How often a working slice says that it is alive.
const ALIVE_EVERY: Duration = Duration::from_secs(20);

impl Visit<'_> {
    /// Says now, and again and again, that the tenant need not be looked at soon; ends with the value it gives.
    pub(super) async fn stay_alive(
        &self,
        look: &Look,
        queue: Queue,
    ) -> Result<oneshot::Sender<()>, StoreError> {
        let (stop, mut stopped) = oneshot::channel::<()>();
        let (store, tenant) = (self.session.store.clone(), self.tenant.clone());
        let (clock, revision) = (Arc::clone(&self.worker.clock), look.schedule.revision);
        let say = move || {
            let (store, tenant, now_ms) = (store.clone(), tenant.clone(), clock.now_ms());
            async move {
                let due = Some(Due::At(now_ms + LEASE_MS, queue));
                let change = TenantChange { due, seen_schedule: Some(revision), ..TenantChange::default() };
                store.change_tenant(&tenant, change).await
            }
        };
        match say().await {
            Ok(()) | Err(StoreError::Fenced) => {}
            Err(error) => return Err(error),
        }
        let saying = async move {
            loop {
                tokio::select! {
                    _ = &mut stopped => return,
                    () = tokio::time::sleep(ALIVE_EVERY) => {}
                }
                if let Err(error) = say().await {
                    tracing::debug!("sign of life not written: {error}");
                }
            }
        };
        tokio::spawn(saying.in_current_span());
        Ok(stop)
    }
}
