//! Runs with everything going wrong at once, by seed: applied is what was planned, once each, and nothing else changes.

use std::collections::{BTreeMap, BTreeSet};

use autotask_simulator::{CallKind, Entity, Fault as SourceFault, FaultAction, RetryAfter};
use fastrand::Rng;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::calls::TENANT;
use super::cut::{Cut, Fault};
use super::world::{MINUTE_MS, World, doorbell_for};
use super::writeback_world::{Truth, some_assets};

const ASSETS: Entity = Entity::ConfigurationItems;
/// Runs in all.
const N_RUNS: u64 = 200;
/// Worlds at once, each with its share of the runs.
const N_WORLDS: u64 = 20;
const N_ROWS: usize = 50;
/// A worker that dies leaves its lease behind, and unclear answers are settled after six minutes.
const MAX_MINUTES: u32 = 240;
/// Two jobs, each of which may take so long.
const LONGEST_RUN_MS: i64 = 4 * 240 * MINUTE_MS;

/// What people did meanwhile, by asset: edits, and the dates that they chose.
#[derive(Debug, Default)]
struct Meanwhile {
    n_edits: BTreeMap<i64, u32>,
    dates: BTreeMap<i64, String>,
    notes: BTreeSet<i64>,
}

fn any_action(rng: &mut Rng) -> (FaultAction, bool) {
    let errors = |message: &str| FaultAction::Errors { message: message.to_owned() };
    let performed = rng.bool();
    match rng.u8(..7) {
        0 => (FaultAction::Status { status: 500 }, performed),
        1 => (FaultAction::Html { status: 502 }, performed),
        2 => (FaultAction::DropConnection, false),
        3 => (FaultAction::TruncatedJson, false),
        4 => (errors("Too many concurrent threads for this endpoint."), false),
        5 => (FaultAction::TooMany { retry_after: RetryAfter::Seconds(1) }, false),
        _ => (FaultAction::Html200, performed),
    }
}

/// Orders faults of Autotask for one run.
fn order_faults(world: &World, rng: &mut Rng) {
    world.control.clear_faults();
    for _ in 0..rng.u8(1..4) {
        let (action, is_performed) = any_action(rng);
        let fault = SourceFault::on(ASSETS, action).call(CallKind::Patch).nth(rng.u64(1..40));
        world.control.add_fault(SourceFault { is_performed, ..fault });
    }
    if rng.u8(..4) == 0 {
        let fault = SourceFault::on(ASSETS, FaultAction::TruncatedJson).nth(rng.u64(1..5));
        world.control.add_fault(fault);
    }
}

/// Somebody edits assets between two visits of the worker.
fn edit(world: &World, rng: &mut Rng, ids: &[i64], meanwhile: &mut Meanwhile) {
    for _ in 0..rng.u8(..3) {
        let id = ids[rng.usize(..ids.len())];
        *meanwhile.n_edits.entry(id).or_default() += 1;
        if rng.bool() {
            let date = format!("2027-{:02}-{:02}", rng.u8(1..13), rng.u8(1..29));
            world.control.update(ASSETS, id, json!({"warrantyExpirationDate": date})).unwrap();
            meanwhile.dates.insert(id, date);
        } else {
            world.control.update(ASSETS, id, json!({"notes": "edited"})).unwrap();
            meanwhile.notes.insert(id);
        }
    }
}

/// One visit of a worker: one that dies, one that hears nothing, two at once, or one in good health.
async fn visit(world: &World, rng: &mut Rng) {
    let doorbell = || doorbell_for(TENANT);
    match rng.u8(..6) {
        0 => world.write_back_mortal(&Cut::at(Fault::Death, rng.usize(1..60)), doorbell()).await,
        1 => world.write_back_mortal(&Cut::at(Fault::LostAnswer, rng.usize(1..60)), doorbell()).await,
        2 => {
            let both = tokio::join!(world.ring_write_back(), world.ring_write_back());
            assert_eq!(both.0, json!({"batchItemFailures": []}));
        }
        _ => drop(world.ring_write_back().await),
    }
}

async fn is_over(world: &World, plan: &Value) -> bool {
    let job = world.job(plan).await;
    job["state"] == "done" || job["state"] == "stopped"
}

/// Works on a job with everything going wrong, until it is over.
async fn struggle(world: &World, rng: &mut Rng, plan: &Value, ids: &[i64], meanwhile: &mut Meanwhile) {
    for minute in 0..MAX_MINUTES {
        visit(world, rng).await;
        if is_over(world, plan).await {
            return;
        }
        // In the end it is let finish.
        if minute < 20 && !ids.is_empty() {
            edit(world, rng, ids, meanwhile);
        }
        world.pass(rng.i64(1..3) * MINUTE_MS);
    }
    panic!("no end: {}", world.job(plan).await);
}

type Writes = BTreeMap<i64, (Option<String>, String)>;

/// What a run must leave behind, whatever went wrong.
struct Check<'a> {
    before: &'a BTreeMap<i64, Truth>,
    after: &'a BTreeMap<i64, Truth>,
    meanwhile: &'a Meanwhile,
    patches: BTreeMap<i64, u32>,
    about: String,
}

