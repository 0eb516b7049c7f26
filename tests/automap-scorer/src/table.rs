//! The table that is printed.

use crate::score::{Score, pooled};

/// What the columns are.
#[must_use]
pub fn header() -> String {
    let cells = ["precision", "recall", "right", "of", "wrong", "wrong/1,000"];
    let [precision, recall, right, of, wrong, rate] = cells;
    format!(
        "{:<36} {:<13} {precision:>9} {recall:>7} {right:>6} {of:>6} {wrong:>6} {rate:>11}",
        "matcher", "set"
    )
}

/// The lines of one matcher, closed by the pooled one, which leaves out sets without partners.
#[must_use]
pub fn lines(matcher: &str, scores: &[(String, Score)]) -> String {
    let mut lines: Vec<_> = scores.iter().map(|(set, score)| line(matcher, set, *score)).collect();
    lines.push(line(matcher, "pooled", pooled(scores.iter().map(|(_, score)| score))));
    lines.join("\n")
}

/// A set without partners has neither precision nor recall: there, only wrong pairs count.
fn line(matcher: &str, set: &str, score: Score) -> String {
    let Score { n_left: _, n_true, n_right, n_wrong } = score;
    let shown = |value: f64| if n_true == 0 { "-".to_owned() } else { format!("{value:.4}") };
    let (precision, recall) = (shown(score.precision()), shown(score.recall()));
    let rate = score.wrong_per_thousand();
    format!(
        "{matcher:<36} {set:<13} {precision:>9} {recall:>7} {n_right:>6} {n_true:>6} {n_wrong:>6} {rate:>11.2}"
    )
}
