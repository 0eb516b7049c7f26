//! Doorbells that are lost, doubled, late, early or malformed, and a planner that sleeps.

use serde_json::json;

use super::calls::TENANT;
use super::world::{DAY_MS, HOUR_MS, MINUTE_MS, World, doorbell, doorbell_for};
use crate::host::{INITIAL, NIGHTLY};

fn done(kinds: &[&str]) -> Vec<(String, String)> {
    kinds.iter().map(|kind| ((*kind).to_owned(), "done".to_owned())).collect()
}

#[tokio::test]
async fn a_lost_doorbell_is_rung_again_by_the_planner() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    assert_eq!(world.lose_doorbells().await, 1);
    assert_eq!(world.tick().await, 1);
    assert_eq!(world.lose_doorbells().await, 1);
    world.pass(MINUTE_MS);
    assert_eq!(world.tick().await, 1);
    assert_eq!(world.ring(INITIAL).await, 1);
    assert_eq!((world.log().await, world.subjects().len()), (done(&["initial"]), 1));
}

#[tokio::test]
async fn a_doubled_doorbell_is_one_run_and_one_mail() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    let event = world.doorbells(INITIAL).await.remove(0);
    let ring = || world.host.call("initial-sync", event.clone());
    let (one, other, third) = tokio::join!(ring(), ring(), ring());
    for answer in [one, other, third] {
        assert_eq!(answer.unwrap(), json!({"batchItemFailures": []}));
    }
    world.work().await;
    world.pass(5 * MINUTE_MS);
    world.work().await;
    assert_eq!((world.log().await, world.subjects().len()), (done(&["initial"]), 1));
    assert_eq!(world.differences(TENANT).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_late_doorbell_finds_nothing_to_do() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    let event = world.doorbells(INITIAL).await.remove(0);
    world.host.call("initial-sync", event.clone()).await.unwrap();
    world.work().await;
    let (items, n_requests) = (world.items().await, world.control.counters().requests);
    world.pass(10 * MINUTE_MS);
    world.host.call("initial-sync", event).await.unwrap();
    world.work().await;
    assert_eq!((world.items().await, world.control.counters().requests), (items, n_requests));
}

#[tokio::test]
async fn an_early_doorbell_waits_for_the_night() {
    let world = World::start().await;
    world.load().await;
    let (items, n_requests) = (world.items().await, world.control.counters().requests);
    world.ring_for(TENANT).await;
    assert_eq!((world.items().await, world.control.counters().requests), (items, n_requests));
    world.night().await;
    assert_eq!(world.log().await, done(&["nightly", "initial"]));
}

#[tokio::test]
async fn a_night_comes_once_however_often_it_is_rung_for() {
    let world = World::start().await;
    world.load().await;
    world.night().await;
    let n_requests = world.control.counters().requests;
    for _ in 0..20 {
        world.pass(MINUTE_MS);
        world.ring_for(TENANT).await;
        world.work().await;
    }
    assert_eq!(
        (world.log().await, world.control.counters().requests),
        (done(&["nightly", "initial"]), n_requests)
    );
}

#[tokio::test]
async fn a_planner_that_was_down_for_an_hour_loses_nothing() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    world.lose_doorbells().await;
    world.pass(HOUR_MS);
    let mut n_minutes = 0;
    while world.tick().await == 0 {
        world.pass(MINUTE_MS);
        n_minutes += 1;
        assert!(n_minutes <= 10, "who is long overdue is rung for every ten minutes");
    }
    world.work().await;
    assert_eq!((world.log().await, world.subjects().len()), (done(&["initial"]), 1));
}

#[tokio::test]
async fn nights_that_were_slept_through_are_caught_up_by_one() {
    let world = World::start().await;
    world.load().await;
    world.pass(5 * DAY_MS);
    for _ in 0..11 {
        world.work().await;
        world.pass(MINUTE_MS);
    }
    assert_eq!(world.log().await, done(&["nightly", "initial"]));
    world.night().await;
    assert_eq!(world.log().await, done(&["nightly", "nightly", "initial"]));
}

#[tokio::test]
async fn only_malformed_doorbells_of_a_batch_come_again() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    world.lose_doorbells().await;
    let bodies = [
        "nonsense",
        "{\"tenant\":7}",
        "{\"tenant\":\"ACME#\",\"atdb\":null}",
        "{\"tenant\":\"acme\",\"x\":1}",
    ];
    let bad = bodies.iter().enumerate().map(|(n, body)| doorbell(&format!("bad-{n}"), body));
    let good = [doorbell_for("nobody"), doorbell_for(TENANT)];
    let records: Vec<_> = bad.chain(good).map(|event| event["Records"][0].clone()).collect();
    let answer = world.host.call("nightly-sync", json!({ "Records": records })).await.unwrap();
    let named: Vec<&str> = answer["batchItemFailures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|failure| failure["itemIdentifier"].as_str().unwrap())
        .collect();
    assert_eq!(named, ["bad-0", "bad-1", "bad-2", "bad-3"]);
    assert_eq!(world.log().await, done(&["initial"]));
}

#[tokio::test]
async fn events_of_unknown_kinds_are_refused() {
    let world = World::start().await;
    for event in [json!({}), json!({"source": "aws.s3"}), json!({"source": "aws.ses"}), json!({"Records": 7})]
    {
        assert!(world.host.call("nightly-sync", event.clone()).await.is_err(), "{event}");
    }
    assert_eq!(world.ring(NIGHTLY).await, 0);
}
