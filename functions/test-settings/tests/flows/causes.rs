//! Each cause by its name, and what it costs.

use std::time::{Duration, Instant};

use autotask_simulator::{AuthProfile, CallKind, Config, Fault, FaultAction, OverLimit, RetryAfter};
use serde_json::{Value, json};

use crate::world::World;

/// One test that fails: its code, its words, and the logins that it cost.
async fn check(world: &World, form: &Value, code: &str, n_logins: u64) -> Value {
    let (status, answer) = world.test(form).await;
    assert_eq!((status, answer["ok"].as_bool()), (200, Some(false)), "{answer}");
    assert_eq!(answer["code"], code, "{answer}");
    assert!(answer["message"].as_str().is_some_and(|text| text.len() > 20), "{answer}");
    assert!(answer["fix"].as_str().is_some_and(|text| text.len() > 20), "{answer}");
    assert_eq!(answer["reference"], "request-7");
    assert_eq!(world.logins().0, n_logins, "{code}");
    answer
}

fn threshold(action: FaultAction) -> Fault {
    Fault::anywhere(action).call(CallKind::Threshold)
}

#[tokio::test]
async fn a_good_login_is_successful_and_tells_usage_zone_and_clock() {
    let world = World::start(Config::small()).await;
    world.control.add_foreign_calls(41);
    let (status, answer) = world.test(&world.form()).await;
    assert_eq!((status, answer["ok"].as_bool()), (200, Some(true)), "{answer}");
    assert_eq!(
        (&answer["code"], &answer["message"]),
        (&json!("connected"), &json!("Connection Successful."))
    );
    let usage = json!({"used": 42, "limit": 10_000, "window_s": 3_600, "ours": null});
    assert_eq!(answer["usage"], usage);
    assert_eq!(
        (&answer["zone"]["host"], &answer["zone"]["database"]),
        (&json!("127.0.0.1"), &json!("ci-912345"))
    );
    assert_eq!(answer["clock_skew_s"], 0);
    assert_eq!(world.control.counters().by_kind.get(&CallKind::Threshold), Some(&1));
    assert!(world.control.counters().writes.is_empty());
}

#[tokio::test]
async fn an_unknown_user_costs_no_login() {
    let world = World::start(Config::small()).await;
    let form = json!({"username": "nobody@example.invalid", "password": "x"});
    check(&world, &form, "unknown_user", 0).await;
    // Nothing was refused: the next one need not wait.
    check(&world, &form, "unknown_user", 0).await;
}

#[tokio::test]
async fn a_wrong_password_costs_one_login_in_both_profiles() {
    for auth_profile in [AuthProfile::Year2023, AuthProfile::Year2026] {
        let world = World::start(Config { auth_profile, ..Config::small() }).await;
        let answer = check(&world, &world.form_with("wrong"), "login_refused", 1).await;
        assert_eq!(answer["features"], json!([]));
        assert_eq!(answer["zone"]["database"], "ci-912345");
    }
}

#[tokio::test]
async fn a_locked_user_is_one_of_the_possibilities_named() {
    let world = World::start(Config { lockout_after: 1, ..Config::small() }).await;
    check(&world, &world.form_with("wrong"), "login_refused", 1).await;
    world.advance_s(30);
    let answer = check(&world, &world.form(), "login_refused", 2).await;
    let message = answer["message"].as_str().unwrap();
    let at = |word: &str| message.find(word).unwrap();
    assert!(at("password") < at("locked") && at("locked") < at("Tracking Identifier"), "{message}");
}

#[tokio::test]
async fn a_foreign_tracking_identifier_is_named_where_autotask_names_it() {
    for (auth_profile, code) in
        [(AuthProfile::Year2023, "tracking_identifier"), (AuthProfile::Year2026, "login_refused")]
    {
        let integration_code = Some("OTHER".to_owned());
        let world = World::start(Config { auth_profile, integration_code, ..Config::small() }).await;
        let answer = check(&world, &world.form(), code, 1).await;
        assert!(answer["fix"].as_str().unwrap().contains("API Tracking Identifier"), "{answer}");
    }
}

