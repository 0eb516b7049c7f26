//! What a row needs next: a reading, a wait, a line in the journal, a PATCH.

use jiff::Timestamp;
use jiff::civil::Date;

use super::phase::{Attempt, Change, Failure, Phase};
use crate::wire::HeldDate;

/// A PATCH is not sent later than this after its intention was journalled; see [`may_send`](super::may_send).
pub const SEND_WITHIN_MS: u64 = 10_000;
/// Autotask gives up a request after five minutes (REST guide, «best practices»).
const EXECUTION_LIMIT_MS: u64 = 300_000;
/// Clocks of two workers may differ by so much.
const CLOCK_MARGIN_MS: u64 = 20_000;
/// So long after its intention a PATCH can no longer take effect.
pub const SETTLES_AFTER_MS: u64 = SEND_WITHIN_MS + EXECUTION_LIMIT_MS + CLOCK_MARGIN_MS;
/// So long after an answer a reading may still show what was there before.
pub const LAG_MS: u64 = 10_000;
/// A reading older than this decides no write.
pub const READING_LASTS_MS: u64 = 120_000;
/// A record that cannot be read after a PATCH is looked at for so long.
pub const UNREADABLE_LASTS_MS: u64 = 3_600_000;
/// And so often.
const UNREADABLE_PAUSE_MS: u64 = 120_000;
/// Most PATCHes of one row that were sent without taking effect.
const MAX_SENDS: u32 = 8;

/// What a reading found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The record.
    Record {
        /// Its warranty date.
        date: Option<Date>,
        /// When it was last edited.
        stamp: Option<Timestamp>,
    },
    /// The record, and its warranty date cannot be read.
    Unreadable,
    /// No record of this id.
    Gone,
}

impl Found {
    /// From what was read; none if the answer did not hold the record.
    #[must_use]
    pub fn of(held: Option<&HeldDate>) -> Self {
        held.map_or(Self::Gone, |held| Self::Record {
            date: held.warranty_expiration_date,
            stamp: held.last_modified_time,
        })
    }
}

/// A reading and when it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What was found.
    pub found: Found,
    /// When the request left.
    pub read_at_ms: u64,
}

/// What the caller does next with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read the record, then ask again.
    Read,
    /// Ask again then; other rows may go on.
    Wait {
        /// When.
        until_ms: u64,
    },
    /// Journal this phase.
    Record(Phase),
    /// Journal this intention; if [`may_send`](super::may_send) still allows it, send the PATCH and give the answer to
    /// [`answered`](super::answered).
    Write(Phase),
    /// Nothing: the row is at its end.
    Done,
}

/// What a row needs next, from what the journal says and what was last read.
#[must_use]
pub fn next(phase: &Phase, change: &Change, seen: Option<&Seen>, now_ms: u64) -> Step {
    match phase {
        Phase::Planned { read_from_ms, .. } if now_ms < *read_from_ms => {
            Step::Wait { until_ms: *read_from_ms }
        }
        Phase::Planned { n_sends, read_from_ms } => {
            let seen = seen.filter(|seen| seen.read_at_ms >= *read_from_ms);
            begin(*n_sends, change, seen, now_ms)
        }
        Phase::Intended(attempt) | Phase::Ambiguous(attempt) => settle(attempt, change, seen, now_ms),
        Phase::Refused { attempt, reason } => {
            let failure = Failure::Refused { reason: reason.clone() };
            confirm(attempt, change, seen, now_ms, failure)
        }
        Phase::Sent(attempt) => confirm(attempt, change, seen, now_ms, Failure::NotTaken),
        Phase::Verified { .. }
        | Phase::AlreadyThere
        | Phase::Moved { .. }
        | Phase::Touched
        | Phase::Failed(_) => Step::Done,
    }
}

