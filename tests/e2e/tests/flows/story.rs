//! The first seed's steps, over HTTP against `lci serve --demo`: test, save, first load, mail, the next night.

use e2e::http;
use e2e::scene::Scene;
use e2e::served::{RUNS, SETTINGS, TEST, USAGE, VERSIONS};
use serde_json::{Value, json};

const USER: &str = "lciapi@demo.example";
const PASSWORD: &str = "demo-password";
const DAY_MS: u64 = 24 * 3_600 * 1_000;

struct Story(Scene);

impl Story {
    fn test(&self, body: &Value) -> anyhow::Result<Value> {
        let answer = self.0.served.call(&self.0.admin, "POST", TEST, body)?;
        assert_eq!(answer.status, 200, "{}", answer.text());
        Ok(answer.json())
    }

    fn control(&self, what: &str, body: &Value) -> anyhow::Result<Value> {
        http::post(self.0.served.simulator().unwrap_or_default(), &format!("/_control/{what}"), body)
    }

    fn settings(&self) -> anyhow::Result<Value> {
        self.0.served.get(&self.0.admin, SETTINGS)
    }
}

fn assets_of(run: &Value) -> Value {
    let entities = run["entities"].as_array().cloned().unwrap_or_default();
    entities.into_iter().find(|entity| entity["entity"] == "assets").unwrap_or_default()
}

#[test]
fn from_credentials_to_the_mail_and_the_next_night() -> anyhow::Result<()> {
    let story = Story(Scene::demo()?);
    let before = story.settings()?;
    assert_eq!((&before["version"], &before["status"]), (&json!(0), &json!("setup")));

    // Step 4: Test Settings, on values that are not saved.
    let tested = story.test(&json!({"username": USER, "password": PASSWORD}))?;
    assert_eq!((&tested["ok"], &tested["message"]), (&json!(true), &json!("Connection Successful.")));
    assert_eq!(story.settings()?, before, "a test stores nothing");

    // Step 5: Save Settings; the first load begins by itself and ends with one mail.
    let draft = json!({"active": true, "username": USER, "password": PASSWORD, "version": 0,
        "time_zone": "America/New_York", "recipients": ["operations@demo.example"]});
    let saved = story.0.served.save(&story.0.admin, &draft)?;
    assert_eq!((&saved["version"], &saved["password"]["stored"]), (&json!(1), &json!(true)));
    assert_eq!(saved["run"]["trigger"], "first_save");
    let loaded = story.0.served.loaded(&story.0.admin)?;
    assert_eq!(loaded["last_run"]["kind"], "initial");
    assert_eq!(assets_of(&loaded["last_run"])["created"], 2_000);
    let outbox = story.0.served.page("/outbox")?;
    assert!(
        outbox.contains("Initial sync complete") && outbox.contains("operations@demo.example"),
        "{outbox}"
    );
    assert_eq!(outbox.matches("Initial sync complete").count(), 1);

    // The night: the clock of the simulated Autotask is the product's.
    let changed = json!({"op": "insert", "entity": "ConfigurationItems",
        "fields": {"companyID": 0, "referenceTitle": "NEW-LAPTOP", "isActive": true}});
    story.control("edits", &changed)?;
    story.control("clock", &json!({"advance_ms": DAY_MS}))?;
    let night = story.0.served.settings_when(&story.0.admin, |settings| {
        settings["last_run"]["kind"] == "nightly" && settings["last_run"]["state"] == "done"
    })?;
    let assets = assets_of(&night["last_run"]);
    assert_eq!((&assets["created"], &assets["tombstoned"]), (&json!(1), &json!(0)));
    assert_eq!(night["last_run"]["trigger"], "schedule");
    assert_eq!(story.0.served.page("/outbox")?.matches("Initial sync complete").count(), 1);

    // What an admin looks at afterwards.
    let runs = story.0.served.get(&story.0.admin, RUNS)?;
    let kinds: Vec<&Value> = runs["runs"].as_array().into_iter().flatten().map(|run| &run["kind"]).collect();
    assert_eq!(kinds, ["nightly", "initial"]);
    let usage = story.0.served.get(&story.0.admin, USAGE)?;
    assert!(usage["used"].as_u64() > Some(0) && usage["limit"] == 10_000, "{usage}");
    let versions = story.0.served.get(&story.0.admin, VERSIONS)?;
    assert_eq!(versions["versions"][0]["by"], "admin@demo.example");
    assert!(!versions.to_string().contains(PASSWORD));
    story.0.served.stop()?;
    Ok(())
}

#[test]
fn run_now_reads_one_entity_and_pages_of_the_log_follow_their_cursor() -> anyhow::Result<()> {
    let story = Story(Scene::demo()?);
    let draft = json!({"active": true, "username": USER, "password": PASSWORD, "version": 0});
    story.0.served.save(&story.0.admin, &draft)?;
    story.0.served.loaded(&story.0.admin)?;
    let asked = story.0.served.call(&story.0.admin, "POST", RUNS, &json!({"entities": ["contacts"]}))?;
    assert_eq!(asked.status, 202, "{}", asked.text());
    let id = asked.json()["id"].clone();
    let ended = story.0.served.settings_when(&story.0.admin, |settings| settings["last_run"]["id"] == id)?;
    let names: Vec<&Value> = ended["last_run"]["entities"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|entity| &entity["entity"])
        .collect();
    assert_eq!((names, &ended["last_run"]["trigger"]), (vec![&json!("contacts")], &json!("manual")));
    let first = story.0.served.get(&story.0.admin, &format!("{RUNS}?limit=1"))?;
    assert_eq!(first["runs"][0]["id"], id);
    let cursor = first["cursor"].as_str().unwrap_or_default();
    let second = story.0.served.get(&story.0.admin, &format!("{RUNS}?limit=1&cursor={cursor}"))?;
    assert_eq!(second["runs"][0]["kind"], "initial");
    let none = story.0.served.get(&story.0.admin, &format!("{RUNS}?state=failed"))?;
    assert_eq!(none["runs"], json!([]));
    story.0.served.stop()?;
    Ok(())
}
