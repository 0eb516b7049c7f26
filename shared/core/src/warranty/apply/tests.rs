//! Each step of a row by table.

use jiff::civil::Date;

use super::{
    Attempt, Change, Failure, Found, Halt, LAG_MS, Phase, READING_LASTS_MS, SEND_WITHIN_MS, SETTLES_AFTER_MS,
    Seen, Step, UNREADABLE_LASTS_MS, Undo, answered, may_send, next, not_sent, undo,
};
use crate::retry::Meaning;

const NOW_MS: u64 = 10_000_000;

fn day(text: &str) -> Option<Date> {
    Some(text.parse().unwrap())
}

fn change() -> Change {
    Change { from: day("2026-05-01"), to: day("2027-05-01") }
}

fn seen(date: Option<Date>, stamp_s: i64, read_at_ms: u64) -> Seen {
    let stamp = Some(jiff::Timestamp::from_second(stamp_s).unwrap());
    Seen { found: Found::Record { date, stamp }, read_at_ms }
}

fn attempt(at_ms: u64) -> Attempt {
    Attempt { at_ms, stamp: Some(jiff::Timestamp::from_second(1).unwrap()), n_sends: 1 }
}

fn check(phase: &Phase, seen: Option<Seen>, want: Step) {
    assert_eq!(next(phase, &change(), seen.as_ref(), NOW_MS), want, "{phase:?} {seen:?}");
}

fn planned(n_sends: u32, read_from_ms: u64) -> Phase {
    Phase::Planned { n_sends, read_from_ms }
}

fn verified(quiet_from_ms: u64) -> Phase {
    Phase::Verified { quiet_from_ms }
}

#[test]
fn a_planned_row_is_written_only_where_a_fresh_reading_shows_the_old_date() {
    let (from, to) = (change().from, change().to);
    check(&Phase::START, None, Step::Read);
    check(&Phase::START, Some(seen(from, 1, NOW_MS - READING_LASTS_MS - 1)), Step::Read);
    check(&Phase::START, Some(seen(from, 1, NOW_MS)), Step::Write(Phase::Intended(attempt(NOW_MS))));
    check(&Phase::START, Some(seen(to, 1, NOW_MS)), Step::Record(Phase::AlreadyThere));
    check(&Phase::START, Some(seen(None, 1, NOW_MS)), Step::Record(Phase::Moved { found: None }));
    let gone = Some(Seen { found: Found::Gone, read_at_ms: NOW_MS });
    check(&Phase::START, gone, Step::Record(Phase::Failed(Failure::Gone)));
    check(&planned(8, 0), Some(seen(from, 1, NOW_MS)), Step::Record(Phase::Failed(Failure::GaveUp)));
}

#[test]
fn an_intention_without_an_end_is_settled_by_a_reading_after_autotasks_limit() {
    let (from, to, other) = (change().from, change().to, day("2030-01-01"));
    let late_ms = NOW_MS - SETTLES_AFTER_MS;
    for (recent, late) in [
        (Phase::Intended(attempt(NOW_MS - 1)), Phase::Intended(attempt(late_ms))),
        (Phase::Ambiguous(attempt(NOW_MS - 1)), Phase::Ambiguous(attempt(late_ms))),
    ] {
        let until_ms = NOW_MS - 1 + SETTLES_AFTER_MS;
        check(&recent, None, Step::Read);
        check(&recent, Some(seen(from, 1, NOW_MS - 2)), Step::Read);
        check(&recent, Some(seen(from, 1, NOW_MS)), Step::Wait { until_ms });
        check(&recent, Some(seen(other, 2, NOW_MS)), Step::Wait { until_ms });
        check(&recent, Some(seen(to, 2, NOW_MS)), Step::Record(verified(until_ms)));
        check(&late, Some(seen(from, 1, NOW_MS - 5)), Step::Read);
        check(&late, Some(seen(from, 1, NOW_MS)), Step::Record(planned(1, late_ms)));
        check(&late, Some(seen(from, 2, NOW_MS)), Step::Record(Phase::Touched));
        check(&late, Some(seen(other, 2, NOW_MS)), Step::Record(Phase::Moved { found: other }));
    }
}

#[test]
fn an_answer_is_believed_only_when_a_reading_shows_it() {
    let (from, to, other) = (change().from, change().to, day("2030-01-01"));
    let sent = Phase::Sent(attempt(NOW_MS - LAG_MS));
    let refused = Phase::Refused { attempt: attempt(NOW_MS - LAG_MS), reason: "no".to_owned() };
    check(&sent, Some(seen(to, 2, NOW_MS)), Step::Record(verified(NOW_MS - LAG_MS)));
    check(&sent, Some(seen(from, 1, NOW_MS - 1)), Step::Read);
    check(&sent, Some(seen(from, 1, NOW_MS)), Step::Record(Phase::Failed(Failure::NotTaken)));
    check(&sent, Some(seen(from, 2, NOW_MS)), Step::Record(Phase::Touched));
    check(&sent, Some(seen(other, 2, NOW_MS)), Step::Record(Phase::Moved { found: other }));
    check(&refused, Some(seen(to, 2, NOW_MS)), Step::Record(verified(NOW_MS - LAG_MS)));
    let failed = Phase::Failed(Failure::Refused { reason: "no".to_owned() });
    check(&refused, Some(seen(from, 1, NOW_MS)), Step::Record(failed));
    let fresh = Phase::Sent(attempt(NOW_MS - 1));
    check(&fresh, Some(seen(from, 1, NOW_MS)), Step::Wait { until_ms: NOW_MS - 1 + LAG_MS });
}

