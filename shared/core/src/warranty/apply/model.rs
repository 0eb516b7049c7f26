//! The laws of writing and taking back, on a model that is as unkind as the network.
//!
//! Every case is a seed. The laws are checked on what the model itself recorded.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::world::{Faults, Worker, World};
use super::{Change, Failure, Phase, Undo, undo};

const N_CASES: u64 = 12_000;

fn is_verified(phase: &Phase) -> bool {
    matches!(phase, Phase::Verified { .. })
}

fn law(holds: bool, what: &str, world: &World, id: i64) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{what}: {:?} {:?}", world.journal[&id], world.items[&id])) }
}

/// What must hold after a run.
///
/// What was applied may still land while it is waited for before an undo, so our versions are told apart by their date.
fn check_laws(world: &World) -> Result<(), String> {
    for (&id, item) in &world.items {
        let (change, phase) = &world.journal[&id];
        let ours: Vec<_> = item.ours().into_iter().filter(|version| version.after == change.to).collect();
        let check = |holds, what| law(holds, what, world, id);
        check(ours.len() <= 1, "more than one PATCH took effect")?;
        if !world.faults.has_races {
            check(ours.iter().all(|version| version.before != version.after), "a version without a change")?;
            check(
                ours.iter().all(|version| version.before == change.from),
                "somebody else's date overwritten",
            )?;
        }
        let is_untouched = matches!(phase, Phase::AlreadyThere | Phase::Failed(_));
        check(!is_untouched || ours.is_empty(), "a row that was not written was written")?;
        if !world.faults.has_editors {
            let is_refused = world.refused.contains(&id);
            let failed = Phase::Failed(Failure::Refused { reason: "no".to_owned() });
            check(if is_refused { *phase == failed } else { is_verified(phase) }, "not the planned end")?;
            check(item.date == if is_refused { change.from } else { change.to }, "not the planned date")?;
            check(ours.len() == usize::from(!is_refused), "versions differ from dates changed")?;
        }
    }
    Ok(())
}

/// Applies, lets others edit, takes everything back, and checks the laws of both.
///
/// Answers the ends of the rows.
fn run_case(seed: u64, faults: Faults, worker: Worker) -> Result<BTreeSet<&'static str>, String> {
    let mut world = World::new(seed, faults, worker);
    world.run()?;
    check_laws(&world)?;
    for (&id, item) in &world.items {
        let is_planned = item.ours().iter().all(|version| version.after == world.journal[&id].0.to);
        law(is_planned, "another date than the planned one", &world, id)?;
    }
    let n_edits = if faults.has_editors { world.dice.below(4) } else { 0 };
    (0..n_edits).for_each(|_| world.edit());
    let ends = world.journal.values().map(|(_, phase)| phase.name()).collect();
    take_back(&mut world)?;
    Ok(ends)
}

fn take_back(world: &mut World) -> Result<(), String> {
    let applied = std::mem::take(&mut world.journal);
    let held: BTreeMap<i64, Option<Date>> = world.items.iter().map(|(&id, item)| (id, item.date)).collect();
    for (&id, (change, phase)) in &applied {
        let entry = match undo(phase, change, world.now_ms) {
            Undo::Write { change, phase } => (change, phase),
            Undo::Nothing => (change.turned_round(), Phase::AlreadyThere),
            Undo::SettleFirst => return Err(format!("{id} is not settled")),
        };
        world.journal.insert(id, entry);
    }
    world.refused.clear();
    world.run()?;
    world.pass(600_000);
    check_undo(world, &applied, &held)?;
    let undone: Vec<i64> =
        applied.iter().filter(|(_, (_, phase))| is_verified(phase)).map(|(&id, _)| id).collect();
    world.items.retain(|id, _| undone.contains(id));
    check_laws(world)
}

/// Without editors every row holds its old date again; with them only what held ours was touched.
fn check_undo(
    world: &World,
    applied: &BTreeMap<i64, (Change, Phase)>,
    held: &BTreeMap<i64, Option<Date>>,
) -> Result<(), String> {
    for (&id, item) in &world.items {
        let (change, applied) = &applied[&id];
        let n_taken_back = item.ours().iter().filter(|version| version.after == change.from).count();
        let (was_ours, is_quiet) = (is_verified(applied), !world.faults.has_editors);
        let check = |holds, what| law(holds, what, world, id);
        check(!is_quiet || item.date == change.from, "not restored")?;
        check(was_ours || n_taken_back == 0, "taken back what was not ours")?;
        let is_last = item.ours().last().is_some_and(|version| version.after == change.from);
        check(n_taken_back == 0 || is_last, "what was taken back came again")?;
        check(!is_quiet || held[&id] == if was_ours { change.to } else { change.from }, "not applied")?;
        let left = matches!(world.journal[&id].1, Phase::Moved { found } if found == change.to);
        check(!left, "left although Autotask holds ours")?;
    }
    Ok(())
}

const KIND: Faults = Faults { has_editors: false, has_races: false, has_refusals: true };
const BUSY: Faults = Faults { has_editors: true, has_races: false, has_refusals: true };
const RACY: Faults = Faults { has_editors: true, has_races: true, has_refusals: false };

fn check(faults: Faults, want_ends: &[&str]) {
    let mut ends = BTreeSet::new();
    for seed in 0..N_CASES {
        let result = run_case(seed, faults, Worker::Careful);
        ends.extend(result.unwrap_or_else(|law| panic!("seed {seed} {faults:?}: {law}")));
    }
    assert!(ends.into_iter().eq(want_ends.iter().copied()), "not every end was seen");
}

#[test]
fn crashes_and_lost_answers_change_nothing_about_the_result() {
    check(KIND, &["failed", "verified"]);
}

#[test]
fn other_editors_are_never_overwritten_and_nothing_is_written_twice() {
    check(BUSY, &["already_there", "failed", "moved", "touched", "verified"]);
}

#[test]
fn edits_between_reading_and_writing_never_make_us_write_twice() {
    check(RACY, &["already_there", "moved", "touched", "verified"]);
}

#[test]
fn a_worker_that_forgets_a_rule_breaks_the_laws() {
    for worker in [Worker::Impatient, Worker::BlindToStamps] {
        let n_broken = (0..2_000).filter(|&seed| run_case(seed, BUSY, worker).is_err()).count();
        assert!(n_broken > 0, "{worker:?} was not found out");
    }
}
