//! The pause after refused logins.

use autotask_simulator::Config;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_refused_login_is_held_off_for_a_growing_time_and_never_locks_the_user() {
    let world = World::start(Config::small()).await;
    let wrong = world.form_with("wrong");
    for (n_logins, pause_s) in (1..).zip([30, 60, 120, 600]) {
        let (status, answer) = world.test(&wrong).await;
        assert_eq!((status, &answer["code"]), (200, &json!("login_refused")));
        world.advance_s(pause_s - 1);
        let (status, answer) = world.test(&wrong).await;
        assert_eq!((status, &answer["error"]["code"]), (429, &json!("held_off")), "{answer}");
        assert_eq!(answer["error"]["details"]["retry_after_s"], 1);
        assert_eq!(world.logins(), (n_logins, n_logins));
        world.advance_s(1);
    }
    assert!(!world.control.is_locked());
}

#[tokio::test]
async fn a_success_ends_the_pause() {
    let world = World::start(Config::small()).await;
    assert_eq!(world.test(&world.form_with("wrong")).await.0, 200);
    assert_eq!(world.test(&world.form()).await.0, 429);
    world.advance_s(30);
    for _ in 0..3 {
        assert_eq!(world.test(&world.form()).await.1["code"], "connected");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_clicks_make_one_attempt() {
    let world = World::start(Config { latency_ms: 50, ..Config::small() }).await;
    let wrong = world.form_with("wrong");
    let click = || world.test(&wrong);
    let answers = tokio::join!(click(), click(), click(), click(), click(), click(), click(), click());
    let statuses = [
        answers.0.0,
        answers.1.0,
        answers.2.0,
        answers.3.0,
        answers.4.0,
        answers.5.0,
        answers.6.0,
        answers.7.0,
    ];
    let n_of = |status| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((n_of(200), n_of(429)), (1, 7), "{statuses:?}");
    assert_eq!(world.logins(), (1, 1));
}

#[tokio::test]
async fn nothing_but_the_pause_is_stored() {
    let world = World::start(Config::small()).await;
    assert_eq!(world.test(&world.form()).await.0, 200);
    let stored = world.stored().await;
    assert_eq!(stored.len(), 1, "{stored:?}");
    assert!(stored[0].contains("T#acme#META") && stored[0].contains("LOGIN"), "{stored:?}");
}
