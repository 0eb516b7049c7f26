//! Planning one entity of a run and handing it to its task.

use std::sync::Arc;

use shared_core::entity::Entity;
use shared_core::progress::Stage;
use shared_core::step::{self, Outcome, Step, StepKind};
use tokio::task::JoinSet;

use super::context::Context;
use super::error::EngineError;
use super::fields::{self, Fields};
use super::task::{Task, skip_reason};
use crate::autotask::CallError;

/// What is known of an entity before its task begins.
pub(super) struct EntityPlan {
    pub(super) entity: Entity,
    /// Its steps in this run; none before it is planned.
    pub(super) steps: Vec<Step>,
    /// All of its rows are to be read.
    pub(super) is_whole: bool,
    /// Start of its delta, unless the run's own start is it.
    pub(super) since: Option<String>,
    /// Companies whose rows are read as well, because they were linked since the last run.
    pub(super) fill: Vec<i64>,
}

/// Whether an entity waits until the others are read.
///
/// Every entity that begins at once is one more login under way when a password has just been changed; the units of
/// services, which only explain these, do not have to be. What belongs to a contract is kept with it, where not all are
/// kept, so that contracts come first then.
pub(super) fn comes_last(entity: Entity, is_scoped: bool) -> bool {
    entity == Entity::ContractServiceUnits || (is_scoped && entity == Entity::ContractServices)
}

/// Whether all rows were being read when the last slice ended.
pub(super) fn has_begun_whole(steps: &[Step]) -> bool {
    let has = |kind| steps.iter().any(|step| step.kind == kind);
    has(StepKind::Walk) && !has(StepKind::Reconcile)
}

/// Waits for all tasks and gives their steps together; an error stops the others, and the gravest one is given.
pub(super) async fn join_all(
    context: &Context,
    tasks: &mut JoinSet<Result<Vec<Step>, EngineError>>,
) -> Result<Vec<Step>, EngineError> {
    let (mut steps, mut first_error) = (Vec::new(), None);
    while let Some(task) = tasks.join_next().await {
        match task.map_err(|error| EngineError::Bug(format!("an entity's task died: {error}"))).flatten() {
            Ok(done) => steps.extend(done),
            Err(error) => {
                context.stop();
                first_error = Some(graver(first_error, error));
            }
        }
    }
    first_error.map_or(Ok(steps), Err)
}

/// The error that matters most: a takeover, then credentials, then limits, then the rest.
fn graver(first: Option<EngineError>, second: EngineError) -> EngineError {
    let rank = |error: &EngineError| match error {
        EngineError::Store(_) => 0,
        EngineError::Call(CallError::Credentials(_)) => 1,
        EngineError::Call(CallError::Throttled { .. }) => 2,
        _ => 3,
    };
    match (first, second) {
        // What the service itself says is shorter and truer than our own estimate.
        (
            Some(EngineError::Call(CallError::Throttled { wait_ms: first_ms })),
            EngineError::Call(CallError::Throttled { wait_ms }),
        ) => EngineError::Call(CallError::Throttled { wait_ms: first_ms.min(wait_ms) }),
        (Some(first), second) if rank(&first) <= rank(&second) => first,
        (_, second) => second,
    }
}

/// Plans an entity unless it is planned, and works on its steps.
pub(super) async fn run_entity(context: Arc<Context>, plan: EntityPlan) -> Result<Vec<Step>, EngineError> {
    let is_planned = plan.steps.iter().any(|step| step.kind == StepKind::Reconcile);
    if is_planned && plan.steps.iter().all(|step| step.range.is_done) {
        return Ok(plan.steps);
    }
    match Fields::assumed(plan.entity).filter(|_| plan.is_whole && !is_planned) {
        Some(assumed) => walk_first(context, plan, assumed).await,
        None => plan_first(context, plan, is_planned).await,
    }
}

/// Asks for the field information, then plans all steps and does them.
async fn plan_first(
    context: Arc<Context>,
    plan: EntityPlan,
    is_planned: bool,
) -> Result<Vec<Step>, EngineError> {
    let entity = plan.entity;
    let fields = match fields::load(&context, entity).await {
        Ok(fields) => fields,
        Err(EngineError::Call(error)) if let Some(reason) = skip_reason(&error) => {
            return skip_unplanned(&context, entity, plan.steps, reason).await;
        }
        Err(error) => return Err(error),
    };
    let task = Task::load(Arc::clone(&context), entity, fields).await?;
    let steps = if is_planned { plan.steps } else { add_planned(&context, &task, &plan, |_| true).await? };
    task.run(steps).await
}

/// Begins to read all rows while the field information is on its way; what it decides comes after the walk.
async fn walk_first(
    context: Arc<Context>,
    plan: EntityPlan,
    assumed: Fields,
) -> Result<Vec<Step>, EngineError> {
    let task = Task::load(Arc::clone(&context), plan.entity, assumed).await?;
    let steps = if plan.steps.is_empty() {
        let walk = vec![Step::new(plan.entity, StepKind::Walk)];
        context.store.add_steps(&context.tenant, &context.fence, &walk).await?;
        walk
    } else {
        plan.steps.clone()
    };
    let (fields, walked) = tokio::join!(fields::load(&context, plan.entity), task.run(steps));
    let mut done = walked?;
    let is_over = done.iter().any(|step| !step.range.is_done || matches!(step.outcome, Outcome::Skipped(_)));
    if is_over {
        return Ok(done);
    }
    match fields {
        Ok(fields) => task.learn_stamps(fields.stamps.unwrap_or_default()),
        Err(EngineError::Call(error)) if let Some(reason) = skip_reason(&error) => {
            done.extend(skip_unplanned(&context, plan.entity, Vec::new(), reason).await?);
            return Ok(done);
        }
        Err(error) => return Err(error),
    }
    let rest = add_planned(&context, &task, &plan, |kind| kind != StepKind::Walk).await?;
    done.extend(if context.should_end() { rest } else { task.run(rest).await? });
    Ok(done)
}

async fn add_planned(
    context: &Context,
    task: &Task,
    plan: &EntityPlan,
    is_wanted: impl Fn(StepKind) -> bool,
) -> Result<Vec<Step>, EngineError> {
    let since = plan.since.clone().unwrap_or_else(|| context.run_since().to_owned());
    let has_rejected = !task.rejected().is_empty();
    let mut steps = step::plan(plan.entity, plan.is_whole, !task.stamps().is_empty(), has_rejected, &since);
    steps.retain(|step| is_wanted(step.kind));
    if steps.iter().all(|step| step.kind != StepKind::Walk) {
        if !plan.fill.is_empty() && is_wanted(StepKind::Fill) {
            steps.push(Step { companies: plan.fill.clone(), ..Step::new(plan.entity, StepKind::Fill) });
        }
        let after_id = task.known.lock().await.index.max();
        steps.iter_mut().for_each(|step| step.after_id = after_id.filter(|_| step.kind == StepKind::Delta));
    }
    context.store.add_steps(&context.tenant, &context.fence, &steps).await?;
    Ok(steps)
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
