//! The pull log tells of write-backs where they are asked for, among the runs and page by page.

use serde_json::{Value, json};

use super::calls::TENANT;
use super::world::{MINUTE_MS, World};
use super::writeback_world::some_assets;

impl World {
    async fn lines(&self, query: &str) -> Value {
        let (status, page) = self.call(TENANT, "GET", "runs", query, &Value::Null).await;
        assert_eq!(status, 200, "{page}");
        page
    }

    /// Kinds, line by line, each page with one of them.
    async fn kinds(&self, query: &str) -> Vec<String> {
        let (mut kinds, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.lines(&format!("limit=1&{query}{cursor}")).await;
            kinds.extend(
                page["runs"].as_array().unwrap().iter().map(|run| run["kind"].as_str().unwrap().to_owned()),
            );
            match page["cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return kinds,
            }
        }
    }
}

#[tokio::test]
async fn write_backs_stand_among_the_runs_where_they_are_asked_for() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all("2029-05-01").await;
    world.pass(MINUTE_MS);
    let plan = world.plan_and_apply().await;
    world.night().await;
    world.pass(MINUTE_MS);
    assert_eq!(world.undo(&plan).await.0, 202);
    let begun = world.lines("with_write_back=true&limit=1").await["runs"][0].clone();
    assert_eq!((&begun["kind"], &begun["state"]), (&json!("write_back"), &json!("queued")), "{begun}");
    world.until_over(&plan).await;

    let all = ["write_back", "nightly", "write_back", "initial"];
    assert_eq!(world.kinds("with_write_back=true").await, all);
    assert_eq!(world.kinds("with_write_back=false").await, ["nightly", "initial"]);
    assert_eq!(world.kinds("kind=write_back").await, ["write_back"; 2]);
    assert_eq!(world.kinds("kind=nightly&with_write_back=true").await, ["nightly"]);
    assert_eq!(world.kinds("with_write_back=true&state=failed").await, [""; 0]);
    let lines = world.lines("with_write_back=true").await["runs"].clone();
    assert_eq!(lines.as_array().unwrap().len(), all.len());
    let (undo, apply) = (&lines[0], &lines[2]);
    let written = plan["n_writes"].clone();
    assert_eq!(apply["write_back"]["n_by_phase"], json!({"verified": written}), "{apply}");
    assert_eq!((&undo["write_back"]["kind"], &undo["write_back"]["plan_id"]), (&json!("undo"), &plan["id"]));
    assert_eq!((&undo["trigger"], &undo["state"]), (&json!("manual"), &json!("done")));
    assert!(apply["requests"].as_u64().unwrap() > written.as_u64().unwrap(), "{apply}");
    let (status, one) = world.get(&format!("runs/{}", apply["id"].as_str().unwrap())).await;
    assert_eq!((status, &one), (200, apply));
    let (status, _) = world.call(TENANT, "GET", "runs", "with_write_back=perhaps", &Value::Null).await;
    assert_eq!(status, 400);
}
