//! Records that cannot be read: counted, listed, and never in the way of the others.

use autotask_simulator::{Entity, Fault, FaultAction, Garble};
use e2e::oracle::Exported;
use e2e::{World, sizes};
use serde_json::{Value, json};

const ASSETS: Entity = Entity::ConfigurationItems;

fn wrong_type(field: &str, value: Value) -> Garble {
    Garble::WrongType { field: field.to_owned(), value }
}

/// One record of every page of assets is spoilt: the run ends with 2, all others are there, each missing one is counted.
/// The night after the source healed has them all.
fn check_rejected(garble: Garble) -> anyhow::Result<()> {
    let world = World::start(sizes::pages())?;
    let control = world.control();
    control.add_fault(Fault::on(ASSETS, FaultAction::Garble { garble, row_idx: 7 }));
    let partly = world.initial().run()?.exited(2)?;
    let comparison = world.compare(&partly, Exported::Assets)?;
    let rejected = partly.report()?.counts(Exported::Assets)?.rejected;
    let n_missing = comparison.missing.len() as u64;
    // A record that a later page of the same run brought whole is counted and not missing.
    assert!(n_missing > 0 && n_missing <= rejected, "{n_missing} missing, {rejected} rejected");
    assert_eq!((comparison.extra.len(), comparison.n_wrong), (0, 0), "{comparison:?}");
    let others: Vec<Exported> = Exported::ALL.iter().copied().filter(|e| *e != Exported::Assets).collect();
    world.check_equal(&partly, &others)?;
    control.clear_faults();
    world.next_day();
    let healed = world.nightly().run()?.exited(0)?;
    world.check_equal(&healed, Exported::ALL)
}

#[test]
fn a_text_where_the_company_belongs_is_rejected() -> anyhow::Result<()> {
    check_rejected(wrong_type("companyID", json!("abc")))
}

#[test]
fn an_object_where_a_text_belongs_is_rejected() -> anyhow::Result<()> {
    check_rejected(wrong_type("serialNumber", json!({"nested": [1]})))
}

#[test]
fn a_date_that_is_none_is_rejected() -> anyhow::Result<()> {
    check_rejected(wrong_type("warrantyExpirationDate", json!("2025-02-30T00:00:00Z")))
}

#[test]
fn a_record_without_an_id_is_rejected() -> anyhow::Result<()> {
    check_rejected(Garble::NullId)
}

#[test]
fn a_record_that_is_no_object_is_rejected() -> anyhow::Result<()> {
    check_rejected(Garble::NotAnObject)
}

#[test]
fn a_record_with_an_id_beyond_all_that_was_asked_for_is_rejected() -> anyhow::Result<()> {
    check_rejected(Garble::IdOutOfRange)
}

#[test]
fn an_unsorted_page_loses_nothing() -> anyhow::Result<()> {
    let world = World::start(sizes::pages())?;
    for row_idx in [0, 499] {
        let action = FaultAction::Garble { garble: Garble::Unsorted, row_idx };
        world.control().add_fault(Fault::on(ASSETS, action));
    }
    let outcome = world.initial_in_memory().run()?.exited(0)?;
    world.check_equal(&outcome, Exported::ALL)
}

#[test]
fn a_record_under_the_id_of_its_neighbour_is_never_silent() -> anyhow::Result<()> {
    let world = World::start(sizes::pages())?;
    let control = world.control();
    control.add_fault(Fault::on(ASSETS, FaultAction::Garble { garble: Garble::DuplicateId, row_idx: 7 }));
    let partly = world.initial().run()?.exited(2)?;
    let comparison = world.compare(&partly, Exported::Assets)?;
    assert!(partly.report()?.counts(Exported::Assets)?.rejected > 0, "{}", partly.report()?);
    assert!(comparison.extra.is_empty(), "{comparison:?}");
    control.clear_faults();
    world.next_day();
    let healed = world.nightly().run()?.exited(0)?;
    world.check_equal(&healed, Exported::ALL)
}

#[test]
fn a_record_that_turns_bad_keeps_what_was_known_of_it() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    let control = world.control();
    let id = control.ids(ASSETS).first().copied().unwrap_or_default();
    let action = FaultAction::Garble { garble: wrong_type("companyID", json!("abc")), row_idx: 0 };
    control.add_fault(Fault::on(ASSETS, action));
    control.update(ASSETS, id, json!({"serialNumber": "NEW-1"}))?;
    let partly = world.nightly().run()?.exited(2)?;
    assert_eq!(partly.report()?.counts(Exported::Assets)?.tombstoned, 0);
    let comparison = world.compare(&partly, Exported::Assets)?;
    assert_eq!((comparison.missing.len(), comparison.n_wrong), (0, 1), "{comparison:?}");
    control.clear_faults();
    world.next_day();
    let healed = world.nightly().run()?.exited(0)?;
    world.check_equal(&healed, Exported::ALL)
}
