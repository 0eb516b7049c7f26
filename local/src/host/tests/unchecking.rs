//! Switched off, a run stops after the page in hand; switched on again, the same run goes on.

use std::time::Duration;

use serde_json::{Value, json};

use super::calls::TENANT;
use super::world::{DAY_MS, World};
use crate::host::INITIAL;

/// Switches on again and lets the stopped run come to its end.
async fn goes_on(world: &World, run_id: &Value) {
    world.check(true).await;
    world.work().await;
    let runs = world.runs().await;
    assert_eq!((runs.len(), &runs[0]["id"], &runs[0]["state"]), (1, run_id, &json!("done")));
    assert_eq!((world.subjects().len(), world.differences(TENANT).await), (1, Vec::new()));
}

/// Rings for days; answers whether anything was asked of Autotask.
async fn is_quiet(world: &World) -> bool {
    let n_requests = world.control.counters().requests;
    for _ in 0..3 {
        world.pass(DAY_MS);
        world.ring_for(TENANT).await;
        world.work().await;
    }
    world.control.counters().requests == n_requests
}

#[tokio::test]
async fn switched_off_between_slices_a_run_stops_and_goes_on_when_switched_on() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    let event = world.doorbells(INITIAL).await.remove(0);
    world.ring_hasty(event).await;
    let run = world.settings().await["run"].clone();
    assert_eq!((&run["state"], &run["slices"]), (&json!("running"), &json!(1)));
    world.check(false).await;
    world.work().await;
    let settings = world.settings().await;
    assert_eq!((&settings["status"], &settings["run"]["state"]), (&json!("paused"), &json!("stopped")));
    assert!(is_quiet(&world).await);
    assert_eq!(world.subjects().len(), 0);
    goes_on(&world, &run["id"]).await;
}

#[tokio::test]
async fn switched_off_while_a_slice_works_it_stops_after_the_page_in_hand() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    world.control.configure(|config| config.latency_ms = 1_000);
    let event = world.doorbells(INITIAL).await.remove(0);
    let switching_off = async {
        while world.settings().await["run"]["state"] != "running" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        world.check(false).await
    };
    let (answer, settings) = tokio::join!(world.host.call("initial-sync", event), switching_off);
    assert_eq!(answer.unwrap(), json!({"batchItemFailures": []}));
    let run_id = settings["run"]["id"].clone();
    world.control.configure(|config| config.latency_ms = 0);
    let stopped = world.settings().await["run"].clone();
    assert_eq!(
        (&stopped["id"], &stopped["state"], &stopped["slices"]),
        (&run_id, &json!("stopped"), &json!(1))
    );
    assert!(is_quiet(&world).await);
    goes_on(&world, &run_id).await;
}

#[tokio::test]
async fn switched_off_and_on_before_anybody_noticed_the_run_goes_on() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    world.lose_doorbells().await;
    let run_id = world.check(false).await["run"]["id"].clone();
    goes_on(&world, &run_id).await;
}

#[tokio::test]
async fn nights_come_no_more_while_switched_off_and_again_after() {
    let world = World::start().await;
    world.load().await;
    let settings = world.check(false).await;
    assert_eq!((&settings["status"], &settings["next_night_at"]), (&json!("paused"), &Value::Null));
    assert!(is_quiet(&world).await);
    let (status, answer) = world.run_now().await;
    assert_eq!((status, &answer["error"]["details"]["reason"]), (409, &json!("not_active")), "{answer}");
    world.check(true).await;
    world.night().await;
    assert_eq!(world.log().await.len(), 2);
    assert_eq!(world.log().await[0], ("nightly".to_owned(), "done".to_owned()));
}