impl Check<'_> {
    /// Nothing but the date changed, and every version is somebody's.
    fn versions(&self) {
        for (id, was) in self.before {
            let (is, about) = (&self.after[id], &self.about);
            let mut others = is.others.clone();
            if self.meanwhile.notes.contains(id) {
                others.insert("notes".to_owned(), was.others["notes"].clone());
            }
            assert_eq!(others, was.others, "{about}, {id}");
            let n_ours = self.patches.get(id).copied().unwrap_or(0);
            let n_theirs = self.meanwhile.n_edits.get(id).copied().unwrap_or(0);
            assert_eq!(is.version, was.version + n_ours + n_theirs, "{about}, {id}");
        }
    }

    /// A row is written at most once; where it was written, or nobody interfered, it holds what was planned.
    fn applied(&self, writes: &Writes, results: &BTreeMap<i64, (String, String)>) {
        let about = &self.about;
        assert!(self.patches.keys().all(|id| writes.contains_key(id)), "{about}: written without a plan");
        for (id, (from, to)) in writes {
            let n_patches = self.patches.get(id).copied().unwrap_or(0);
            assert!(n_patches <= 1, "{about}, {id}: written {n_patches} times");
            let result = results.get(id).map_or("none", |(result, _)| result.as_str());
            // Plans are made on what was synchronised last: what people did in a former run may not be known.
            let is_known = self.before[id].date == *from;
            let is_quiet = is_known && !self.meanwhile.n_edits.contains_key(id);
            let is_planned = self.after[id].date.as_ref() == Some(to);
            match result {
                "verified" => {
                    assert_eq!(n_patches, 1, "{about}, {id}");
                    assert!(is_planned || self.meanwhile.dates.contains_key(id), "{about}, {id}");
                }
                // Ours may have come first, and then somebody's.
                "moved" | "touched" => assert!(!is_quiet, "{about}, {id}: {result}"),
                "already_there" => assert!(n_patches == 0 && !is_quiet, "{about}, {id}"),
                other => panic!("{about}, {id}: {other}"),
            }
        }
    }
}

/// Between runs; what was taken back last is not written by itself.
async fn let_nights_pass(world: &World) {
    let night: jiff::Timestamp = world.settings().await["next_night_at"].as_str().unwrap().parse().unwrap();
    if night.as_millisecond() < world.now_ms() + LONGEST_RUN_MS {
        world.night().await;
    }
}

async fn run(world: &World, seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let_nights_pass(world).await;
    let date = format!("{}-{:02}-{:02}", 2029 + seed % 2, rng.u8(1..13), rng.u8(1..29));
    world.hand_over_all(&date).await;
    let plan = world.plan().await;
    let writes = world.writes(&plan).await;
    let ids: Vec<i64> = writes.keys().copied().collect();
    let (before, mut meanwhile) = (world.truths(), Meanwhile::default());
    world.control.reset_counters();
    world.control.reset_hourly();
    order_faults(world, &mut rng);
    assert_eq!(world.apply(&plan).await.0, 202);
    struggle(world, &mut rng, &plan, &ids, &mut meanwhile).await;
    let (job, about) = (world.job(&plan).await, format!("seed {seed}"));
    let after = world.truths();
    let check =
        Check { before: &before, after: &after, meanwhile: &meanwhile, patches: world.patches(), about };
    check.versions();
    // Notes that change between the two readings of a canary stop the run, and rightly so.
    let is_stopped = job["stop"] == "canary" && !meanwhile.n_edits.is_empty();
    if !is_stopped {
        assert_eq!(job["state"], "done", "seed {seed}: {job}");
        check.applied(&writes, &world.results(&plan).await);
    }
    take_back(world, &mut rng, &plan, seed, &meanwhile).await;
}

/// Everything that still holds our date gets its old one again, and nothing else is touched.
async fn take_back(world: &World, rng: &mut Rng, plan: &Value, seed: u64, applied: &Meanwhile) {
    let (before, results, writes) = (world.truths(), world.results(plan).await, world.writes(plan).await);
    world.control.reset_counters();
    order_faults(world, rng);
    let (status, job) = world.undo(plan).await;
    assert_eq!(status, 202, "seed {seed}: {job}");
    let mut meanwhile = Meanwhile::default();
    struggle(world, rng, plan, &[], &mut meanwhile).await;
    let after = world.truths();
    let about = format!("undo of seed {seed}");
    let check =
        Check { before: &before, after: &after, meanwhile: &meanwhile, patches: world.patches(), about };
    check.versions();
    for (id, (from, to)) in &writes {
        let (was, is) = (&before[id].date, &after[id].date);
        let is_ours = results.get(id).is_some_and(|(result, undo)| result == "verified" && undo.is_empty());
        let want = if is_ours && was.as_ref() == Some(to) { from } else { was };
        assert_eq!(is, want, "undo of seed {seed}, {id}, {:?}", applied.dates.get(id));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_goes_wrong_what_was_planned_is_written_once_and_nothing_else_changes() {
    let mut worlds = JoinSet::new();
    for first in 0..N_WORLDS {
        worlds.spawn(async move {
            let world = World::with_write_back(some_assets(3 * N_ROWS)).await;
            world.policy(json!({"skips_junk_serials": false, "mode": "always", "cap_rows": N_ROWS})).await;
            for seed in (first..N_RUNS).step_by(usize::try_from(N_WORLDS).unwrap()) {
                run(&world, seed).await;
            }
        });
    }
    while let Some(done) = worlds.join_next().await {
        done.unwrap();
    }
}
