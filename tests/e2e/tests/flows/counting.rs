//! Counts only narrow the search down: nothing is taken away on a count alone.

use autotask_simulator::{CallKind, Entity, Fault, FaultAction};
use e2e::oracle::Exported;
use e2e::{World, sizes};

const ASSETS: Entity = Entity::ConfigurationItems;

fn loaded() -> anyhow::Result<World> {
    let world = World::start(sizes::pages())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    Ok(world)
}

fn check_night_under(fault: Fault) -> anyhow::Result<()> {
    let world = loaded()?;
    world.control().add_fault(fault);
    let outcome = world.nightly().run()?;
    assert!(matches!(outcome.code, Some(0 | 2)), "{:?}", outcome.exited(0));
    assert_eq!(outcome.report()?.sum("tombstoned")?, 0);
    world.check_equal(&outcome, Exported::ALL)?;
    world.control().clear_faults();
    world.next_day();
    let night = world.nightly().run()?.exited(0)?;
    world.check_equal(&night, Exported::ALL)
}

#[test]
fn a_count_that_is_one_too_small_deletes_nothing() -> anyhow::Result<()> {
    check_night_under(Fault::on(ASSETS, FaultAction::CountOff { by: -1 }))
}

#[test]
fn a_count_that_is_one_too_large_deletes_nothing() -> anyhow::Result<()> {
    check_night_under(Fault::on(ASSETS, FaultAction::CountOff { by: 1 }))
}

#[test]
fn a_count_of_nothing_at_all_deletes_nothing() -> anyhow::Result<()> {
    let world = loaded()?;
    world.control().add_fault(Fault::on(ASSETS, FaultAction::CountOff { by: -1_000_000 }));
    let outcome = world.nightly().run()?;
    assert!(matches!(outcome.code, Some(0 | 2 | 5)), "{:?}", outcome.exited(0));
    assert_eq!(outcome.report()?.sum("tombstoned")?, 0);
    world.check_state(Exported::ALL)
}

#[test]
fn a_count_that_is_refused_deletes_nothing() -> anyhow::Result<()> {
    let message = "The count is not available today.".to_owned();
    check_night_under(Fault::on(ASSETS, FaultAction::Errors { message }).call(CallKind::Count))
}

#[test]
fn a_first_load_needs_no_count_that_is_right() -> anyhow::Result<()> {
    for by in [-1, 1] {
        let world = World::start(sizes::pages())?;
        world.control().add_fault(Fault::on(ASSETS, FaultAction::CountOff { by }));
        let outcome = world.initial_in_memory().run()?;
        assert!(matches!(outcome.code, Some(0 | 2)), "{:?}", outcome.exited(0));
        world.check_equal(&outcome, Exported::ALL)?;
    }
    Ok(())
}

#[test]
fn a_deletion_is_found_although_a_count_lies_about_another_entity() -> anyhow::Result<()> {
    let world = loaded()?;
    let control = world.control();
    control.add_fault(Fault::on(Entity::Contacts, FaultAction::CountOff { by: -1 }));
    let gone = control.ids(ASSETS).get(77).copied().unwrap_or_default();
    control.delete(ASSETS, gone)?;
    let outcome = world.nightly().run()?;
    assert!(matches!(outcome.code, Some(0 | 2)), "{:?}", outcome.exited(0));
    assert_eq!(outcome.report()?.counts(Exported::Assets)?.tombstoned, 1);
    world.check_equal(&outcome, Exported::ALL)
}
