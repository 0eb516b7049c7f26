//! Steering: the data of a seed, the truth, and the control routes.

use crate::client::{World, all, world, world_with};
use autotask_simulator::{Config, Edit, Entity, Fault, FaultAction, Rights};
use serde_json::{Value, json};

fn truth_of(world: &World) -> Vec<String> {
    let mut lines = Vec::new();
    for entity in Entity::ALL {
        world.control.for_each_line(entity, |line| lines.push(line.to_owned()));
    }
    lines
}

#[tokio::test]
async fn the_same_seed_gives_the_same_truth() {
    let (one, two) = (world().await, world().await);
    assert_eq!(truth_of(&one), truth_of(&two));
    let other = world_with(Config { seed: 2, ..Config::small() }).await;
    assert_ne!(truth_of(&one), truth_of(&other));
}

#[tokio::test]
async fn the_data_are_as_awkward_as_promised() {
    let world = world_with(Config { sizes: autotask_simulator::Sizes::default(), ..Config::small() }).await;
    let rows = world.control.truth(Entity::ConfigurationItems);
    let share =
        |takes: &dyn Fn(&Value) -> bool| rows.iter().filter(|row| takes(row)).count() * 100 / rows.len();
    let ids = world.control.ids(Entity::ConfigurationItems);
    let span = ids.last().unwrap() - ids[0] + 1;
    assert!((70..80).contains(&(ids.len() as i64 * 100 / span)), "one id in four is missing");
    assert!(ids.is_sorted() && ids[0] > 1);
    assert!((25..35).contains(&share(&|row| row["userDefinedFields"] != json!([]))));
    assert!((5..20).contains(&share(&|row| row["lastModifiedTime"].is_null())));
    let biggest = world.control.ids(Entity::Companies)[1];
    assert!((18..32).contains(&share(&|row| row["companyID"] == biggest)));
    assert!(
        rows.iter().all(|row| row["installDate"].as_str().is_none_or(|date| date.ends_with("T00:00:00Z")))
    );
    assert!(
        rows.iter().any(|row| row["referenceNumber"] == "")
            && rows.iter().any(|row| row["referenceNumber"].is_null())
    );
    assert_eq!(world.control.ids(Entity::Companies)[0], 0);
    let text = truth_of(&world).join("\n");
    for awkward in [" & ", "'", "\\r\\n", "東京", "*****"] {
        assert!(text.contains(awkward), "{awkward}");
    }
}

