//! Two tenants of one Autotask database take turns; a run whose worker died is seen, and taken over.

use serde_json::{Value, json};
use shared::store::TenantId;

use super::calls::{OTHER, TENANT};
use super::world::{MINUTE_MS, World};
use crate::host::INITIAL;

async fn states(world: &World) -> [Value; 2] {
    [world.runs_of(TENANT).await[0]["state"].clone(), world.runs_of(OTHER).await[0]["state"].clone()]
}

#[tokio::test]
async fn two_tenants_of_one_database_never_run_at_once_and_both_finish() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    world.set_up(OTHER).await;
    let mut events = world.doorbells(INITIAL).await;
    assert_eq!(events.len(), 2);
    let (one, other) = (events.remove(0), events.remove(0));
    let ring = |event| world.host.call("initial-sync", event);
    let (one, other) = tokio::join!(ring(one), ring(other));
    assert_eq!(
        (one.unwrap(), other.unwrap()),
        (json!({"batchItemFailures": []}), json!({"batchItemFailures": []}))
    );
    let mut now = states(&world).await.map(|state| state.as_str().unwrap().to_owned());
    now.sort();
    assert_eq!(now, ["done", "queued"], "the lease lets one in");
    let (sync, _) = world.store().sync_state(&TenantId::parse(TENANT).unwrap()).await.unwrap();
    let (sync_of_other, _) = world.store().sync_state(&TenantId::parse(OTHER).unwrap()).await.unwrap();
    let atdb = sync.atdb.or(sync_of_other.atdb).unwrap();
    let wanted = world.store().lease_wanted(&atdb).await.unwrap().unwrap();
    let now_ms = world.now_ms().unsigned_abs();
    assert_eq!(
        (wanted.since_ms, wanted.until_ms),
        (now_ms, now_ms + 180_000),
        "the other one says that it waits"
    );
    for (later_ms, until_ms) in [(60_000, 10_000), (60_000, 400_000), (500_000, 600_000)] {
        world.store().want_lease(&atdb, now_ms + later_ms, now_ms + until_ms).await.unwrap();
    }
    let wanted = world.store().lease_wanted(&atdb).await.unwrap().unwrap();
    assert_eq!(
        (wanted.since_ms, wanted.until_ms),
        (now_ms + 500_000, now_ms + 600_000),
        "a new wish begins anew"
    );
    world.work().await;
    world.pass(MINUTE_MS + 1_000);
    world.work().await;
    assert_eq!(states(&world).await, [json!("done"), json!("done")]);
    for tenant in [TENANT, OTHER] {
        assert_eq!(world.differences(tenant).await, Vec::<String>::new(), "{tenant}");
        assert_eq!(world.runs_of(tenant).await.len(), 1, "{tenant}");
    }
    assert_eq!(world.subjects().len(), 2);
}

#[tokio::test]
async fn a_run_whose_worker_died_is_shown_as_stalled_and_taken_over() {
    let world = World::start().await;
    assert_eq!(world.begin_and_die().await["state"], "running");
    assert_eq!(world.tick().await, 0, "its worker may be alive");
    world.pass(3 * MINUTE_MS);
    let run = world.settings().await["run"].clone();
    assert_eq!(run["state"], "stalled");
    assert_eq!(world.runs().await[0]["state"], "stalled");
    let (_, one) = world.get(&format!("runs/{}", run["id"].as_str().unwrap())).await;
    assert_eq!(one["state"], "stalled");
    assert_eq!(world.tick().await, 1);
    world.work().await;
    let runs = world.runs().await;
    assert_eq!((runs.len(), &runs[0]["id"], &runs[0]["state"]), (1, &run["id"], &json!("done")));
    assert_eq!((world.subjects().len(), world.differences(TENANT).await), (1, Vec::new()));
}
