//! Answers that are none: error pages, halves, broken lines.

use autotask_simulator::{CallKind, Config, Entity, Fault, FaultAction, Garble};
use e2e::oracle::Exported;
use e2e::{World, sizes};

/// A fault that passes is retried: all is well in the end.
fn check_passing(faults: Vec<Fault>) -> anyhow::Result<()> {
    let world = World::start(Config { latency_ms: 2, ..sizes::pages() })?;
    let control = world.control();
    let ids: Vec<u64> = faults.into_iter().map(|fault| control.add_fault(fault)).collect();
    let outcome = world.initial_in_memory().run()?.exited(0)?;
    for id in ids {
        assert!(control.fault_count(id) > 0, "a fault was never met");
    }
    world.check_equal(&outcome, Exported::ALL)
}

const ASSETS: Entity = Entity::ConfigurationItems;

#[test]
fn html_error_pages_are_retried() -> anyhow::Result<()> {
    check_passing(vec![
        Fault::on(ASSETS, FaultAction::Html { status: 502 }).nth(2),
        Fault::on(Entity::Contacts, FaultAction::Html { status: 503 }).nth(1),
        Fault::on(Entity::Tickets, FaultAction::Status { status: 504 }).nth(1),
    ])
}

#[test]
fn an_html_page_with_status_200_is_no_page_of_records() -> anyhow::Result<()> {
    check_passing(vec![
        Fault::on(ASSETS, FaultAction::Html200).nth(2),
        Fault::on(Entity::Companies, FaultAction::Html200).nth(1),
    ])
}

#[test]
fn half_a_json_is_no_page_of_records() -> anyhow::Result<()> {
    check_passing(vec![
        Fault::on(ASSETS, FaultAction::TruncatedJson).nth(3),
        Fault::on(Entity::Products, FaultAction::TruncatedJson).nth(1),
    ])
}

#[test]
fn a_dropped_connection_is_retried() -> anyhow::Result<()> {
    check_passing(vec![
        Fault::on(ASSETS, FaultAction::DropConnection).nth(2),
        Fault::on(Entity::Contacts, FaultAction::DropConnection).nth(2),
    ])
}

#[test]
fn a_page_without_items_is_no_empty_page() -> anyhow::Result<()> {
    let no_items = || FaultAction::Garble { garble: Garble::NoItems, row_idx: 0 };
    check_passing(vec![Fault::on(ASSETS, no_items()).nth(2), Fault::on(Entity::Companies, no_items()).nth(1)])
}

#[test]
fn an_empty_200_is_no_empty_page() -> anyhow::Result<()> {
    let empty = || FaultAction::Body {
        status: 200,
        content_type: "application/json".to_owned(),
        body: String::new(),
    };
    check_passing(vec![Fault::on(ASSETS, empty()).nth(1), Fault::on(Entity::Tickets, empty()).nth(2)])
}

#[test]
fn a_500_without_a_reason_is_retried() -> anyhow::Result<()> {
    check_passing(vec![
        Fault::on(ASSETS, FaultAction::Status { status: 500 }).nth(2),
        Fault::on(ASSETS, FaultAction::Status { status: 500 }).call(CallKind::Count).nth(1),
        Fault::anywhere(FaultAction::Html { status: 503 }).call(CallKind::Threshold).nth(1),
        Fault::on(ASSETS, FaultAction::Html { status: 500 }).call(CallKind::Fields).nth(1),
    ])
}

#[test]
fn a_night_with_faults_ends_like_any_other() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    crate::nightly::a_day_of_work(&world)?;
    let control = world.control();
    control.add_fault(Fault::on(ASSETS, FaultAction::TruncatedJson).nth(1));
    control.add_fault(Fault::on(ASSETS, FaultAction::Html { status: 502 }).call(CallKind::Count).nth(1));
    control.add_fault(Fault::on(Entity::Contacts, FaultAction::DropConnection).nth(1));
    let outcome = world.nightly().run()?.exited(0)?;
    assert_eq!(world.counters().faults_served, 3);
    world.check_equal(&outcome, Exported::ALL)
}