#[tokio::test]
async fn truth_over_http_is_the_truth_in_process() {
    let world = world().await;
    world.control.set_rights(Entity::ConfigurationItems, Rights::Partial(0.5));
    let lines =
        |text: String| -> Vec<Value> { text.lines().map(|l| serde_json::from_str(l).unwrap()).collect() };
    let chunked = |reply: crate::client::Reply| -> String {
        // The stream comes in chunks: drop the lines that hold their lengths.
        reply.text().split("\r\n").filter(|part| part.starts_with('{')).collect()
    };
    let all_rows = lines(chunked(world.get("/_control/truth/ConfigurationItems").await));
    assert_eq!(all_rows, world.control.truth(Entity::ConfigurationItems));
    let visible =
        lines(chunked(world.get("/_control/truth/configurationitems?visible=true&fields=companyID").await));
    assert_eq!(visible.len() as i64, world.count("ConfigurationItems", all()).await);
    assert_eq!(visible[0].as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn everything_can_be_steered_over_http() {
    let world = world().await;
    let post = async |path: &str, body: Value| {
        let reply = world.post(&format!("/_control/{path}"), body).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    };
    let inserted =
        post("edits", json!({"op": "insert", "entity": "Companies", "fields": {"companyName": "X"}})).await;
    let id = inserted["ids"][0].as_i64().unwrap();
    post("edits", json!([{"op": "update", "entity": "Companies", "id": id, "fields": {"phone": "1"}}, {"op": "upsert", "entity": "Products", "id": 5, "fields": {"name": "P"}}])).await;
    assert_eq!(world.get(&format!("/_control/record/Companies/{id}")).await.json()["phone"], "1");
    assert_eq!(world.get(&format!("/_control/version/Companies/{id}")).await.json()["version"], 2);
    let asset = world.control.ids(Entity::ConfigurationItems)[0];
    post("edits", json!({"op": "move_company", "id": asset, "company_id": id})).await;
    assert_eq!(world.control.record(Entity::ConfigurationItems, asset).unwrap()["companyID"], id);
    post("config", json!({"latency_ms": 1, "rights": {"Tickets": "empty", "Products": {"partial": 0.5}}}))
        .await;
    assert_eq!(world.control.config().rights.len(), 2);
    post("rights", json!({"Tickets": "full"})).await;
    let clock =
        post("clock", json!({"freeze": true, "set": "2027-01-01T00:00:00Z", "advance_ms": 500})).await;
    assert_eq!(clock["now"], "2027-01-01T00:00:00.5Z");
    let fault = post("faults", json!({"entity": "Companies", "call": "query", "when": {"nth": 1}, "action": {"kind": "html", "status": 503}})).await;
    assert_eq!(world.query("Companies", all()).await.status, 503);
    assert_eq!(world.get(&format!("/_control/faults/{}", fault["id"])).await.json()["fired"], 1);
    assert_eq!(world.call("DELETE", "/_control/faults", None).await.status, 200);
    post("plans", json!({"entity": "Companies", "after_page": 1, "edits": [{"op": "delete", "entity": "Companies", "id": id}]})).await;
    world.query("Companies", all()).await;
    assert_eq!(world.control.record(Entity::Companies, id), None);
    post("hourly", json!({"calls": 40})).await;
    assert!(world.get("/_control/hourly").await.json()["calls"].as_i64() >= Some(40));
    for path in ["hourly/reset", "unlock", "counters/reset"] {
        post(path, json!({})).await;
    }
    assert_eq!(world.get("/_control/counters").await.json()["requests"], 0);
    post("zone", json!({"path": "zoneB"})).await;
    assert_eq!(world.get("Companies/0").await.status, 401);
    assert_eq!(world.post("/_control/nonsense", json!({})).await.status, 404);
    assert_eq!(world.post("/_control/faults", json!({"no": 1})).await.status, 400);
}

#[test]
fn orders_survive_their_json_form() {
    let fault = Fault::on(Entity::Contacts, FaultAction::DropConnection).nth(2).times(1);
    let text = serde_json::to_string(&fault).unwrap();
    assert_eq!(serde_json::from_str::<Fault>(&text).unwrap(), fault);
    let edit = Edit::MoveCompany { id: 1, company_id: 2 };
    let text = serde_json::to_string(&edit).unwrap();
    assert_eq!(serde_json::from_str::<Edit>(&text).unwrap(), edit);
    let config = Config::small();
    let text = serde_json::to_string(&config).unwrap();
    assert_eq!(serde_json::from_str::<Config>(&text).unwrap(), config);
}

#[tokio::test]
async fn counters_tell_calls_apart() {
    let world = world().await;
    world.query("Companies", all()).await;
    world.count("Companies", all()).await;
    world.get("Companies/entityInformation/fields").await;
    world.get("ThresholdInformation").await;
    let counters = world.control.counters();
    use autotask_simulator::CallKind::{Count, Fields, Query, Threshold};
    for (endpoint, kind) in [
        ("Companies", Query),
        ("Companies", Count),
        ("Companies", Fields),
        ("ThresholdInformation", Threshold),
    ] {
        assert_eq!(counters.calls(endpoint, kind), 1, "{endpoint} {kind:?}");
    }
    assert_eq!(counters.rows_served, 13);
    assert_eq!(counters.requests, 4);
}
