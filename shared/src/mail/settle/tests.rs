use serde_json::{Value, json};
use shared_core::mail::outbox::Event;

use super::{About, parse};

fn sample(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn send() -> Value {
    sample(include_str!("../../../../events/ses-send.json"))
}

fn bounced() -> Value {
    sample(include_str!("../../../../events/ses-bounce.json"))
}

#[test]
fn the_send_event_names_tenant_and_mail() {
    let About { tenant, id, event } = parse(&send()).unwrap();
    assert_eq!((tenant.as_str(), id.as_str()), ("acme", "initial-complete_20261122T013400Z-1"));
    let message_id = "0107019a0b1c2d3e-4f5a6b7c-8d9e-4f0a-b1c2-d3e4f5a6b7c8-000000".to_owned();
    assert_eq!(event, Some(Event::SendEvent { message_id }));
}

#[test]
fn a_bounce_tells_who_and_why_on_one_line() {
    let why = |event: &Value| match parse(event).unwrap().event {
        Some(Event::Bounce { why }) => why,
        other => panic!("{other:?}"),
    };
    let mut event = bounced();
    let want = "refused for good: gone@acme.example (smtp; 550 5.1.1 user unknown)";
    assert_eq!(why(&event), want);
    let recipient = &mut event["detail"]["bounce"]["bouncedRecipients"][0];
    recipient["diagnosticCode"] = format!("550\r\nunknown\u{202e}{}", "x".repeat(2_000)).into();
    let cut = why(&event);
    assert!(cut.starts_with("refused for good: gone@acme.example (550 unknownxxx"), "{cut}");
    assert_eq!(cut.chars().count(), 400);
}

#[test]
fn each_kind_of_event_means_one_thing() {
    let check = |kind: &str, want: Option<&str>| {
        let mut event = send();
        event["detail"]["eventType"] = kind.into();
        event["detail"]["complaint"] = json!({"complainedRecipients": [{"emailAddress": "a@b.example"}], "complaintFeedbackType": "abuse"});
        event["detail"]["reject"] = json!({"reason": "Bad content"});
        let event = parse(&event).unwrap().event;
        assert_eq!(event.as_ref().map(Event::name), want, "{kind}");
    };
    check("Send", Some("send event"));
    check("Delivery", Some("send event"));
    check("Complaint", Some("complaint"));
    check("Reject", Some("dropped"));
    check("DeliveryDelay", None);
    check("Open", None);
}

#[test]
fn an_unusable_event_says_what_is_missing() {
    let check = |event: &Value, pointer: &str, value: Value, want: &str| {
        let mut event = event.clone();
        *event.pointer_mut(pointer).unwrap() = value;
        let error = parse(&event).unwrap_err();
        assert_eq!(error.to_string(), format!("SES event cannot be used: {want} is missing or unusable"));
    };
    check(&send(), "/source", json!("aws.s3"), "source \"aws.ses\"");
    check(&send(), "/detail", json!(null), "detail.eventType");
    check(&send(), "/detail/eventType", json!(7), "detail.eventType");
    check(&send(), "/detail/mail", json!([]), "detail.mail.tags.lci_tenant");
    check(&send(), "/detail/mail/tags/lci_tenant", json!(["A#B"]), "detail.mail.tags.lci_tenant");
    check(&send(), "/detail/mail/tags/lci_mail", json!([]), "detail.mail.tags.lci_mail");
    check(&send(), "/detail/mail/tags/lci_mail", json!(["a b"]), "detail.mail.tags.lci_mail");
    check(&send(), "/detail/mail/messageId", json!(null), "detail.mail.messageId");
    check(&bounced(), "/detail/bounce", json!({}), "detail.bounce");
    check(&bounced(), "/detail/bounce/bouncedRecipients", json!(1), "detail.bounce");
    for event in [json!(null), json!([]), json!("x"), json!({}), json!({"source": "aws.ses"})] {
        assert!(parse(&event).is_err(), "{event}");
    }
}
