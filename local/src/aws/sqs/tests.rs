//! SQS through its SDK.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};

use shared::clock::SystemClock;
use tokio::sync::mpsc;

use crate::aws::testing::{MovedClock, code, config, in_memory, started};
use crate::aws::{AwsLoopback, LoopbackConfig};

/// A client with the URL of the queue `work`.
struct Work {
    client: Client,
    url: String,
}

impl Work {
    fn on(loopback: &AwsLoopback) -> Self {
        Self { client: loopback.sqs(), url: loopback.queue_url("work") }
    }

    async fn send(&self, body: &str, delay_s: i32) -> String {
        let call = self.client.send_message().queue_url(&self.url).message_body(body).delay_seconds(delay_s);
        call.send().await.unwrap().message_id.unwrap()
    }

    async fn receive(&self) -> Vec<Message> {
        let call = self.client.receive_message().queue_url(&self.url).max_number_of_messages(10);
        let call = call.message_system_attribute_names(MessageSystemAttributeName::All);
        call.send().await.unwrap().messages.unwrap_or_default()
    }

    async fn bodies(&self) -> Vec<String> {
        self.receive().await.into_iter().map(|message| message.body.unwrap()).collect()
    }

    async fn delete(&self, handle: &str) -> String {
        code(self.client.delete_message().queue_url(&self.url).receipt_handle(handle).send().await)
    }

    async fn hide(&self, handle: &str, seconds: i32) -> String {
        let call = self.client.change_message_visibility().queue_url(&self.url).receipt_handle(handle);
        code(call.visibility_timeout(seconds).send().await)
    }

    /// Visible, in flight, delayed.
    async fn counts(&self) -> [String; 3] {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
        ];
        let call = self.client.get_queue_attributes().queue_url(&self.url);
        let answer = call.set_attribute_names(Some(names.to_vec())).send().await.unwrap();
        let attributes = answer.attributes.unwrap();
        names.map(|name| attributes[&name].clone())
    }
}

fn attribute(message: &Message, name: MessageSystemAttributeName) -> &str {
    &message.attributes.as_ref().unwrap()[&name]
}

#[tokio::test]
async fn message_is_received_once_and_gone_when_deleted() {
    let (loopback, clock, _events) = in_memory().await;
    let work = Work::on(&loopback);
    let sent = work.client.send_message().queue_url(&work.url).message_body("äöü").send().await.unwrap();
    let received = work.receive().await.pop().unwrap();
    assert_eq!(received.message_id, sent.message_id);
    assert_eq!(received.body.as_deref(), Some("äöü"));
    assert_eq!(received.md5_of_body, sent.md5_of_message_body);
    assert_eq!(received.md5_of_body.as_deref(), Some("0a09d7ee1e23c509e5e6846c86823081"));
    assert_eq!(attribute(&received, MessageSystemAttributeName::ApproximateReceiveCount), "1");
    assert_eq!(work.counts().await, ["0", "1", "0"]);
    assert_eq!(work.bodies().await, Vec::<String>::new());
    assert_eq!(work.delete(received.receipt_handle().unwrap()).await, "accepted");
    clock.advance_s(60);
    assert_eq!(work.bodies().await, Vec::<String>::new());
    assert_eq!(work.counts().await, ["0", "0", "0"]);
}

#[tokio::test]
async fn undeleted_message_comes_back_after_its_timeout_and_outdates_the_old_handle() {
    let (loopback, clock, _events) = in_memory().await;
    let work = Work::on(&loopback);
    work.send("again", 0).await;
    let first = work.receive().await.pop().unwrap();
    clock.advance_s(29);
    assert_eq!(work.bodies().await, Vec::<String>::new());
    clock.advance_s(1);
    let second = work.receive().await.pop().unwrap();
    assert_eq!(second.message_id, first.message_id);
    assert_eq!(attribute(&second, MessageSystemAttributeName::ApproximateReceiveCount), "2");
    assert_eq!(work.delete(first.receipt_handle().unwrap()).await, "accepted");
    assert_eq!(work.counts().await, ["0", "1", "0"]);
    assert_eq!(work.delete(second.receipt_handle().unwrap()).await, "accepted");
    assert_eq!(work.counts().await, ["0", "0", "0"]);
}

