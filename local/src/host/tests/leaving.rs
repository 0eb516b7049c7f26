//! Leaving deletes everything of the tenant and nothing else, however often it is cut off.

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use serde_json::json;

use super::calls::{OTHER, TENANT};
use super::cut::{Cut, Fault};
use super::world::{MINUTE_MS, World};
use crate::host::NIGHTLY;

type Items = BTreeMap<(String, String), String>;

/// Items that a tenant's name stands in, anywhere.
fn of(items: &Items, tenant: &str) -> Items {
    let mut items = items.clone();
    items.retain(|(pk, sk), item| [pk, sk, item].iter().any(|text| text.contains(tenant)));
    items
}

async fn has_secret(world: &World, tenant: &str) -> bool {
    let secrets = world.host.aws.secrets();
    let asked = secrets.describe_secret().secret_id(format!("lci/autotask/{tenant}")).send().await;
    match asked {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.code(), Some("ResourceNotFoundException"));
            false
        }
    }
}

/// Two tenants with all that tenants have, the first of them about to leave.
async fn before_leaving() -> World {
    let world = World::start().await;
    for tenant in [TENANT, OTHER] {
        world.set_up(tenant).await;
        world.work().await;
    }
    world.night().await;
    world
}

async fn is_gone(world: &World, others: &Items) {
    let left = world.items().await;
    let keys: Vec<(String, String)> = of(&left, TENANT).into_keys().collect();
    assert_eq!(keys, [(format!("T#{TENANT}#META"), "PURGED".to_owned())]);
    assert_eq!(&of(&left, OTHER), others, "the other tenant is as it was");
    assert_eq!((has_secret(world, TENANT).await, has_secret(world, OTHER).await), (false, true));
}

#[tokio::test]
async fn leaving_leaves_nothing_behind_and_touches_nobody_else() {
    let world = before_leaving().await;
    let before = world.items().await;
    assert!(of(&before, TENANT).len() > 400);
    let n_mails = world.mails().len();
    let (status, answer) = world.call(TENANT, "DELETE", "settings", "confirm=zenith", &json!(null)).await;
    assert_eq!((status, world.items().await == before), (400, true), "{answer}");
    let (status, answer) = world.leave().await;
    assert_eq!((status, &answer["status"]), (202, &json!("closing")), "{answer}");
    assert_eq!((world.save(json!({})).await.0, world.run_now().await.0), (409, 409));
    world.work().await;
    is_gone(&world, &of(&before, OTHER)).await;
    let settings = world.settings().await;
    assert_eq!((&settings["status"], &settings["version"]), (&json!("setup"), &json!(0)));
    assert!(settings["purged_at"].is_string() && world.mails().len() == n_mails);

    world.set_up(TENANT).await;
    world.work().await;
    assert_eq!(world.log().await, [("initial".to_owned(), "done".to_owned())]);
    assert_eq!(world.differences(TENANT).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_run_under_way_stops_when_its_tenant_leaves() {
    let world = World::start().await;
    world.set_up(OTHER).await;
    world.work().await;
    let others = of(&world.items().await, OTHER);
    world.set_up(TENANT).await;
    let event = world.doorbells(crate::host::INITIAL).await.remove(0);
    world.ring_hasty(event).await;
    assert_eq!(world.leave().await.0, 202);
    world.work().await;
    is_gone(&world, &others).await;
    assert_eq!(world.mails().len(), 1, "nobody is told of what a leaving tenant's run did");
}

#[tokio::test]
async fn a_purge_that_is_cut_off_anywhere_is_taken_up_again() {
    let world = before_leaving().await;
    let others = of(&world.items().await, OTHER);
    let mut n_cut = 0;
    for at in [1, 2, 3, 5, 8, 11, 12, 13, 20] {
        if of(&world.items().await, TENANT).len() < 10 {
            world.set_up(TENANT).await;
            world.work().await;
        }
        assert_eq!(world.leave().await.0, 202);
        let event = world.doorbells(NIGHTLY).await.remove(0);
        let cut = Cut::at(Fault::Death, at);
        world.ring_mortal(&cut, event).await;
        n_cut += usize::from(cut.hit().is_some());
        world.lose_doorbells().await;
        for _ in 0..3 {
            world.pass(MINUTE_MS);
            world.work().await;
        }
        is_gone(&world, &others).await;
    }
    assert!(n_cut >= 6, "{n_cut} purges were cut off");
}
