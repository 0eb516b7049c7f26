//! Credentials, concurrent calls, and calls per hour.

use crate::client::{World, all, world, world_with};
use autotask_simulator::{AuthProfile, Config, OverLimit, RetryAfter, ThreadMode};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

async fn status(world: &World) -> u16 {
    world.get("Version").await.status
}

#[tokio::test]
async fn bad_credentials_are_answered_by_profile() {
    for (profile, unknown_user, bad_code) in
        [(AuthProfile::Year2023, 500, 500), (AuthProfile::Year2026, 401, 401)]
    {
        let config =
            Config { auth_profile: profile, integration_code: Some("CODE".to_owned()), ..Config::small() };
        let right = config.clone();
        let mut world = world_with(config).await;
        assert_eq!(status(&world).await, 200);
        world.user = "nobody".to_owned();
        assert_eq!(status(&world).await, unknown_user);
        world.user = right.user;
        world.code = String::new();
        let reply = world.get("Version").await;
        assert_eq!(reply.status, bad_code);
        assert_eq!(reply.text().contains("IntegrationCode is invalid"), bad_code == 500);
        world.code = "CODE".to_owned();
        world.secret = "wrong".to_owned();
        let reply = world.get("Version").await;
        assert_eq!((reply.status, reply.body.len()), (401, 0));
    }
}

#[tokio::test]
async fn too_many_wrong_secrets_lock_the_user() {
    let mut world = world().await;
    let right = std::mem::replace(&mut world.secret, "wrong".to_owned());
    for _ in 0..5 {
        assert_eq!(status(&world).await, 401);
    }
    world.secret = right;
    assert_eq!(status(&world).await, 401);
    assert!(world.control.is_locked());
    world.control.unlock();
    assert_eq!(status(&world).await, 200);
    let logins = &world.control.counters().logins[&world.user.to_lowercase()];
    assert_eq!((logins.attempts, logins.failures), (7, 6));
}

#[tokio::test]
async fn zone_and_versions_need_no_credentials() {
    let mut world = world().await;
    let user = std::mem::take(&mut world.user);
    let zone =
        world.get(&format!("/ATServicesRest/V1.0/ZoneInformation?user={}", user.replace('+', "%2B"))).await;
    let base = world.simulator.base_url();
    assert_eq!(zone.json()["url"], format!("{base}/ATServicesRest/"));
    let versions = world.get("/atservicesrest/versioninformation").await.json();
    assert_eq!(versions["apiVersions"], json!(["V1.0", "V2.0"]));
    assert!(world.control.counters().logins.is_empty());
}