#[test]
fn what_cannot_be_read_after_a_write_is_looked_at_for_an_hour_and_then_told() {
    let unreadable = |read_at_ms| Some(Seen { found: Found::Unreadable, read_at_ms });
    let failed = Step::Record(Phase::Failed(Failure::Unreadable));
    check(&Phase::START, unreadable(NOW_MS), failed.clone());
    let recent = Phase::Sent(attempt(NOW_MS - 300_000));
    check(&recent, unreadable(NOW_MS), Step::Wait { until_ms: NOW_MS + 120_000 });
    check(&recent, unreadable(NOW_MS - 120_000), Step::Read);
    let long_ago = NOW_MS - UNREADABLE_LASTS_MS;
    for phase in [Phase::Sent(attempt(long_ago)), Phase::Ambiguous(attempt(long_ago))] {
        check(&phase, unreadable(NOW_MS), failed.clone());
        check(&phase, unreadable(NOW_MS - 1), Step::Wait { until_ms: NOW_MS - 1 + 120_000 });
    }
}

#[test]
fn nothing_follows_an_end() {
    for end in [
        verified(0),
        Phase::AlreadyThere,
        Phase::Moved { found: None },
        Phase::Touched,
        Phase::Failed(Failure::GaveUp),
    ] {
        assert!(end.is_end());
        check(&end, Some(seen(change().from, 1, NOW_MS)), Step::Done);
    }
}

#[test]
fn each_answer_has_its_phase_and_may_stop_the_run() {
    let intention = Phase::Intended(attempt(NOW_MS));
    let check = |meaning: Meaning, want: Phase, halt| {
        assert_eq!(answered(&intention, &meaning, "no", NOW_MS + 7), (want, halt), "{meaning:?}");
    };
    let answer = attempt(NOW_MS + 7);
    check(Meaning::Success, Phase::Sent(answer), None);
    check(Meaning::Refused, Phase::Refused { attempt: answer, reason: "no".to_owned() }, None);
    check(Meaning::Transient, Phase::Ambiguous(attempt(NOW_MS)), None);
    check(Meaning::ThreadLimit, planned(0, NOW_MS), None);
    check(Meaning::HourlyLimit { retry_after_ms: None }, planned(0, NOW_MS), Some(Halt::HourlyLimit));
    check(Meaning::UnclearLimit { retry_after_ms: None }, planned(0, NOW_MS), Some(Halt::HourlyLimit));
    check(Meaning::Unauthorized, planned(0, NOW_MS), Some(Halt::Credentials));
    check(Meaning::BadIntegrationCode, planned(0, NOW_MS), Some(Halt::Credentials));
    check(Meaning::Forbidden, planned(0, NOW_MS), Some(Halt::RightMissing));
    check(Meaning::NotFound, planned(0, NOW_MS), Some(Halt::RouteMissing));
}

#[test]
fn an_intention_that_is_too_old_is_not_sent() {
    let intention = Phase::Intended(attempt(NOW_MS));
    assert!(may_send(&intention, NOW_MS + SEND_WITHIN_MS));
    assert!(!may_send(&intention, NOW_MS + SEND_WITHIN_MS + 1));
    assert!(!may_send(&Phase::START, NOW_MS));
    assert_eq!(not_sent(&intention), planned(0, NOW_MS));
}

#[test]
fn only_what_is_verified_is_undone() {
    let back = Change { from: change().to, to: change().from };
    let begins = |quiet_from_ms, read_from_ms| {
        let want = Undo::Write { change: back, phase: planned(0, read_from_ms) };
        assert_eq!(undo(&verified(quiet_from_ms), &change(), NOW_MS), want);
    };
    begins(NOW_MS, NOW_MS + LAG_MS);
    begins(NOW_MS + 2 * LAG_MS, NOW_MS + 2 * LAG_MS);
    assert_eq!(undo(&Phase::Sent(attempt(1)), &change(), NOW_MS), Undo::SettleFirst);
    assert_eq!(undo(&Phase::Intended(attempt(1)), &change(), NOW_MS), Undo::SettleFirst);
    for phase in [Phase::START, Phase::AlreadyThere, Phase::Moved { found: None }, Phase::Touched] {
        assert_eq!(undo(&phase, &change(), NOW_MS), Undo::Nothing);
    }
    let start = planned(0, NOW_MS + LAG_MS);
    check(&start, Some(seen(change().from, 1, NOW_MS)), Step::Wait { until_ms: NOW_MS + LAG_MS });
    let due = planned(0, NOW_MS);
    check(&due, Some(seen(change().from, 1, NOW_MS - 1)), Step::Read);
}

#[test]
fn the_journal_reads_what_it_wrote() {
    let phases = [
        Phase::START,
        Phase::Intended(attempt(5)),
        Phase::Refused { attempt: attempt(5), reason: "no".to_owned() },
        Phase::Moved { found: day("2027-01-01") },
        Phase::Failed(Failure::Refused { reason: "no".to_owned() }),
    ];
    for phase in phases {
        let json = serde_json::to_value(&phase).unwrap();
        assert_eq!(json["phase"], phase.name());
        assert_eq!(serde_json::from_value::<Phase>(json).unwrap(), phase);
    }
}
