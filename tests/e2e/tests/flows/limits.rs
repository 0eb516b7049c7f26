//! The hourly limit, which is shared with every other integration, and the thread limit, which is not.

use autotask_simulator::{Config, Counters, OverLimit, RetryAfter, ThreadMode};
use e2e::oracle::Exported;
use e2e::watch::Watch;
use e2e::{World, sizes};

/// Other integrations use up the hour once the limits have been read and pages are under way.
fn burst(world: &World) -> Watch {
    let is_under_way = |counters: &Counters| counters.rows_served >= 2_000;
    Watch::start(&world.control(), is_under_way, |control| control.add_foreign_calls(10_000))
}

/// Ten entities, three lanes for the large ones and a count beside them: each may run into the limit once.
const MOST_LANES: u64 = 20;

/// Other integrations use up the hour in the middle of a first load: it stops without hammering, says so, and goes on
/// from where it was once there is room.
fn check_hourly(over_limit: OverLimit, retry_after: RetryAfter) -> anyhow::Result<()> {
    let world = World::start(Config { over_limit, retry_after, ..sizes::slow_pages() })?;
    let burst = burst(&world);
    let throttled = world.initial().with("--max-wait-s").with("1").run()?.exited(6)?;
    assert!(burst.has_fired());
    let n_rejected = world.counters().hourly_rejections;
    assert!((1..=MOST_LANES).contains(&n_rejected), "{n_rejected} calls into a closed door");
    throttled.report()?.check()?;
    world.control().reset_hourly();
    let resumed = world.initial().run()?.exited(0)?;
    world.check_equal(&resumed, Exported::ALL)
}

#[test]
fn a_429_with_seconds_throttles_and_resumes() -> anyhow::Result<()> {
    check_hourly(OverLimit::TooMany429, RetryAfter::Seconds(120))
}

#[test]
fn a_429_with_a_date_throttles_and_resumes() -> anyhow::Result<()> {
    check_hourly(OverLimit::TooMany429, RetryAfter::HttpDate(120))
}

#[test]
fn a_429_without_a_word_throttles_and_resumes() -> anyhow::Result<()> {
    check_hourly(OverLimit::TooMany429, RetryAfter::Absent)
}

#[test]
fn a_500_with_the_threshold_text_throttles_and_resumes() -> anyhow::Result<()> {
    check_hourly(OverLimit::Error500, RetryAfter::Absent)
}

#[test]
fn a_run_waits_as_long_as_it_is_told_and_goes_on() -> anyhow::Result<()> {
    let config = Config { retry_after: RetryAfter::Seconds(1), ..sizes::slow_pages() };
    let world = World::start(config)?;
    let burst = burst(&world);
    let is_refused = |counters: &Counters| counters.hourly_rejections > 0;
    let room = Watch::start(&world.control(), is_refused, |control| control.reset_hourly());
    let outcome = world.initial_in_memory().with("--max-wait-s").with("30").run()?.exited(0)?;
    assert!(burst.has_fired() && room.has_fired());
    assert!(outcome.report()?.number("/waited_ms")? >= 500, "it did not wait");
    world.check_equal(&outcome, Exported::ALL)
}

#[test]
fn a_closed_door_is_probed_and_not_hammered() -> anyhow::Result<()> {
    let world = World::start(Config { retry_after: RetryAfter::Seconds(1), ..sizes::slow_pages() })?;
    let burst = burst(&world);
    world.initial_in_memory().with("--max-wait-s").with("3").run()?.exited(6)?;
    assert!(burst.has_fired());
    let n_rejected = world.counters().hourly_rejections;
    assert!(n_rejected <= MOST_LANES + 4, "{n_rejected} calls into a closed door");
    Ok(())
}

#[test]
fn an_hour_that_is_full_at_the_start_is_left_alone() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.control().add_foreign_calls(9_990);
    world.initial().with("--max-wait-s").with("1").run()?.exited(6)?;
    let counters = world.counters();
    assert!(counters.requests <= 6, "{} calls although the hour is full: {counters:?}", counters.requests);
    world.control().reset_hourly();
    let resumed = world.initial().run()?.exited(0)?;
    world.check_equal(&resumed, Exported::ALL)
}

/// The service grants fewer threads than we are used to.
fn check_threads(thread_mode: ThreadMode, thread_limit: usize) -> anyhow::Result<()> {
    let mut config =
        Config { thread_mode, thread_limit, release_lag_ms: 20, latency_ms: 80, ..sizes::pages() };
    config.sizes.assets = 5_000;
    let world = World::start(config)?;
    let outcome = world.initial_in_memory().run()?.exited(0)?;
    assert!(world.counters().thread_rejections > 0, "the gate was never hit");
    world.check_equal(&outcome, Exported::ALL)
}

#[test]
fn too_many_threads_by_429_make_a_run_slower_and_nothing_else() -> anyhow::Result<()> {
    check_threads(ThreadMode::TooMany429, 2)
}

#[test]
fn too_many_threads_by_500_make_a_run_slower_and_nothing_else() -> anyhow::Result<()> {
    check_threads(ThreadMode::Error500, 1)
}