#[tokio::test]
async fn delayed_message_is_visible_when_its_delay_is_over() {
    let (loopback, clock, _events) = in_memory().await;
    let work = Work::on(&loopback);
    work.send("later", 900).await;
    clock.advance_s(899);
    assert_eq!(work.bodies().await, Vec::<String>::new());
    assert_eq!(work.counts().await, ["0", "0", "1"]);
    clock.advance_s(1);
    assert_eq!(work.bodies().await, ["later"]);
}

#[tokio::test]
async fn message_received_too_often_is_put_aside() {
    let (loopback, clock, _events) = in_memory().await;
    let work = Work::on(&loopback);
    let id = work.send("poison", 0).await;
    for _ in 0..2 {
        assert_eq!(work.bodies().await, ["poison"]);
        clock.advance_s(30);
    }
    assert_eq!(work.bodies().await, Vec::<String>::new());
    assert_eq!(work.counts().await, ["0", "0", "0"]);
    let dead = Work { url: loopback.queue_url("dead"), ..work };
    assert_eq!(dead.receive().await.pop().unwrap().message_id, Some(id));
}

#[tokio::test]
async fn visibility_can_be_changed_while_in_flight_only() {
    let (loopback, clock, _events) = in_memory().await;
    let work = Work::on(&loopback);
    work.send("held", 0).await;
    let handle = work.receive().await.pop().unwrap().receipt_handle.unwrap();
    assert_eq!(work.hide(&handle, 300).await, "accepted");
    clock.advance_s(299);
    assert_eq!(work.bodies().await, Vec::<String>::new());
    assert_eq!(work.hide(&handle, 0).await, "accepted");
    assert_eq!(work.hide(&handle, 10).await, "AWS.SimpleQueueService.MessageNotInflight");
    assert_eq!(work.bodies().await, ["held"]);
    assert_eq!(work.hide(&handle, 10).await, "InvalidParameterValue");
}

#[tokio::test]
async fn state_folder_keeps_messages_counts_and_handles() {
    let folder = tempfile::tempdir().unwrap();
    let clock = MovedClock::new();
    let (loopback, _events) = started(Some(folder.path()), &clock).await;
    let work = Work::on(&loopback);
    work.send("deleted", 0).await;
    let deleted = work.receive().await.pop().unwrap();
    work.delete(deleted.receipt_handle().unwrap()).await;
    work.send("in flight", 0).await;
    let held = work.receive().await.pop().unwrap();
    work.send("delayed", 60).await;
    drop(loopback);

    let (loopback, _events) = started(Some(folder.path()), &clock).await;
    let work = Work::on(&loopback);
    assert_eq!(work.counts().await, ["1", "0", "1"], "the receiver in flight is gone with its process");
    let again = work.receive().await.pop().unwrap();
    assert_eq!(again.message_id, held.message_id);
    assert_eq!(attribute(&again, MessageSystemAttributeName::ApproximateReceiveCount), "2");
    clock.advance_s(60);
    assert_eq!(work.bodies().await, ["delayed"], "the other one has been received twice");
}

#[tokio::test]
async fn long_poll_ends_with_the_message_that_arrives() {
    let (loopback, _clock, _events) = in_memory().await;
    let work = Work::on(&loopback);
    let waiting = work.client.receive_message().queue_url(&work.url).wait_time_seconds(20).send();
    let sending = async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        work.send("rung", 0).await;
    };
    let both = async { tokio::join!(waiting, sending) };
    let (answer, ()) = tokio::time::timeout(Duration::from_secs(10), both).await.unwrap();
    assert_eq!(answer.unwrap().messages.unwrap().len(), 1);
}

