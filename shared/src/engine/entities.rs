//! Planning one entity of a run and handing it to its task.

use std::sync::Arc;

use shared_core::entity::Entity;
use shared_core::progress::Stage;
use shared_core::step::{self, Outcome, Step, StepKind};

use super::context::Context;
use super::error::EngineError;
use super::fields;
use super::task::{Task, skip_reason};

/// What is known of an entity before its task begins.
pub(super) struct EntityPlan {
    pub(super) entity: Entity,
    /// Its steps in this run; none before it is planned.
    pub(super) steps: Vec<Step>,
    /// All of its rows are to be read.
    pub(super) is_whole: bool,
    /// Start of its delta, unless the run's own start is it.
    pub(super) since: Option<String>,
}

/// Plans an entity unless it is planned, and works on its steps.
pub(super) async fn run_entity(context: Arc<Context>, plan: EntityPlan) -> Result<Vec<Step>, EngineError> {
    let EntityPlan { entity, steps, is_whole, since } = plan;
    if !steps.is_empty() && steps.iter().all(|step| step.range.is_done) {
        return Ok(steps);
    }
    let fields = match fields::load(&context, entity).await {
        Ok(fields) => fields,
        Err(EngineError::Call(error)) if let Some(reason) = skip_reason(&error) => {
            return skip_unplanned(&context, entity, steps, reason).await;
        }
        Err(error) => return Err(error),
    };
    let has_stamps = !fields.stamps.is_empty();
    let task = Task::load(Arc::clone(&context), entity, fields).await?;
    let steps = if steps.is_empty() {
        let since = since.unwrap_or_else(|| context.run_since.clone());
        let has_rejected = !task.rejected().is_empty();
        let planned = step::plan(entity, is_whole, has_stamps, has_rejected, &since);
        context.store.add_steps(&context.tenant, &context.fence, &planned).await?;
        planned
    } else {
        steps
    };
    task.run(steps).await
}

/// An entity whose very fields may not be read: one ended step that says so.
async fn skip_unplanned(
    context: &Context,
    entity: Entity,
    steps: Vec<Step>,
    reason: String,
) -> Result<Vec<Step>, EngineError> {
    tracing::warn!(entity = %entity, "{entity} left out of this run: {reason}");
    let mut skipped = Step { outcome: Outcome::Skipped(reason), ..Step::new(entity, StepKind::Reconcile) };
    skipped.range.is_done = true;
    if steps.is_empty() {
        context.store.add_steps(&context.tenant, &context.fence, std::slice::from_ref(&skipped)).await?;
    }
    context.note_stage(entity, Stage::Skipped);
    Ok(vec![skipped])
}
