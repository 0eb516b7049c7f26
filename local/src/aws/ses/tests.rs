//! SES through its SDK.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_ses::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_ses::types::{Body, Content, Destination, Message, MessageTag};
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use super::{Outbox, hand_over};
use crate::aws::AwsLoopback;
use crate::aws::testing::{MovedClock, code, config, in_memory, started};

fn content(text: &str) -> Content {
    Content::builder().data(text).charset("UTF-8").build().unwrap()
}

fn body() -> Body {
    Body::builder().text(content("Grüße,\nLCI")).html(content("<p>Grüße,<br>LCI</p>")).build()
}

fn message(subject: &str) -> Message {
    Message::builder().subject(content(subject)).body(body()).build()
}

fn tag(name: &str, value: &str) -> MessageTag {
    MessageTag::builder().name(name).value(value).build().unwrap()
}

fn to(addresses: &[&str]) -> Destination {
    let addresses = addresses.iter().map(|address| (*address).to_owned()).collect();
    Destination::builder().set_to_addresses(Some(addresses)).build()
}

/// A mail that is accepted.
fn mail(loopback: &AwsLoopback) -> SendEmailFluentBuilder {
    let to = Destination::builder().to_addresses("Ann <ann@msp.example>").bcc_addresses("bob@msp.example");
    let mail = loopback.ses().send_email().source("LCI <lci@msp.example>").destination(to.build());
    let mail = mail.message(message("Sync abgeschlossen – 12 Geräte")).configuration_set_name("events");
    mail.tags(tag("lci_tenant", "acme")).tags(tag("lci_mail", "m-1"))
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn accepted_mail_is_listed_and_announced_with_its_tags() {
    let (loopback, _clock, mut events) = in_memory().await;
    let id = mail(&loopback).send().await.unwrap().message_id;
    let [stored] = loopback.mails().try_into().unwrap();
    assert_eq!(stored.id, id);
    assert_eq!(stored.accepted_ms, 1_795_312_800_000);
    assert_eq!(stored.from, "LCI <lci@msp.example>");
    assert_eq!(stored.to, ["Ann <ann@msp.example>", "bob@msp.example"]);
    assert_eq!(stored.subject, "Sync abgeschlossen – 12 Geräte");
    assert_eq!(stored.text.as_deref(), Some("Grüße,\nLCI"));
    assert_eq!(stored.html.as_deref(), Some("<p>Grüße,<br>LCI</p>"));
    let event = events.recv().await.unwrap();
    assert_eq!(event["source"], "aws.ses");
    assert_eq!(event["detail-type"], "Email Sent");
    assert_eq!(event["time"], "2026-11-22T02:00:00Z");
    assert_eq!(event["detail"]["eventType"], "Send");
    assert_eq!(event["detail"]["mail"]["messageId"], id);
    assert_eq!(event["detail"]["mail"]["tags"]["lci_tenant"], serde_json::json!(["acme"]));
    assert_eq!(event["detail"]["mail"]["tags"]["lci_mail"], serde_json::json!(["m-1"]));
}

#[tokio::test]
async fn accepted_mail_is_a_file_that_mail_programs_read() {
    let folder = tempfile::tempdir().unwrap();
    let (loopback, _events) = started(Some(folder.path()), &MovedClock::new()).await;
    mail(&loopback).send().await.unwrap();
    mail(&loopback).send().await.unwrap();
    let outbox = folder.path().join("outbox");
    assert_eq!(files(&outbox), ["20261122T020000Z-1.eml", "20261122T020000Z-2.eml"]);
    let text = std::fs::read_to_string(outbox.join("20261122T020000Z-1.eml")).unwrap();
    let (headers, parts) = text.split_once("\r\n\r\n").unwrap();
    let is_short = |line: &str| line.len() <= 78 || line.starts_with("Message-ID: ");
    assert!(text.is_ascii() && text.lines().all(is_short), "{text}");
    for header in [
        "From: LCI <lci@msp.example>\r\n",
        "To: Ann <ann@msp.example>\r\n",
        "Subject: =?utf-8?",
        "Date: Sun, 22 Nov 2026 02:00:00 +0000\r\n",
        "Content-Type: multipart/alternative;",
    ] {
        assert!(headers.contains(header), "{header} in {headers}");
    }
    assert!(!text.contains("bob@"), "blind copies are blind");
    let [plain, html] = ["Content-Type: text/plain", "Content-Type: text/html"].map(|part| parts.find(part));
    assert!(plain.unwrap() < html.unwrap(), "the richest alternative comes last");
}

#[tokio::test]
async fn event_comes_again_after_a_restart_until_it_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let clock = MovedClock::new();
    let (loopback, mut events) = started(Some(folder.path()), &clock).await;
    mail(&loopback).send().await.unwrap();
    let first = events.recv().await.unwrap();
    drop((loopback, events));

    let (loopback, mut events) = started(Some(folder.path()), &clock).await;
    assert_eq!(events.recv().await.unwrap(), first);
    for _ in 0..2 {
        loopback.ack(first["id"].as_str().unwrap()).await.unwrap();
    }
    drop((loopback, events));

    let (loopback, mut events) = started(Some(folder.path()), &clock).await;
    assert_eq!(loopback.mails().len(), 1);
    mail(&loopback).send().await.unwrap();
    assert_ne!(events.recv().await.unwrap()["id"], first["id"]);
}

