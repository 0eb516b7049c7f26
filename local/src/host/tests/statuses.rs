//! Statuses: what a choice moves, a status of one's own, and an asset that leaves and comes back.

use autotask_simulator::Entity as Source;
use serde_json::{Value, json};

use super::world::World;
use super::writeback_world::some_assets;

fn numbers(rows: &Value, id: &str) -> Option<(u64, u64)> {
    let row = rows.as_array().unwrap().iter().find(|row| row["id"] == id)?;
    Some((row["before"].as_u64().unwrap(), row["after"].as_u64().unwrap()))
}

#[tokio::test]
async fn a_preview_tells_of_assets_that_stay_with_another_status() {
    let world = World::start().await;
    world.load().await;
    let ids = world.control.ids(Source::ConfigurationItems);
    world.control.update(Source::ConfigurationItems, ids[0], json!({"isActive": false})).unwrap();
    world.night().await;
    let statuses = world.read("asset-statuses", "").await;
    let draft = json!({"version": statuses["version"], "new_targets": ["On the shelf"],
        "changes": [{"key": "inactive", "choice": "On the shelf"}]});
    let (status, effect) = world.map("POST", "asset-statuses/preview", "", &draft).await;
    assert_eq!(status, 200, "{effect}");
    let (n_inactive, then) = numbers(&effect["states"], "inactive").unwrap();
    assert!(n_inactive > 0 && then == 0, "{effect}");
    let own = effect["states"].as_array().unwrap().iter().find(|row| row["name"] == "On the shelf").unwrap();
    assert_eq!((&own["before"], own["after"].as_u64()), (&json!(0), Some(n_inactive)), "{effect}");
    assert_eq!(effect["assets"]["changed"].as_u64(), Some(n_inactive));
    assert_eq!((&effect["assets"]["added"], &effect["assets"]["removed"]), (&json!(0), &json!(0)));
    let active = numbers(&effect["states"], "active").unwrap();
    assert_eq!(active.0, active.1);

    let (status, saved) = world.map("PUT", "asset-statuses", "", &draft).await;
    assert_eq!(status, 200, "{saved}");
    let statuses = world.read("asset-statuses", "").await;
    let row = statuses["rows"].as_array().unwrap().iter().find(|row| row["key"] == "inactive").unwrap();
    assert_eq!(row["target"], own["id"]);
}

#[tokio::test]
async fn an_asset_that_goes_inactive_and_comes_back_keeps_identity_history_and_warranty() {
    let world = World::with_write_back(some_assets(30)).await;
    world.hand_over_all("2031-05-04").await;
    let plan = world.plan_and_apply().await;
    let (&id, _) = world.writes(&plan).await.first_key_value().unwrap();
    let (asset, card) = (format!("/v1/assets/{id}"), format!("/v1/assets/{id}/warranty"));
    world.night().await;
    let read = async || {
        let mut record = world.read(&asset, "").await;
        record.as_object_mut().unwrap().remove("last_modified_at");
        record
    };
    let (before, warranty) = (read().await, world.shown(&card, "").await);
    let results = world.results(&plan).await;

    world.control.update(Source::ConfigurationItems, id, json!({"isActive": false})).unwrap();
    world.night().await;
    let inactive = read().await;
    assert_eq!((&inactive["is_active"], &inactive["status"]), (&json!(false), &json!("inactive")));
    let dates = world.shown(&card, "").await["dates"].clone();
    assert_eq!(dates[0]["ends_on"], warranty["dates"][0]["ends_on"], "not chosen for a write, but known");

    world.control.update(Source::ConfigurationItems, id, json!({"isActive": true})).unwrap();
    world.night().await;
    assert_eq!(read().await, before);
    assert_eq!(world.shown(&card, "").await, warranty);
    assert_eq!(world.results(&plan).await, results, "the journal");
}
