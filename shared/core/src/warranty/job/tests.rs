use super::{Half, Job, JobKind, JobState, Stop};
use crate::warranty::apply::Phase;
use crate::warranty::approval::Approval;
use crate::warranty::canary::Proof;
use crate::warranty::journal::Entry;
use crate::warranty::journal::tests::entry;

fn job(kind: JobKind) -> Job {
    Job::queued(kind, ("p", "h"), Approval::default(), "jane@acme.example", 1_000)
}

#[test]
fn a_record_that_changed_turns_the_job_round() {
    let mut job = job(JobKind::Apply);
    assert_eq!(job.n_canaries_left(), Some(3));
    job.note_canary(7, Proof { changed_fields: Vec::new(), shows_date: true }, 2_000);
    assert_eq!((job.kind, job.n_canaries_left()), (JobKind::Apply, Some(2)));
    job.note_canary(8, Proof { changed_fields: vec!["notes".to_owned()], shows_date: true }, 3_000);
    assert_eq!((job.kind, job.asked_at_ms, job.n_canaries_left()), (JobKind::Undo, 3_000, None));
    job.end(None, 4_000);
    assert_eq!((job.state, job.stop, job.is_over()), (JobState::Stopped, Some(Stop::Canary), true));
}

#[test]
fn each_half_has_its_aim() {
    let check = |kind, entry: &Entry, want: Option<(Half, &str)>| {
        let aim = job(kind).aim(entry);
        assert_eq!(aim.as_ref().map(|aim| (aim.half, aim.phase.name())), want, "{entry:?}");
    };
    let planned = Entry { phase: Phase::START, undo: None, ..entry() };
    let written = Entry { undo: None, ..entry() };
    check(JobKind::Apply, &planned, Some((Half::Write, "planned")));
    check(JobKind::Apply, &written, None);
    check(JobKind::Undo, &planned, None);
    check(JobKind::Undo, &written, Some((Half::Undo, "planned")));
    check(JobKind::Undo, &entry(), None);
    assert_eq!((written.ours(), planned.ours()), (written.change.to, None));
}

#[test]
fn a_changed_record_takes_back_this_jobs_rows_alone() {
    let mut job = job(JobKind::Apply);
    job.note_canary(8, Proof { changed_fields: vec!["notes".to_owned()], shows_date: true }, 3_000);
    let mine = Entry { run_id: job.id.clone(), undo: None, ..entry() };
    let others = Entry { run_id: "0-apply".to_owned(), ..mine.clone() };
    assert_eq!((job.aim(&mine).is_some(), job.aim(&others)), (true, None));
    assert!(job.words().unwrap().contains("is being taken back"));
    job.end(None, 4_000);
    job.n_by_phase = [("verified".to_owned(), 1), ("not_written".to_owned(), 9)].into();
    assert!(job.words().unwrap().contains("what was written was taken back"));
    job.n_by_phase.insert("planned".to_owned(), 1);
    assert!(job.words().unwrap().contains("not all that was written"));
}

#[test]
fn writes_in_vain_end_it_while_nothing_is_proven() {
    let mut job = job(JobKind::Apply);
    let vain = Entry {
        run_id: job.id.clone(),
        written_at_ms: Some(7),
        phase: Phase::Touched,
        undo: None,
        ..entry()
    };
    let not_sent = Entry { written_at_ms: None, ..vain.clone() };
    let of_others = Entry { run_id: "0-apply".to_owned(), ..vain.clone() };
    let check = |job: &Job, entries: &[&Entry], want| {
        assert_eq!(job.is_in_vain(entries.iter().copied()), want, "{entries:?}");
    };
    check(&job, &[&vain, &vain], false);
    check(&job, &[&vain, &not_sent, &vain, &of_others], false);
    check(&job, &[&vain, &not_sent, &vain, &vain], true);
    for id in 0..3 {
        job.note_canary(id, Proof { changed_fields: Vec::new(), shows_date: true }, 2_000);
    }
    check(&job, &[&vain, &vain, &vain, &vain], false);
}

#[test]
fn nights_follow_by_themselves_after_all_of_a_plan_held() {
    let done = |kind, all, n_verified: u64| {
        let mut job = Job { approval: Approval { all, ..Approval::default() }, ..job(kind) };
        job.n_by_phase = [("verified".to_owned(), n_verified)].into();
        job.end(None, 4_000);
        job
    };
    assert_eq!(done(JobKind::Apply, true, 3).trust_after(true), Some(true));
    assert_eq!(done(JobKind::Apply, true, 3).trust_after(false), None);
    assert_eq!(done(JobKind::Apply, false, 3).trust_after(true), None);
    assert_eq!(done(JobKind::Apply, true, 0).trust_after(true), None);
    assert_eq!(done(JobKind::Undo, true, 3).trust_after(true), Some(false));
    let mut stopped = job(JobKind::Undo);
    stopped.end(Some(Stop::Credentials), 4_000);
    assert_eq!(stopped.trust_after(true), Some(false), "also an undo that did not come about");
}

#[test]
fn failures_in_a_row_end_it() {
    let mut job = job(JobKind::Apply);
    for _ in 0..20 {
        job.wait_after_failure(5);
        assert_eq!(job.state, JobState::Waiting);
    }
    job.wait_after_failure(5);
    assert_eq!((job.state, job.stop), (JobState::Stopped, Some(Stop::Unreachable)));
    let mut job = Job::queued(JobKind::Apply, ("p", "h"), Approval::default(), "jane", 1_000);
    for _ in 0..=5 {
        assert!(!job.is_over());
        job.wait_after_unclear(5);
    }
    assert_eq!((job.state, job.stop), (JobState::Stopped, Some(Stop::Unreachable)));
}
