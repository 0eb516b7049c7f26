//! Steering over HTTP, the data of a seed, and the program itself.

use crate::client::{world, world_with};
use itglue_simulator::{Config, Edit, Fault, FaultAction, Noise};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

#[tokio::test]
async fn everything_can_be_steered_over_http() {
    let world = world().await;
    let post = async |path: &str, body: Value| {
        let reply = world.post(&format!("/_control/{path}"), body).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    };
    let id = post("edits", json!({"op": "add", "attributes": {"name": "X"}})).await["ids"][0].clone();
    let changed = json!({"op": "change", "id": id, "attributes": {"name": "Y", "short_name": "Why"}});
    post("edits", json!([changed])).await;
    let truth = world.get("/_control/truth").await.json();
    assert_eq!(truth.as_array().unwrap().last().unwrap()["attributes"]["short-name"], "Why");
    let clock =
        post("clock", json!({"freeze": true, "set": "2027-01-01T00:00:00Z", "advance_ms": 500})).await;
    assert_eq!(clock["now"], "2027-01-01T00:00:00.500Z");
    let fault = post("faults", json!({"action": {"kind": "html", "status": 503}, "when": {"nth": 1}})).await;
    assert_eq!(world.get("/organizations").await.status, 503);
    assert_eq!(world.get(&format!("/_control/faults/{}", fault["id"])).await.json()["fired"], 1);
    assert_eq!(world.call("DELETE", "/_control/faults", None).await.status, 200);
    post("plans", json!({"after_page": 1, "edits": [{"op": "remove", "id": id}]})).await;
    world.get("/organizations").await;
    assert!(!world.control.ids().contains(&id.as_i64().unwrap()));
    post("key/rights", json!("none")).await;
    assert_eq!(world.get("/organizations").await.status, 401);
    post("key/state", json!("expired")).await;
    assert_eq!(world.get("/organizations").await.status, 403);
    post("config", json!({"latency_ms": 1, "key_refusal": "401"})).await;
    assert_eq!(world.get("/organizations").await.status, 401);
    assert_eq!(world.get("/_control/counters").await.json()["key_refusals"], 2);
    post("counters/reset", json!({})).await;
    post("limits/reset", json!({})).await;
    assert_eq!(world.get("/_control/counters").await.json()["requests"], 0);
    assert_eq!(world.post("/_control/nonsense", json!({})).await.status, 404);
    assert_eq!(world.post("/_control/faults", json!({"no": 1})).await.status, 400);
}

#[test]
fn orders_survive_their_json_form() {
    let fault = Fault::new(FaultAction::CutOff).nth(2).times(1);
    let text = serde_json::to_string(&fault).unwrap();
    assert_eq!(serde_json::from_str::<Fault>(&text).unwrap(), fault);
    let edit = Edit::rename(1, "x");
    let text = serde_json::to_string(&edit).unwrap();
    assert_eq!(serde_json::from_str::<Edit>(&text).unwrap(), edit);
    let config = Config::small();
    let text = serde_json::to_string(&config).unwrap();
    assert_eq!(serde_json::from_str::<Config>(&text).unwrap(), config);
}

#[tokio::test]
async fn company_names_become_organizations_with_noise() {
    let company_names: Vec<String> = (0..100).map(|n| format!("Harbor Logistics {n}, LLC")).collect();
    let world = world_with(Config { company_names: company_names.clone(), ..Config::small() }).await;
    let origins = world.control.origins();
    assert!((70..100).contains(&origins.len()), "{}", origins.len());
    for origin in origins {
        let record = world.control.record(origin.id).unwrap();
        assert!(company_names.contains(&origin.company_name));
        assert_eq!(record["attributes"]["name"] == json!(origin.company_name), origin.noise == Noise::Same);
        let is_inactive = record["attributes"]["organization-status-name"] == "Inactive";
        assert_eq!(is_inactive, origin.noise == Noise::Old, "{record}");
    }
    assert_eq!(world.get("/_control/origins").await.json().as_array().unwrap().len(), origins.len());
}

#[test]
fn the_program_serves_until_it_is_told_to_stop() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_itglue-simulator"))
        .args(["--listen", "127.0.0.1:0", "--own", "3", "--key", "k", "--region", "eu"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let address = ready["base_url"].as_str().unwrap().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(stream, "GET /organizations HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-api-key: k\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let id = program.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(program.wait().unwrap().success());
}
