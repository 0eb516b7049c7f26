//! Rights that vanish look like deletions, and are none.

use autotask_simulator::{Entity, Rights};
use e2e::oracle::Exported;
use e2e::{World, sizes};
use serde_json::json;

/// A world after its first load, one day later.
fn loaded() -> anyhow::Result<World> {
    let world = World::start(sizes::few())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    Ok(world)
}

/// A night under narrowed rights is held and takes nothing away; the night after they came back is as any other.
fn check_held(rights: Rights) -> anyhow::Result<()> {
    let world = loaded()?;
    world.control().set_rights(Entity::ConfigurationItems, rights);
    let held = world.nightly().run()?.exited(5)?;
    let report = held.report()?;
    assert_eq!(report.sum("tombstoned")?, 0, "{report}");
    assert!(report.remarks().contains("assets"), "{report}");
    world.check_state(Exported::ALL)?;
    world.control().set_rights(Entity::ConfigurationItems, Rights::Full);
    world.next_day();
    let night = world.nightly().run()?.exited(0)?;
    assert_eq!(night.report()?.sum("tombstoned")?, 0);
    world.check_equal(&night, Exported::ALL)
}

#[test]
fn thirty_percent_of_the_assets_out_of_sight_are_not_deleted() -> anyhow::Result<()> {
    check_held(Rights::Partial(0.3))
}

#[test]
fn all_assets_out_of_sight_are_not_deleted() -> anyhow::Result<()> {
    check_held(Rights::Empty)
}

#[test]
fn what_did_change_is_taken_while_the_brake_holds() -> anyhow::Result<()> {
    let world = loaded()?;
    let control = world.control();
    control.set_rights(Entity::ConfigurationItems, Rights::Partial(0.3));
    control.update(Entity::Companies, 0, json!({"companyName": "Still Synced"}))?;
    world.nightly().run()?.exited(5)?;
    world.check_state(&[Exported::Companies])
}

/// An entity that may not be read is left as it is and named; the others go on, and the first night after the rights
/// came back has it all.
fn check_skipped(rights: Rights, entity: Exported) -> anyhow::Result<()> {
    let world = loaded()?;
    let control = world.control();
    control.set_rights(entity.source(), rights);
    control.update(Entity::Companies, 0, json!({"companyName": "Still Synced"}))?;
    let asset = control.ids(Entity::ConfigurationItems).first().copied().unwrap_or_default();
    control.update(Entity::ConfigurationItems, asset, json!({"serialNumber": "SEEN-LATER"}))?;
    let partly = world.nightly().run()?.exited(2)?;
    let report = partly.report()?;
    assert_eq!(report.sum("tombstoned")?, 0, "{report}");
    assert!(report.remarks().contains(entity.name()), "{report}");
    let others: Vec<Exported> = Exported::ALL.iter().copied().filter(|other| *other != entity).collect();
    world.check_state(&others)?;
    control.set_rights(entity.source(), Rights::Full);
    world.next_day();
    let night = world.nightly().run()?.exited(0)?;
    world.check_equal(&night, Exported::ALL)
}

#[test]
fn an_entity_that_is_forbidden_is_skipped_and_named() -> anyhow::Result<()> {
    check_skipped(Rights::Forbidden, Exported::Assets)
}

#[test]
fn an_entity_that_is_denied_with_a_500_is_skipped_and_named() -> anyhow::Result<()> {
    check_skipped(Rights::Denied500, Exported::Contacts)
}

#[test]
fn a_first_load_without_one_right_has_all_the_rest() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.control().set_rights(Entity::Contacts, Rights::Forbidden);
    let partly = world.initial().run()?.exited(2)?;
    assert!(partly.report()?.remarks().contains("contacts"), "{}", partly.report()?);
    let others: Vec<Exported> =
        Exported::ALL.iter().copied().filter(|other| *other != Exported::Contacts).collect();
    world.check_state(&others)?;
    world.control().set_rights(Entity::Contacts, Rights::Full);
    world.next_day();
    let night = world.nightly().run()?.exited(0)?;
    world.check_equal(&night, Exported::ALL)
}
