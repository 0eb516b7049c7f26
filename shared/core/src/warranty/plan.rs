//! A plan: every judged row in one order, under one name.
//!
//! The name is a hash of everything that the rows say, so that exactly what was seen is what is applied.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::apply::Change;
use super::known::Source;
use super::rule::{DecisionKind, Rule};
use super::verdict::{Facts, Verdict};

/// Hashed first, so that a plan of another shape never has the same name.
const SHAPE: &[u8] = b"warranty-plan/1\n";

/// A judged row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WarrantyPlanRow")]
pub struct PlanRow {
    /// The company that owns the asset.
    pub company_id: i64,
    /// Autotask's id of the asset.
    pub asset_id: i64,
    /// The date that Autotask holds.
    #[schemars(with = "Option<String>")]
    pub held: Option<Date>,
    /// The date that was judged, if there is one; it is written only if the rule says so.
    #[schemars(with = "Option<String>")]
    pub proposed: Option<Date>,
    /// Who says so.
    pub source: Option<Source>,
    /// The rule that decided.
    pub rule: Rule,
}

impl PlanRow {
    /// Puts facts and verdict together.
    #[must_use]
    pub fn of(facts: &Facts<'_>, verdict: &Verdict) -> Self {
        let chosen = verdict.chosen_idx.and_then(|idx| facts.known.get(idx));
        Self {
            company_id: facts.company_id,
            asset_id: facts.asset_id,
            held: facts.held,
            proposed: chosen.and_then(super::Known::date),
            source: chosen.map(|known| known.source.clone()),
            rule: verdict.rule,
        }
    }

    /// What is to be changed in Autotask; none if the row writes nothing.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        let is_write = self.rule.kind() == DecisionKind::Write;
        self.proposed.filter(|_| is_write).map(|to| Change { from: self.held, to: Some(to) })
    }
}

/// Makes a plan's name, row by row, so that a plan need not be in memory as a whole.
pub struct PlanHasher(Box<Xxh3>);

impl Default for PlanHasher {
    fn default() -> Self {
        let mut hasher = Box::new(Xxh3::new());
        hasher.update(SHAPE);
        Self(hasher)
    }
}

impl PlanHasher {
    /// Adds the next row; rows come in the plan's order.
    pub fn add(&mut self, row: &PlanRow) {
        let PlanRow { company_id, asset_id, held, proposed, source, rule } = row;
        let source = source.as_ref().map(|Source { kind, name }| (kind, name));
        let told = serde_json::json!([company_id, asset_id, held, proposed, source, rule]);
        self.0.update(told.to_string().as_bytes());
        self.0.update(b"\n");
    }

    /// The name: 32 hexadecimal digits.
    #[must_use]
    pub fn finish(&self) -> String {
        format!("{:032x}", self.0.digest128())
    }
}

/// Judged rows in their order, with their name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// By company, then by asset, each asset once.
    pub rows: Vec<PlanRow>,
    /// The name of exactly these rows.
    pub hash: String,
}

/// A plan that is not the one that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the plan is not the one that was approved: look at the plan again")]
pub struct OtherPlan;

impl Plan {
    /// Puts rows into their order, holds what the cap does not allow, and names the result.
    #[must_use]
    pub fn new(mut rows: Vec<PlanRow>, cap_rows: u32) -> Self {
        rows.sort_by_key(|row| (row.company_id, row.asset_id));
        rows.dedup_by_key(|row| row.asset_id);
        let writes = rows.iter_mut().filter(|row| row.rule.kind() == DecisionKind::Write);
        let over_cap = writes.skip(usize::try_from(cap_rows).unwrap_or(usize::MAX));
        over_cap.for_each(|row| row.rule = Rule::OverCap);
        let mut hasher = PlanHasher::default();
        rows.iter().for_each(|row| hasher.add(row));
        Self { rows, hash: hasher.finish() }
    }

    /// Checks that this is the plan that somebody saw.
    ///
    /// # Errors
    /// [`OtherPlan`]: nothing of it may be applied.
    pub fn check(&self, seen_hash: &str) -> Result<(), OtherPlan> {
        if self.hash == seen_hash { Ok(()) } else { Err(OtherPlan) }
    }

