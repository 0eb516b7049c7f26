//! Faults on order, and edits between pages.

use crate::client::{World, all, world};
use autotask_simulator::{CallKind, Edit, Entity, Fault, FaultAction, Garble, Plan, RetryAfter};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const COMPANIES: Entity = Entity::Companies;

async fn faulty(world: &World, action: FaultAction) -> crate::client::Reply {
    world.control.clear_faults();
    world.control.add_fault(Fault::on(COMPANIES, action).nth(1));
    let reply = world.query("Companies", all()).await;
    let next = world.query("Companies", all()).await;
    assert_eq!(next.ids(), world.control.ids(COMPANIES), "the next call is right again");
    reply
}

#[tokio::test]
async fn whole_answers_are_replaced() {
    let world = world().await;
    for status in [500, 502, 503] {
        let reply = faulty(&world, FaultAction::Html { status }).await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("content-type").as_deref(), Some("text/html"));
    }
    let reply = faulty(&world, FaultAction::Html200).await;
    assert_eq!((reply.status, reply.header("content-type").as_deref()), (200, Some("text/html")));
    let reply = faulty(&world, FaultAction::TooMany { retry_after: RetryAfter::Seconds(7) }).await;
    assert_eq!((reply.status, reply.header("retry-after").as_deref()), (429, Some("7")));
    let reply = faulty(&world, FaultAction::Errors { message: "deadlock".to_owned() }).await;
    assert_eq!((reply.status, reply.text().as_str()), (500, "{\"errors\":[\"deadlock\"]}"));
    assert_eq!(faulty(&world, FaultAction::Status { status: 401 }).await.status, 401);
}

#[tokio::test]
async fn bodies_are_cut() {
    let world = world().await;
    let reply = faulty(&world, FaultAction::TruncatedJson).await;
    assert!(reply.is_complete && serde_json::from_slice::<Value>(&reply.body).is_err());
    let reply = faulty(&world, FaultAction::DropConnection).await;
    assert_eq!(reply.status, 200);
    assert!(!reply.is_complete && !reply.body.is_empty());
}

#[tokio::test]
async fn answers_are_late() {
    let world = world().await;
    let started = Instant::now();
    faulty(&world, FaultAction::Slow { ms: 80 }).await;
    assert!(started.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn records_are_spoilt() {
    let world = world().await;
    let ids = world.control.ids(COMPANIES);
    let garbled = async |kind: Garble| {
        let page = faulty(&world, FaultAction::Garble { garble: kind, row_idx: 2 }).await.json();
        page["items"].as_array().cloned().unwrap_or_default()
    };
    let wrong = Garble::WrongType { field: "ownerResourceID".to_owned(), value: json!("abc") };
    assert_eq!(garbled(wrong).await[2]["ownerResourceID"], "abc");
    assert!(garbled(Garble::NullId).await[2]["id"].is_null());
    assert!(garbled(Garble::NotAnObject).await[2].is_string());
    assert_eq!(garbled(Garble::DuplicateId).await[2]["id"], ids[1]);
    assert_eq!(garbled(Garble::Unsorted).await[2]["id"], ids[1]);
    assert!(garbled(Garble::IdOutOfRange).await[2]["id"].as_i64() > Some(*ids.last().unwrap()));
    assert!(garbled(Garble::NoItems).await.is_empty());
}

#[tokio::test]
async fn counts_lie_or_fail() {
    let world = world().await;
    let n_rows = world.control.ids(COMPANIES).len() as i64;
    let id = world.control.add_fault(Fault::on(COMPANIES, FaultAction::CountOff { by: -3 }).times(1));
    assert_eq!(world.count("Companies", all()).await, n_rows - 3);
    assert_eq!(world.count("Companies", all()).await, n_rows);
    assert_eq!(world.control.fault_count(id), 1);
    let failure = FaultAction::Errors { message: "no".to_owned() };
    world.control.add_fault(Fault::on(COMPANIES, failure).call(CallKind::Count));
    let reply = world.post("Companies/query/count", json!({"filter": all()})).await;
    assert_eq!(reply.status, 500);
    assert_eq!(world.query("Companies", all()).await.status, 200);
}

#[tokio::test]
async fn chance_is_repeatable() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let world = world().await;
        world.control.add_fault(Fault::anywhere(FaultAction::Status { status: 503 }).with_probability(0.5));
        let mut statuses = Vec::new();
        for _ in 0..12 {
            statuses.push(world.get("Companies/0").await.status);
        }
        assert!(statuses.contains(&200) && statuses.contains(&503), "{statuses:?}");
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn a_write_can_succeed_although_its_answer_is_lost() {
    let world = world().await;
    let id = world.control.ids(Entity::ConfigurationItems)[0];
    let lost = Fault::on(Entity::ConfigurationItems, FaultAction::Html { status: 502 }).call(CallKind::Patch);
    world.control.add_fault(Fault { is_performed: true, ..lost });
    let patch = json!({"id": id, "serialNumber": "LOST"});
    assert_eq!(world.call("PATCH", "ConfigurationItems", Some(&patch)).await.status, 502);
    assert_eq!(world.control.record(Entity::ConfigurationItems, id).unwrap()["serialNumber"], "LOST");
}

#[tokio::test]
async fn edits_happen_between_pages() {
    let world = world().await;
    let ids = world.control.ids(COMPANIES);
    let (seen, unseen) = (ids[0], ids[4]);
    world.control.plan(Plan {
        entity: COMPANIES,
        after_page: 1,
        edits: vec![
            Edit::Delete { entity: COMPANIES, id: unseen },
            Edit::insert(COMPANIES, json!({"companyName": "Late"})),
            Edit::update(COMPANIES, seen, json!({"companyName": "Renamed"})),
        ],
    });
    let body = json!({"MaxRecords": 3, "filter": all()});
    let first = world.post("Companies/query", body.clone()).await;
    let url = first.json()["pageDetails"]["nextPageUrl"].as_str().unwrap().to_owned();
    let second = world.post(&url, body).await;
    assert_eq!(first.ids(), ids[..3]);
    assert_eq!(second.ids(), [ids[3], ids[5], ids[6]]);
    assert_eq!(world.control.record(COMPANIES, seen).unwrap()["companyName"], "Renamed");
    assert!(world.control.ids(COMPANIES).last() > ids.last());
}
