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
