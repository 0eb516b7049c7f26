//! A wrong password costs one login and one mail; nothing is tried until the settings change.

use serde_json::{Value, json};

use super::calls::TENANT;
use super::world::{DAY_MS, HOUR_MS, World};

fn change_password(world: &World, password: &str) {
    world.control.configure(|config| password.clone_into(&mut config.password));
}

/// Everything that may ring does, for a week.
async fn ring_everything(world: &World) {
    for _ in 0..7 {
        world.pass(DAY_MS);
        world.ring_for(TENANT).await;
        world.work().await;
        world.pass(HOUR_MS);
        let (status, answer) = world.run_now().await;
        assert_eq!((status, &answer["error"]["details"]["reason"]), (409, &json!("credentials")), "{answer}");
        world.work().await;
    }
}

#[tokio::test]
async fn a_wrong_password_costs_one_login_and_one_mail_until_the_settings_change() {
    let world = World::start().await;
    world.load().await;
    change_password(&world, "changed upstream");
    world.control.reset_counters();
    world.night().await;
    assert_eq!(world.logins(), (1, 1));
    let settings = world.settings().await;
    assert_eq!(
        (&settings["status"], &settings["login"]["state"]),
        (&json!("credentials"), &json!("refused"))
    );
    assert_eq!((&settings["run"]["state"], world.subjects().len()), (&json!("credentials"), 2));
    let run_id = settings["run"]["id"].clone();
    ring_everything(&world).await;
    assert_eq!((world.logins(), world.subjects().len()), ((1, 1), 2));

    let (status, saved) = world.save(json!({})).await;
    assert_eq!((status, &saved["login"]["state"]), (200, &json!("good")), "{saved}");
    world.work().await;
    let runs = world.runs().await;
    assert_eq!((&runs[0]["id"], &runs[0]["state"]), (&run_id, &json!("done")));
    let subjects = world.subjects();
    assert_eq!(subjects.len(), 3, "{subjects:?}");
    let healed = world.mails().pop().unwrap().text.unwrap();
    assert!(healed.contains("again"), "{healed}");
    assert_eq!(world.settings().await["status"], "healthy");
    world.night().await;
    assert_eq!((world.subjects().len(), world.logins().1), (3, 1));
    assert_eq!(world.differences(TENANT).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_first_load_that_is_refused_completes_when_the_settings_change() {
    let world = World::start().await;
    world.set_up(TENANT).await;
    change_password(&world, "changed upstream");
    world.control.reset_counters();
    world.work().await;
    assert_eq!((world.logins(), world.subjects().len()), ((1, 1), 1));
    ring_everything(&world).await;
    assert_eq!((world.logins(), world.subjects().len()), ((1, 1), 1));
    assert_eq!(world.save(json!({})).await.0, 200);
    world.work().await;
    assert_eq!(world.log().await, [("initial".to_owned(), "done".to_owned())]);
    let subjects = world.subjects();
    assert_eq!(subjects.len(), 2, "{subjects:?}");
}

#[tokio::test]
async fn a_password_that_was_put_right_upstream_is_tried_when_the_settings_are_saved_again() {
    let world = World::start().await;
    world.load().await;
    let right = world.control.config().password;
    change_password(&world, "changed by mistake");
    world.night().await;
    change_password(&world, &right);
    let (status, saved) = world.save(json!({"password": Value::Null})).await;
    assert_eq!((status, &saved["login"]["state"]), (200, &json!("good")), "{saved}");
    world.work().await;
    assert_eq!((world.runs().await[0]["state"].clone(), world.subjects().len()), (json!("done"), 3));
}

#[tokio::test]
async fn a_second_refusal_after_a_cure_is_news() {
    let world = World::start().await;
    world.load().await;
    for n in 0..2 {
        change_password(&world, &format!("password {n}"));
        world.night().await;
        assert_eq!(world.subjects().len(), 2 + 2 * n, "refusal {n}");
        assert_eq!(world.save(json!({})).await.0, 200);
        world.work().await;
        assert_eq!(world.subjects().len(), 3 + 2 * n, "cure {n}");
    }
}