    /// Rows that would be written.
    pub fn writes(&self) -> impl Iterator<Item = &PlanRow> {
        self.rows.iter().filter(|row| row.change().is_some())
    }

    /// Whether it may be applied without being asked for: never as a tenant's first, never if the cap held something.
    #[must_use]
    pub fn may_apply_alone(&self, has_applied_before: bool) -> bool {
        has_applied_before && self.rows.iter().all(|row| row.rule != Rule::OverCap)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::{Plan, PlanRow};
    use crate::warranty::known::{Source, SourceKind};
    use crate::warranty::rule::{DecisionKind, Rule};

    pub(in crate::warranty) fn row(company_id: i64, asset_id: i64, rule: Rule) -> PlanRow {
        let source = Some(Source { kind: SourceKind::Vendor, name: "dell".to_owned() });
        let proposed = Some("2027-05-01".parse().unwrap());
        PlanRow { company_id, asset_id, held: None, proposed, source, rule }
    }

    pub(in crate::warranty) fn rows() -> Vec<PlanRow> {
        vec![
            row(2, 5, Rule::FillsBlank),
            row(1, 9, Rule::Lengthens),
            row(1, 3, Rule::AlreadyThere),
            row(2, 4, Rule::Lengthens),
            row(1, 1, Rule::FillsBlank),
        ]
    }

    #[test]
    fn rows_stand_by_company_and_asset_and_the_cap_holds_the_last() {
        let plan = Plan::new(rows(), 3);
        let told: Vec<_> = plan.rows.iter().map(|row| (row.asset_id, row.rule)).collect();
        let want = [
            (1, Rule::FillsBlank),
            (3, Rule::AlreadyThere),
            (9, Rule::Lengthens),
            (4, Rule::Lengthens),
            (5, Rule::OverCap),
        ];
        assert_eq!(told, want);
        assert!(!plan.may_apply_alone(true));
        let whole = Plan::new(rows(), 4);
        assert!(whole.may_apply_alone(true) && !whole.may_apply_alone(false));
    }

    #[test]
    fn the_name_is_stable() {
        // A name that changes makes every plan that waits for approval void: raise SHAPE when that is meant.
        assert_eq!(Plan::new(rows(), 9).hash, "bceeb16d9fdcdbcb8b8df2593d8a61a1");
        assert!(Plan::new(rows(), 9).check("00").is_err());
    }

    fn any_rows() -> impl Strategy<Value = Vec<PlanRow>> {
        let rule = prop::sample::select(Rule::ALL.to_vec());
        let rows = prop::collection::btree_map(0_i64..60, (0_i64..5, rule), 0..40);
        rows.prop_map(|rows| rows.into_iter().map(|(id, (company, rule))| row(company, id, rule)).collect())
    }

    proptest! {
        #[test]
        fn the_order_of_rows_changes_nothing(rows in any_rows(), cap in 0_u32..30, seed in any::<u64>()) {
            let mut shuffled = rows.clone();
            shuffled.sort_by_key(|row| (row.asset_id as u64).wrapping_mul(seed | 1));
            let plan = Plan::new(rows, cap);
            prop_assert_eq!(&plan, &Plan::new(shuffled, cap));
            let n_writes = plan.rows.iter().filter(|row| row.rule.kind() == DecisionKind::Write).count();
            prop_assert!(n_writes <= cap as usize);
        }

        #[test]
        fn a_plan_that_differs_has_another_name(rows in any_rows(), idx in any::<prop::sample::Index>(), what in 0..5) {
            prop_assume!(!rows.is_empty());
            let mut other = rows.clone();
            let row = &mut other[idx.index(rows.len())];
            match what {
                0 => row.held = Some("2020-01-01".parse().unwrap()),
                1 => row.proposed = None,
                2 => row.source = None,
                3 => row.company_id += 100,
                _ => row.rule = if row.rule == Rule::Gone { Rule::Inactive } else { Rule::Gone },
            }
            prop_assert_ne!(Plan::new(rows, 99).hash, Plan::new(other, 99).hash);
        }
    }
}