#[tokio::test]
async fn long_poll_ends_when_a_delay_is_over() {
    let (events, _received) = mpsc::channel(1);
    let config = LoopbackConfig { clock: Arc::new(SystemClock), ..config(&MovedClock::new()) };
    let loopback = AwsLoopback::start(None, config, events).await.unwrap();
    let work = Work::on(&loopback);
    work.send("later", 1).await;
    let waiting = work.client.receive_message().queue_url(&work.url).wait_time_seconds(20).send();
    let answer = tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap().unwrap();
    assert_eq!(answer.messages.unwrap().len(), 1);
}

#[tokio::test]
async fn long_poll_ends_with_the_endpoints() {
    let (loopback, _clock, _events) = in_memory().await;
    let work = Work::on(&loopback);
    let waiting =
        tokio::spawn(work.client.receive_message().queue_url(&work.url).wait_time_seconds(20).send());
    tokio::time::sleep(Duration::from_millis(10)).await;
    drop(loopback);
    let ended = tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap().unwrap();
    assert!(ended.map_or(true, |answer| answer.messages.is_none()));
}

#[tokio::test]
async fn sending_refuses_what_sqs_refuses() {
    let (loopback, _clock, _events) = in_memory().await;
    let work = Work::on(&loopback);
    let send = |body: &str| work.client.send_message().queue_url(&work.url).message_body(body);
    let check = async |call: aws_sdk_sqs::operation::send_message::builders::SendMessageFluentBuilder,
                       expected| {
        assert_eq!(code(call.send().await), expected);
    };
    check(send("x").delay_seconds(901), "InvalidParameterValue").await;
    check(send("x").delay_seconds(-1), "InvalidParameterValue").await;
    check(send("x").message_deduplication_id("1"), "InvalidParameterValue").await;
    check(send("x").message_group_id("1"), "InvalidParameterValue").await;
    check(send(""), "MissingParameter").await;
    check(send("bell \u{7}"), "InvalidMessageContents").await;
    check(send(&"x".repeat((1 << 20) + 1)), "InvalidParameterValue").await;
    check(send(&"x".repeat(1 << 20)), "accepted").await;
    check(send("x").queue_url(loopback.queue_url("other")), "AWS.SimpleQueueService.NonExistentQueue").await;
    assert_eq!(work.counts().await, ["1", "0", "0"]);
}

#[tokio::test]
async fn other_calls_refuse_what_sqs_refuses() {
    let (loopback, _clock, _events) = in_memory().await;
    let work = Work::on(&loopback);
    let client = &work.client;
    let receive = || client.receive_message().queue_url(&work.url);
    assert_eq!(code(receive().max_number_of_messages(11).send().await), "InvalidParameterValue");
    assert_eq!(code(receive().max_number_of_messages(0).send().await), "InvalidParameterValue");
    assert_eq!(code(receive().wait_time_seconds(21).send().await), "InvalidParameterValue");
    assert_eq!(code(receive().visibility_timeout(43_201).send().await), "InvalidParameterValue");
    assert_eq!(work.delete("junk").await, "ReceiptHandleIsInvalid");
    work.send("x", 0).await;
    let handle = work.receive().await.pop().unwrap().receipt_handle.unwrap();
    let elsewhere = client.delete_message().queue_url(loopback.queue_url("dead")).receipt_handle(handle);
    assert_eq!(code(elsewhere.send().await), "ReceiptHandleIsInvalid");
    let url = client.get_queue_url().queue_name("work").send().await.unwrap();
    assert_eq!(url.queue_url.as_deref(), Some(work.url.as_str()));
    let missing = code(client.get_queue_url().queue_name("other").send().await);
    assert_eq!(missing, "AWS.SimpleQueueService.NonExistentQueue");
    let attributes = client.get_queue_attributes().queue_url(&work.url);
    let odd = attributes.attribute_names(QueueAttributeName::from("Odd")).send().await;
    assert_eq!(code(odd), "InvalidAttributeName");
    assert_eq!(code(client.list_queues().send().await), "UnknownOperationException");
}
