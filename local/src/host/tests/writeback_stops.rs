//! Warranty write-back: when going on would do no good, it stops, and what a person did not mean is not concluded.

use std::collections::BTreeMap;

use autotask_simulator::{CallKind, Entity, Fault, FaultAction, When};
use serde_json::{Value, json};

use super::world::World;
use super::writeback_world::some_assets;

const ASSETS: Entity = Entity::ConfigurationItems;
const DATE: &str = "2029-05-01";

impl World {
    /// The plan that a night made, and the jobs that followed it by themselves.
    async fn newest_plan(&self) -> Value {
        self.shown("plans", "limit=1").await["plans"][0].clone()
    }

    fn n_sent(&self) -> usize {
        let refused = self.control.counters().refusals;
        refused.iter().filter(|refusal| refusal.request.starts_with("PATCH")).count()
    }
}

fn on_patches(when: When, action: FaultAction) -> Fault {
    Fault { when, ..Fault::on(ASSETS, action).call(CallKind::Patch) }
}

#[tokio::test]
async fn three_writes_that_do_not_hold_end_it_and_are_no_reason_for_trust() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all(DATE).await;
    let (before, plan) = (world.truths(), world.plan().await);
    let message = "The required user-defined field Rack was not set".to_owned();
    let id = world.control.add_fault(on_patches(When::Every, FaultAction::Errors { message }));
    assert_eq!(world.apply(&plan).await.0, 202);
    let job = world.until_over(&plan).await;
    assert_eq!((&job["state"], &job["stop"]), (&json!("stopped"), &json!("unproven")), "{job}");
    assert_eq!((world.control.fault_count(id), world.truths()), (3, before));
    assert!(job["words"].as_str().unwrap().contains("required fields"), "{job}");
    assert_eq!(world.results(&plan).await.len(), 3);
    world.control.clear_faults();
    world.night().await;
    assert_eq!((world.newest_plan().await["jobs"].clone(), world.patches()), (json!([]), BTreeMap::new()));
}

#[tokio::test]
async fn a_service_that_answers_readings_only_is_left_alone_after_a_few_writes() {
    let world = World::with_write_back(some_assets(120)).await;
    world.hand_over_all(DATE).await;
    let plan = world.plan().await;
    let id = world.control.add_fault(on_patches(When::From(4), FaultAction::Status { status: 503 }));
    assert_eq!(world.apply(&plan).await.0, 202);
    let job = world.until_over(&plan).await;
    assert_eq!((&job["state"], &job["stop"]), (&json!("stopped"), &json!("unreachable")), "{job}");
    let n_sent = world.control.fault_count(id);
    assert!((6..=40).contains(&n_sent), "{n_sent} writes were sent in vain");
    assert_eq!(world.patches().len(), 3, "the first three held");
    world.control.clear_faults();
    assert_eq!(world.apply(&plan).await.0, 202);
    assert_eq!(world.until_over(&plan).await["state"], "done");
    assert!(world.patches().values().all(|n_writes| *n_writes == 1));
}

#[tokio::test]
async fn an_undo_that_did_not_come_about_asks_again_all_the_same() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all(DATE).await;
    let plan = world.plan_and_apply().await;
    let n_written = world.patches().len();
    assert_eq!(world.undo(&plan).await.0, 202);
    assert_eq!(
        world.save(json!({"active": false, "warranty_write_back": true, "password": null})).await.0,
        200
    );
    let job = world.until_over(&plan).await;
    assert_eq!((&job["state"], &job["stop"]), (&json!("stopped"), &json!("switched_off")), "{job}");
    assert_eq!(
        world.save(json!({"active": true, "warranty_write_back": true, "password": null})).await.0,
        200
    );
    world.hand_over_all("2030-02-28").await;
    world.night().await;
    let newest = world.newest_plan().await;
    assert!(newest["n_writes"].as_u64().unwrap() > 0 && newest["jobs"] == json!([]), "{newest}");
    assert_eq!((world.patches().len(), world.n_sent()), (n_written, 0));
}

#[tokio::test]
async fn approving_a_part_is_no_word_for_all_the_rest() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all(DATE).await;
    let plan = world.plan().await;
    let first = *world.writes(&plan).await.keys().next().unwrap();
    let path = format!("plans/{}/apply", plan["id"].as_str().unwrap());
    let wish = json!({"hash": plan["hash"], "approvals": [{"asset_ids": [first]}]});
    let (status, told) = world.warranty("POST", &path, &wish).await;
    assert_eq!(status, 202, "{told}");
    assert_eq!(world.until_over(&plan).await["state"], "done");
    world.night().await;
    assert_eq!(world.newest_plan().await["jobs"], json!([]));
    assert_eq!(world.patches(), BTreeMap::from([(first, 1)]));
}
