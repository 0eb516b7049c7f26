//! The planner: whoever is due is rung for, once a minute, until somebody looks.

use std::sync::Arc;

use crate::clock::Clock;
use crate::doorbell::{Bell, Queue};
use crate::store::due::DueTenant;
use crate::store::{Store, StoreError};

/// Who has been due for less is rung for however long the queue is, in milliseconds.
const FRESH_MS: u64 = 10 * 60_000;
/// A queue with fewer messages is short.
const SHORT_QUEUE: u64 = 100;

/// Rings for whoever is due. It reads the index of due tenants and nothing else.
#[derive(Clone, Debug)]
pub struct Planner {
    /// The table.
    pub store: Store,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Rings.
    pub bell: Bell,
}

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Ticked {
    /// Tenants that are due.
    pub n_due: u64,
    /// Doorbells rung.
    pub n_rung: u64,
    /// Doorbells that could not be rung; the next tick tries again.
    pub n_failed: u64,
    /// How long the longest has been due, in milliseconds: what an alarm watches.
    pub oldest_due_ms: u64,
}

impl Planner {
    /// Rings for everybody who is due.
    ///
    /// # Errors
    /// [`StoreError::Call`] when the index cannot be read; the next tick tries again.
    pub async fn tick(&self) -> Result<Ticked, StoreError> {
        let now_ms = self.clock.now_ms();
        let mut ticked = Ticked::default();
        let due = self.store.due_tenants(now_ms).await?;
        let crowd = self.crowd(due.len() as u64).await;
        for due in due {
            let overdue_ms = now_ms.saturating_sub(due.due_ms);
            ticked.n_due += 1;
            ticked.oldest_due_ms = ticked.oldest_due_ms.max(overdue_ms);
            if overdue_ms < FRESH_MS || !crowd.contains(&due.queue) {
                self.ring(&due, &mut ticked).await;
            }
        }
        Ok(ticked)
    }

    /// Queues that already hold more doorbells than there are tenants to look at: more would only make them longer.
    async fn crowd(&self, n_due: u64) -> Vec<Queue> {
        let mut crowd = Vec::new();
        for queue in Queue::ALL {
            // A queue that will not tell its length is not crowded: a doorbell too many does no harm.
            let n_waiting = if n_due == 0 { 0 } else { self.bell.n_waiting(queue).await.unwrap_or(0) };
            if is_crowded(n_waiting, n_due) {
                crowd.push(queue);
            }
        }
        crowd
    }

    async fn ring(&self, due: &DueTenant, ticked: &mut Ticked) {
        match self.bell.ring(due.queue, &due.tenant, due.atdb.as_deref(), 0).await {
            Ok(()) => ticked.n_rung += 1,
            Err(error) => {
                ticked.n_failed += 1;
                tracing::warn!(tenant = %due.tenant, "{error}");
            }
        }
    }
}

fn is_crowded(n_waiting: u64, n_due: u64) -> bool {
    n_waiting >= SHORT_QUEUE && n_waiting > n_due.saturating_mul(2)
}

#[cfg(test)]
mod tests {
    use super::is_crowded;

    #[test]
    fn long_queues_are_not_made_longer_every_minute() {
        let check =
            |n_waiting, n_due, want| assert_eq!(is_crowded(n_waiting, n_due), want, "{n_waiting} {n_due}");
        check(0, 1_000, false);
        check(99, 1, false);
        check(100, 1, true);
        check(1_999, 1_000, false);
        check(2_001, 1_000, true);
    }
}
