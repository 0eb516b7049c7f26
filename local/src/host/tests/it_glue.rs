//! The key of IT Glue, and the organizations that runs read with it.

use serde_json::{Value, json};

use super::world::World;

const SETTINGS: &str = "/v1/integrations/it-glue/settings";
const TEST: &str = "/v1/integrations/it-glue/test";
const CANARY: &str = "ITG.canary-of-a-key-that-is-wrong";

impl World {
    async fn save_key(&self, version: u64, key: &str) -> (u64, Value) {
        let draft = json!({"region": "us", "api_key": key, "version": version});
        self.map("PUT", SETTINGS, "", &draft).await
    }

    fn key(&self) -> String {
        self.it_glue.control().config().first_key().to_owned()
    }

    async fn n_organizations(&self) -> u64 {
        self.read("company-links", "").await["counters"]["all"].as_u64().unwrap()
    }
}

#[tokio::test]
async fn a_key_is_tried_before_it_is_saved_and_never_shown() {
    let world = World::start().await;
    let (status, refused) = world.save_key(0, CANARY).await;
    assert_eq!((status, &refused["error"]["details"]["reason"]), (409, &json!("key_refused")), "{refused}");
    assert_eq!(world.read(SETTINGS, "").await["api_key"]["stored"], false);
    let (status, tested) = world.map("POST", TEST, "", &json!({"api_key": CANARY})).await;
    assert_eq!((status, &tested["ok"], &tested["key_fault"]), (200, &json!(false), &json!("refused")));
    let (status, tested) = world.map("POST", TEST, "", &json!({"api_key": world.key()})).await;
    assert_eq!((status, &tested["message"]), (200, &json!("Connection Successful.")), "{tested}");
    assert_eq!(world.map("POST", TEST, "", &json!({})).await.0, 400, "none is stored");

    let (status, saved) = world.save_key(0, &world.key()).await;
    assert_eq!((status, &saved["version"], &saved["api_key"]["stored"]), (200, &json!(1), &json!(true)));
    assert!(!saved.to_string().contains(&world.key()));
    let items = world.items().await;
    assert!(items.values().all(|item| !item.contains(&world.key()) && !item.contains(CANARY)));
    assert_eq!(world.map("POST", TEST, "", &json!({})).await.1["ok"], true, "the stored one");
    assert_eq!(world.save_key(0, &world.key()).await.0, 409, "version 0 is not the present one");
    let blank = format!("{} ", world.key());
    assert_eq!(world.save_key(1, &blank).await.0, 400);
}

#[tokio::test]
async fn runs_read_the_organizations_and_the_log_says_so() {
    let world = World::start().await;
    assert_eq!(world.save_key(0, &world.key()).await.0, 200);
    world.load().await;
    let listed = world.n_organizations().await;
    let run = world.runs().await[0].clone();
    assert_eq!((&run["state"], &run["organizations"]["n_organizations"]), (&json!("done"), &json!(listed)));
    assert!(listed > 10);

    let added = world.it_glue.control().add("Brightwater Clinics").unwrap();
    world.night().await;
    assert_eq!(world.runs().await[0]["organizations"]["n_new"], 1);
    assert_eq!(world.n_organizations().await, listed + 1);
    world.it_glue.control().remove(added).unwrap();
    world.night().await;
    assert_eq!(world.n_organizations().await, listed);
}

#[tokio::test]
async fn a_linked_organization_that_is_gone_stays_as_an_inactive_one() {
    let world = World::start().await;
    assert_eq!(world.save_key(0, &world.key()).await.0, 200);
    world.load().await;
    let row = world.read("company-links", "").await["rows"][0].clone();
    let company = world.read("companies", "limit=1").await["rows"][0]["key"].as_str().unwrap().to_owned();
    let choice = json!({"is": "linked", "company_id": company.parse::<i64>().unwrap(), "how": "manual"});
    let draft = json!({"version": 0, "changes": [{"key": row["key"], "choice": choice}]});
    assert_eq!(world.map("PUT", "company-links", "", &draft).await.0, 200);
    world.it_glue.control().remove(row["key"].as_str().unwrap().parse().unwrap()).unwrap();
    world.night().await;
    let after = world.read("company-links", "").await["rows"][0].clone();
    assert_eq!((&after["key"], &after["is_active"]), (&row["key"], &json!(false)), "{after}");
}

#[tokio::test]
async fn a_refused_key_is_told_and_not_tried_again_before_it_is_replaced() {
    let world = World::start().await;
    assert_eq!(world.save_key(0, &world.key()).await.0, 200);
    world.load().await;
    let listed = world.n_organizations().await;
    world.it_glue.control().revoke_key();
    world.night().await;
    let run = world.runs().await[0].clone();
    assert_eq!((&run["state"], &run["organizations"]["key_fault"]), (&json!("partly"), &json!("refused")));
    let refusals = |mails: &[crate::aws::StoredMail]| {
        mails.iter().filter(|mail| mail.subject.contains("IT Glue refuses the API key")).count()
    };
    assert_eq!(refusals(&world.mails()), 1, "told once, when the run is over");
    let n_calls = world.it_glue.control().counters().requests;
    world.night().await;
    assert_eq!(world.it_glue.control().counters().requests, n_calls);
    assert_eq!(world.n_organizations().await, listed, "nothing is lost");

    world.it_glue.control().set_key_state(itglue_simulator::KeyState::Active);
    assert_eq!(world.save_key(1, &world.key()).await.0, 200);
    world.work().await;
    let run = world.runs().await[0].clone();
    assert_eq!((&run["state"], &run["organizations"]["error"]), (&json!("done"), &Value::Null), "{run}");
}

#[tokio::test]
async fn an_account_that_seems_empty_is_not_believed() {
    let world = World::start().await;
    assert_eq!(world.save_key(0, &world.key()).await.0, 200);
    for n in 0..200 {
        world.it_glue.control().add(&format!("Organization {n}")).unwrap();
    }
    world.load().await;
    let listed = world.n_organizations().await;
    let ids: Vec<i64> = world.read("company-links", "limit=1000").await["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["key"].as_str().unwrap().parse().unwrap())
        .collect();
    for id in &ids[..150] {
        world.it_glue.control().remove(*id).unwrap();
    }
    world.night().await;
    assert_eq!(world.n_organizations().await, listed);
    assert_eq!(world.runs().await[0]["state"], "partly");
}
