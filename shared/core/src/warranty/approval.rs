//! What of a plan was approved: all of it, clients, or single rows.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::{Plan, PlanRow};

/// The first rows of a run, whose whole records are compared before anything else is written.
pub const N_CANARIES: usize = 3;

/// What was approved; several approvals of one plan add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "WarrantyApproval")]
pub struct Approval {
    /// Every row that writes.
    pub all: bool,
    /// Every such row of these companies.
    pub company_ids: BTreeSet<i64>,
    /// These rows, by asset.
    pub asset_ids: BTreeSet<i64>,
}

/// Approved companies or assets of which the plan writes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the plan writes nothing for companies {company_ids:?} and assets {asset_ids:?}: look at the plan again"
)]
pub struct NothingToApprove {
    /// Companies without a row that writes.
    pub company_ids: Vec<i64>,
    /// Assets whose row does not write, or that are not in the plan.
    pub asset_ids: Vec<i64>,
}

impl Approval {
    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.all |= other.all;
        self.company_ids.extend(other.company_ids);
        self.asset_ids.extend(other.asset_ids);
        self
    }

    fn has(&self, row: &PlanRow) -> bool {
        self.all || self.company_ids.contains(&row.company_id) || self.asset_ids.contains(&row.asset_id)
    }
}

/// The rows to be applied, in the plan's order; the first [`N_CANARIES`] are the canaries.
///
/// # Errors
/// [`NothingToApprove`] if something was approved that the plan does not write.
pub fn approved<'p>(plan: &'p Plan, approval: &Approval) -> Result<Vec<&'p PlanRow>, NothingToApprove> {
    let company_ids: BTreeSet<i64> = plan.writes().map(|row| row.company_id).collect();
    let asset_ids: BTreeSet<i64> = plan.writes().map(|row| row.asset_id).collect();
    let nothing = NothingToApprove {
        company_ids: approval.company_ids.difference(&company_ids).copied().collect(),
        asset_ids: approval.asset_ids.difference(&asset_ids).copied().collect(),
    };
    if nothing.company_ids.is_empty() && nothing.asset_ids.is_empty() {
        Ok(plan.writes().filter(|row| approval.has(row)).collect())
    } else {
        Err(nothing)
    }
}

/// The rows whose whole records are compared.
#[must_use]
pub fn canaries<'a, 'p>(approved: &'a [&'p PlanRow]) -> &'a [&'p PlanRow] {
    &approved[..approved.len().min(N_CANARIES)]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Approval, NothingToApprove, approved, canaries};
    use crate::warranty::plan::tests::rows;
    use crate::warranty::plan::{Plan, PlanRow};

    fn ids(rows: &[&PlanRow]) -> Vec<i64> {
        rows.iter().map(|row| row.asset_id).collect()
    }

    #[test]
    fn all_a_client_or_rows_are_approved() {
        let plan = Plan::new(rows(), 9);
        let check =
            |approval: Approval, want: &[i64]| assert_eq!(ids(&approved(&plan, &approval).unwrap()), want);
        let client = Approval { company_ids: BTreeSet::from([2]), ..Approval::default() };
        let single = Approval { asset_ids: BTreeSet::from([9]), ..Approval::default() };
        check(Approval::default(), &[]);
        check(Approval { all: true, ..Approval::default() }, &[1, 9, 4, 5]);
        check(client.clone(), &[4, 5]);
        check(single.clone(), &[9]);
        check(client.and(single), &[9, 4, 5]);
        let all = approved(&plan, &Approval { all: true, ..Approval::default() }).unwrap();
        assert_eq!(ids(canaries(&all)), [1, 9, 4]);
    }

    #[test]
    fn what_the_plan_does_not_write_cannot_be_approved() {
        let approval = Approval {
            company_ids: BTreeSet::from([2, 8]),
            asset_ids: BTreeSet::from([1, 3]),
            ..Approval::default()
        };
        let nothing = NothingToApprove { company_ids: vec![8], asset_ids: vec![3] };
        assert_eq!(approved(&Plan::new(rows(), 9), &approval), Err(nothing));
    }
}
