//! Warranty write-back: planned, approved, applied, journalled, taken back; stopped where it must be.

use std::collections::BTreeMap;

use autotask_simulator::{Edit, Entity, Fault, FaultAction, Plan, Rights};
use serde_json::{Value, json};

use super::calls::TENANT;
use super::world::{MINUTE_MS, World};
use super::writeback_world::{Truth, some_assets};

const ASSETS: Entity = Entity::ConfigurationItems;
const DATE: &str = "2029-05-01";

/// Checks that exactly the rows of a plan were written, once each, and nothing else on any record.
fn check_applied(
    before: &BTreeMap<i64, Truth>,
    after: &BTreeMap<i64, Truth>,
    writes: &BTreeMap<i64, (Option<String>, String)>,
) {
    for (id, was) in before {
        let is = &after[id];
        assert_eq!(was.others, is.others, "{id}");
        match writes.get(id) {
            Some((from, to)) => {
                assert_eq!((&was.date, &is.date), (from, &Some(to.clone())), "{id}");
                assert_eq!(is.version, was.version + 1, "{id}");
            }
            None => assert_eq!(was, is, "{id}"),
        }
    }
}

#[tokio::test]
async fn what_was_planned_is_applied_once_and_taken_back() {
    let world = World::with_write_back(some_assets(150)).await;
    world.hand_over_all(DATE).await;
    let before = world.truths();
    let plan = world.plan().await;
    assert_eq!(world.truths(), before, "a plan writes nothing");
    let writes = world.writes(&plan).await;
    assert!(writes.len() > 50, "{}", writes.len());
    let path = format!("plans/{}/apply", plan["id"].as_str().unwrap());
    let other = json!({"hash": "0", "approvals": [{"all": true}]});
    assert_eq!(world.warranty("POST", &path, &other).await.1["error"]["details"]["reason"], "other_plan");
    let (status, _) = world.apply(&plan).await;
    assert_eq!(status, 202);
    assert_eq!(world.apply(&plan).await.1["error"]["details"]["reason"], "busy");
    let job = world.until_over(&plan).await;
    assert_eq!((&job["state"], &job["n_by_phase"]), (&json!("done"), &json!({"verified": writes.len()})));
    assert_eq!(job["canaries"].as_array().unwrap().len(), 3, "{job}");
    let applied = world.truths();
    check_applied(&before, &applied, &writes);
    let results = world.results(&plan).await;
    assert!(results.keys().eq(writes.keys()) && results.values().all(|(result, _)| result == "verified"));

    let (status, job) = world.undo(&plan).await;
    assert_eq!(status, 202, "{job}");
    // Somebody chose another date meanwhile: it is left alone.
    let id = *writes.keys().next().unwrap();
    world.control.update(ASSETS, id, json!({"warrantyExpirationDate": "2031-01-01"})).unwrap();
    let job = world.until_over(&plan).await;
    assert_eq!(job["n_by_phase"], json!({"moved": 1, "verified": writes.len() - 1}), "{job}");
    for (other, was) in &before {
        let date = if *other == id { Some("2031-01-01".to_owned()) } else { was.date.clone() };
        assert_eq!((&world.truths()[other].date, &world.truths()[other].others), (&date, &was.others));
    }
    let n_patches: u32 = world.patches().values().sum();
    assert_eq!(n_patches as usize, 2 * writes.len() - 1);
    assert_eq!(world.apply(&plan).await.1["error"]["details"]["reason"], "taken_back");
}

#[tokio::test]
async fn a_second_plan_right_after_writes_nothing() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all(DATE).await;
    world.plan_and_apply().await;
    // Before any night has read the new dates.
    assert_eq!(world.plan().await["n_writes"], 0);
    world.night().await;
    assert_eq!(world.plan().await["n_writes"], 0);
}

