//! Faults on order.

use crate::client::{Reply, World, world};
use itglue_simulator::{Fault, FaultAction, Garble, Resource, RetryAfter};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn faulty(world: &World, action: FaultAction) -> Reply {
    world.control.clear_faults();
    world.control.add_fault(Fault::new(action).on(Resource::Organizations).nth(1));
    assert_eq!(world.get("/organization_types").await.status, 200, "another resource is not hit");
    let reply = world.get("/organizations?sort=id").await;
    let next = world.get("/organizations?sort=id").await;
    assert_eq!(next.ids(), world.control.ids(), "the next call is right again");
    reply
}

#[tokio::test]
async fn whole_answers_are_replaced() {
    let world = world().await;
    for status in [200, 500, 502, 503] {
        let reply = faulty(&world, FaultAction::Html { status }).await;
        assert_eq!((reply.status, reply.text().starts_with("<!DOCTYPE")), (status, true));
    }
    let reply = faulty(&world, FaultAction::TooMany { retry_after: RetryAfter::Seconds(7) }).await;
    assert_eq!((reply.status, reply.header("retry-after").as_deref()), (429, Some("7")));
    let reply = faulty(&world, FaultAction::Errors { status: 500, detail: "deadlock".to_owned() }).await;
    assert_eq!((reply.status, reply.json()["errors"][0]["detail"].clone()), (500, Value::from("deadlock")));
    let elsewhere = FaultAction::Redirect { location: "https://elsewhere.example/".to_owned() };
    let reply = faulty(&world, elsewhere).await;
    assert_eq!(
        (reply.status, reply.header("location").as_deref()),
        (302, Some("https://elsewhere.example/"))
    );
    let body = FaultAction::Body { status: 418, content_type: "text/plain".to_owned(), body: "x".to_owned() };
    assert_eq!(faulty(&world, body).await.status, 418);
}

#[tokio::test]
async fn bodies_are_cut() {
    let world = world().await;
    let reply = faulty(&world, FaultAction::TruncatedJson).await;
    assert!(reply.is_complete && serde_json::from_slice::<Value>(&reply.body).is_err());
    let reply = faulty(&world, FaultAction::CutOff).await;
    assert!(reply.status == 200 && !reply.is_complete && !reply.body.is_empty());
}

#[tokio::test]
async fn answers_are_late() {
    let world = world().await;
    let started = Instant::now();
    faulty(&world, FaultAction::Slow { ms: 60 }).await;
    assert!(started.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn records_are_spoilt() {
    let world = world().await;
    let garbled =
        async |garble: Garble| faulty(&world, FaultAction::Garble { garble, row_idx: 2 }).await.json();
    let wrong = Garble::WrongType { attribute: "name".to_owned(), value: json!([1]) };
    assert_eq!(garbled(wrong).await["data"][2]["attributes"]["name"], json!([1]));
    assert!(garbled(Garble::NullId).await["data"][2]["id"].is_null());
    assert!(garbled(Garble::NotAnObject).await["data"][2].is_string());
    assert!(garbled(Garble::NoAttributes).await["data"][2].get("attributes").is_none());
    assert!(garbled(Garble::NoData).await.get("data").is_none());
    let n_rows = world.control.ids().len();
    assert_eq!(garbled(Garble::TotalOff(-3)).await["meta"]["total-count"], n_rows - 3);
}

#[tokio::test]
async fn faults_are_counted_and_end() {
    let world = world().await;
    let id = world.control.add_fault(Fault::new(FaultAction::Html { status: 503 }).times(2));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(world.get("/organizations").await.status);
    }
    assert_eq!(statuses, [503, 503, 200]);
    assert_eq!(world.control.fault_count(id), 2);
}
