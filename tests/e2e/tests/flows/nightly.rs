//! The nights.

use autotask_simulator::{CallKind, Edit, Entity};
use e2e::oracle::Exported;
use e2e::report::{Counts, Report};
use e2e::{World, sizes};
use serde_json::json;

/// What happened to an entity, without the rows that had to be read for it.
fn changes(report: &Report, entity: Exported) -> anyhow::Result<(u64, u64, u64)> {
    let Counts { created, updated, tombstoned, rejected, .. } = report.counts(entity)?;
    anyhow::ensure!(rejected == 0, "{rejected} of {entity:?} rejected");
    Ok((created, updated, tombstoned))
}

fn id_at(world: &World, entity: Entity, idx: usize) -> i64 {
    world.control().ids(entity).get(idx).copied().unwrap_or_default()
}

/// Edits, new rows, deletions and moves of one day: 3 companies, 4 contacts and 13 assets change.
pub(crate) fn a_day_of_work(world: &World) -> anyhow::Result<()> {
    let control = world.control();
    let [company, other] = [id_at(world, Entity::Companies, 3), id_at(world, Entity::Companies, 5)];
    control.update(Entity::Companies, company, json!({"companyName": "Renamed & Sons"}))?;
    control.update(Entity::Companies, 0, json!({"phone": "+1 555 0000"}))?;
    let new_company = control
        .insert(Entity::Companies, json!({"companyName": "New Ltd", "companyType": 1, "isActive": true}))?;
    let contact = id_at(world, Entity::Contacts, 7);
    control.update(Entity::Contacts, contact, json!({"isActive": 0, "firstName": "Left"}))?;
    for first_name in ["Ada", "Grace"] {
        let fields = json!({"companyID": new_company, "firstName": first_name, "isActive": 1});
        control.insert(Entity::Contacts, fields)?;
    }
    control.delete(Entity::Contacts, id_at(world, Entity::Contacts, 40))?;
    for idx in [0, 17, 120] {
        let fields =
            json!({"referenceTitle": format!("Edited {idx}"), "warrantyExpirationDate": "2031-02-28"});
        control.update(Entity::ConfigurationItems, id_at(world, Entity::ConfigurationItems, idx), fields)?;
    }
    for n in 0..5 {
        let fields = json!({"companyID": company, "referenceTitle": format!("New {n}"), "isActive": true});
        control.insert(Entity::ConfigurationItems, fields)?;
    }
    for idx in [250, 200, 99, 5] {
        control.delete(Entity::ConfigurationItems, id_at(world, Entity::ConfigurationItems, idx))?;
    }
    let moved = control.ids(Entity::ConfigurationItems).into_iter().skip(30).find(|id| {
        let record = control.record(Entity::ConfigurationItems, *id);
        record.is_some_and(|record| record.get("companyID") != Some(&json!(other)))
    });
    control.apply(&Edit::MoveCompany { id: moved.unwrap_or_default(), company_id: other })?;
    Ok(())
}

#[test]
fn a_night_without_changes_costs_at_most_sixteen_requests() -> anyhow::Result<()> {
    let world = World::start(sizes::pages())?;
    world.initial_of("").run()?.exited(0)?;
    world.next_day();
    let outcome = world.nightly_of("").run()?.exited(0)?;
    let (report, counters) = (outcome.report()?, world.counters());
    assert!(counters.requests <= 16, "{:?}", counters.by_endpoint);
    assert_eq!(report.n_requests()?, counters.requests);
    assert_eq!(report.at("/run/kind")?, "nightly");
    for name in ["created", "updated", "tombstoned", "rejected"] {
        assert_eq!(report.sum(name)?, 0, "{name} in {report}");
    }
    report.check()?;
    world.check_equal(&outcome, Exported::CORE)
}

#[test]
fn a_night_finds_exactly_what_changed() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    a_day_of_work(&world)?;
    let outcome = world.nightly().run()?.exited(0)?;
    world.check_equal(&outcome, Exported::ALL)?;
    let report = outcome.report()?;
    assert_eq!(changes(&report, Exported::Companies)?, (1, 2, 0));
    assert_eq!(changes(&report, Exported::Contacts)?, (2, 1, 1));
    assert_eq!(changes(&report, Exported::Assets)?, (5, 4, 4));
    for entity in [Exported::Products, Exported::Contracts, Exported::Tickets, Exported::Opportunities] {
        assert_eq!(changes(&report, entity)?, (0, 0, 0), "{entity:?}");
    }
    world.next_day();
    let quiet = world.nightly().run()?.exited(0)?;
    assert_eq!(quiet.report()?.sum("updated")? + quiet.report()?.sum("created")?, 0);
    world.check_equal(&quiet, Exported::ALL)
}

