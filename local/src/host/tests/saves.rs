//! The first active save starts the first load, exactly once.

use serde_json::{Value, json};

use super::calls::{TENANT, event};
use super::world::{DAY_MS, World};
use crate::host::INITIAL;

#[tokio::test]
async fn two_quick_saves_start_one_first_load() {
    let world = World::start().await;
    let (status, first) = world.save(json!({})).await;
    assert_eq!((status, &first["run"]["state"]), (200, &json!("queued")), "{first}");
    let (status, second) = world.save(json!({"password": null, "time_zone": "Europe/Berlin"})).await;
    assert_eq!((status, &second["run"]["id"]), (200, &first["run"]["id"]), "{second}");
    world.work().await;
    assert_eq!(world.log().await, [("initial".to_owned(), "done".to_owned())]);
    assert_eq!(world.subjects().len(), 1);
    assert_eq!(world.differences(TENANT).await, Vec::<String>::new());
}

#[tokio::test]
async fn of_two_saves_at_once_one_is_told_of_the_other() {
    let world = World::start().await;
    let (status, _) = world.save(json!({"active": false})).await;
    assert_eq!(status, 200);
    let draft = world.draft(1, json!({"password": null}));
    let (one, other) = tokio::join!(world.put(&draft), world.put(&draft));
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{one:?} {other:?}");
    world.work().await;
    assert_eq!(world.log().await.len(), 1);
}

#[tokio::test]
async fn two_first_saves_at_once_with_new_credentials_start_one_first_load() {
    let world = World::start().await;
    let draft = world.draft(0, json!({}));
    let (one, other) = tokio::join!(world.put(&draft), world.put(&draft));
    let n_saved = [one.0, other.0].iter().filter(|status| **status == 200).count();
    assert_eq!(n_saved, 1, "{one:?} {other:?}");
    assert!([409, 429].contains(&one.0.max(other.0)), "{one:?} {other:?}");
    world.work().await;
    assert_eq!(world.log().await, [("initial".to_owned(), "done".to_owned())]);
    assert_eq!(world.subjects().len(), 1);
}

#[tokio::test]
async fn an_inactive_save_starts_nothing_and_the_later_tick_of_active_does() {
    let world = World::start().await;
    let (status, settings) = world.save(json!({"active": false})).await;
    assert_eq!((status, &settings["run"], &settings["status"]), (200, &Value::Null, &json!("setup")));
    for _ in 0..3 {
        world.pass(DAY_MS);
        world.ring_for(TENANT).await;
        world.work().await;
    }
    assert_eq!(world.log().await, []);
    let settings = world.check(true).await;
    assert_eq!(settings["run"]["state"], "queued");
    world.work().await;
    assert_eq!(world.log().await, [("initial".to_owned(), "done".to_owned())]);
}

#[tokio::test]
async fn saving_again_starts_nothing_whether_the_load_is_under_way_or_done() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    assert_eq!(world.doorbells(INITIAL).await.len(), 1);
    world.check(true).await;
    assert_eq!(world.lose_doorbells().await, 0, "a save that starts nothing rings nobody");
    world.work().await;
    world.check(true).await;
    world.save(json!({})).await;
    world.work().await;
    assert_eq!(world.log().await, [("initial".to_owned(), "done".to_owned())]);
    assert_eq!(world.subjects().len(), 1);
}

#[tokio::test]
async fn a_refused_login_is_stored_only_as_an_inactive_save_anyway() {
    let world = World::start().await;
    let (status, refused) = world.save(json!({"password": "wrong"})).await;
    assert_eq!((status, &refused["error"]["code"]), (422, &json!("login_refused")));
    assert_eq!(world.settings().await["login"]["retry_after_s"], 30, "everybody sees the pause");
    assert_eq!(world.items().await.keys().filter(|(_, sk)| sk == "SETTINGS").count(), 0);
    world.pass(DAY_MS);
    let (status, saved) = world.save(json!({"password": "wrong", "save_anyway": true})).await;
    assert_eq!((status, &saved["active"], &saved["login"]["state"]), (200, &json!(false), &json!("refused")));
    assert_eq!((&saved["run"], saved["warnings"].as_array().unwrap().len()), (&Value::Null, 1));
    let before = world.logins();
    assert_eq!(before, (2, 2));
    for _ in 0..3 {
        world.pass(DAY_MS);
        world.ring_for(TENANT).await;
        world.work().await;
    }
    assert_eq!((world.log().await.len(), world.logins(), world.mails().len()), (0, before, 0));
}

#[tokio::test]
async fn runs_use_the_password_that_was_saved_last_and_the_former_is_kept() {
    let world = World::start().await;
    world.load().await;
    let former = world.control.config().password;
    world.control.configure(|config| "another one".clone_into(&mut config.password));
    let (status, saved) = world.save(json!({})).await;
    assert_eq!((status, &saved["login"]["state"]), (200, &json!("good")), "{saved}");
    world.control.reset_counters();
    world.night().await;
    assert_eq!(world.log().await[0], ("nightly".to_owned(), "done".to_owned()));
    assert_eq!(world.logins().1, 0);
    let secrets = world.host.aws.secrets();
    for (stage, password) in [("AWSCURRENT", "another one"), ("AWSPREVIOUS", former.as_str())] {
        let name = format!("lci/autotask/{TENANT}");
        let secret = secrets.get_secret_value().secret_id(name).version_stage(stage).send().await.unwrap();
        let stored: Value = serde_json::from_str(secret.secret_string().unwrap()).unwrap();
        assert_eq!(stored["password"], password, "{stage}");
    }
}

#[tokio::test]
async fn the_audit_trail_says_who_changed_what_and_never_the_secret() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    world.pass(1_000);
    world.check(false).await;
    let (status, trail) = world.get("settings/versions").await;
    assert_eq!(status, 200, "{trail}");
    let rows = trail["versions"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["by"], &rows[0]["version"]), (&json!("admin@acme.example"), &json!(2)));
    assert_eq!(
        (&rows[0]["before"], &rows[0]["after"]),
        (&json!({"is_active": true}), &json!({"is_active": false}))
    );
    assert!(!trail.to_string().contains(&world.control.config().password));
}

#[tokio::test]
async fn a_reader_and_a_stranger_change_nothing() {
    let world = World::start().await;
    world.load().await;
    let before = world.items().await;
    let draft = world.draft(1, json!({"active": false}));
    for (tenant, role, want) in [(TENANT, "reader", 403), ("", "admin", 403), (TENANT, "root", 403)] {
        let answer =
            world.host.call("settings", event(tenant, role, "PUT", "settings", "", &draft)).await.unwrap();
        assert_eq!(answer["statusCode"], want, "{answer}");
    }
    assert_eq!(world.items().await, before);
}

#[tokio::test]
async fn a_save_in_the_minute_of_the_night_does_not_lose_it() {
    let world = World::start().await;
    world.load().await;
    let night = world.settings().await["next_night_at"].as_str().unwrap().to_owned();
    world.control.set_clock(&night).unwrap();
    let (status, settings) = world.save(json!({"password": null, "recipients": ["new@lists.example"]})).await;
    assert_eq!(status, 200, "{settings}");
    world.work().await;
    assert_eq!(world.log().await[0], ("nightly".to_owned(), "done".to_owned()));
    assert_eq!(world.log().await.len(), 2);
    assert!(world.settings().await["next_night_at"].as_str().unwrap() > world.control.now().as_str());
}
