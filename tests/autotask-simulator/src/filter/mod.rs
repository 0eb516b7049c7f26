//! Filters: read from JSON, checked as strictly (and as laxly) as the real service does, then evaluated.

mod eval;
mod parse;
mod values;

pub(crate) use parse::{key, parse, unable_to_find};
pub(crate) use values::{decimal, integer};

use crate::store::IdRange;

/// A comparison of numbers, truth values and instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    /// Equal.
    Eq,
    /// Not equal; nothing is neither equal nor unequal to anything.
    NotEq,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// The text starts so.
    BeginsWith,
    /// The text ends so.
    EndsWith,
    /// The text has it somewhere.
    Contains,
}

/// What is asked of one value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// Holds something, or does not.
    Exists(bool),
    /// Compares a number.
    Number(Compare, i64),
    /// Compares a text; the argument is in lower case.
    Text(Compare, String),
    /// Is one of the sorted numbers; none of them when the flag is set.
    NumberIn(Vec<i64>, bool),
    /// Is one of the lower-case texts; none of them when the flag is set.
    TextIn(Vec<String>, bool),
}

/// A condition on a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    /// All must hold; true when there are none.
    And(Vec<Condition>),
    /// One must hold.
    Or(Vec<Condition>),
    /// On the id.
    Id(Test),
    /// On a field.
    Field(usize, Test),
    /// On a user-defined field.
    Udf(usize, Test),
}

/// Splits the bounds of the id off the conditions that every row must meet.
pub(crate) fn split_id_range(conditions: Vec<Condition>) -> (IdRange, Vec<Condition>) {
    let mut range = IdRange::default();
    let mut rest = Vec::new();
    for condition in conditions {
        match condition {
            Condition::Id(Test::Number(compare, value)) if narrow(&mut range, compare, value) => {}
            Condition::Id(Test::Exists(true)) => {}
            Condition::Id(Test::NumberIn(ids, false)) => {
                range.low = range.low.max(ids.first().copied().unwrap_or(i64::MAX));
                range.high = range.high.min(ids.last().copied().unwrap_or(i64::MIN));
                rest.push(Condition::Id(Test::NumberIn(ids, false)));
            }
            other => rest.push(other),
        }
    }
    (range, rest)
}

fn narrow(range: &mut IdRange, compare: Compare, value: i64) -> bool {
    match compare {
        Compare::Gt => range.low = range.low.max(value.saturating_add(1)),
        Compare::Gte => range.low = range.low.max(value),
        Compare::Lt => range.high = range.high.min(value.saturating_sub(1)),
        Compare::Lte => range.high = range.high.min(value),
        Compare::Eq => {
            range.low = range.low.max(value);
            range.high = range.high.min(value);
        }
        _ => return false,
    }
    true
}
