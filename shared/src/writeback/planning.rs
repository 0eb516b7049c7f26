//! Making a plan on the present data, and what may follow by itself.

use std::collections::BTreeMap;

use shared_core::warranty::{Approval, Job, JobKind, Plan, PlanRow, Rule, verdict};

use super::survey::{Survey, day_of};
use crate::store::desk::Desk;
use crate::store::mappings::SaveError;
use crate::store::plans::{PlanHead, StoredRow, StoredRuleCount};
use crate::store::{Store, StoreError, TenantId};

/// Who plans and applies when no person does.
pub const OURSELVES: &str = "lifecycle-insights";

/// Makes a plan and stores it.
///
/// # Errors
/// [`StoreError`]; what was stored of it is never shown.
pub async fn make_plan(
    store: &Store,
    tenant: &TenantId,
    by: &str,
    now_ms: u64,
) -> Result<(PlanHead, Plan), StoreError> {
    let (saved, survey) = tokio::try_join!(store.load_policy(tenant), Survey::load(store, tenant))?;
    let today = day_of(now_ms);
    let judged = survey.facts().map(|facts| PlanRow::of(&facts, &verdict(&facts, &saved.policy, today)));
    let plan = Plan::new(judged.collect(), saved.policy.cap_rows);
    let rows: Vec<StoredRow> = plan.rows.iter().map(|row| stored(row, &survey)).collect();
    let head = PlanHead {
        id: format!("{now_ms:013}-{:08x}", fastrand::u32(..)),
        hash: plan.hash.clone(),
        made_at_ms: now_ms,
        by: by.to_owned(),
        is_ready: true,
        policy: saved.policy,
        n_rows: plan.rows.len() as u64,
        n_writes: plan.writes().count() as u64,
        rules: counted(&plan),
        chunks: PlanHead::chunks_of(&rows),
        jobs: Vec::new(),
    };
    match store.save_plan(tenant, &head, &rows).await {
        Ok(()) => Ok((head, plan)),
        Err(SaveError::Store(error)) => Err(error),
        Err(error) => Err(StoreError::damaged(&head.id, error)),
    }
}

/// The job that follows a plan by itself: under the cap, and only where a person once applied a plan.
#[must_use]
pub fn job_after(head: &PlanHead, plan: &Plan, desk: &Desk, now_ms: u64) -> Option<Job> {
    let may = plan.may_apply_alone(desk.has_applied) && head.n_writes > 0;
    let approval = Approval { all: true, ..Approval::default() };
    let job = || Job::queued(JobKind::Apply, (&head.id, &head.hash), approval, OURSELVES, now_ms);
    may.then(|| job().numbered(desk.n_jobs + 1))
}

fn stored(row: &PlanRow, survey: &Survey) -> StoredRow {
    let asset = survey.assets.get(&row.asset_id);
    StoredRow {
        row: row.clone(),
        name: asset.and_then(|asset| asset.name.clone()),
        serial_number: asset.and_then(|asset| asset.serial_number.clone()),
    }
}

fn counted(plan: &Plan) -> Vec<StoredRuleCount> {
    let mut n_by_rule: BTreeMap<Rule, u64> = BTreeMap::new();
    for row in &plan.rows {
        *n_by_rule.entry(row.rule).or_default() += 1;
    }
    n_by_rule.into_iter().map(|(rule, n_rows)| StoredRuleCount { rule, n_rows }).collect()
}
