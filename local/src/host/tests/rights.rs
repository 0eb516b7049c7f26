//! Rights that are narrowed at night look like deletions: held, shown, mailed once.

use autotask_simulator::{Entity, Rights};
use serde_json::json;

use super::calls::TENANT;
use super::world::World;

async fn narrowed_rights_are_held(rights: Rights) {
    let world = World::start().await;
    world.load().await;
    world.control.set_rights(Entity::ConfigurationItems, rights);
    world.night().await;
    let runs = world.runs().await;
    assert_eq!((&runs[0]["kind"], &runs[0]["state"]), (&json!("nightly"), &json!("held")));
    assert!(runs[0]["notes"].to_string().contains("assets"), "{}", runs[0]["notes"]);
    let settings = world.settings().await;
    assert_eq!((&settings["status"], &settings["last_run"]["state"]), (&json!("held"), &json!("held")));
    assert_eq!(world.differences(TENANT).await, Vec::<String>::new(), "nothing was deleted");
    assert_eq!(world.subjects().len(), 2);
    world.night().await;
    assert_eq!((world.settings().await["status"].clone(), world.subjects().len()), (json!("held"), 2));

    world.control.set_rights(Entity::ConfigurationItems, Rights::Full);
    world.night().await;
    assert_eq!(world.runs().await[0]["state"], "done");
    assert_eq!((world.settings().await["status"].clone(), world.subjects().len()), (json!("healthy"), 2));
    assert_eq!(world.differences(TENANT).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_share_of_the_assets_out_of_sight_is_held_until_it_is_seen_again() {
    narrowed_rights_are_held(Rights::Partial(0.5)).await;
}

#[tokio::test]
async fn all_assets_out_of_sight_are_held_until_they_are_seen_again() {
    narrowed_rights_are_held(Rights::Empty).await;
}

#[tokio::test]
async fn deletions_that_a_person_confirms_are_carried_out_and_no_more_than_those() {
    let world = World::start().await;
    world.load().await;
    let ids = world.control.ids(Entity::ConfigurationItems);
    let (gone, kept) = ids.split_at(ids.len() / 2);
    let delete =
        |ids: &[i64]| ids.iter().for_each(|&id| drop(world.control.delete(Entity::ConfigurationItems, id)));
    delete(gone);
    world.night().await;
    let held = world.runs().await[0].clone();
    assert_eq!((&held["state"], &held["held"][0]["n_missing"]), (&json!("held"), &json!(gone.len())));

    let confirm = json!({"confirm_deletions_of": held["id"]});
    let refused = [
        json!({"confirm_deletions_of": "1700000000000-q00001"}),
        json!({"confirm_deletions_of": held["id"], "entities": ["assets"]}),
    ];
    for (wish, status) in refused.iter().zip([409, 400]) {
        assert_eq!(world.call(TENANT, "POST", "runs", "", wish).await.0, status, "{wish}");
    }
    // More went out of sight since: that was not confirmed.
    let (more, rest) = kept.split_at(kept.len() / 2);
    delete(more);
    assert_eq!(world.call(TENANT, "POST", "runs", "", &confirm).await.0, 202);
    world.work().await;
    let again = world.runs().await[0].clone();
    assert_eq!(again["state"], "held", "{again}");

    let confirm = json!({"confirm_deletions_of": again["id"]});
    assert_eq!(world.call(TENANT, "POST", "runs", "", &confirm).await.0, 202);
    world.work().await;
    let last = world.runs().await[0].clone();
    let assets = last["entities"].as_array().unwrap().iter().find(|row| row["entity"] == "assets").unwrap();
    assert_eq!((&last["state"], &assets["tombstoned"]), (&json!("done"), &json!(ids.len() - rest.len())));
    assert_eq!(world.settings().await["status"], "healthy");
    assert_eq!(world.differences(TENANT).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_entity_that_may_not_be_read_any_more_is_left_out_and_kept() {
    for rights in [Rights::Forbidden, Rights::Denied500] {
        let world = World::start().await;
        world.load().await;
        world.control.set_rights(Entity::ConfigurationItems, rights);
        world.night().await;
        assert_eq!(world.runs().await[0]["state"], "partly", "{rights:?}");
        assert_eq!(world.settings().await["status"], "partly", "{rights:?}");
        assert_eq!(world.differences(TENANT).await, Vec::<String>::new(), "{rights:?}");
        world.control.set_rights(Entity::ConfigurationItems, Rights::Full);
        world.night().await;
        assert_eq!(world.settings().await["status"], "healthy", "{rights:?}");
    }
}
