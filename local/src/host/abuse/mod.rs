//! Malformed events at every trigger: never a panic, an answer that says what is wrong, and nothing stored.

mod mutate;
mod scene;

use std::collections::{BTreeSet, HashSet};

use fastrand::Rng;
use serde_json::{Value, json};

use mutate::mutated;
use scene::Scene;

/// Different events for each trigger.
const N_EVENTS: usize = 600;

/// Calls a function with many broken forms of a sample; gives what was answered, each once.
async fn abuse(scene: &Scene, function: &str, sample: &Value) -> BTreeSet<String> {
    let before = scene.dump().await;
    let (mut rng, mut seen, mut answers) = (Rng::with_seed(7), HashSet::new(), BTreeSet::new());
    while seen.len() < N_EVENTS {
        let event = mutated(sample, &mut rng);
        if event == *sample || !seen.insert(event.to_string()) {
            continue;
        }
        let text = match scene.host.call(function, event.clone()).await {
            Ok(answer) => check_answer(function, &event, &answer),
            Err(error) => check_error(function, &event, &format!("{error:#}")),
        };
        answers.insert(text);
    }
    let after = scene.dump().await;
    assert!(before == after, "{function} stored something: {:?}", changed(&before, &after));
    assert!(!before.is_empty(), "there was nothing to compare");
    answers
}

fn changed<'a>(before: &'a BTreeSet<String>, after: &'a BTreeSet<String>) -> Vec<&'a String> {
    before.symmetric_difference(after).collect()
}

/// The shape of each function's answer; gives what tells answers apart.
fn check_answer(function: &str, event: &Value, answer: &Value) -> String {
    if let Some(failures) = answer.get("batchItemFailures") {
        let failures = failures.as_array().unwrap();
        assert!(failures.iter().all(|failure| failure["itemIdentifier"].is_string()), "{event}");
        return format!("batch, failed: {}", !failures.is_empty());
    }
    if answer["statusCode"] == 200 {
        // A GET to the crate that reads events, or a test of what is stored: both store nothing.
        let is_empty = |value: &Value| value.as_str().is_none_or(str::is_empty);
        assert!(is_empty(&event["requestContext"]["http"]["method"]) || is_empty(&event["body"]), "{event}");
        return "looked".to_owned();
    }
    if let Some(status) = answer.get("statusCode") {
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        let code = body["error"]["code"].as_str().unwrap_or_default();
        let message = body["error"]["message"].as_str().unwrap_or_default();
        assert!((400..500).contains(&status.as_u64().unwrap()), "{status} to {event}: {body}");
        assert!(!code.is_empty() && message.len() > 10 && message.len() < 1_000, "{body}");
        return code.to_owned();
    }
    let is_known = answer.get("n_due").is_some() || answer.get("settled").is_some();
    assert!(is_known, "{function} answered {answer} to {event}");
    answer.to_string()
}

/// The text of an error names the function and what is wrong, in a line that can be read.
fn check_error(function: &str, event: &Value, text: &str) -> String {
    let says_what = ["no event of SQS: ", "unknown event: ", "SES event cannot be used: "];
    let why = text.strip_prefix(&format!("{function} failed: ")).unwrap_or_default();
    assert!(says_what.iter().any(|known| why.starts_with(known)), "{text:?} to {event}");
    assert!(why.len() < 500 && !why.contains(char::is_control), "{} bytes: {text:.200}", why.len());
    why.split(": ").next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn broken_batches_of_doorbells_store_nothing() {
    let scene = Scene::loaded().await;
    let sample = scene::sample("sqs-doorbell.json");
    for function in ["initial-sync", "nightly-sync", "warranty-writeback"] {
        assert_eq!(
            scene.host.call(function, sample.clone()).await.unwrap(),
            json!({"batchItemFailures": []})
        );
        let answers = abuse(&scene, function, &sample).await;
        // All three ways out were taken.
        for answer in ["batch, failed: false", "batch, failed: true", "no event of SQS"] {
            assert!(answers.contains(answer), "{function}: {answers:?}");
        }
    }
}

#[tokio::test]
async fn broken_ticks_store_nothing() {
    let scene = Scene::loaded().await;
    let sample = scene::sample("planner-tick.json");
    let answers = abuse(&scene, "nightly-sync", &sample).await;
    assert!(answers.contains("unknown event") && answers.len() == 2, "{answers:?}");
}

#[tokio::test]
async fn broken_events_of_mails_store_nothing() {
    let scene = Scene::loaded().await;
    for name in ["ses-send.json", "ses-bounce.json"] {
        let answers = abuse(&scene, "nightly-sync", &scene::sample(name)).await;
        assert!(
            answers.contains("SES event cannot be used") && answers.contains("unknown event"),
            "{answers:?}"
        );
        assert!(answers.contains(r#"{"settled":"Unknown"}"#), "{answers:?}");
    }
}

#[tokio::test]
async fn broken_send_events_of_a_mail_that_is_there_store_nothing() {
    let scene = Scene::loaded().await;
    let mut sample = scene::sample("ses-send.json");
    sample["detail"]["mail"]["tags"] = scene.mail_tags.clone();
    let answers = abuse(&scene, "nightly-sync", &sample).await;
    assert!(answers.iter().any(|answer| answer.contains("Now(")), "{answers:?}");
}

#[tokio::test]
async fn broken_events_of_the_gateway_are_answered_by_the_envelope_and_store_nothing() {
    let scene = Scene::loaded().await;
    let stale = json!({"active": true, "username": "x", "version": 99});
    let save = scene::request("PUT", "/v1/integrations/autotask/settings", &stale);
    let answers = abuse(&scene, "settings", &save).await;
    for code in [
        "invalid_request",
        "unauthorized",
        "forbidden",
        "not_found",
        "method_not_allowed",
        "version_conflict",
    ] {
        assert!(answers.contains(code), "{answers:?}");
    }
    // Without a password of its own, another user is refused before anybody is asked.
    let test = scene::request("POST", "/v1/integrations/autotask/test", &json!({"username": "x"}));
    let answers = abuse(&scene, "test-settings", &test).await;
    assert!(answers.contains("invalid_request") && answers.contains("forbidden"), "{answers:?}");
}
