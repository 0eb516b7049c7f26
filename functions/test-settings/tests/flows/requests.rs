//! What is asked, by whom, and with which stored login.

use autotask_simulator::Config;
use serde_json::{Value, json};

use crate::world::{World, logs};

#[tokio::test]
async fn malformed_bodies_are_refused_by_field_and_make_no_login() {
    let world = World::start(Config::small()).await;
    let long = "x".repeat(300);
    let cases = [
        ("[]", "."),
        ("7", "."),
        ("{", "."),
        (r#"{"username":7}"#, "username"),
        (r#"{"password":{"a":1}}"#, "password"),
        (r#"{"pulls":true}"#, "pulls"),
        (r#"{"pulls":{"tickets":"yes"}}"#, "pulls.tickets"),
        (r#"{"pulls":{"projects":true}}"#, "pulls"),
        (r#"{"pulls":[true,true,true]}"#, "pulls"),
        (r#"{"write_back":"no"}"#, "write_back"),
        (r#"{"zone":"x"}"#, "zone"),
        (r#"{} {}"#, ""),
        (r#"{"username":"a\nb","password":"p"}"#, "username"),
        (r#"{"username":"u","password":"p\u0007"}"#, "password"),
        (&format!(r#"{{"username":"{long}","password":"p"}}"#), "username"),
        (r#"{"username":"u"}"#, "password"),
        (r#"{"password":"p"}"#, "username"),
        ("{}", "username"),
        ("", "username"),
    ];
    for (body, field) in cases {
        let (status, answer) = world.call("admin", body).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("invalid_request")), "{body}");
        let named = answer["error"]["details"]["field"].as_str().unwrap_or_default();
        assert!(named.starts_with(field), "{body}: {answer}");
    }
    assert_eq!((world.control.counters().requests, world.stored().await.len()), (0, 0));
}

#[tokio::test]
async fn a_reader_may_not_test() {
    let world = World::start(Config::small()).await;
    let (status, answer) = world.call("reader", &world.form().to_string()).await;
    assert_eq!((status, &answer["error"]["code"]), (403, &json!("forbidden")));
    assert_eq!((world.control.counters().requests, world.stored().await.len()), (0, 0));
}

#[tokio::test]
async fn what_is_left_empty_is_taken_from_the_stored_login() {
    let Config { user, password, .. } = Config::small();
    let world = World::with_secret(Config::small(), Some((&user, &password))).await;
    for form in [
        json!({}),
        json!({"username": "", "password": ""}),
        json!({"username": user}),
        json!({"username": user, "password": null}),
        json!({"password": password}),
    ] {
        assert_eq!(world.test(&form).await.1["code"], "connected", "{form}");
    }
    assert_eq!(world.call("admin", "").await.1["code"], "connected");
}

#[tokio::test]
async fn a_stored_password_is_never_sent_for_another_user() {
    let Config { user, password, .. } = Config::small();
    let world = World::with_secret(Config::small(), Some(("other@example.invalid", &password))).await;
    let (status, answer) = world.test(&json!({"username": user})).await;
    assert_eq!((status, &answer["error"]["details"]["field"]), (400, &json!("password")));
    assert_eq!(world.control.counters().requests, 0);
    // Entered values win over stored ones.
    assert_eq!(world.test(&world.form()).await.1["code"], "connected");
}

#[tokio::test]
async fn blanks_are_warned_of_and_used_as_they_are() {
    let world = World::start(Config::small()).await;
    let password = format!(" {} ", world.control.config().password);
    let (_, answer) = world.test(&world.form_with(&password)).await;
    // HTTP takes them off; Autotask never sees them.
    assert_eq!(
        (&answer["code"], &answer["warnings"][0]["code"]),
        (&json!("connected"), &json!("password_blanks"))
    );
    // The zone is asked for with the user name as it was entered: a silent trim would have found it.
    let user = format!(" {}", world.user());
    let (_, answer) = world.test(&json!({"username": user, "password": "p"})).await;
    assert_eq!(
        (&answer["code"], &answer["warnings"][0]["code"]),
        (&json!("unknown_user"), &json!("username_blanks"))
    );
    let (_, answer) = world.test(&world.form_with("wrong")).await;
    assert_eq!((&answer["code"], &answer["warnings"]), (&json!("login_refused"), &json!([])));
}

#[tokio::test]
async fn secrets_are_neither_answered_nor_logged_nor_stored() {
    let canary = "canary-4711 & more";
    let Config { user, .. } = Config::small();
    let source = Config { password: canary.to_owned(), ..Config::small() };
    let mut world = World::with_secret(source, Some((&user, canary))).await;
    world.deps.config.integration_code = "canary-code-4711".to_owned().into();
    let mut said = String::new();
    let mut hear = |(_, answer): (u64, Value)| said.push_str(&answer.to_string());
    hear(world.test(&world.form()).await);
    hear(world.test(&json!({})).await);
    hear(world.test(&world.form_with("canary-wrong-4711")).await);
    hear(world.test(&world.form_with("canary-held-4711")).await);
    for body in [r#"{"password":["canary-4711"]}"#, r#"{"canary-4711":1}"#, r#"{"password":"canary-4711"#] {
        // A field's own name is the caller's word, not a secret.
        let (status, answer) = world.call("admin", body).await;
        assert_eq!(status, 400);
        hear((status, json!(answer["error"]["message"].as_str().unwrap().replace("\"canary-4711\"", ""))));
    }
    said.push_str(&format!("{:?} {:?}", world.deps, world.stored().await));
    assert!(said.contains("connected") && said.contains("login_refused") && said.contains("held_off"));
    assert!(!said.contains("canary"), "{said}");
    let logged = String::from_utf8(logs().lock().unwrap().clone()).unwrap();
    assert!(logged.contains("login not accepted"), "the log was not heard");
    assert!(!logged.contains("canary"), "{logged}");
}
