//! More dates at once than an hour has room for: limits are kept, the night goes first, and the job goes on after it.

use std::collections::BTreeMap;

use autotask_simulator::Config as Source;
use serde_json::{Value, json};

use super::calls::OTHER;
use super::world::{HOUR_MS, MINUTE_MS, World};
use super::writeback_world::some_assets;

const DATE: &str = "2031-07-04";
/// Minutes that a job may take by the simulated clock: most of them are waited for the hourly limit.
const MAX_MINUTES: i64 = 24 * 60;

#[tokio::test]
async fn a_job_larger_than_an_hour_keeps_the_limits_and_gives_way_to_the_night() {
    check(1_000, 1_000).await;
}

/// Some minutes: `cargo test --workspace --release --bin lci -- --ignored ten_thousand --nocapture`
#[tokio::test]
#[ignore = "takes minutes; the same with a tenth of the rows and of the limit is never left out"]
async fn ten_thousand_dates_keep_the_limits_and_give_way_to_the_night() {
    check(10_000, 10_000).await;
}

/// Applies so many rows under such a limit, half an hour before a night.
async fn check(n_rows: usize, hourly_limit: u64) {
    // Fewer than half are written: the others are inactive, or their company is not shown.
    let source = Source { hourly_limit, ..some_assets(n_rows * 24 / 10) };
    let world = World::with_write_back(source).await;
    let policy = json!({"skips_junk_serials": false, "mode": "always", "cap_rows": n_rows});
    assert_eq!(world.policy(policy).await.0, 200);
    let ids = world.control.ids(autotask_simulator::Entity::ConfigurationItems);
    for ids in ids.chunks(5_000) {
        world.hand_over(&ids.iter().map(|&id| (id, DATE)).collect::<Vec<_>>()).await;
    }
    let (before, plan) = (world.truths(), world.plan().await);
    assert_eq!(plan["n_writes"], n_rows, "{plan}");
    let night = world.settings().await["next_night_at"].as_str().unwrap().to_owned();
    world.control.set_clock(&night).unwrap();
    world.pass(-HOUR_MS / 2);
    world.control.reset_counters();
    let begin_ms = world.now_ms();
    assert_eq!(world.apply(&plan).await.0, 202);

    let job = until_over(&world, &plan, begin_ms).await;
    let n_minutes = (world.now_ms() - begin_ms) / MINUTE_MS;
    let counters = world.control.counters();
    let (n_calls, n_threads) =
        (counters.requests, counters.by_endpoint.values().map(|of| of.max_in_flight).max().unwrap_or(0));
    println!(
        "{n_rows} rows under {hourly_limit} calls an hour: {n_minutes} simulated minutes, {n_calls} calls, {n_threads} at once at most"
    );
    assert_eq!(job["state"], "done", "after {n_minutes} minutes: {job}");
    assert!(n_minutes > 60, "more than an hour has room for");
    assert_eq!((counters.thread_rejections, counters.hourly_rejections), (0, 0));
    assert_eq!(world.log().await[0], ("nightly".to_owned(), "done".to_owned()), "the night was not left out");

    let (after, patches) = (world.truths(), world.patches());
    let changed: BTreeMap<_, _> = after.iter().filter(|(id, truth)| before[*id].date != truth.date).collect();
    assert_eq!(job["n_by_phase"], json!({"verified": n_rows}));
    // What the cap held back may have followed by itself: a person approved the first plan.
    assert!(patches.len() >= n_rows && changed.len() == patches.len(), "{} {}", changed.len(), patches.len());
    for (id, truth) in &after {
        let n_versions = truth.version - before[id].version;
        assert_eq!(n_versions, patches.get(id).copied().unwrap_or(0), "asset {id}");
        assert!(n_versions <= 1, "asset {id} was written {n_versions} times");
        assert_eq!(truth.others, before[id].others, "asset {id}");
        assert!(n_versions == 0 || truth.date.as_deref() == Some(DATE), "asset {id}");
    }
}

#[tokio::test]
async fn a_run_of_another_tenant_of_the_same_database_goes_before_a_long_job() {
    let world = World::with_write_back(Source { hourly_limit: 300, ..some_assets(720) }).await;
    world.set_up(OTHER).await;
    world.work().await;
    world.hand_over_all(DATE).await;
    let plan = world.plan().await;
    assert!(plan["n_writes"].as_u64().unwrap() > 200, "{plan}");
    world.pass(2 * HOUR_MS);
    // Others use the database evenly, so that room comes back minute by minute.
    for _ in 0..40 {
        world.control.add_foreign_calls(3);
        world.pass(MINUTE_MS);
    }
    assert_eq!(world.apply(&plan).await.0, 202);
    until_throttled(&world, &plan).await;
    let (status, told) = world.call(OTHER, "POST", "runs", "", &json!({})).await;
    assert_eq!(status, 202, "{told}");
    world.work().await;
    assert_eq!(
        world.runs_of(OTHER).await[0]["state"],
        "throttled",
        "it may use less of the hour than the job"
    );
    let n_written = world.patches().len();
    while world.runs_of(OTHER).await[0]["state"] != "done" {
        assert_eq!(world.patches().len(), n_written, "the job took the room that the run waits for");
        world.pass(MINUTE_MS);
        world.work().await;
    }
    assert_eq!(world.until_over(&plan).await["state"], "done");
    assert!(world.patches().len() > n_written);
    assert!(world.patches().values().all(|n_writes| *n_writes == 1));
}

/// Minute by minute, until the job waits for the hourly limit.
async fn until_throttled(world: &World, plan: &Value) {
    let mut n_written = None;
    while n_written != Some(world.patches().len()) || world.patches().len() < 4 {
        n_written = Some(world.patches().len());
        world.work().await;
        world.pass(MINUTE_MS);
    }
    assert_eq!(world.job(plan).await["state"], "waiting");
}

/// Minute by minute; the night is seen to end before the job does.
async fn until_over(world: &World, plan: &Value, begin_ms: i64) -> Value {
    let mut n_done_at_night = None;
    loop {
        world.work().await;
        let job = world.job(plan).await;
        if n_done_at_night.is_none() && world.log().await[0].0 == "nightly" {
            n_done_at_night = Some(job["state"].clone());
        }
        let is_late = world.now_ms() - begin_ms > MAX_MINUTES * MINUTE_MS;
        if job["state"] == "done" || job["state"] == "stopped" || is_late {
            assert!(
                n_done_at_night.is_some_and(|state| state != "done"),
                "the night went before the rest of the job"
            );
            return job;
        }
        world.pass(MINUTE_MS);
    }
}
