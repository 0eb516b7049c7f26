//! Rights by entity, and the move to another zone.

use crate::client::{all, world};
use autotask_simulator::{Entity, Rights};
use serde_json::json;

#[tokio::test]
async fn rights_show_in_rows_counts_and_information() {
    let world = world().await;
    let n_all = world.control.ids(Entity::ConfigurationItems).len() as i64;
    let set = |rights| world.control.set_rights(Entity::ConfigurationItems, rights);
    let information = async || world.get("ConfigurationItems/entityInformation").await.json()["info"].clone();

    assert_eq!(information().await["canQuery"], true);
    set(Rights::Empty);
    assert_eq!(world.query("ConfigurationItems", all()).await.ids(), [0_i64; 0]);
    assert_eq!(world.count("ConfigurationItems", all()).await, 0);
    assert_eq!(information().await["canQuery"], false);

    set(Rights::Forbidden);
    assert_eq!(world.query("ConfigurationItems", all()).await.status, 403);
    set(Rights::Denied500);
    let denied = world.query("ConfigurationItems", all()).await;
    assert_eq!(denied.status, 500);
    assert!(denied.text().contains("does not have the adequate permissions"));

    set(Rights::Partial(0.3));
    let n_shown = world.count("ConfigurationItems", all()).await;
    assert!(n_shown > n_all / 2 && n_shown < n_all, "{n_shown} of {n_all}");
    assert_eq!(world.query("ConfigurationItems", all()).await.ids().len() as i64, n_shown);
    assert_eq!(information().await["userAccessForQuery"], 2);
    assert_eq!(world.query("Companies", all()).await.status, 200);
}

#[tokio::test]
async fn read_only_users_cannot_write() {
    let world = world().await;
    world.control.set_rights(Entity::ConfigurationItems, Rights::ReadOnly);
    let id = world.control.ids(Entity::ConfigurationItems)[0];
    assert_eq!(world.get(&format!("ConfigurationItems/{id}")).await.status, 200);
    let patch = json!({"id": id, "warrantyExpirationDate": "2027-01-01"});
    let reply = world.call("PATCH", "ConfigurationItems", Some(&patch)).await;
    assert_eq!(reply.status, 500);
    assert!(reply.text().contains("adequate permissions"));
}

#[tokio::test]
async fn after_a_move_the_old_zone_answers_401() {
    let world = world().await;
    world.control.move_zone("zoneB");
    assert_eq!(world.get("Companies/0").await.status, 401);
    let user = world.user.replace('+', "%2B");
    let zone = world.get(&format!("zoneInformation?user={user}")).await.json();
    let url = zone["url"].as_str().unwrap();
    assert!(url.ends_with("/zoneB/ATServicesRest/"), "{url}");
    let reply =
        world.post(&format!("{url}v1.0/Companies/query"), json!({"MaxRecords": 1, "filter": all()})).await;
    assert_eq!(reply.status, 200);
    assert!(reply.json()["pageDetails"]["nextPageUrl"].as_str().unwrap().starts_with(url));
    assert!(!world.control.is_locked(), "a wrong zone is no wrong secret");
}
