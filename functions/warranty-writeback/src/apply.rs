//! Approving a plan, and taking it back: puts a job on the desk and rings for it.

use serde_json::json;
use shared::api::{ApiError, ApiRequest, Code, Object, Reply};
use shared::doorbell::Queue;
use shared::store::desk::Desk;
use shared::store::plans::PlanHead;
use shared::store::{Store, StoreError, TenantId};
use shared_core::health::Login;
use shared_core::warranty::approval::approved;
use shared_core::warranty::{Approval, Job, JobKind, Plan, Stop};

use crate::Deps;
use crate::plans::head_of;
use crate::view::{ApplyWish, JobView};

/// Applies what was approved of exactly the plan that was seen.
pub(crate) async fn apply(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let wish: ApplyWish = request.json()?;
    let (store, tenant) = deps.open(request).await?;
    let (head, desk) = free_desk(&store, tenant, request).await?;
    let other = |error: &dyn std::fmt::Display| refusal("other_plan", error.to_string());
    if head.jobs.iter().any(|job| job.kind == JobKind::Undo) {
        return Err(refusal("taken_back", "this plan was taken back: make a new one"));
    }
    let rows = store.plan_rows(tenant, &head.id).await?.into_iter().map(|stored| stored.row).collect();
    let plan = Plan { rows, hash: head.hash.clone() };
    plan.check(&wish.hash).map_err(|error| other(&error))?;
    let approvals = wish.approvals.into_iter().map(|Object(approval)| approval);
    let approval = approvals.fold(Approval::default(), Approval::and);
    let rows = approved(&plan, &approval).map_err(|error| {
        let details =
            json!({"field": "approvals", "company_ids": error.company_ids, "asset_ids": error.asset_ids});
        ApiError::new(Code::InvalidRequest, error.to_string()).with(details)
    })?;
    if rows.is_empty() {
        return Err(ApiError::field("approvals", "nothing was approved"));
    }
    check_switches(&store, tenant, JobKind::Apply).await?;
    let names = (head.id.as_str(), head.hash.as_str());
    let job = Job::queued(JobKind::Apply, names, approval, &request.caller.email, deps.now_ms());
    let job = job.numbered(desk.n_jobs + 1);
    queue(deps, &store, tenant, &desk, &job).await
}

/// Takes back what was written by a plan.
pub(crate) async fn undo(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let (store, tenant) = deps.open(request).await?;
    let (head, desk) = free_desk(&store, tenant, request).await?;
    if head.jobs.is_empty() {
        return Err(refusal("not_applied", "this plan was never applied: there is nothing to take back"));
    }
    check_switches(&store, tenant, JobKind::Undo).await?;
    let names = (head.id.as_str(), head.hash.as_str());
    let job = Job::queued(JobKind::Undo, names, Approval::default(), &request.caller.email, deps.now_ms());
    let job = job.numbered(desk.n_jobs + 1);
    queue(deps, &store, tenant, &desk, &job).await
}

/// The plan and the desk, on which nothing may be under way.
async fn free_desk(
    store: &Store,
    tenant: &TenantId,
    request: &ApiRequest,
) -> Result<(PlanHead, Desk), ApiError> {
    let head = head_of(store, tenant, request).await?;
    let desk = store.load_desk(tenant).await?;
    match desk.job.as_ref().filter(|job| !job.is_over()) {
        Some(job) => {
            let details = json!({"reason": "busy", "job": JobView::of(job)});
            let why = "another plan is being applied or taken back: wait for its end";
            Err(ApiError::new(Code::Conflict, why).with(details))
        }
        None => Ok((head, desk)),
    }
}

async fn check_switches(store: &Store, tenant: &TenantId, kind: JobKind) -> Result<(), ApiError> {
    let settings = store.load_settings(tenant).await?.map(|(settings, _)| settings);
    let (health, _) = store.load_health(tenant).await?;
    let is_on = settings.as_ref().is_some_and(|settings| settings.is_active && !settings.is_closing);
    let may_write = settings.is_some_and(|settings| settings.writes_warranties);
    match kind {
        _ if !is_on => Err(refusal("switched_off", "the integration is switched off")),
        JobKind::Apply if !may_write => {
            Err(refusal("switched_off", "the write-back is switched off in the settings"))
        }
        _ if health.login == Login::Refused => Err(refusal("credentials", Stop::Credentials.words())),
        _ => Ok(()),
    }
}

async fn queue(
    deps: &Deps,
    store: &Store,
    tenant: &TenantId,
    desk: &Desk,
    job: &Job,
) -> Result<Reply, ApiError> {
    let (sync, _) = store.sync_state(tenant).await?;
    match store.queue_job(tenant, job, desk, sync.atdb.as_deref()).await {
        Ok(()) => {}
        Err(StoreError::Fenced) => {
            return Err(refusal(
                "busy",
                "another plan was applied at the same moment: look at the plans again",
            ));
        }
        Err(error) => return Err(error.into()),
    }
    if let Err(error) = deps.worker.bell.ring(Queue::WriteBack, tenant, sync.atdb.as_deref(), 0).await {
        tracing::warn!("{error}; the planner will ring");
    }
    Reply::json(202, &JobView::of(job))
}

fn refusal(reason: &str, why: impl Into<String>) -> ApiError {
    ApiError::new(Code::Conflict, why).with(json!({ "reason": reason }))
}