#[tokio::test]
async fn a_record_on_which_more_changes_stops_the_run_and_is_taken_back() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all(DATE).await;
    let (before, plan) = (world.truths(), world.plan().await);
    let writes = world.writes(&plan).await;
    let rows = world.shown(&format!("plans/{}", plan["id"].as_str().unwrap()), "decision=write").await;
    let first = rows["rows"][0]["asset_id"].as_i64().unwrap();
    // A workflow rule of the customer: whoever edits the asset changes its location.
    let edit = Edit::update(ASSETS, first, json!({"location": "Rack 7"}));
    world.control.plan(Plan { entity: ASSETS, after_page: 1, edits: vec![edit] });
    assert_eq!(world.apply(&plan).await.0, 202);
    let job = world.until_over(&plan).await;
    assert_eq!((&job["state"], &job["stop"]), (&json!("stopped"), &json!("canary")), "{job}");
    assert_eq!(job["canaries"][0]["proof"]["changed_fields"], json!(["location"]));
    assert_eq!(world.patches(), BTreeMap::from([(first, 2)]), "one record, written and taken back");
    assert_eq!(world.truths()[&first].date, writes[&first].0);
    assert!(before.iter().all(|(id, was)| *id == first || world.truths()[id] == *was));
    let told =
        || world.subjects().iter().filter(|one| one.starts_with("Warranty write-back stopped")).count();
    world.tick().await;
    world.work().await;
    assert_eq!(told(), 1, "{:?}", world.subjects());
    let mails = world.mails();
    let mail = mails.iter().find(|mail| mail.subject.starts_with("Warranty write-back stopped")).unwrap();
    let text = mail.text.as_deref().unwrap_or_default();
    assert!(text.contains(&format!("Asset {first}: location")), "{text}");
    let waiting = world.read("inbox", "").await;
    assert_eq!(waiting["items"][0]["kind"], "stopped_write_back", "{waiting}");
    assert_eq!(
        (&waiting["items"][0]["screen"], &waiting["items"][0]["key"]),
        (&json!("write-back"), &plan["id"])
    );
    world.night().await;
    assert_eq!(told(), 1, "told once");
}

#[tokio::test]
async fn a_missing_right_is_named_at_the_first_row() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all(DATE).await;
    let (before, plan) = (world.truths(), world.plan().await);
    world.control.set_rights(ASSETS, Rights::ReadOnly);
    world.control.reset_counters();
    assert_eq!(world.apply(&plan).await.0, 202);
    let job = world.until_over(&plan).await;
    assert_eq!((&job["state"], &job["stop"]), (&json!("stopped"), &json!("right_missing")));
    assert!(job["words"].as_str().unwrap().contains("Configuration Items & Subscriptions: Edit"));
    let counters = world.control.counters();
    let n_patches = counters.refusals.iter().filter(|refusal| refusal.request.starts_with("PATCH")).count();
    assert_eq!((n_patches, world.truths()), (1, before));
    world.control.set_rights(ASSETS, Rights::Full);
    assert_eq!(world.apply(&plan).await.0, 202);
    assert_eq!(world.until_over(&plan).await["state"], "done");
}

#[tokio::test]
async fn a_refused_login_stops_after_one_try() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all(DATE).await;
    let plan = world.plan().await;
    world.control.configure(|config| "changed".clone_into(&mut config.password));
    world.control.reset_counters();
    assert_eq!(world.apply(&plan).await.0, 202);
    let job = world.until_over(&plan).await;
    assert_eq!((&job["stop"], world.logins()), (&json!("credentials"), (1, 1)));
    assert_eq!(world.patches(), BTreeMap::new());
}

#[tokio::test]
async fn the_hourly_limit_is_waited_for() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all(DATE).await;
    let (before, plan) = (world.truths(), world.plan().await);
    let writes = world.writes(&plan).await;
    world.control.add_foreign_calls(7_000);
    assert_eq!(world.apply(&plan).await.0, 202);
    world.work().await;
    let job = world.job(&plan).await;
    assert_eq!(job["state"], "waiting", "{job}");
    assert_eq!(world.patches(), BTreeMap::new(), "others use the database");
    assert_eq!(world.until_over(&plan).await["state"], "done");
    check_applied(&before, &world.truths(), &writes);
}

#[tokio::test]
async fn a_night_that_becomes_due_goes_first() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all(DATE).await;
    let (before, plan) = (world.truths(), world.plan().await);
    let writes = world.writes(&plan).await;
    let night = world.settings().await["next_night_at"].as_str().unwrap().to_owned();
    world.control.set_clock(&night).unwrap();
    world.pass(-1_000);
    assert_eq!(world.apply(&plan).await.0, 202);
    world.ring(crate::host::WRITEBACK).await;
    assert_eq!(world.patches().len(), 1, "the first canary was sent");
    world.pass(3_000);
    assert_eq!(world.ring_write_back().await, json!({"batchItemFailures": []}));
    assert_eq!(world.patches().len(), 1, "the night is due");
    let job = world.until_over(&plan).await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(world.log().await[0].0, "nightly");
    check_applied(&before, &world.truths(), &writes);
}

