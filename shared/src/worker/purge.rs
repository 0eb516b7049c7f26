//! A tenant leaves: everything about it is deleted, in slices, and then proven to be gone.

use std::time::Instant;

use super::answer::{Visit, WorkError};
use super::look::Look;
use crate::doorbell::Queue;
use crate::store::tenant::Due;

impl Visit<'_> {
    /// Deletes until the soft limit; what is left is the next slice's.
    pub(super) async fn purge(&self, look: &Look) -> Result<(), WorkError> {
        let started = Instant::now();
        let store = &self.session.store;
        self.session.secrets.delete(&self.tenant).await?;
        self.session.secrets.it_glue().delete(&self.tenant).await?;
        let mut n_items = 0;
        for partition in store.partitions_of(&self.tenant).await? {
            if started.elapsed() >= self.turn.soft_limit {
                let now_ms = self.worker.clock.now_ms();
                self.plan(look, Due::At(now_ms, Queue::Nightly)).await?;
                self.hand_on(look, 0).await;
                tracing::info!(n_items, "purge goes on in the next slice");
                return Ok(());
            }
            n_items += store.delete_partition(&partition).await?;
        }
        let n_left = store.delete_last_items(&self.tenant, self.worker.clock.now_ms()).await?;
        tracing::info!(n_items, n_left, "tenant purged");
        Ok(())
    }
}
