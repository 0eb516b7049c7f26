//! People go on working in Autotask while we page.

use autotask_simulator::{Config, Edit, Entity, Plan};
use e2e::oracle::Exported;
use e2e::{World, sizes};
use serde_json::json;

const ASSETS: Entity = Entity::ConfigurationItems;

/// Orders edits for the moment after a page of assets.
fn plan(world: &World, after_page: u64, edits: Vec<Edit>) {
    world.control().plan(Plan { entity: ASSETS, after_page, edits });
}

fn asset(world: &World, idx: usize) -> i64 {
    world.control().ids(ASSETS).get(idx).copied().unwrap_or_default()
}

fn slow() -> Config {
    Config { latency_ms: 10, ..sizes::pages() }
}

fn check_ends_with_the_truth(world: &World) -> anyhow::Result<()> {
    let outcome = world.initial().run()?.exited(0)?;
    let failed: Vec<_> = world.counters().refusals.into_iter().filter(|r| r.request == "plan").collect();
    assert_eq!(failed, []);
    world.check_equal(&outcome, Exported::ALL)
}

#[test]
fn a_record_edited_before_and_after_its_page_is_as_it_is_now() -> anyhow::Result<()> {
    let world = World::start(slow())?;
    let edit = |idx, title: &str| Edit::update(ASSETS, asset(&world, idx), json!({"referenceTitle": title}));
    plan(&world, 1, vec![edit(3, "Edited behind us"), edit(2_050, "Edited before us")]);
    plan(&world, 3, vec![edit(3, "Edited once more"), edit(1_000, "Somewhere")]);
    check_ends_with_the_truth(&world)
}

#[test]
fn a_record_made_while_paging_is_there() -> anyhow::Result<()> {
    let world = World::start(slow())?;
    let insert = |n| {
        Edit::insert(ASSETS, json!({"companyID": 0, "referenceTitle": format!("New {n}"), "isActive": true}))
    };
    plan(&world, 1, vec![insert(1)]);
    plan(&world, 4, vec![insert(2), insert(3)]);
    check_ends_with_the_truth(&world)
}

#[test]
fn a_record_deleted_while_paging_is_gone() -> anyhow::Result<()> {
    let world = World::start(slow())?;
    let delete = |idx| Edit::Delete { entity: ASSETS, id: asset(&world, idx) };
    plan(&world, 1, vec![delete(2_090)]);
    plan(&world, 4, vec![delete(10), delete(700), delete(1_500)]);
    check_ends_with_the_truth(&world)
}

#[test]
fn a_device_that_changes_its_company_while_paging_is_with_the_new_one_only() -> anyhow::Result<()> {
    let world = World::start(slow())?;
    let company_id = world.control().ids(Entity::Companies).get(9).copied().unwrap_or_default();
    let move_it = |idx| Edit::MoveCompany { id: asset(&world, idx), company_id };
    plan(&world, 2, vec![move_it(0), move_it(1_100)]);
    plan(&world, 4, vec![move_it(400), move_it(2_000)]);
    check_ends_with_the_truth(&world)
}

#[test]
fn everything_at_once_during_a_night_is_caught_then_or_the_night_after() -> anyhow::Result<()> {
    let world = World::start(slow())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    crate::nightly::a_day_of_work(&world)?;
    let [edited, deleted] = [asset(&world, 60), asset(&world, 61)];
    let edits = vec![
        Edit::update(ASSETS, edited, json!({"serialNumber": "LATE"})),
        Edit::Delete { entity: ASSETS, id: deleted },
        Edit::insert(ASSETS, json!({"companyID": 0, "referenceTitle": "Late", "isActive": true})),
    ];
    plan(&world, 1, edits);
    world.nightly().run()?.exited(0)?;
    world.next_day();
    let night = world.nightly().run()?.exited(0)?;
    world.check_equal(&night, Exported::ALL)
}