#[tokio::test]
async fn switching_off_stops_and_locks_hold_back() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all(DATE).await;
    let plan = world.plan().await;
    let writes = world.writes(&plan).await;
    let locked = *writes.keys().last().unwrap();
    let change = json!({"version": 0, "changes": [{"asset_id": locked, "is_locked": true, "note": "lease"}]});
    assert_eq!(world.warranty("PUT", "locks", &change).await, (200, json!({"version": 1})));
    assert_eq!(world.warranty("PUT", "locks", &change).await.0, 409);
    assert_eq!(world.apply(&plan).await.0, 202);
    world.ring(crate::host::WRITEBACK).await;
    let (status, _) = world.save(json!({"warranty_write_back": false, "password": null})).await;
    assert_eq!(status, 200);
    let job = world.until_over(&plan).await;
    assert_eq!(job["stop"], "switched_off", "{job}");
    assert!(world.patches().len() <= 1);
    assert_eq!(world.apply(&plan).await.1["error"]["details"]["reason"], "switched_off");
    world.save(json!({"warranty_write_back": true, "password": null})).await;
    assert_eq!(world.apply(&plan).await.0, 202);
    let job = world.until_over(&plan).await;
    assert_eq!(job["n_by_phase"], json!({"locked": 1, "verified": writes.len() - 1}), "{job}");
    assert!(!world.patches().contains_key(&locked));
    let next = world.plan().await;
    assert_eq!(
        next["rules"].as_array().unwrap().iter().filter(|rule| rule["rule"] == "asset_locked").count(),
        1
    );
}

#[tokio::test]
async fn nights_plan_and_apply_by_themselves_only_after_a_person_did() {
    let world = World::with_write_back(some_assets(60)).await;
    world.hand_over_all(DATE).await;
    world.night().await;
    let plans = world.shown("plans", "").await["plans"].clone();
    assert_eq!((plans.as_array().unwrap().len(), &plans[0]["jobs"]), (1, &json!([])), "{plans}");
    assert!(plans[0]["n_writes"].as_u64().unwrap() > 0);
    assert_eq!(world.patches(), BTreeMap::new(), "the first run is plan-only");
    let (status, _) = world.apply(&plans[0]).await;
    assert_eq!(status, 202);
    assert_eq!(world.until_over(&plans[0]).await["state"], "done");
    world.hand_over_all("2030-02-28").await;
    world.night().await;
    let newest = world.shown("plans", "limit=1").await["plans"][0].clone();
    let job = world.until_over(&newest).await;
    assert_eq!((&job["by"], &job["state"]), (&json!("lifecycle-insights"), &json!("done")), "{job}");
    // Whoever takes back wants to be asked again.
    assert_eq!(world.undo(&newest).await.0, 202);
    assert_eq!(world.until_over(&newest).await["state"], "done");
    world.night().await;
    let after = world.shown("plans", "limit=1").await["plans"][0].clone();
    assert!(after["n_writes"].as_u64().unwrap() > 0 && after["jobs"] == json!([]), "{after}");
    // Over the cap, a person is asked.
    world.plan_and_apply().await;
    world.policy(json!({"skips_junk_serials": false, "mode": "always", "cap_rows": 5})).await;
    world.hand_over_all("2030-08-31").await;
    world.night().await;
    let newest = world.shown("plans", "limit=1").await["plans"][0].clone();
    assert_eq!((&newest["n_writes"], &newest["jobs"]), (&json!(5), &json!([])));
}

