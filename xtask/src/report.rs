//! What came of each step, the closing table, and the last line that says how many tests ran.

use crate::process::{Ended, Heard};
use crate::tally::Tally;
use std::time::{Duration, Instant};

/// What came of a step.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It ran; one without a tally is one check in itself.
    Ran(Ended),
    /// It was not run; the text is the line that installs what is missing.
    Skipped(String),
}

/// How a step or a tier ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Passed,
    Skipped,
    Failed,
}

impl State {
    fn text(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Skipped => "SKIPPED",
            Self::Failed => "FAILED",
        }
    }
}

#[derive(Debug)]
struct Row {
    tier: &'static str,
    step: String,
    state: State,
    took: Duration,
    note: String,
    failures: Vec<String>,
}

/// The outcomes so far, in order.
#[derive(Debug)]
pub(crate) struct Report {
    is_skip_a_failure: bool,
    rows: Vec<Row>,
    tally: Tally,
}

impl Report {
    /// An empty report; the flag tells whether a skipped step makes the whole a failure.
    pub(crate) fn new(is_skip_a_failure: bool) -> Self {
        Self { is_skip_a_failure, rows: Vec::new(), tally: Tally::default() }
    }

    /// Runs a step and keeps its outcome; true when it passed.
    pub(crate) fn step(
        &mut self,
        tier: &'static str,
        step: &str,
        work: impl FnOnce() -> anyhow::Result<Outcome>,
    ) -> bool {
        println!("\n=== {tier}: {step}");
        let started = Instant::now();
        let outcome = work();
        let took = started.elapsed();
        let (state, note, failures) = self.count(outcome);
        if !note.is_empty() {
            eprintln!("{}: {note}", state.text());
        }
        self.rows.push(Row { tier, step: step.to_owned(), state, took, note, failures });
        state == State::Passed
    }

    /// True when nothing failed, and nothing was skipped that must not be.
    pub(crate) fn is_success(&self) -> bool {
        let worst = self.rows.iter().map(|row| row.state).max();
        match worst {
            Some(State::Passed) => true,
            Some(State::Skipped) => !self.is_skip_a_failure,
            Some(State::Failed) | None => false,
        }
    }

    /// Prints the table, what failed by name, and as the last line how many tests ran.
    pub(crate) fn print(&self) {
        println!("\n{:<34}{:<9}{:>8}", "tier", "state", "seconds");
        let mut rows = self.rows.as_slice();
        while let Some(first) = rows.first() {
            let n_steps = rows.iter().take_while(|row| row.tier == first.tier).count();
            let (tier, rest) = rows.split_at(n_steps);
            print_tier(first.tier, tier);
            rows = rest;
        }
        println!();
        for row in self.rows.iter().filter(|row| row.state == State::Failed) {
            print_failures(row);
        }
        let Tally { n_passed, n_failed, n_skipped } = self.tally;
        println!("{n_passed} passed, {n_failed} failed, {n_skipped} skipped");
    }

    /// A step that counts no tests of its own is one check; a failed one counts at least one failure.
    fn count(&mut self, outcome: anyhow::Result<Outcome>) -> (State, String, Vec<String>) {
        let (state, Heard { tally: counted, failures }, note) = match outcome {
            Ok(Outcome::Ran(Ended { is_success, heard })) => {
                let is_passed = is_success && heard.tally.is_none_or(|tally| tally.n_failed == 0);
                (if is_passed { State::Passed } else { State::Failed }, heard, String::new())
            }
            Ok(Outcome::Skipped(note)) => (State::Skipped, Heard::default(), note),
            Err(error) => (State::Failed, Heard::default(), format!("{error:#}")),
        };
        let mut tally = counted.unwrap_or_default();
        match state {
            State::Passed if counted.is_none() => tally.n_passed = 1,
            State::Failed => tally.n_failed = tally.n_failed.max(1),
            State::Skipped => tally.n_skipped = 1,
            State::Passed => {}
        }
        self.tally = self.tally.plus(tally);
        (state, note, failures.into_iter().collect())
    }
}

fn print_tier(name: &str, rows: &[Row]) {
    let worst = rows.iter().map(|row| row.state).max().unwrap_or(State::Passed);
    print_row(name, worst, rows.iter().map(|row| row.took).sum());
    for row in rows {
        print_row(&format!("  {}", row.step), row.state, row.took);
        for line in row.note.lines().filter(|_| row.state == State::Skipped) {
            println!("      {line}");
        }
    }
}

fn print_failures(row: &Row) {
    let Row { tier, step, note, failures, .. } = row;
    for what in failures.iter().map(String::as_str).chain(note.lines().next()) {
        println!("failed in {tier}, {step}: {what}");
    }
}

fn print_row(name: &str, state: State, took: Duration) {
    println!("{name:<34}{:<9}{:>8.1}", state.text(), took.as_secs_f64());
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Report};
    use crate::process::{Ended, Heard};
    use crate::tally::Tally;

    fn ran(is_success: bool, n_failed: u64) -> anyhow::Result<Outcome> {
        let tally = Some(Tally { n_passed: 3, n_failed, n_skipped: 0 });
        Ok(Outcome::Ran(Ended { is_success, heard: Heard { tally, ..Heard::default() } }))
    }

    fn check(is_skip_a_failure: bool, outcome: anyhow::Result<Outcome>, is_success: bool, n_failed: u64) {
        let mut report = Report::new(is_skip_a_failure);
        report.step("core", "first", || ran(true, 0));
        report.step("core", "second", || outcome);
        assert_eq!((report.is_success(), report.tally.n_failed), (is_success, n_failed));
    }

    #[test]
    fn any_failure_fails_the_whole() {
        check(false, ran(true, 0), true, 0);
        check(false, ran(false, 0), false, 1);
        check(false, ran(true, 2), false, 2);
        check(false, Err(anyhow::anyhow!("no such program")), false, 1);
    }

    #[test]
    fn a_skip_fails_only_where_that_is_asked_for() {
        check(false, Ok(Outcome::Skipped("install it".to_owned())), true, 0);
        check(true, Ok(Outcome::Skipped("install it".to_owned())), false, 0);
    }

    #[test]
    fn running_nothing_is_no_success() {
        assert!(!Report::new(false).is_success());
    }
}
