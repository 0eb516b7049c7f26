//! Counting right and wrong pairs.

use std::collections::BTreeMap;

use crate::data::Set;

/// Right id by left id, as a matcher maps them.
pub type Mapping = BTreeMap<String, String>;

/// How a matcher did on a set, or on several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Rows of the left lists.
    pub n_left: usize,
    /// True pairs.
    pub n_true: usize,
    /// Pairs that are right.
    pub n_right: usize,
    /// Pairs that are wrong; accepted ones are neither.
    pub n_wrong: usize,
}

impl Score {
    /// Counts the pairs of a mapping.
    #[must_use]
    pub fn of(set: &Set, mapping: &Mapping) -> Self {
        let mut score = Self { n_left: set.left.len(), n_true: set.matches.len(), ..Self::default() };
        for (left, right) in mapping {
            if set.matches.get(left) == Some(right) {
                score.n_right += 1;
            } else if !set.accepted.contains(&(left.clone(), right.clone())) {
                score.n_wrong += 1;
            }
        }
        score
    }

    /// Adds the counts of another set.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            n_left: self.n_left + other.n_left,
            n_true: self.n_true + other.n_true,
            n_right: self.n_right + other.n_right,
            n_wrong: self.n_wrong + other.n_wrong,
        }
    }

    /// Share of the pairs that are right; 1 when there are none.
    #[must_use]
    pub fn precision(self) -> f64 {
        share(self.n_right, self.n_right + self.n_wrong)
    }

    /// Share of the true pairs that were found; 1 when there are none.
    #[must_use]
    pub fn recall(self) -> f64 {
        share(self.n_right, self.n_true)
    }

    /// Wrong pairs per 1,000 rows of the left lists.
    #[must_use]
    pub fn wrong_per_thousand(self) -> f64 {
        1_000.0 * (1.0 - share(self.n_left - self.n_wrong, self.n_left))
    }
}

/// The counts of the sets that have partners.
#[must_use]
pub fn pooled<'s>(scores: impl Iterator<Item = &'s Score>) -> Score {
    scores.filter(|score| score.n_true > 0).fold(Score::default(), |sum, score| sum.plus(*score))
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows are small")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