#[test]
fn entities_without_a_stamp_are_compared_by_what_they_hold() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    let control = world.control();
    let product = id_at(&world, Entity::Products, 4);
    control.update(
        Entity::Products,
        product,
        json!({"manufacturerName": "Renamed Inc.", "isActive": false}),
    )?;
    let new = control.insert(Entity::Products, json!({"name": "New Notebook", "isActive": true}))?;
    control.update(
        Entity::ConfigurationItems,
        id_at(&world, Entity::ConfigurationItems, 8),
        json!({"productID": new}),
    )?;
    control.delete(Entity::Products, id_at(&world, Entity::Products, 9))?;
    let outcome = world.nightly().run()?.exited(0)?;
    assert_eq!(changes(&outcome.report()?, Exported::Products)?, (1, 1, 1));
    assert_eq!(changes(&outcome.report()?, Exported::Assets)?, (0, 1, 0));
    world.check_equal(&outcome, Exported::ALL)
}

#[test]
fn what_is_pulled_by_choice_is_kept_up_too() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    let control = world.control();
    let (ticket, deal) = (id_at(&world, Entity::Tickets, 3), id_at(&world, Entity::Opportunities, 2));
    control.update(
        Entity::Tickets,
        ticket,
        json!({"status": 5, "completedDate": "2026-11-20T09:10:11.5Z"}),
    )?;
    control.update(Entity::Opportunities, deal, json!({"amount": 1234.5, "probability": 99}))?;
    control.update(
        Entity::Contracts,
        id_at(&world, Entity::Contracts, 1),
        json!({"endDate": "2030-12-31"}),
    )?;
    control.insert(Entity::Tickets, json!({"companyID": 0, "title": "New", "status": 1, "priority": 2}))?;
    let outcome = world.nightly().run()?.exited(0)?;
    let report = outcome.report()?;
    assert_eq!(changes(&report, Exported::Tickets)?, (1, 1, 0));
    assert_eq!(changes(&report, Exported::Opportunities)?, (0, 1, 0));
    assert_eq!(changes(&report, Exported::Contracts)?, (0, 1, 0));
    world.check_equal(&outcome, Exported::ALL)
}

#[test]
fn a_deletion_among_many_is_found_with_few_requests() -> anyhow::Result<()> {
    let world = World::start(sizes::pages())?;
    world.initial_of("").run()?.exited(0)?;
    world.next_day();
    world.control().delete(Entity::ConfigurationItems, id_at(&world, Entity::ConfigurationItems, 1_234))?;
    let outcome = world.nightly_of("").run()?.exited(0)?;
    assert_eq!(changes(&outcome.report()?, Exported::Assets)?, (0, 0, 1));
    let counters = world.counters();
    let n_asked = counters.calls("ConfigurationItems", CallKind::Count)
        + counters.calls("ConfigurationItems", CallKind::Query);
    assert!(n_asked <= 8, "{n_asked} requests for one deletion");
    world.check_equal(&outcome, Exported::CORE)
}

#[test]
fn a_deletion_and_an_insertion_do_not_hide_each_other() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    let control = world.control();
    control.delete(Entity::ConfigurationItems, id_at(&world, Entity::ConfigurationItems, 100))?;
    control.insert(
        Entity::ConfigurationItems,
        json!({"companyID": 0, "referenceTitle": "New", "isActive": true}),
    )?;
    let outcome = world.nightly().run()?.exited(0)?;
    assert_eq!(changes(&outcome.report()?, Exported::Assets)?, (1, 0, 1));
    world.check_equal(&outcome, Exported::ALL)
}

#[test]
fn nights_go_on_from_each_other() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.initial().run()?.exited(0)?;
    for night in 0..3 {
        world.next_day();
        let control = world.control();
        for idx in [night, 50 + night] {
            let id = id_at(&world, Entity::ConfigurationItems, idx);
            control.update(
                Entity::ConfigurationItems,
                id,
                json!({"serialNumber": format!("N{night}-{idx}")}),
            )?;
        }
        control.delete(Entity::ConfigurationItems, id_at(&world, Entity::ConfigurationItems, 200 - night))?;
        let outcome = world.nightly().run()?.exited(0)?;
        assert_eq!(changes(&outcome.report()?, Exported::Assets)?, (0, 2, 1), "night {night}");
        world.check_equal(&outcome, Exported::ALL)?;
    }
    Ok(())
}
