//! Runs in slices, and runs that are asked for again.

use autotask_simulator::Config;
use e2e::compare::check_same_bytes;
use e2e::oracle::Exported;
use e2e::{World, sizes};

#[test]
fn many_slices_export_the_same_bytes_as_one() -> anyhow::Result<()> {
    let world = World::start(Config { latency_ms: 400, ..sizes::pages() })?;
    let sliced = world.initial_in_memory().with("--slice-s").with("1").run()?.exited(0)?;
    world.control().configure(|config| config.latency_ms = 0);
    let whole = world.initial_in_memory().run()?.exited(0)?;
    check_same_bytes(&sliced, &whole)?;
    world.check_equal(&sliced, Exported::ALL)?;
    assert!(sliced.report()?.number("/wall_ms")? > 1_000, "one slice was enough");
    Ok(())
}

#[test]
fn a_completed_initial_sync_is_not_done_again() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    let first = world.initial().run()?.exited(0)?;
    world.control().reset_counters();
    world.initial().run()?.exited(0)?;
    assert_eq!(world.counters().rows_served, 0, "{:?}", world.counters().by_endpoint);
    let again = world.initial().with("--again").run()?.exited(0)?;
    assert!(world.counters().rows_served > 0);
    check_same_bytes(&first, &again)?;
    let report = again.report()?;
    let n_changes = report.sum("created")? + report.sum("updated")? + report.sum("tombstoned")?;
    assert_eq!(n_changes, 0, "{report}");
    Ok(())
}
