//! The first load.

use autotask_simulator::{Config, DateStyle};
use e2e::oracle::Exported;
use e2e::report::Counts;
use e2e::{World, sizes};

#[test]
fn an_initial_sync_exports_the_truth_of_every_entity() -> anyhow::Result<()> {
    let world = World::start(sizes::pages())?;
    let outcome = world.initial().run()?.exited(0)?;
    world.check_equal(&outcome, Exported::ALL)?;
    world.check_state(Exported::ALL)
}

#[test]
fn memory_and_state_folder_export_the_same_bytes() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    let kept = world.initial().run()?.exited(0)?;
    let forgotten = world.initial_in_memory().run()?.exited(0)?;
    e2e::compare::check_same_bytes(&kept, &forgotten)
}

#[test]
fn no_more_than_three_calls_of_an_endpoint_are_under_way() -> anyhow::Result<()> {
    let world = World::start(Config { latency_ms: 5, release_lag_ms: 20, ..sizes::pages() })?;
    let outcome = world.initial_in_memory().run()?.exited(0)?;
    world.check_equal(&outcome, Exported::ALL)?;
    let counters = world.counters();
    for (endpoint, seen) in &counters.by_endpoint {
        assert!(seen.max_in_flight <= 3, "{endpoint}: {seen:?}");
    }
    assert_eq!(counters.thread_rejections, 0, "the lag of the release was not waited for");
    Ok(())
}

#[test]
fn large_entities_are_pulled_by_more_than_one_lane() -> anyhow::Result<()> {
    let mut config = sizes::slow_pages();
    config.sizes.assets = 4_000;
    let world = World::start(config)?;
    world.initial_in_memory().run()?.exited(0)?;
    let counters = world.counters();
    let assets = counters.by_endpoint.get("ConfigurationItems").cloned().unwrap_or_default();
    assert!(assets.max_in_flight >= 2, "{assets:?}");
    Ok(())
}

#[test]
fn no_call_is_refused_and_no_filter_is_dropped() -> anyhow::Result<()> {
    let world = World::start(sizes::pages())?;
    world.initial_in_memory().run()?.exited(0)?;
    let counters = world.counters();
    assert_eq!(counters.refusals, []);
    assert_eq!(counters.dropped_operators, []);
    assert_eq!(counters.writes, []);
    assert_eq!(counters.hourly_rejections, 0);
    Ok(())
}

#[test]
fn the_report_says_what_happened() -> anyhow::Result<()> {
    let world = World::start(sizes::pages())?;
    let report = world.initial().run()?.exited(0)?.report()?;
    report.check()?;
    for entity in Exported::ALL {
        let n_rows = world.control().ids(entity.source()).len() as u64;
        let expected = Counts { read: n_rows, created: n_rows, ..Counts::default() };
        assert_eq!(report.counts(*entity)?, expected, "{entity:?}");
    }
    assert_eq!(report.n_requests()?, world.counters().requests);
    assert!(report.at("/error")?.is_null(), "{report}");
    assert_eq!(report.at("/run/kind")?, "initial");
    for path in ["/wall_ms", "/peak_rss_bytes", "/bytes_in", "/dynamodb/requests"] {
        assert!(report.number(path)? > 0, "{path} of {report}");
    }
    let n_rows: usize = Exported::ALL.iter().map(|entity| world.control().ids(entity.source()).len()).sum();
    let write_units = report.at("/dynamodb/write_units")?.as_f64().unwrap_or_default();
    assert!(write_units >= n_rows as f64, "{write_units} units for {n_rows} records");
    Ok(())
}

#[test]
fn instants_without_a_zone_are_utc() -> anyhow::Result<()> {
    let world = World::start(Config { date_style: DateStyle::Zoneless, ..sizes::few() })?;
    let outcome = world.initial().run()?.exited(0)?;
    world.check_equal(&outcome, Exported::ALL)?;
    world.next_day();
    let night = world.nightly().run()?.exited(0)?;
    assert_eq!(night.report()?.sum("updated")?, 0);
    world.check_equal(&night, Exported::ALL)
}

#[test]
fn user_defined_fields_that_come_only_when_asked_for_are_asked_for() -> anyhow::Result<()> {
    let world = World::start(Config { udf_only_when_included: true, ..sizes::few() })?;
    let outcome = world.initial_in_memory().run()?.exited(0)?;
    world.check_equal(&outcome, Exported::ALL)
}
