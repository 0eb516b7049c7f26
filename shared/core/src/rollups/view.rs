//! Roll-ups as `/v1/companies/{id}/rollups` shows them.
//!
//! Never adds records up: it divides sums into means and lays months out without gaps. Used by the readers of roll-ups.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::amount::{Amount, Shown};
use super::contracts::ContractMonth;
use super::month::Month;
use super::sums::{Buckets, Sum};
use super::tickets::TicketMonth;
use super::{Rollup, StageSums};
use crate::freshness::Freshness;

/// The sums of one company.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "CompanyRollups")]
pub struct RollupView {
    /// The time zone in which months begin and end, an IANA name.
    pub time_zone: String,
    /// Tickets by month, oldest first, each month of the stretch that was asked for.
    pub tickets: Vec<TicketMonthView>,
    /// Tickets over all months.
    pub ticket_totals: TicketTotalsView,
    /// What contracts bring by month, oldest first, each month of the stretch that was asked for.
    pub contracts: Vec<ContractMonthView>,
    /// Open opportunities by stage, ascending by the picklist's value, those without a stage first.
    pub pipeline: Vec<StageView>,
    /// All open opportunities together.
    pub pipeline_total: PipelineTotalView,
    /// What is known and in no sum.
    pub left_out: LeftOutView,
    /// How fresh contracts, tickets and opportunities are.
    pub freshness: Vec<Freshness>,
}

/// Tickets in one month.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "TicketMonth")]
pub struct TicketMonthView {
    /// Which month.
    pub month: Month,
    /// Tickets created in it.
    pub opened: i64,
    /// Tickets completed in it.
    pub closed: i64,
    /// Mean time from creation to first answer of the tickets first answered in it, in minutes; null without any.
    pub mean_first_response_min: Option<f64>,
    /// Mean time from creation to resolution of the tickets resolved in it, in minutes; null without any.
    pub mean_resolve_min: Option<f64>,
}

/// Tickets over all months.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "TicketTotals")]
pub struct TicketTotalsView {
    /// All of them.
    pub tickets: i64,
    /// Those not completed.
    pub open: i64,
    /// Mean time from creation to first answer, in minutes; null without any.
    pub mean_first_response_min: Option<f64>,
    /// Mean time from creation to resolution, in minutes; null without any.
    pub mean_resolve_min: Option<f64>,
}

/// What contracts bring in one month.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ContractMonth")]
pub struct ContractMonthView {
    /// Which month.
    pub month: Month,
    /// Contracts that run in it, even for a day; open-ended ones among them.
    pub running: i64,
    /// What services were billed at.
    pub billed: Shown,
    /// What the billed units cost.
    pub billed_cost: Shown,
    /// What contracts with an estimated revenue are expected to bring; not to be added to `billed`.
    pub expected: Shown,
}

/// Open opportunities of one stage.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "PipelineStage")]
pub struct StageView {
    /// The picklist's value; null for opportunities without a stage.
    pub stage_id: Option<i64>,
    /// The picklist's label, if it is known.
    pub stage: Option<String>,
    /// How many.
    pub count: i64,
    /// What they would bring together.
    pub amount: Shown,
    /// The same, each amount weighted by its own probability.
    pub weighted_amount: Shown,
}

/// All open opportunities together.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "PipelineTotal")]
pub struct PipelineTotalView {
    /// How many.
    pub count: i64,
    /// What they would bring together.
    pub amount: Shown,
    /// The same, each amount weighted by its own probability.
    pub weighted_amount: Shown,
}

/// What is known and in no sum.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "LeftOutOfRollups")]
pub struct LeftOutView {
    /// First answers and resolutions dated before their ticket's creation.
    pub odd_durations: i64,
    /// Billing periods and revenues without usable dates or amount.
    pub unplaced_values: i64,
    /// Open opportunities without a usable amount.
    pub opportunities_without_amount: i64,
}

