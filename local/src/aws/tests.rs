//! What holds for all three services.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use aws_credential_types::Credentials;
use aws_sdk_ses::types::{Body, Content, Destination, Message};

use super::AwsLoopback;
use super::testing::{MovedClock, code, in_memory, started};

/// Tells the test below that it is the process to be killed, and where its state is.
const KILLED_STATE: &str = "LCI_TEST_KILLED_STATE";

#[tokio::test]
async fn callers_with_other_credentials_are_refused() {
    let (loopback, _clock, _events) = in_memory().await;
    let other = || Credentials::from_keys("AKIAIOSFODNN7EXAMPLE", "local", None);
    let sqs = loopback.sqs().config().to_builder().credentials_provider(other()).build();
    let sqs = aws_sdk_sqs::Client::from_conf(sqs).get_queue_url().queue_name("work").send().await;
    let ses = loopback.ses().config().to_builder().credentials_provider(other()).build();
    let ses = aws_sdk_ses::Client::from_conf(ses).get_send_quota().send().await;
    let secrets = loopback.secrets().config().to_builder().credentials_provider(other()).build();
    let secrets = aws_sdk_secretsmanager::Client::from_conf(secrets).list_secrets().send().await;
    assert_eq!([code(sqs), code(ses), code(secrets)], ["UnrecognizedClientException"; 3]);
}

#[tokio::test]
async fn killed_process_loses_nothing_that_was_acknowledged() {
    if let Some(folder) = std::env::var_os(KILLED_STATE) {
        return work_until_killed(Path::new(&folder)).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let n_acknowledged = killed_after(5, folder.path());
    let (loopback, mut events) = started(Some(folder.path()), &MovedClock::new()).await;
    let secret = loopback.secrets().get_secret_value().secret_id("s").send().await.unwrap();
    let n_put: usize = secret.secret_string().unwrap().parse().unwrap();
    assert!(n_put >= n_acknowledged, "{n_put}");
    let mails = loopback.mails();
    assert!(mails.len() >= n_acknowledged);
    let n_files = std::fs::read_dir(folder.path().join("outbox")).unwrap().count();
    assert_eq!(n_files, mails.len());
    for mail in &mails {
        assert_eq!(events.recv().await.unwrap()["detail"]["mail"]["messageId"], mail.id);
    }
    let call = loopback.sqs().get_queue_attributes().queue_url(loopback.queue_url("work"));
    let attributes = call.attribute_names("ApproximateNumberOfMessages".into()).send().await.unwrap();
    let n_sent: usize = attributes.attributes.unwrap().into_values().next().unwrap().parse().unwrap();
    assert!(n_sent >= n_acknowledged, "{n_sent}");
}

/// Runs this very test in a process of its own, and kills it once it has told so many rounds; answers the last one told.
fn killed_after(n_rounds: usize, folder: &Path) -> usize {
    let test = "aws::tests::killed_process_loses_nothing_that_was_acknowledged";
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(KILLED_STATE, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = lines.filter_map(|line| line.unwrap().strip_prefix("round ").map(|n| n.parse().unwrap()));
    let last = told.by_ref().take(n_rounds).last().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    told.last().unwrap_or(last)
}

async fn work_until_killed(folder: &Path) {
    let (loopback, _events) = started(Some(folder), &MovedClock::new()).await;
    loopback.secrets().create_secret().name("s").secret_string("0").send().await.unwrap();
    for round in 1.. {
        let call = loopback.sqs().send_message().queue_url(loopback.queue_url("work"));
        call.message_body(round.to_string()).send().await.unwrap();
        let call = loopback.secrets().put_secret_value().secret_id("s");
        call.secret_string(round.to_string()).send().await.unwrap();
        send_mail(&loopback).await;
        println!("round {round}");
    }
}

async fn send_mail(loopback: &AwsLoopback) {
    let text = || Content::builder().data("x").build().unwrap();
    let message = Message::builder().subject(text()).body(Body::builder().text(text()).build()).build();
    let call = loopback.ses().send_email().source("lci@msp.example").configuration_set_name("events");
    let to = Destination::builder().to_addresses("ann@msp.example").build();
    call.destination(to).message(message).send().await.unwrap();
}