#[tokio::test]
async fn what_goes_wrong_at_the_login_has_a_name_and_is_not_tried_twice() {
    let threads = "The Autotask API thread threshold of 3 threads has been exceeded.".to_owned();
    let retry_after = RetryAfter::Seconds(1);
    let cases = [
        (FaultAction::Status { status: 403 }, "access_forbidden"),
        (FaultAction::Html { status: 403 }, "access_forbidden"),
        (FaultAction::Html { status: 503 }, "autotask_down"),
        (FaultAction::Html200, "autotask_down"),
        (FaultAction::Status { status: 500 }, "autotask_down"),
        (FaultAction::TruncatedJson, "autotask_down"),
        (FaultAction::DropConnection, "autotask_down"),
        (FaultAction::Errors { message: threads }, "autotask_down"),
        (FaultAction::Errors { message: "The user account has been locked.".to_owned() }, "login_refused"),
        (FaultAction::TooMany { retry_after }, "hourly_limit"),
    ];
    for (action, code) in cases {
        let world = World::start(Config::small()).await;
        world.control.add_fault(threshold(action));
        check(&world, &world.form(), code, 1).await;
    }
}

#[tokio::test]
async fn an_outage_is_no_refusal() {
    let world = World::start(Config::small()).await;
    world.control.add_fault(threshold(FaultAction::Html { status: 503 }).times(1));
    check(&world, &world.form(), "autotask_down", 1).await;
    let (status, answer) = world.test(&world.form()).await;
    assert_eq!((status, &answer["code"]), (200, &json!("connected")));
}

#[tokio::test]
async fn the_used_up_hour_is_named() {
    for over_limit in [OverLimit::TooMany429, OverLimit::Error500] {
        let world = World::start(Config { over_limit, ..Config::small() }).await;
        world.control.add_foreign_calls(10_000);
        let answer = check(&world, &world.form(), "hourly_limit", 1).await;
        assert!(answer["message"].as_str().unwrap().contains("hourly"), "{answer}");
    }
}

#[tokio::test]
async fn a_limit_that_may_not_be_read_proves_the_login_all_the_same() {
    let world = World::start(Config::small()).await;
    let message = "The logged in Resource does not have the adequate permissions".to_owned();
    world.control.add_fault(threshold(FaultAction::Errors { message }));
    let (_, answer) = world.test(&world.form()).await;
    assert_eq!((&answer["code"], &answer["usage"]), (&json!("connected"), &Value::Null), "{answer}");
    assert!(warnings(&answer).contains(&"limit_unread"), "{answer}");
}

#[tokio::test]
async fn nobody_at_the_address_no_tls_and_a_foreign_zone_are_told_apart() {
    let mut world = World::start(Config::small()).await;
    let base_url = world.deps.config.discovery_url.clone();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    world.deps.config.discovery_url = format!("http://{free}");
    check(&world, &world.form(), "network", 0).await;
    let address = base_url.trim_start_matches("http://");
    world.deps.config.policy.hosts = address.to_owned();
    world.deps.config.discovery_url = format!("https://{address}");
    check(&world, &world.form(), "tls", 0).await;
    world.deps.config.discovery_url = base_url;
    world.control.configure(|config| config.public_url = Some("https://autotask.example".to_owned()));
    check(&world, &world.form(), "address_refused", 0).await;
}

#[tokio::test]
async fn the_deadline_ends_a_slow_login_which_then_counts_as_refused() {
    let mut world = World::start(Config::small()).await;
    world.deps.deadline = Duration::from_millis(300);
    world.control.add_fault(threshold(FaultAction::Slow { ms: 60_000 }));
    let began = Instant::now();
    check(&world, &world.form(), "autotask_down", 1).await;
    assert!(began.elapsed() < Duration::from_secs(5));
    let (status, answer) = world.test(&world.form()).await;
    assert_eq!((status, &answer["error"]["code"]), (429, &json!("held_off")));
}

#[tokio::test]
async fn clocks_that_differ_are_told() {
    let world = World::start(Config::small()).await;
    world.control.advance_clock_ms(-600_000);
    let (_, answer) = world.test(&world.form()).await;
    assert_eq!((&answer["ok"], &answer["clock_skew_s"]), (&json!(true), &json!(-600)), "{answer}");
    assert!(warnings(&answer).contains(&"clock_skew"), "{answer}");
}

fn warnings(answer: &Value) -> Vec<&str> {
    answer["warnings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}
