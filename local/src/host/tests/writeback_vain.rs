//! Warranty write-back: what Autotask, or somebody in it, does not want is noticed, told, and not repeated for ever.

use autotask_simulator::{CallKind, Entity, Fault, FaultAction, Garble};
use serde_json::{Value, json};
use shared::store::TenantId;

use super::calls::TENANT;
use super::world::{MINUTE_MS, World};
use super::writeback_world::some_assets;
use crate::database::TABLE;
use crate::host::WRITEBACK;

const ASSETS: Entity = Entity::ConfigurationItems;
const DATE: &str = "2029-05-01";

impl World {
    /// An asset whose date is to be written, and nothing else is.
    async fn one_date(&self) -> i64 {
        self.hand_over_all(DATE).await;
        let plan = self.plan().await;
        let ids: Vec<i64> = self.writes(&plan).await.into_keys().collect();
        let changes: Vec<Value> =
            ids[1..].iter().map(|id| json!({"asset_id": id, "is_locked": true})).collect();
        let locks = json!({"version": 0, "changes": changes});
        assert_eq!(self.warranty("PUT", "locks", &locks).await.0, 200);
        ids[0]
    }

    async fn rule_of(&self, asset_id: i64) -> String {
        let card = self.shown(&format!("/v1/assets/{asset_id}/warranty"), "").await;
        card["rule"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_date_that_is_gone_before_it_is_read_back_is_a_return_as_well() {
    let world = World::with_write_back(some_assets(60)).await;
    let id = world.one_date().await;
    let held = world.truths()[&id].date.clone();
    for round in 1..=2 {
        let plan = world.plan().await;
        assert_eq!(world.apply(&plan).await.0, 202, "round {round}");
        world.ring(WRITEBACK).await;
        assert_eq!(world.patches().get(&id), Some(&round), "sent, and not yet read back");
        world.pass(1_000);
        world.control.update(ASSETS, id, json!({"warrantyExpirationDate": held})).unwrap();
        assert_eq!(world.until_over(&plan).await["n_by_phase"]["touched"], 1);
        world.night().await;
    }
    assert_eq!(world.rule_of(id).await, "tug_of_war");
    let locks = world.shown("locks", "").await;
    assert_eq!((&locks["contested"][0]["asset_id"], &locks["in_vain"]), (&json!(id), &json!([])), "{locks}");
}

#[tokio::test]
async fn a_date_that_was_refused_twice_waits_for_an_edit_or_a_person_and_holds_up_nobody() {
    let world = World::with_write_back(some_assets(60)).await;
    let id = world.one_date().await;
    let message = "The required user-defined field Rack was not set".to_owned();
    let refusal = Fault::on(ASSETS, FaultAction::Errors { message: message.clone() }).call(CallKind::Patch);
    world.control.add_fault(refusal);
    let try_twice = async || {
        for _ in 0..2 {
            let plan = world.plan_and_apply().await;
            assert_eq!(world.job(&plan).await["n_by_phase"], json!({"failed": 1}));
            world.pass(MINUTE_MS);
        }
        assert_eq!(
            (world.rule_of(id).await.as_str(), &world.plan().await["n_writes"]),
            ("written_in_vain", &json!(0))
        );
    };
    try_twice().await;
    let locks = world.shown("locks", "").await;
    let told = &locks["in_vain"][0];
    assert_eq!(
        (&told["asset_id"], &told["date"], &told["reason"]),
        (&json!(id), &json!(DATE), &json!(message))
    );
    assert_eq!(locks["in_vain"].as_array().unwrap().len(), 1, "{locks}");

    let release = json!({"version": locks["version"], "released_asset_ids": [id]});
    assert_eq!(world.warranty("PUT", "locks", &release).await.0, 200);
    assert_eq!(world.plan().await["n_writes"], 1, "a person lets it go on");
    try_twice().await;
    world.control.update(ASSETS, id, json!({"location": "Rack 7"})).unwrap();
    world.night().await;
    assert_eq!(world.plan().await["n_writes"], 1, "the asset was edited");
    world.control.clear_faults();
    world.plan_and_apply().await;
    assert_eq!(world.rule_of(id).await, "already_there");
    assert_eq!(world.shown("locks", "").await["in_vain"], json!([]));
}

#[tokio::test]
async fn a_record_that_nobody_can_read_after_the_write_does_not_wait_for_ever() {
    let world = World::with_write_back(some_assets(60)).await;
    let id = world.one_date().await;
    let plan = world.plan().await;
    assert_eq!(world.apply(&plan).await.0, 202);
    world.ring(WRITEBACK).await;
    let garble = Garble::WrongType { field: "warrantyExpirationDate".to_owned(), value: json!("soon") };
    world.control.add_fault(Fault::on(ASSETS, FaultAction::Garble { garble, row_idx: 0 }));
    let begin_ms = world.now_ms();
    let job = world.until_over(&plan).await;
    assert_eq!((&job["state"], &job["n_by_phase"]), (&json!("done"), &json!({"failed": 1})), "{job}");
    assert!(world.now_ms() - begin_ms >= 60 * MINUTE_MS);
    assert_eq!(world.patches().get(&id), Some(&1));
    world.control.clear_faults();
    assert_eq!(world.undo(&plan).await.0, 202);
    let undo = world.until_over(&plan).await;
    assert_eq!(undo["n_by_phase"], json!({"failed": 1}), "nobody says that it was taken back: {undo}");
}

#[tokio::test]
async fn a_job_whose_plan_is_gone_ends_and_says_so() {
    let world = World::with_write_back(some_assets(60)).await;
    world.one_date().await;
    let plan = world.plan().await;
    let key = |name: &str, value: &str| {
        (name.to_owned(), aws_sdk_dynamodb::types::AttributeValue::S(value.to_owned()))
    };
    let is_head = |pk: &str, sk: &str| pk.ends_with("#PLANS") && plan["id"] == sk;
    let head = world.items().await.into_keys().find(|(pk, sk)| is_head(pk, sk)).unwrap();
    assert_eq!(world.apply(&plan).await.0, 202);
    let client = world.host._database.client();
    let keys = [key("pk", &head.0), key("sk", &head.1)].into();
    client.delete_item().table_name(TABLE).set_key(Some(keys)).send().await.unwrap();
    world.work().await;
    let desk = world.store().load_desk(&TenantId::parse(TENANT).unwrap()).await.unwrap();
    assert_eq!(desk.job.unwrap().stop, Some(shared_core::warranty::Stop::PlanGone));
    assert!(world.patches().is_empty());
}