fn begin(n_sends: u32, change: &Change, seen: Option<&Seen>, now_ms: u64) -> Step {
    let fresh = seen.filter(|seen| seen.read_at_ms + READING_LASTS_MS >= now_ms);
    let Some(Seen { found, .. }) = fresh else { return Step::Read };
    match *found {
        Found::Gone => Step::Record(Phase::Failed(Failure::Gone)),
        Found::Unreadable => Step::Record(Phase::Failed(Failure::Unreadable)),
        Found::Record { date, .. } if date == change.to => Step::Record(Phase::AlreadyThere),
        Found::Record { date, .. } if date != change.from => Step::Record(Phase::Moved { found: date }),
        Found::Record { .. } if n_sends >= MAX_SENDS => Step::Record(Phase::Failed(Failure::GaveUp)),
        Found::Record { stamp, .. } => {
            Step::Write(Phase::Intended(Attempt { at_ms: now_ms, stamp, n_sends: n_sends + 1 }))
        }
    }
}

/// Finds out whether a PATCH without a clear answer took effect.
fn settle(attempt: &Attempt, change: &Change, seen: Option<&Seen>, now_ms: u64) -> Step {
    // Anything but our date may still be overtaken by the PATCH that is under way.
    let settled_at_ms = attempt.at_ms + SETTLES_AFTER_MS;
    let ours = Phase::Verified { quiet_from_ms: settled_at_ms };
    judge(
        attempt,
        change,
        seen,
        now_ms,
        &Judgement { valid_from_ms: settled_at_ms, ours, untouched: Phase::again(attempt, attempt.n_sends) },
    )
}

/// Finds out whether a PATCH did what its answer says. `failure` is the end if it shows nothing of it.
fn confirm(attempt: &Attempt, change: &Change, seen: Option<&Seen>, now_ms: u64, failure: Failure) -> Step {
    judge(
        attempt,
        change,
        seen,
        now_ms,
        &Judgement {
            valid_from_ms: attempt.at_ms + LAG_MS,
            ours: Phase::Verified { quiet_from_ms: attempt.at_ms },
            untouched: Phase::Failed(failure),
        },
    )
}

/// What follows from a reading after a PATCH.
struct Judgement {
    /// Before this instant only our own date proves anything.
    valid_from_ms: u64,
    /// Our date is there.
    ours: Phase,
    /// The record is proven to be as it was.
    untouched: Phase,
}

fn judge(
    attempt: &Attempt,
    change: &Change,
    seen: Option<&Seen>,
    now_ms: u64,
    judgement: &Judgement,
) -> Step {
    let Judgement { valid_from_ms, ours, untouched } = judgement;
    let Some(seen) = seen.filter(|seen| seen.read_at_ms > attempt.at_ms) else { return Step::Read };
    let is_early = seen.read_at_ms < *valid_from_ms;
    match seen.found {
        Found::Record { date, .. } if date == change.to => Step::Record(ours.clone()),
        _ if is_early && now_ms < *valid_from_ms => Step::Wait { until_ms: *valid_from_ms },
        _ if is_early => Step::Read,
        Found::Unreadable => look_again(attempt, seen, now_ms),
        Found::Gone => Step::Record(Phase::Failed(Failure::Gone)),
        Found::Record { date, .. } if date != change.from => Step::Record(Phase::Moved { found: date }),
        Found::Record { stamp, .. } if stamp != attempt.stamp => Step::Record(Phase::Touched),
        Found::Record { .. } => Step::Record(untouched.clone()),
    }
}

/// Somebody may be editing the record; what cannot be read for long is told, and left to a person.
fn look_again(attempt: &Attempt, seen: &Seen, now_ms: u64) -> Step {
    let until_ms = seen.read_at_ms + UNREADABLE_PAUSE_MS;
    match now_ms {
        _ if seen.read_at_ms >= attempt.at_ms + UNREADABLE_LASTS_MS => {
            Step::Record(Phase::Failed(Failure::Unreadable))
        }
        now_ms if now_ms < until_ms => Step::Wait { until_ms },
        _ => Step::Read,
    }
}
