//! What clients see.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::api::Object;
use shared::store::plans::PlanHead;
use shared_core::instant::rfc3339;
use shared_core::warranty::intake::{Refused, WarrantyRow};
use shared_core::warranty::job::Canary;
use shared_core::warranty::journal::Entry;
use shared_core::warranty::provenance::Card;
use shared_core::warranty::simulate::RuleCount;
use shared_core::warranty::tug_of_war::{Return, Suspect};
use shared_core::warranty::{
    Approval, DecisionKind, Job, JobKind, JobState, Lock, Policy, Rule, Source, Stop,
};

/// Dates that are handed over.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WarrantiesDraft {
    /// Up to 5,000 rows.
    #[schemars(with = "Vec<WarrantyRow>")]
    pub warranties: Vec<Object<WarrantyRow>>,
}

/// What became of them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WarrantiesView {
    /// Rows that were stored.
    pub n_saved: u64,
    /// Rows that say what is stored already, or something older.
    pub n_unchanged: u64,
    /// Rows that were refused, each with its reason; nothing of them is stored.
    pub refused: Vec<Refused>,
}

/// The policy as it is stored.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PolicyView {
    /// Version; 0 before the first save.
    pub version: u64,
    /// The policy.
    pub policy: Policy,
    /// When it was saved, RFC 3339 UTC; empty before the first save.
    pub at: String,
    /// E-mail address of who saved it.
    pub by: String,
}

/// A changed policy.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyDraft {
    /// Version that was read.
    pub version: u64,
    /// The policy; switches that are left out are as in the beginning.
    #[schemars(with = "Policy")]
    pub policy: Object<Policy>,
}

/// A policy to be tried out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SimulationWish {
    /// The policy; the stored one if it is left out.
    #[schemars(with = "Option<Policy>")]
    pub policy: Option<Object<Policy>>,
}

/// One lock.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LockRow {
    /// Autotask's id of the company or of the asset.
    pub id: i64,
    /// Its name, as far as it is known; assets are told by their ids.
    pub name: Option<String>,
    /// Who locked it and why.
    #[serde(flatten)]
    pub lock: Lock,
}

/// An asset that is not written because somebody kept changing our dates.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ContestedRow {
    /// Autotask's id of the asset.
    pub asset_id: i64,
    /// Who edited it last, most often.
    pub suspect: Option<Suspect>,
    /// What came back, oldest first.
    pub returns: Vec<Return>,
}

/// Everything that is left alone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LocksView {
    /// Version; 0 before the first save.
    pub version: u64,
    /// Locked companies, by id.
    pub companies: Vec<LockRow>,
    /// Locked assets, by id.
    pub assets: Vec<LockRow>,
    /// Assets with which somebody plays tug of war, by id.
    pub contested: Vec<ContestedRow>,
    /// Dates that Autotask did not take and that are no longer written until the asset is edited there, by the asset's id.
    pub in_vain: Vec<InVainRow>,
}

/// A date that Autotask did not take.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InVainRow {
    /// Autotask's id of the asset.
    pub asset_id: i64,
    /// The date.
    pub date: String,
    /// How many plans tried it, one after the other.
    pub n_plans: u32,
    /// When it was tried last, RFC 3339 UTC.
    pub tried_at: String,
    /// What Autotask said, or what we saw.
    pub reason: String,
}

/// A lock that is set or taken off.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LockChange {
    /// A company, by Autotask's id; either this or `asset_id`.
    #[serde(default)]
    pub company_id: Option<i64>,
    /// An asset, by Autotask's id.
    #[serde(default)]
    pub asset_id: Option<i64>,
    /// Whether it is to be left alone.
    pub is_locked: bool,
    /// Why; up to 200 characters.
    #[serde(default)]
    pub note: String,
}

/// Changed locks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LocksDraft {
    /// Version that was read.
    pub version: u64,
    /// Up to 5,000 changes.
    #[serde(default)]
    #[schemars(with = "Vec<LockChange>")]
    pub changes: Vec<Object<LockChange>>,
    /// Assets that may be written again although somebody kept changing our dates, or Autotask did not take one.
    #[serde(default)]
    pub released_asset_ids: Vec<i64>,
}

/// A version that was saved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersionView {
    /// The version.
    pub version: u64,
}

/// An application of a plan, or its undo.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WarrantyJobView")]
pub struct JobView {
    /// Its id.
    pub id: String,
    /// Which plan.
    pub plan_id: String,
    /// What is done.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// Why it ended before its rows did.
    pub stop: Option<Stop>,
    /// The same in words, with what to do.
    pub words: Option<String>,
    /// Who asked for it.
    pub by: String,
    /// When, RFC 3339 UTC.
    pub asked_at: String,
    /// When it ended, RFC 3339 UTC.
    pub ended_at: Option<String>,
    /// When it goes on, RFC 3339 UTC, if it waits.
    pub wakes_at: Option<String>,
    /// Rows by the name of their phase; `locked` ones were locked after the plan was made.
    pub n_by_phase: BTreeMap<String, u64>,
    /// Comparisons of whole records.
    pub canaries: Vec<Canary>,
}

/// A plan in the list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WarrantyPlanHead")]
pub struct PlanView {
    /// Its id.
    pub id: String,
    /// The name of exactly its rows: what is applied is applied by it.
    pub hash: String,
    /// When it was made, RFC 3339 UTC.
    pub made_at: String,
    /// Who asked for it.
    pub by: String,
    /// The policy that judged.
    pub policy: Policy,
    /// Rows.
    pub n_rows: u64,
    /// Rows that write.
    pub n_writes: u64,
    /// Rows by rule, in the order of asking.
    pub rules: Vec<RuleCount>,
    /// Applications and undos, oldest first; the last one may be under way.
    pub jobs: Vec<JobView>,
}

