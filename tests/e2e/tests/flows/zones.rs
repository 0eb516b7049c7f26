//! Customers move between Autotask's zones.

use autotask_simulator::{CallKind, Counters};
use e2e::oracle::Exported;
use e2e::watch::Watch;
use e2e::{World, sizes};

fn n_zone_calls(counters: &Counters) -> u64 {
    counters.by_kind.get(&CallKind::Zone).copied().unwrap_or(0)
}

#[test]
fn a_zone_that_moved_before_the_night_is_found_again_once() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    world.control().move_zone("zoneB");
    let night = world.nightly().run()?.exited(0)?;
    let counters = world.counters();
    assert!(n_zone_calls(&counters) <= 2, "{} look-ups", n_zone_calls(&counters));
    assert!(counters.refusals.len() <= 3, "{:?}", counters.refusals);
    world.check_equal(&night, Exported::ALL)?;
    world.next_day();
    world.nightly().run()?.exited(0)?;
    assert_eq!(world.counters().refusals, [], "the new zone was not remembered");
    Ok(())
}

#[test]
fn a_zone_that_moves_in_the_middle_is_found_again_once() -> anyhow::Result<()> {
    let world = World::start(sizes::slow_pages())?;
    let moved = world.after_requests(14, |control| control.move_zone("zoneB"));
    let outcome = world.initial_in_memory().run()?.exited(0)?;
    assert!(moved.has_fired());
    let n_look_ups = n_zone_calls(&world.counters());
    assert_eq!(n_look_ups, 2, "one at the start and one for the move");
    world.check_equal(&outcome, Exported::ALL)
}

#[test]
fn two_moves_cost_two_look_ups() -> anyhow::Result<()> {
    let mut config = sizes::slow_pages();
    config.sizes.assets = 6_000;
    let world = World::start(config)?;
    let first = world.after_requests(16, |control| control.move_zone("zoneB"));
    let is_late = |counters: &Counters| counters.rows_served >= 6_200;
    let second = Watch::start(&world.control(), is_late, |control| control.move_zone("zoneC/deep"));
    let outcome = world.initial_in_memory().run()?.exited(0)?;
    assert!(first.has_fired() && second.has_fired());
    assert_eq!(n_zone_calls(&world.counters()), 3);
    world.check_equal(&outcome, Exported::ALL)
}