/// Shows roll-ups for the months from `first` to `last`, both included; means over all months and the pipeline are of
/// everything that was added.
///
/// `stages` are the labels of the picklist of stages.
#[must_use]
pub fn show(
    rollup: &Rollup,
    time_zone: &str,
    (first, last): (Month, Month),
    stages: &BTreeMap<i64, String>,
    freshness: Vec<Freshness>,
) -> RollupView {
    let mut all = TicketMonth::default();
    rollup.tickets.iter().for_each(|(_, month)| all.add(month));
    let mut pipeline = StageSums::default();
    rollup.pipeline.iter().for_each(|(_, stage)| pipeline.add(stage));
    let totals = &rollup.totals;
    RollupView {
        time_zone: time_zone.to_owned(),
        tickets: months(first, last).map(|month| ticket_month(rollup, month)).collect(),
        ticket_totals: TicketTotalsView {
            tickets: totals.n_tickets,
            open: totals.n_open_tickets,
            mean_first_response_min: mean_min(all.answer_ms, all.n_answered),
            mean_resolve_min: mean_min(all.resolve_ms, all.n_resolved),
        },
        contracts: contract_months(&rollup.contracts, first, last),
        pipeline: rollup.pipeline.iter().map(|(stage, sums)| stage_view(stage.0, sums, stages)).collect(),
        pipeline_total: PipelineTotalView {
            count: pipeline.n_open,
            amount: Shown(pipeline.amount),
            weighted_amount: Shown(pipeline.weighted),
        },
        left_out: LeftOutView {
            odd_durations: totals.n_odd_durations,
            unplaced_values: totals.n_unplaced_values,
            opportunities_without_amount: totals.n_without_amount,
        },
        freshness,
    }
}

fn months(first: Month, last: Month) -> impl Iterator<Item = Month> {
    std::iter::successors(Some(first), |month| Some(month.next())).take_while(move |month| *month <= last)
}

fn ticket_month(rollup: &Rollup, month: Month) -> TicketMonthView {
    let sums = rollup.tickets.get(&month).copied().unwrap_or_default();
    TicketMonthView {
        month,
        opened: sums.n_opened,
        closed: sums.n_closed,
        mean_first_response_min: mean_min(sums.answer_ms, sums.n_answered),
        mean_resolve_min: mean_min(sums.resolve_ms, sums.n_resolved),
    }
}

fn contract_months(
    sums: &Buckets<Month, ContractMonth>,
    first: Month,
    last: Month,
) -> Vec<ContractMonthView> {
    let before = sums.iter().take_while(|(month, _)| **month < first);
    let mut n_running: i64 = before.map(|(_, sums)| sums.n_begun - sums.n_ended).sum();
    let mut view = |month| {
        let sums = sums.get(&month).copied().unwrap_or_default();
        n_running += sums.n_begun;
        let running = n_running;
        n_running -= sums.n_ended;
        let shown = |amount: Amount| Shown(amount);
        let (billed, billed_cost) = (shown(sums.billed), shown(sums.billed_cost));
        ContractMonthView { month, running, billed, billed_cost, expected: shown(sums.expected) }
    };
    months(first, last).map(&mut view).collect()
}

fn stage_view(stage_id: Option<i64>, sums: &StageSums, stages: &BTreeMap<i64, String>) -> StageView {
    StageView {
        stage_id,
        stage: stage_id.and_then(|id| stages.get(&id).cloned()),
        count: sums.n_open,
        amount: Shown(sums.amount),
        weighted_amount: Shown(sums.weighted),
    }
}

/// The mean in minutes with two decimals, which is more than anybody measures.
#[expect(clippy::cast_precision_loss, reason = "shown, never added up")]
fn mean_min(sum_ms: i64, n: i64) -> Option<f64> {
    (n > 0).then(|| (sum_ms as f64 / n as f64 / 600.0).round() / 100.0)
}
