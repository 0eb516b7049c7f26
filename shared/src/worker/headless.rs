//! The end of a run that no settings stand behind: one headless run, with somebody to tell.

use shared_core::health::{End, settle};
use shared_core::ledger::Run;
use shared_core::mail::digest::News;

use super::first_choice::FirstChoice;
use super::notices::Facts;
use crate::clock::Clock;
use crate::mail::{Delivered, Frame, Mailer, deliver};
use crate::store::tenant::TenantChange;
use crate::store::{Store, StoreError};

/// Tells of a run's end, once however often it is called.
///
/// # Errors
/// [`StoreError`]; call it again.
pub async fn announce(
    store: &Store,
    mailer: &Mailer,
    clock: &dyn Clock,
    frame: &Frame,
    run: &Run,
) -> Result<Delivered, StoreError> {
    let tenant = &frame.tenant;
    let (health, revision) = store.load_health(tenant).await?;
    let (kind, state) = (run.kind, run.state);
    let end = End { run_id: &run.id, n_slices: run.n_slices, kind, state, wake_ms: run.next_wake_ms };
    let now_ms = clock.now_ms();
    if let Some(settlement) = settle(&health, &end, now_ms) {
        let to_map = FirstChoice { store, tenant, plan_limit: None }.choose(run).await?;
        let (before, settlement) = (&health, &settlement);
        let facts = Facts {
            before,
            last: None,
            run,
            settlement,
            to_map,
            news: News::default(),
            night_ms: None,
            now_ms,
        };
        let intents = facts.intents().map(|intent| store.put_intent_action(tenant, &intent));
        let change = TenantChange {
            health: Some((&settlement.health, revision)),
            intents: intents.collect::<Result<_, _>>()?,
            ..TenantChange::default()
        };
        store.change_tenant(tenant, change).await?;
    }
    deliver(store, mailer, clock, frame).await
}
