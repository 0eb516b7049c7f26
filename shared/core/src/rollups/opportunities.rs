//! What opportunities contribute: the sales that may come, by stage.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Rollup;
use super::amount::Amount;
use super::sums::{add_to, sums};
use crate::model::Opportunity;

/// The statuses of opportunities that are over: lost, closed, implemented.
///
/// # Source
/// The values of a picklist that Autotask ships and does not let an administrator change.
const STATUSES_OVER: [i64; 3] = [2, 3, 4];

/// The stage of a sale: a value of the tenant's picklist, or none. Written as its number, or `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Stage(pub Option<i64>);

sums! {
    /// The open opportunities of one stage.
    StageSums {
        /// How many.
        n_open: i64,
        /// What they would bring together.
        amount: Amount,
        /// The same, each amount weighted by its own probability.
        weighted: Amount,
    }
}

/// What one opportunity contributes.
pub(super) fn contribution(opportunity: &Opportunity<'_>) -> Rollup {
    let mut rollup = Rollup::default();
    rollup.totals.n_opportunities = 1;
    if is_over(opportunity) {
        return rollup;
    }
    let amount = opportunity.amount.and_then(Amount::from_units);
    rollup.totals.n_without_amount = i64::from(amount.is_none());
    let amount = amount.unwrap_or_default();
    let weighted = amount.percent(opportunity.probability.unwrap_or(0));
    let sums = StageSums { n_open: 1, amount, weighted };
    add_to(&mut rollup.pipeline, Stage(opportunity.stage_id), &sums);
    rollup
}

/// True when nothing more can come of it.
fn is_over(opportunity: &Opportunity<'_>) -> bool {
    let is_dated = opportunity.closed_at.is_some() || opportunity.lost_at.is_some();
    is_dated || opportunity.status_id.is_some_and(|status| STATUSES_OVER.contains(&status))
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(stage_id) => write!(formatter, "{stage_id}"),
            None => formatter.write_str("none"),
        }
    }
}

impl FromStr for Stage {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "none" { Ok(Self(None)) } else { text.parse().map(|stage_id| Self(Some(stage_id))) }
    }
}

impl From<Stage> for String {
    fn from(stage: Stage) -> Self {
        stage.to_string()
    }
}

impl TryFrom<String> for Stage {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}