async fn race(world: &Arc<World>, paths: &[&'static str]) -> Vec<u16> {
    let calls: Vec<_> = paths
        .iter()
        .map(|path| {
            let (world, path) = (Arc::clone(world), *path);
            tokio::spawn(async move { world.get(path).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for call in calls {
        statuses.push(call.await.unwrap());
    }
    statuses.sort_unstable();
    statuses
}

#[tokio::test]
async fn the_fourth_call_at_once_is_refused() {
    let world = Arc::new(world_with(Config { latency_ms: 150, ..Config::small() }).await);
    let one = "Companies/0";
    assert_eq!(race(&world, &[one, one, one, one]).await, [200, 200, 200, 429]);
    let mixed =
        [one, one, "Companies/entityInformation/fields", "Companies/0/Contacts", "ThresholdInformation"];
    assert_eq!(race(&world, &mixed).await, [200; 5], "endpoints do not share their slots");
    world.control.configure(|config| config.thread_mode = ThreadMode::Error500);
    let four = [one, one, "Companies/entityInformation", "Companies/entityInformation/fields"];
    assert_eq!(race(&world, &four).await, [200, 200, 200, 500]);
    let counters = world.control.counters();
    assert_eq!(counters.thread_rejections, 2);
    assert_eq!(counters.by_endpoint["Companies"].max_in_flight, 4);
    assert!(counters.refusals[1].reason.contains("thread threshold of 3 threads has been exceeded"));
}

#[tokio::test]
async fn a_slot_is_released_a_moment_after_its_answer() {
    let config = Config { thread_limit: 1, release_lag_ms: 300, ..Config::small() };
    let world = world_with(config).await;
    assert_eq!(world.get("Companies/0").await.status, 200);
    assert_eq!(world.get("Companies/0").await.status, 429);
    tokio::time::sleep(Duration::from_millis(320)).await;
    assert_eq!(world.get("Companies/0").await.status, 200);
}

#[tokio::test]
async fn the_hourly_limit_holds_until_calls_leave_the_window() {
    let config = Config { hourly_limit: 4, is_clock_frozen: true, ..Config::small() };
    let world = world_with(config).await;
    let threshold = world.get("ThresholdInformation").await.json();
    assert_eq!(threshold["currentTimeframeRequestCount"], 1, "it counts itself");
    assert_eq!(threshold["externalRequestThreshold"], 4);
    for _ in 0..3 {
        assert_eq!(status(&world).await, 200);
    }
    assert_eq!(status(&world).await, 429);
    assert_eq!(world.get("ThresholdInformation").await.status, 429);
    world.control.advance_clock_ms(3_600_000);
    assert_eq!(status(&world).await, 200);
    assert_eq!(world.control.counters().hourly_rejections, 2);
}

#[tokio::test]
async fn the_refusal_of_the_hour_has_several_forms() {
    let config = Config { hourly_limit: 0, is_clock_frozen: true, ..Config::small() };
    let world = world_with(config).await;
    assert_eq!(world.get("Version").await.header("retry-after"), None);
    world.control.configure(|config| config.retry_after = RetryAfter::Seconds(60));
    assert_eq!(world.get("Version").await.header("retry-after").as_deref(), Some("60"));
    world.control.configure(|config| config.retry_after = RetryAfter::HttpDate(60));
    let reply = world.get("Version").await;
    assert_eq!(reply.header("retry-after").as_deref(), Some("Fri, 20 Nov 2026 02:01:00 GMT"));
    assert_eq!(reply.header("date").as_deref(), Some("Fri, 20 Nov 2026 02:00:00 GMT"));
    world.control.configure(|config| config.limit_body = Some("slow down".to_owned()));
    assert_eq!(world.get("Version").await.text(), "slow down");
    world.control.configure(|config| config.over_limit = OverLimit::Error500);
    let reply = world.get("Version").await;
    assert_eq!(reply.status, 500);
    assert!(reply.text().contains("threshold"));
}

#[tokio::test]
async fn others_use_up_the_hour_too() {
    let config =
        Config { hourly_limit: 100, is_clock_frozen: true, foreign_calls_per_hour: 50, ..Config::small() };
    let world = world_with(config).await;
    assert_eq!(status(&world).await, 200);
    world.control.advance_clock_ms(7_200_000);
    assert!((49..=50).contains(&world.control.hourly_calls()), "{}", world.control.hourly_calls());
    world.control.add_foreign_calls(60);
    assert_eq!(status(&world).await, 429);
    world.control.reset_hourly();
    assert_eq!(status(&world).await, 200);
}

#[tokio::test]
async fn answers_slow_down_before_the_limit() {
    let config =
        Config { hourly_limit: 8, is_clock_frozen: true, latency_step_scale: 0.1, ..Config::small() };
    let world = world_with(config).await;
    for (n_before, at_least_ms) in [(0, 0), (4, 50), (6, 100)] {
        world.control.reset_hourly();
        world.control.add_foreign_calls(n_before);
        let started = Instant::now();
        status(&world).await;
        let took_ms = started.elapsed().as_millis();
        assert!(took_ms >= at_least_ms, "{took_ms} ms after {n_before} calls");
    }
}

#[tokio::test]
async fn a_caller_that_gives_up_frees_its_slot() {
    let world = Arc::new(world_with(Config { latency_ms: 5_000, thread_limit: 1, ..Config::small() }).await);
    let impatient = {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.query("Companies", all()).await.status })
    };
    tokio::time::sleep(Duration::from_millis(50)).await;
    impatient.abort();
    tokio::time::sleep(Duration::from_millis(50)).await;
    world.control.configure(|config| config.latency_ms = 0);
    assert_eq!(world.get("Companies/0").await.status, 200);
}
