//! The permission X-ray against levels that the simulator can play.

use std::time::Duration;

use autotask_simulator::{CallKind, Config, Entity, Fault, FaultAction, Rights};
use serde_json::{Value, json};

use crate::world::World;

/// The first document's security level.
fn first_level() -> Config {
    let no = Rights::Empty;
    let rights = [
        (Entity::Companies, Rights::ReadOnly),
        (Entity::Contacts, Rights::ReadOnly),
        (Entity::Products, Rights::ReadOnly),
        (Entity::ConfigurationItemTypes, Rights::ReadOnly),
        (Entity::ConfigurationItemCategories, Rights::ReadOnly),
        (Entity::Contracts, no),
        (Entity::ContractServices, no),
        (Entity::ContractServiceUnits, no),
        (Entity::Tickets, no),
        (Entity::Opportunities, Rights::Forbidden),
    ];
    Config { rights: rights.into(), ..Config::small() }
}

fn feature<'a>(answer: &'a Value, name: &str) -> &'a Value {
    answer["features"].as_array().unwrap().iter().find(|row| row["feature"] == name).unwrap()
}

fn state_of<'a>(answer: &'a Value, name: &str) -> &'a str {
    feature(answer, name)["state"].as_str().unwrap()
}

fn warnings(answer: &Value) -> Vec<&str> {
    answer["warnings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

fn with(world: &World, key: &str, value: Value) -> Value {
    let mut form = world.form();
    form[key] = value;
    form
}

#[tokio::test]
async fn the_first_documents_level_passes_and_the_rest_is_not_granted_not_needed() {
    let world = World::start(first_level()).await;
    let (_, answer) = world.test(&world.form()).await;
    assert_eq!(
        (&answer["ok"], &answer["message"]),
        (&json!(true), &json!("Connection Successful.")),
        "{answer}"
    );
    assert_eq!(state_of(&answer, "assets"), "granted");
    for name in ["contracts", "tickets", "opportunities"] {
        assert_eq!(state_of(&answer, name), "not_granted_not_needed");
        assert_eq!(feature(&answer, name)["message"], "Not granted, not needed.");
    }
    assert_eq!(state_of(&answer, "warranty_write_back"), "granted_not_needed");
    // The simulator's level cannot grant editing without adding.
    assert_eq!(answer["excess"], json!([{"entity": "assets", "action": "create"}]));
    assert_eq!(warnings(&answer), ["excess_rights"]);
}

#[tokio::test]
async fn what_is_switched_on_without_its_right_is_named_with_its_box() {
    let cases = [
        ("contracts", "Contract Visibility = Full", "Contracts"),
        ("tickets", "Service Desk", "Tickets"),
        ("opportunities", "Sales & Opportunities", "Opportunities"),
    ];
    for (name, setting, words) in cases {
        let world = World::start(first_level()).await;
        let (status, answer) = world.test(&with(&world, "pulls", json!({name: true}))).await;
        assert_eq!((status, &answer["ok"]), (200, &json!(false)));
        assert_eq!(answer["code"], "right_missing");
        assert!(answer["message"].as_str().unwrap().contains(words), "{answer}");
        assert!(answer["fix"].as_str().unwrap().contains(setting), "{answer}");
        assert_eq!((state_of(&answer, name), state_of(&answer, "assets")), ("missing", "granted"));
        assert!(feature(&answer, name)["message"].as_str().unwrap().contains(setting), "{answer}");
        // The login itself was good: nothing is held off.
        assert_eq!(world.test(&world.form()).await.1["code"], "connected");
    }
}

#[tokio::test]
async fn writing_back_needs_editing() {
    let world = World::start(first_level()).await;
    let form = with(&world, "write_back", json!(true));
    let (_, answer) = world.test(&form).await;
    assert_eq!((&answer["ok"], state_of(&answer, "warranty_write_back")), (&json!(true), "granted"));
    world.control.set_rights(Entity::ConfigurationItems, Rights::ReadOnly);
    let (_, answer) = world.test(&form).await;
    assert_eq!(
        (&answer["code"], state_of(&answer, "warranty_write_back")),
        (&json!("right_missing"), "missing")
    );
    assert!(answer["fix"].as_str().unwrap().contains("Edit = All"), "{answer}");
    assert_eq!(world.test(&world.form()).await.1["ok"], true);
}

#[tokio::test]
async fn narrowed_sight_is_a_warning_and_more_than_needed_is_grey() {
    let world = World::start(Config::small()).await;
    world.control.set_rights(Entity::Companies, Rights::Partial(0.5));
    let (_, answer) = world.test(&world.form()).await;
    assert_eq!((&answer["ok"], state_of(&answer, "assets")), (&json!(true), "restricted"));
    assert_eq!(warnings(&answer), ["restricted", "excess_rights"]);
    let excess = answer["excess"].as_array().unwrap();
    assert!(excess.contains(&json!({"entity": "companies", "action": "update"})), "{answer}");
    assert!(!excess.contains(&json!({"entity": "assets", "action": "update"})), "{answer}");
    assert_eq!(state_of(&answer, "tickets"), "granted_not_needed");
}

#[tokio::test]
async fn where_the_information_is_silent_the_rows_are_counted() {
    let world = World::start(Config { user_access_numbers: [0, 0, 0], ..first_level() }).await;
    let (_, answer) = world.test(&world.form()).await;
    assert_eq!((&answer["ok"], state_of(&answer, "assets")), (&json!(true), "granted"), "{answer}");
    assert_eq!(world.control.counters().by_kind.get(&CallKind::Count), Some(&6));
    for id in world.control.ids(Entity::Products) {
        world.control.delete(Entity::Products, id).unwrap();
    }
    let (_, answer) = world.test(&world.form()).await;
    assert_eq!((&answer["ok"], state_of(&answer, "assets")), (&json!(true), "nothing_seen"), "{answer}");
}

#[tokio::test]
async fn what_does_not_answer_in_time_is_not_tested_and_nothing_fails_for_it() {
    let mut world = World::start(first_level()).await;
    world.deps.deadline = Duration::from_millis(700);
    let slow = Fault::on(Entity::Contacts, FaultAction::Slow { ms: 60_000 }).call(CallKind::Information);
    world.control.add_fault(slow);
    let (_, answer) = world.test(&world.form()).await;
    assert_eq!((&answer["ok"], &answer["code"]), (&json!(true), &json!("connected")), "{answer}");
    assert_eq!(state_of(&answer, "assets"), "not_tested");
    assert_eq!(state_of(&answer, "tickets"), "not_granted_not_needed");
    let rights = feature(&answer, "assets")["rights"].as_array().unwrap().clone();
    let states: Vec<_> = rights.iter().map(|right| right["state"].as_str().unwrap()).collect();
    assert_eq!(states.iter().filter(|state| **state == "granted").count(), 5, "{answer}");
    assert_eq!(warnings(&answer), ["not_tested", "excess_rights"]);
}

#[tokio::test]
async fn one_failed_call_is_asked_once_more_and_a_failing_entity_is_not_tested() {
    let world = World::start(first_level()).await;
    let broken = |entity| Fault::on(entity, FaultAction::Html { status: 503 }).call(CallKind::Information);
    world.control.add_fault(broken(Entity::Contacts).times(1));
    let (_, answer) = world.test(&world.form()).await;
    assert_eq!(state_of(&answer, "assets"), "granted");
    world.control.add_fault(broken(Entity::Products));
    let (_, answer) = world.test(&world.form()).await;
    assert_eq!((&answer["ok"], state_of(&answer, "assets")), (&json!(true), "not_tested"));
}

#[tokio::test]
async fn never_more_than_three_at_once_and_the_login_alone() {
    let world = World::start(Config { latency_ms: 5, thread_limit: 1, ..Config::small() }).await;
    let (_, answer) = world.test(&world.form()).await;
    assert_eq!(answer["code"], "connected");
    let counters = world.control.counters();
    assert_eq!((counters.thread_rejections, counters.requests), (0, 13), "{counters:?}");
}
