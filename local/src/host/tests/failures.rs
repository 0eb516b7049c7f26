//! Runs that fail: tried again by the clock, told once, given up in the end.

use serde_json::json;
use shared::store::TenantId;

use super::calls::TENANT;
use super::world::{DAY_MS, MINUTE_MS, World};

/// Autotask names a place where credentials may not be sent: no run can go on, and none has to wait to find out.
fn break_down(world: &World, zone_path: &str) {
    world.control.configure(|config| {
        config.public_url = Some("http://192.0.2.1".to_owned());
        zone_path.clone_into(&mut config.zone_path);
    });
}

fn repair(world: &World) {
    world.control.configure(|config| config.public_url = None);
}

async fn due_in_min(world: &World) -> Option<i64> {
    let schedule = world.store().load_schedule(&TenantId::parse(TENANT).unwrap()).await.unwrap();
    schedule.due_ms.map(|due_ms| (due_ms.cast_signed() - world.now_ms()) / MINUTE_MS)
}

#[tokio::test]
async fn a_first_load_that_fails_is_told_once_and_tried_again_by_the_clock() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    break_down(&world, "");
    for (n, pause_min) in [5, 15, 60, 180].into_iter().enumerate() {
        world.work().await;
        let settings = world.settings().await;
        assert_eq!((&settings["status"], &settings["run"]["state"]), (&json!("failing"), &json!("failed")));
        assert_eq!(settings["run"]["slices"], n + 1);
        assert_eq!((world.subjects().len(), due_in_min(&world).await), (1, Some(pause_min)));
        world.pass((pause_min - 1) * MINUTE_MS);
        world.work().await;
        assert_eq!(world.settings().await["run"]["slices"], n + 1, "too early");
        world.pass(MINUTE_MS);
    }
    repair(&world);
    world.work().await;
    assert_eq!(world.log().await, [("initial".to_owned(), "done".to_owned())]);
    assert_eq!((world.subjects().len(), world.differences(TENANT).await), (2, Vec::new()));
    assert_eq!(world.settings().await["status"], "healthy");
}

#[tokio::test]
async fn a_password_that_is_gone_is_told_and_can_be_saved_again() {
    let world = World::start().await;
    world.load().await;
    let secrets = world.host.aws.secrets();
    let delete = secrets.delete_secret().secret_id(format!("lci/autotask/{TENANT}"));
    delete.force_delete_without_recovery(true).send().await.unwrap();
    let n_requests = world.control.counters().requests;
    world.night().await;
    let run = world.settings().await["run"].clone();
    assert_eq!((&run["state"], &run["slices"]), (&json!("failed"), &json!(1)));
    assert!(run["error"].as_str().unwrap().contains("save them again in the settings"), "{run}");
    assert_eq!(world.control.counters().requests, n_requests);
    assert_eq!(world.save(json!({})).await.0, 200);
    world.work().await;
    assert_eq!(world.runs().await[0]["state"], "done");
    assert_eq!(world.differences(TENANT).await, Vec::<String>::new());
}

#[tokio::test]
async fn run_now_tries_a_failed_run_at_once() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    break_down(&world, "");
    world.work().await;
    repair(&world);
    let (status, run) = world.run_now().await;
    assert_eq!(status, 202, "{run}");
    world.work().await;
    assert_eq!(world.log().await, [("initial".to_owned(), "done".to_owned())]);
}

#[tokio::test]
async fn nights_that_fail_are_told_once_and_switched_off_after_two_weeks() {
    let world = World::start().await;
    world.load().await;
    break_down(&world, "zoneB");
    let night = world.settings().await["next_night_at"].as_str().unwrap().to_owned();
    world.control.set_clock(&night).unwrap();
    for n_failed in 1..=18 {
        world.work().await;
        let n_mails = 1 + usize::from(n_failed >= 4) + usize::from(n_failed >= 18);
        assert_eq!(world.subjects().len(), n_mails, "after {n_failed} tries: {:?}", world.subjects());
        let run = &world.settings().await["run"];
        assert_eq!((&run["state"], &run["slices"]), (&json!("failed"), &json!(n_failed)));
        let due_in_min = due_in_min(&world).await;
        assert_eq!(due_in_min.is_none(), n_failed == 18, "after {n_failed} tries");
        world.pass((due_in_min.unwrap_or(0) + 1) * MINUTE_MS);
    }
    let settings = world.settings().await;
    assert_eq!((&settings["active"], &settings["status"]), (&json!(false), &json!("paused")));
    let trail = world.get("settings/versions").await.1;
    assert_eq!(trail["versions"][0]["what"], "settings.disabled");
    let n_requests = world.control.counters().requests;
    for _ in 0..3 {
        world.pass(DAY_MS);
        world.ring_for(TENANT).await;
        world.work().await;
    }
    assert_eq!((world.control.counters().requests, world.subjects().len()), (n_requests, 3));

    repair(&world);
    world.check(true).await;
    world.work().await;
    assert_eq!(world.runs().await[0]["state"], "done");
    assert_eq!((world.settings().await["status"].clone(), world.subjects().len()), (json!("healthy"), 4));
}