#[tokio::test]
async fn file_that_a_crash_prevented_is_written_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let clock = MovedClock::new();
    let (loopback, mut events) = started(Some(folder.path()), &clock).await;
    mail(&loopback).send().await.unwrap();
    let event = events.recv().await.unwrap();
    drop(loopback);
    let outbox = folder.path().join("outbox");
    let name = files(&outbox).pop().unwrap();
    std::fs::rename(outbox.join(&name), outbox.join(".new-x")).unwrap();

    let (loopback, _events) = started(Some(folder.path()), &clock).await;
    assert_eq!(files(&outbox), std::slice::from_ref(&name));
    loopback.ack(event["id"].as_str().unwrap()).await.unwrap();
    drop(loopback);
    std::fs::remove_file(outbox.join(name)).unwrap();

    let (_loopback, _events) = started(Some(folder.path()), &clock).await;
    assert_eq!(files(&outbox), [""; 0], "what somebody took away stays away");
}

#[tokio::test]
async fn unacknowledged_event_is_repeated_after_a_while() {
    let (loopback, _clock, mut events) = in_memory().await;
    mail(&loopback).send().await.unwrap();
    let event = events.recv().await.unwrap();
    let (sender, mut repeated) = mpsc::channel(1);
    let (_stop, stopped) = watch::channel(());
    let outbox = Arc::clone(&loopback.outbox);
    tokio::spawn(hand_over(outbox, sender, Duration::from_millis(1), stopped));
    for _ in 0..3 {
        assert_eq!(repeated.recv().await, Some(event.clone()));
    }
}

#[tokio::test]
async fn mail_without_a_configuration_set_is_accepted_and_not_announced() {
    let (loopback, _clock, mut events) = in_memory().await;
    mail(&loopback).set_configuration_set_name(None).send().await.unwrap();
    let announced = mail(&loopback).send().await.unwrap();
    let event: Value = events.recv().await.unwrap();
    assert_eq!(event["detail"]["mail"]["messageId"], announced.message_id);
    assert_eq!(loopback.mails().len(), 2);
}

#[tokio::test]
async fn sending_refuses_what_ses_refuses() {
    let (loopback, _clock, _events) = in_memory().await;
    let mail = || mail(&loopback);
    let check = async |what: &str, call: SendEmailFluentBuilder, expected: &str| {
        assert_eq!(code(call.send().await), expected, "{what}");
    };
    let many: Vec<String> = (0..51).map(|n| format!("a{n}@msp.example")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let injected = "Ann <ann@msp.example>\r\nBcc: eve@evil.example";
    let ascii = Content::builder().data("ö").build().unwrap();
    let no_subject = Message::builder().body(body()).build();
    let no_body = Message::builder().subject(content("x")).body(Body::builder().build()).build();
    let no_charset = Message::builder().subject(ascii).body(body()).build();
    let long = Body::builder().text(content(&"x".repeat((10 << 20) + 1))).build();
    let long = Message::builder().subject(content("x")).body(long).build();
    let invalid = "InvalidParameterValue";
    check("unverified sender", mail().source("eve@evil.example"), "MessageRejected").await;
    check("sender of the domain", mail().source("eve@msp.example"), "MessageRejected").await;
    check("injection by the sender", mail().source("lci@msp.example\nBcc: eve@evil.example"), invalid).await;
    check("injection by a recipient", mail().destination(to(&[injected])), invalid).await;
    check("injection by a reply address", mail().reply_to_addresses(injected), invalid).await;
    check("injection by the subject", mail().message(message("x\r\nBcc: eve@evil.example")), invalid).await;
    check("no recipient", mail().destination(Destination::builder().build()), invalid).await;
    check("an empty list", mail().destination(to(&[])), invalid).await;
    check("no address", mail().destination(to(&["ann"])), invalid).await;
    check("fifty-one recipients", mail().destination(to(&many)), invalid).await;
    check("fifty recipients", mail().destination(to(&many[1..])), "accepted").await;
    check("no subject", mail().message(no_subject), "ValidationError").await;
    check("no body", mail().message(no_body), "ValidationError").await;
    check("beyond ASCII without a charset", mail().message(no_charset), invalid).await;
    check("too long", mail().message(long), invalid).await;
    check("tag with a space", mail().tags(tag("a", "b c")), invalid).await;
    check("tag with a bad name", mail().tags(tag("a.b", "c")), invalid).await;
    check("tag without a value", mail().tags(tag("a", "")), invalid).await;
    check("doubled tag", mail().tags(tag("lci_mail", "m-2")), invalid).await;
    check("tag of 257", mail().tags(tag("a", &"v".repeat(257))), invalid).await;
    check("tag of 256", mail().tags(tag("a", &"v".repeat(256))), "accepted").await;
    check("unknown set", mail().configuration_set_name("odd"), "ConfigurationSetDoesNotExist").await;
    check("unknown parameter", mail().return_path("lci@msp.example"), invalid).await;
    let other = loopback.ses().get_send_quota().send().await;
    assert_eq!(code(other), "InvalidAction");
    assert_eq!(loopback.mails().len(), 2);
}

#[test]
fn outbox_that_cannot_be_written_keeps_no_mail() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = folder.path().join("outbox");
    let kept = Outbox::open(None, Some(outbox.clone()), &config(&MovedClock::new())).unwrap();
    std::fs::remove_dir(&outbox).unwrap();
    let form = "Source=lci@msp.example&Destination.ToAddresses.member.1=ann@msp.example\
                &Message.Subject.Data=x&Message.Body.Text.Data=x&ConfigurationSetName=events";
    let request = super::request::SendEmail::read(super::form::Form::parse(form.as_bytes())).unwrap();
    assert!(kept.accept(request).is_err());
    assert_eq!(kept.mails(), []);
}
