//! The end of a slice: the run completed, broken off, or handed on.

use shared_core::instant::rfc3339;
use shared_core::ledger::{Listed, MAX_LISTED, Run, SyncState};
use shared_core::plan::Rejection;
use shared_core::run::Event;
use shared_core::step::Step;

use super::context::Context;
use super::error::EngineError;
use super::finish;
use super::heartbeat::Baseline;
use super::slice::{Engine, SliceEnd, advance};
use crate::autotask::CallError;
use crate::store::lease::Lease;

impl Engine {
    pub(super) async fn complete(
        &self,
        context: &Context,
        baseline: &Baseline,
        state: SyncState,
        steps: Vec<Step>,
        lease: &Lease,
    ) -> Result<SliceEnd, EngineError> {
        let mut run = baseline.run_now(context);
        let rejected = self.rejected_in(&run).await?;
        run.state = advance(run.state, Event::Completed(finish::verdict(&run, &steps, &rejected)))?;
        run.ended_at = Some(rfc3339(context.client.server_now_ms()));
        run.summary = finish::summary(&run.entities, &steps, &rejected);
        run.rejected = rejected.into_iter().take(MAX_LISTED).collect();
        run.notes = finish::notes(&steps);
        run.notes.extend(self.notes_of_scope(&run, &steps).await?);
        self.keep_filled(&run, &steps).await?;
        run.held = finish::held(&steps);
        let state = finish::state_after(state, &run, &steps, self.clock.now_ms());
        self.store.complete_run(&self.config.tenant, &run, &state, lease.epoch).await?;
        tracing::info!(run.state = ?run.state, n_requests = run.costs.n_requests(), summary = ?run.summary, "run ended");
        self.show(&run);
        Ok(SliceEnd::Ended(Box::new(run)))
    }

    /// The records that this run met and could not use, and that no later page of it brought whole.
    async fn rejected_in(&self, run: &Run) -> Result<Vec<Listed>, EngineError> {
        let mut rejected = Vec::new();
        for &entity in &run.entities {
            let kept = self.store.load_rejected(&self.config.tenant, entity).await?;
            let of_this_run = kept.into_values().filter(|kept| kept.run_id == run.id);
            rejected.extend(of_this_run.map(|kept| {
                let Rejection { name: _, id, field, reason, run_id: _ } = kept;
                Listed { entity, id, field, reason }
            }));
        }
        Ok(rejected)
    }

    /// Settles the run's state after an error; only errors of the store itself are handed up.
    pub(super) async fn end_early(
        &self,
        context: &Context,
        baseline: &Baseline,
        lease: &Lease,
        error: EngineError,
    ) -> Result<SliceEnd, EngineError> {
        let text = error.to_string();
        let mut wake_ms = None;
        let event = match error {
            EngineError::Call(CallError::Throttled { wait_ms }) => {
                wake_ms = Some(self.clock.now_ms().saturating_add(wait_ms));
                Event::LimitReached
            }
            EngineError::Call(CallError::Credentials(_)) => Event::LoginRefused,
            EngineError::Call(_) | EngineError::OtherDatabase { .. } | EngineError::NoLogin => Event::Broke,
            EngineError::Store(_) | EngineError::NoInitialSync { .. } | EngineError::Bug(_) => {
                return Err(error);
            }
        };
        let note = |run: &mut Run| {
            run.next_wake_ms = wake_ms;
            run.n_limit_probes += u32::from(wake_ms.is_some());
            run.error = Some(text);
        };
        let run = Box::new(self.save(context, baseline, event, lease, note).await?);
        Ok(match wake_ms {
            Some(wake_ms) => SliceEnd::WaitUntil(run, wake_ms),
            None => SliceEnd::Ended(run),
        })
    }

    pub(super) async fn save(
        &self,
        context: &Context,
        baseline: &Baseline,
        event: Event,
        lease: &Lease,
        note: impl FnOnce(&mut Run),
    ) -> Result<Run, EngineError> {
        let mut run = baseline.run_now(context);
        run.state = advance(run.state, event)?;
        let steps = self.store.steps(&self.config.tenant, &run.id).await?;
        let rejected = self.rejected_in(&run).await?;
        run.summary = finish::summary(&run.entities, &steps, &rejected);
        run.rejected = rejected.into_iter().take(MAX_LISTED).collect();
        note(&mut run);
        self.store.save_run(&self.config.tenant, &run, lease.epoch).await?;
        self.show(&run);
        Ok(run)
    }
}