#[tokio::test]
async fn a_date_that_is_changed_back_twice_is_no_longer_written() {
    let world = World::with_write_back(some_assets(60)).await;
    let id = {
        world.hand_over_all(DATE).await;
        let plan = world.plan().await;
        *world.writes(&plan).await.keys().next().unwrap()
    };
    world.plan_and_apply().await;
    for round in 0..3_u32 {
        if round > 0 {
            let newest = world.shown("plans", "limit=1").await["plans"][0].clone();
            assert_eq!(world.until_over(&newest).await["by"], "lifecycle-insights");
        }
        assert_eq!(world.patches().get(&id).copied().unwrap_or(0), (round + 1).min(2), "round {round}");
        world.pass(MINUTE_MS);
        world.control.update(ASSETS, id, json!({"warrantyExpirationDate": "2024-01-01"})).unwrap();
        world.night().await;
    }
    let locks = world.shown("locks", "").await;
    assert_eq!(locks["contested"][0]["asset_id"], id, "{locks}");
    let card = world.shown(&format!("/v1/assets/{id}/warranty"), "").await;
    assert_eq!((&card["rule"], &card["held"]), (&json!("tug_of_war"), &json!("2024-01-01")), "{card}");
    assert_eq!(card["writes"].as_array().unwrap().len(), 3, "{card}");
}

#[tokio::test]
async fn dates_policy_and_plans_are_checked_field_by_field() {
    let world = World::with_write_back(some_assets(20)).await;
    let id = world.control.ids(ASSETS)[0];
    let row = |date: &str, at: &str| json!({"asset_id": id, "date": date, "fetched_at": at, "source": {"kind": "vendor", "name": "dell"}});
    let rows = json!({"warranties": [row("2025-08-31T04:59:59.999Z", "2026-11-01T00:00:00Z"), row("08/31/2025", "2026-11-02T00:00:00Z")]});
    let (status, told) = world.warranty("PUT", "/v1/warranties", &rows).await;
    assert_eq!(
        (status, &told["n_saved"], &told["refused"][0]["row_idx"]),
        (200, &json!(1), &json!(1)),
        "{told}"
    );
    let again = world.warranty("PUT", "/v1/warranties", &rows).await.1;
    assert_eq!((&again["n_saved"], &again["n_unchanged"]), (&json!(0), &json!(1)), "{again}");
    let card = world.shown(&format!("/v1/assets/{id}/warranty"), "").await;
    assert_eq!(card["dates"][0]["ends_on"], "2025-08-30", "{card}");
    let (status, refused) = world.policy(json!({"tolerance_days": 0})).await;
    assert_eq!((status, &refused["error"]["details"]["field"]), (400, &json!("policy.tolerance_days")));
    let stale = world.warranty("PUT", "policy", &json!({"version": 9, "policy": {}})).await;
    assert_eq!((stale.0, &stale.1["error"]["code"]), (409, &json!("version_conflict")));
    let as_reader = world.warranty_as("reader", "POST", "plans", "", &json!({})).await;
    assert_eq!(as_reader.0, 403);
    let simulated =
        world.warranty_as("reader", "POST", "policy/simulate", "", &json!({"policy": {}})).await.1;
    assert_eq!(simulated["n_assets"], 20, "{simulated}");
    let unknown = world.warranty_as("reader", "GET", "plans/none", "", &Value::Null).await;
    assert_eq!(unknown.0, 404);
}

#[tokio::test]
async fn leaving_deletes_dates_plans_and_journals() {
    let world = World::with_write_back(some_assets(30)).await;
    world.hand_over_all(DATE).await;
    world.plan_and_apply().await;
    assert_eq!(world.leave().await.0, 202);
    world.work().await;
    let left: Vec<_> = world.items().await.into_keys().filter(|(pk, _)| pk.contains(TENANT)).collect();
    assert!(left.iter().all(|(_, sk)| sk == "PURGED"), "{left:?}");
}

#[tokio::test]
async fn an_answer_that_gets_lost_is_settled_by_a_reading() {
    for action in [FaultAction::DropConnection, FaultAction::Status { status: 500 }] {
        let world = World::with_write_back(some_assets(40)).await;
        world.hand_over_all(DATE).await;
        let (before, plan) = (world.truths(), world.plan().await);
        let writes = world.writes(&plan).await;
        let fault = Fault::on(ASSETS, action.clone()).call(autotask_simulator::CallKind::Patch).nth(5);
        let id = world.control.add_fault(Fault { is_performed: true, ..fault });
        assert_eq!(world.apply(&plan).await.0, 202);
        assert_eq!(world.until_over(&plan).await["state"], "done");
        assert_eq!(world.control.fault_count(id), 1);
        check_applied(&before, &world.truths(), &writes);
    }
}
