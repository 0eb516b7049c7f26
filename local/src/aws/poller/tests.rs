//! The mapping on a queue of the endpoints.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_lambda_events::sqs::SqsEvent;
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore, mpsc, watch};

use super::{is_success, poll};
use crate::aws::AwsLoopback;
use crate::aws::testing::in_memory;

async fn send(loopback: &AwsLoopback, body: &str) -> String {
    let call = loopback.sqs().send_message().queue_url(loopback.queue_url("work")).message_body(body);
    call.send().await.unwrap().message_id.unwrap()
}

/// How many messages are left, visible or not.
async fn n_left(loopback: &AwsLoopback) -> u32 {
    let call = loopback.sqs().get_queue_attributes().queue_url(loopback.queue_url("work"));
    let answer = call.attribute_names("All".into()).send().await.unwrap();
    let counts = answer.attributes.unwrap().into_iter();
    let counts = counts.filter(|(name, _)| name.as_str().starts_with("ApproximateNumber"));
    counts.map(|(_, count)| count.parse::<u32>().unwrap()).sum()
}

#[tokio::test]
async fn processed_message_is_deleted_and_a_failed_one_comes_back() {
    let (loopback, clock, _events) = in_memory().await;
    let id = send(&loopback, r#"{"tenant":"acme"}"#).await;
    let (stop, shutdown) = watch::channel(false);
    let (seen, mut events) = mpsc::unbounded_channel();
    let n_calls = AtomicUsize::new(0);
    let handler = |event: Value| {
        let id = event["Records"][0]["messageId"].clone();
        let is_first = n_calls.fetch_add(1, Ordering::SeqCst) == 0;
        seen.send(event).unwrap();
        let failures = if is_first { json!([{ "itemIdentifier": id }]) } else { json!([]) };
        async move { Ok(json!({ "batchItemFailures": failures })) }
    };
    let story = async {
        let first = events.recv().await.unwrap();
        let event: SqsEvent = serde_json::from_value(first.clone()).unwrap();
        let record = &event.records[0];
        assert_eq!(record.message_id.as_deref(), Some(id.as_str()));
        assert_eq!(record.body.as_deref(), Some(r#"{"tenant":"acme"}"#));
        assert_eq!(record.event_source_arn.as_deref(), Some("arn:aws:sqs:local:000000000000:work"));
        assert_eq!(record.attributes["ApproximateReceiveCount"], "1");
        assert_eq!(first["Records"][0]["eventSource"], "aws:sqs");
        assert_eq!(n_left(&loopback).await, 1);
        clock.advance_s(30);
        // The waiting poll looks again when something arrives.
        send(&loopback, "second").await;
        let mut bodies = Vec::new();
        for _ in 0..2 {
            bodies.push(events.recv().await.unwrap()["Records"][0]["body"].as_str().unwrap().to_owned());
        }
        bodies.sort();
        assert_eq!(bodies, ["second", r#"{"tenant":"acme"}"#]);
        while n_left(&loopback).await > 0 {
            tokio::task::yield_now().await;
        }
        stop.send(true).unwrap();
    };
    let polling = async { tokio::join!(poll(&loopback, "work", 1, shutdown, handler), story) };
    let (polled, ()) = tokio::time::timeout(Duration::from_secs(20), polling).await.unwrap();
    polled.unwrap();
}

#[tokio::test]
async fn shutdown_finishes_what_is_in_hand_and_takes_nothing_more() {
    let (loopback, _clock, _events) = in_memory().await;
    for _ in 0..3 {
        send(&loopback, "x").await;
    }
    let (stop, shutdown) = watch::channel(false);
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
    let (n_begun, n_ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let handler = |_| {
        if n_begun.fetch_add(1, Ordering::SeqCst) == 1 {
            begun.notify_one();
        }
        let (go_on, n_ended) = (Arc::clone(&go_on), Arc::clone(&n_ended));
        async move {
            drop(go_on.acquire().await);
            n_ended.fetch_add(1, Ordering::SeqCst);
            Ok(Value::Null)
        }
    };
    let story = async {
        begun.notified().await;
        stop.send(true).unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert_eq!(n_ended.load(Ordering::SeqCst), 0);
        go_on.add_permits(1);
    };
    let polling = async { tokio::join!(poll(&loopback, "work", 2, shutdown, handler), story) };
    let (polled, ()) = tokio::time::timeout(Duration::from_secs(20), polling).await.unwrap();
    polled.unwrap();
    assert_eq!([n_begun, n_ended].map(|count| count.load(Ordering::SeqCst)), [2, 2]);
    assert_eq!(n_left(&loopback).await, 1);
}

#[tokio::test]
async fn failing_and_panicking_handlers_leave_their_messages() {
    let (loopback, _clock, _events) = in_memory().await;
    for body in ["fails", "panics", "done"] {
        send(&loopback, body).await;
    }
    let (stop, shutdown) = watch::channel(false);
    let (seen, mut bodies) = mpsc::unbounded_channel();
    let handler = |event: Value| {
        let seen = seen.clone();
        async move {
            let body = event["Records"][0]["body"].as_str().unwrap().to_owned();
            seen.send(body.clone()).unwrap();
            match body.as_str() {
                "fails" => Err(anyhow::anyhow!("no")),
                "panics" => panic!("no"),
                _ => Ok(Value::Null),
            }
        }
    };
    let story = async {
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push(bodies.recv().await.unwrap());
        }
        seen.sort();
        assert_eq!(seen, ["done", "fails", "panics"]);
        stop.send(true).unwrap();
    };
    let polling = async { tokio::join!(poll(&loopback, "work", 1, shutdown, handler), story) };
    let (polled, ()) = tokio::time::timeout(Duration::from_secs(20), polling).await.unwrap();
    polled.unwrap();
    assert_eq!(n_left(&loopback).await, 2);
}

#[tokio::test]
async fn queue_that_is_not_there_is_an_error() {
    let (loopback, _clock, _events) = in_memory().await;
    let (_stop, shutdown) = watch::channel(false);
    let polled = poll(&loopback, "other", 1, shutdown, |_| async { Ok(Value::Null) }).await;
    assert!(polled.unwrap_err().to_string().contains("other"));
}

#[test]
fn answers_are_read_as_lambda_reads_them() {
    let check = |answer: Value, expected: bool| assert_eq!(is_success(&answer, "m"), expected, "{answer}");
    check(Value::Null, true);
    check(json!({}), true);
    check(json!({ "batchItemFailures": null }), true);
    check(json!({ "batchItemFailures": [] }), true);
    check(json!({ "batchItemFailures": [{ "itemIdentifier": "m" }] }), false);
    check(json!({ "batchItemFailures": [{ "itemIdentifier": "other" }] }), false);
    check(json!({ "batchItemFailures": [{ "itemIdentifier": "" }] }), false);
    check(json!({ "batchItemFailures": [{ "odd": "m" }] }), false);
    check(json!({ "batchItemFailures": "m" }), false);
    check(json!("done"), false);
}
