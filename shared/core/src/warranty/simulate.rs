//! What a policy would do with the present data, counted by rule.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::policy::Policy;
use super::rule::{DecisionKind, Rule};
use super::verdict::{Facts, verdict};

/// How many rows a rule decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WarrantyRuleCount")]
pub struct RuleCount {
    /// The rule.
    pub rule: Rule,
    /// What it does.
    pub decision: DecisionKind,
    /// What the screen says.
    pub words: String,
    /// Rows that it decided.
    pub n_rows: u64,
}

/// What a policy would do with the present data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WarrantySimulation")]
pub struct Simulation {
    /// Assets that were judged.
    pub n_assets: u64,
    /// Dates that one run would write.
    pub n_writes: u64,
    /// Dates beyond the cap, which wait for the next run; they are counted under the rules that would write them.
    pub n_over_cap: u64,
    /// By rule, in the order of asking, rules without a row left out.
    pub rules: Vec<RuleCount>,
}

/// Counts what a policy would do; nothing is planned.
pub fn simulate<'a>(assets: impl IntoIterator<Item = Facts<'a>>, policy: &Policy, today: Date) -> Simulation {
    let mut n_by_rule: BTreeMap<Rule, u64> = BTreeMap::new();
    for facts in assets {
        *n_by_rule.entry(verdict(&facts, policy, today).rule).or_default() += 1;
    }
    let is_write = |rule: &Rule| rule.kind() == DecisionKind::Write;
    let n_wanted: u64 = n_by_rule.iter().filter(|(rule, _)| is_write(rule)).map(|(_, n_rows)| n_rows).sum();
    let n_writes = n_wanted.min(u64::from(policy.cap_rows));
    let count = |(&rule, &n_rows): (&Rule, &u64)| {
        let (decision, words) = (rule.kind(), rule.words().to_owned());
        RuleCount { rule, decision, words, n_rows }
    };
    Simulation {
        n_assets: n_by_rule.values().sum(),
        n_writes,
        n_over_cap: n_wanted - n_writes,
        rules: n_by_rule.iter().map(count).collect(),
    }
}
