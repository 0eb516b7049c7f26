//! The end of a slice becomes news and a next look, in one transaction.

use shared_core::health::{End, Settlement, Wake, settle};
use shared_core::ledger::Run;
use shared_core::mail::digest::News;
use shared_core::nights::{Nights, skipped};
use shared_core::run::Kind;
use shared_core::schedule::next_night_ms;
use shared_core::settings::Settings;

use super::answer::{Visit, WorkError};
use super::first_choice::FirstChoice;
use super::look::Look;
use super::notices;
use crate::doorbell::Queue;
use crate::mappings::scope;
use crate::store::StoreError;
use crate::store::audit::AuditEntry;
use crate::store::tenant::{Due, TenantChange};

/// Who switched an integration off when no person did.
pub(super) const OURSELVES: &str = "lifecycle-insights";

impl Visit<'_> {
    /// Settles an end that nobody settled yet.
    pub(super) async fn settle(&self, look: &Look, run_id: &str) -> Result<(), WorkError> {
        let run =
            [look.unfinished.as_ref(), look.last.as_ref()].into_iter().flatten().find(|run| run.id == run_id);
        let run = run.ok_or(WorkError::Bug("the run to settle is gone"))?;
        self.settle_with(look, run).await
    }

    /// Settles the slice that just ended without ending the run.
    pub(super) async fn settle_slice(&self, run: &Run) -> Result<(), WorkError> {
        match self.look().await? {
            Some(look) => self.settle_with(&look, run).await,
            None => Ok(()),
        }
    }

    async fn settle_with(&self, look: &Look, run: &Run) -> Result<(), WorkError> {
        let now_ms = self.worker.clock.now_ms();
        let (kind, state) = (run.kind, run.state);
        let end = End { run_id: &run.id, n_slices: run.n_slices, kind, state, wake_ms: run.next_wake_ms };
        let Some(mut settlement) = settle(&look.health, &end, now_ms) else { return Ok(()) };
        let night_ms = next_night_ms(now_ms, &look.settings.time_zone, self.tenant.as_str()).ok();
        let night_ms = if self.has_new_links(look, run).await? { Some(now_ms) } else { night_ms };
        let news = self.find_news(look, run, &mut settlement).await?;
        match self.write(look, run, &settlement, news, night_ms, now_ms).await {
            // Somebody changed something in between: the next look decides anew.
            Err(WorkError::Store(StoreError::Fenced)) => Ok(()),
            other => other,
        }
    }

    /// Whether a company was linked too late for a run that is over: it is filled by another one at once.
    async fn has_new_links(&self, look: &Look, run: &Run) -> Result<bool, StoreError> {
        let Some(queued_ms) = run.queued_ms().filter(|_| run.state.is_final()) else { return Ok(false) };
        let scope = scope(&self.session.store, &self.tenant, &look.settings).await?;
        Ok(scope.is_some_and(|scope| scope.has_linked_after(queued_ms)))
    }

    async fn write(
        &self,
        look: &Look,
        run: &Run,
        settlement: &Settlement,
        news: News,
        night_ms: Option<u64>,
        now_ms: u64,
    ) -> Result<(), WorkError> {
        let queue = Queue::for_run(run.kind);
        let due = match (settlement.wake, night_ms) {
            (Wake::Now, _) => Due::At(now_ms, queue),
            (Wake::At(at_ms), _) => Due::At(at_ms, queue),
            // Until the mails are sent; then the next look says when to come again.
            _ if !settlement.notices.is_empty() => Due::At(now_ms, queue),
            (Wake::NextNight, Some(night_ms)) => Due::At(night_ms, Queue::Nightly),
            (Wake::SettingsChange, _) | (Wake::NextNight, None) => Due::Never,
        };
        let last = look.last.as_ref();
        let to_map = FirstChoice {
            store: &self.session.store,
            tenant: &self.tenant,
            plan_limit: look.settings.plan_limit,
        }
        .choose(run)
        .await?;
        // Before the end counts as settled: wished for twice, a plan is made once more, and nothing is lost.
        if run.kind == Kind::Nightly && run.state.is_final() && look.settings.writes_warranties {
            let atdb = look.sync.atdb.as_deref();
            self.session.store.wish_for_plan(&self.tenant, now_ms, atdb).await?;
        }
        let facts =
            notices::Facts { before: &look.health, last, run, settlement, to_map, news, night_ms, now_ms };
        let mut intents = Vec::new();
        for intent in facts.intents() {
            intents.push(self.session.store.put_intent_action(&self.tenant, &intent)?);
        }
        let skipped = self.skipped(look, run, now_ms);
        let switched_off =
            settlement.disables.then(|| Settings { is_active: false, ..look.settings.clone() });
        let entry = AuditEntry {
            at_ms: now_ms,
            by: OURSELVES.to_owned(),
            what: "settings.disabled".to_owned(),
            version: look.version + 1,
            before: serde_json::json!({"is_active": true}),
            after: serde_json::json!({"is_active": false}),
        };
        let change = TenantChange {
            settings: switched_off.as_ref().map(|settings| (settings, look.version)),
            audit: switched_off.as_ref().map(|_| &entry),
            health: Some((&settlement.health, look.health_revision)),
            skipped: &skipped,
            due: Some(due),
            seen_schedule: Some(look.schedule.revision),
            next_night_ms: night_ms,
            atdb: look.sync.atdb.as_deref(),
            intents,
            ..TenantChange::default()
        };
        self.session.store.change_tenant(&self.tenant, change).await?;
        tracing::info!(run.id = %run.id, run.state = ?run.state, notices = ?settlement.notices, wake = ?settlement.wake, "slice settled");
        Ok(())
    }

    /// Lines of the nights in whose place the run went on.
    fn skipped(&self, look: &Look, run: &Run, now_ms: u64) -> Vec<Run> {
        let Some(expected_ms) = look.schedule.next_night_ms else { return Vec::new() };
        let (zone, tenant) = (look.settings.time_zone.as_str(), self.tenant.as_str());
        // Without a known time zone there are no nights either.
        skipped(run, &Nights { zone, tenant, expected_ms, now_ms }).unwrap_or_default()
    }
}