/// Plans, newest first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WarrantyPlanPage")]
pub struct PlanPage {
    /// The plans.
    pub plans: Vec<PlanView>,
    /// Where the next page begins; none at the end.
    pub cursor: Option<String>,
}

/// A row of a plan.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WarrantyPlanRowView")]
pub struct RowView {
    /// Autotask's id of the asset.
    pub asset_id: i64,
    /// The asset's name.
    pub name: Option<String>,
    /// Its serial number.
    pub serial_number: Option<String>,
    /// The company that owns it.
    pub company_id: i64,
    /// The company's name.
    pub company: Option<String>,
    /// The date that Autotask held.
    #[schemars(with = "Option<String>")]
    pub held: Option<jiff::civil::Date>,
    /// The date that was judged.
    #[schemars(with = "Option<String>")]
    pub proposed: Option<jiff::civil::Date>,
    /// Who says so.
    pub source: Option<Source>,
    /// What is to be done.
    pub decision: DecisionKind,
    /// The rule that decided.
    pub rule: Rule,
    /// What the screen says.
    pub words: String,
    /// How far the write is, once it was approved.
    pub result: Option<String>,
    /// The same in words.
    pub result_words: Option<String>,
    /// How far its undo is.
    pub undo: Option<String>,
    /// The asset's page in Autotask.
    pub link: Option<String>,
}

/// A plan with a page of its rows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WarrantyPlanRows")]
pub struct PlanRowsView {
    /// The plan.
    pub plan: PlanView,
    /// Rows that match, in the plan's order.
    pub rows: Vec<RowView>,
    /// Where the next page begins; none at the end.
    pub cursor: Option<String>,
}

/// What of a plan is to be applied.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyWish {
    /// The plan's name as it was seen.
    pub hash: String,
    /// What was approved; several add up.
    #[schemars(with = "Vec<Approval>")]
    pub approvals: Vec<Object<Approval>>,
}

/// One entry of the journal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JournalRow {
    /// The values by their columns, as in the export.
    #[serde(flatten)]
    pub values: BTreeMap<String, String>,
}

/// Entries of the journal: newest plan first, then by asset.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JournalPage {
    /// The entries.
    pub entries: Vec<JournalRow>,
    /// Where the next page begins; none at the end.
    pub cursor: Option<String>,
}

/// All that is known of an asset's warranty date.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CardView {
    /// The dates, the verdict, what we wrote.
    #[serde(flatten)]
    pub card: Card,
    /// Who keeps changing our date, if somebody does.
    pub contested_by: Option<Suspect>,
    /// The asset's page in Autotask.
    pub link: Option<String>,
}

impl JobView {
    pub(crate) fn of(job: &Job) -> Self {
        Self {
            id: job.id.clone(),
            plan_id: job.plan_id.clone(),
            kind: job.kind,
            state: job.state,
            stop: job.stop,
            words: job.words().map(str::to_owned),
            by: job.by.clone(),
            asked_at: rfc3339(job.asked_at_ms),
            ended_at: job.ended_at_ms.map(rfc3339),
            wakes_at: job.wake_ms.map(rfc3339),
            n_by_phase: job.n_by_phase.clone(),
            canaries: job.canaries.clone(),
        }
    }
}

impl PlanView {
    /// A plan, with the job on the desk if it is this plan's; the desk was looked at before the plan, which knows better.
    pub(crate) fn of(head: &PlanHead, on_desk: Option<&Job>) -> Self {
        let is_told = |job: &Job| head.jobs.iter().any(|told| told.id == job.id);
        let is_its = |job: &Job| job.plan_id == head.id && !job.is_over() && !is_told(job);
        let under_way = on_desk.filter(|job| is_its(job));
        Self {
            id: head.id.clone(),
            hash: head.hash.clone(),
            made_at: rfc3339(head.made_at_ms),
            by: head.by.clone(),
            policy: head.policy.clone(),
            n_rows: head.n_rows,
            n_writes: head.n_writes,
            rules: head.rules.iter().map(shared::store::plans::StoredRuleCount::shown).collect(),
            jobs: head.jobs.iter().chain(under_way).map(JobView::of).collect(),
        }
    }
}

impl JournalRow {
    pub(crate) fn of(entry: &Entry) -> Self {
        let columns = shared_core::warranty::journal::COLUMNS.map(str::to_owned);
        Self { values: columns.into_iter().zip(entry.record()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use shared::store::plans::PlanHead;
    use shared_core::warranty::{Approval, Job, JobKind, Policy};

    use super::PlanView;

    #[test]
    fn a_job_that_ended_since_the_desk_was_looked_at_is_told_once_and_as_over() {
        let seen = Job::queued(JobKind::Apply, ("plan", "hash"), Approval::default(), "jane", 7);
        let mut over = seen.clone();
        over.end(None, 9);
        let head = |jobs| PlanHead {
            id: "plan".to_owned(),
            hash: "hash".to_owned(),
            made_at_ms: 5,
            by: "jane".to_owned(),
            is_ready: true,
            policy: Policy::default(),
            n_rows: 0,
            n_writes: 0,
            rules: Vec::new(),
            chunks: Vec::new(),
            jobs,
        };
        let ends = |jobs| -> Vec<Option<String>> {
            PlanView::of(&head(jobs), Some(&seen)).jobs.into_iter().map(|job| job.ended_at).collect()
        };
        assert_eq!(ends(vec![over]), [Some("1970-01-01T00:00:00.009Z".to_owned())]);
        assert_eq!(ends(Vec::new()), [None]);
    }
}
