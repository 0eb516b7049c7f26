//! Secrets Manager through its SDK.

use std::collections::HashMap;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueOutput;
use secrecy::{ExposeSecret, SecretString};
use shared::secrets::{Login, Secrets};
use shared::store::TenantId;

use crate::aws::testing::{MovedClock, code, in_memory, started};

const NAME: &str = "lci/autotask/acme";

async fn create(client: &Client, value: &str) -> String {
    client.create_secret().name(NAME).secret_string(value).send().await.unwrap().version_id.unwrap()
}

async fn put(client: &Client, value: &str, stage: Option<&str>) -> String {
    let call = client.put_secret_value().secret_id(NAME).secret_string(value);
    let stages = stage.map(|stage| vec![stage.to_owned()]);
    call.set_version_stages(stages).send().await.unwrap().version_id.unwrap()
}

async fn get(client: &Client, stage: &str) -> Option<GetSecretValueOutput> {
    client.get_secret_value().secret_id(NAME).version_stage(stage).send().await.ok()
}

async fn value(client: &Client, stage: &str) -> Option<String> {
    get(client, stage).await?.secret_string
}

async fn stages(client: &Client) -> HashMap<String, Vec<String>> {
    client.describe_secret().secret_id(NAME).send().await.unwrap().version_ids_to_stages.unwrap()
}

/// Moves a stage from one version to another; tells what came of it.
async fn update(client: &Client, stage: &str, from: Option<&str>, to: Option<&str>) -> String {
    let call = client.update_secret_version_stage().secret_id(NAME).version_stage(stage);
    let call = call.set_remove_from_version_id(from.map(str::to_owned));
    code(call.set_move_to_version_id(to.map(str::to_owned)).send().await)
}

#[tokio::test]
async fn first_version_is_current_and_the_next_one_makes_it_previous() {
    let (loopback, _clock, _events) = in_memory().await;
    let client = loopback.secrets();
    let first = create(&client, "one").await;
    assert_eq!(value(&client, "AWSCURRENT").await.as_deref(), Some("one"));
    let second = put(&client, "two", None).await;
    let third = put(&client, "three", None).await;
    assert_eq!(value(&client, "AWSCURRENT").await.as_deref(), Some("three"));
    assert_eq!(value(&client, "AWSPREVIOUS").await.as_deref(), Some("two"));
    let expected = [(second, vec!["AWSPREVIOUS".to_owned()]), (third, vec!["AWSCURRENT".to_owned()])];
    assert_eq!(stages(&client).await, expected.into());
    let old = client.get_secret_value().secret_id(NAME).version_id(first).send().await.unwrap();
    assert_eq!((old.secret_string.as_deref(), old.version_stages()), (Some("one"), &[] as &[String]));
}

#[tokio::test]
async fn pending_version_becomes_current_by_naming_the_current_one() {
    let (loopback, _clock, _events) = in_memory().await;
    let client = loopback.secrets();
    let current = create(&client, "old").await;
    let pending = put(&client, "new", Some("AWSPENDING")).await;
    assert_eq!(value(&client, "AWSCURRENT").await.as_deref(), Some("old"));
    assert_eq!(value(&client, "AWSPENDING").await.as_deref(), Some("new"));
    let invalid = "InvalidParameterException";
    assert_eq!(update(&client, "AWSCURRENT", None, Some(&pending)).await, invalid);
    assert_eq!(update(&client, "AWSCURRENT", Some(&pending), Some(&pending)).await, invalid);
    assert_eq!(update(&client, "AWSCURRENT", Some(&current), None).await, invalid);
    assert_eq!(update(&client, "AWSCURRENT", None, None).await, invalid);
    assert_eq!(update(&client, "AWSCURRENT", Some("x"), Some(&pending)).await, "ResourceNotFoundException");
    assert_eq!(value(&client, "AWSCURRENT").await.as_deref(), Some("old"));
    assert_eq!(update(&client, "AWSCURRENT", Some(&current), Some(&pending)).await, "accepted");
    assert_eq!(value(&client, "AWSCURRENT").await.as_deref(), Some("new"));
    assert_eq!(value(&client, "AWSPREVIOUS").await.as_deref(), Some("old"));
    assert_eq!(update(&client, "AWSPENDING", Some(&pending), None).await, "accepted");
    let expected = [(current, vec!["AWSPREVIOUS".to_owned()]), (pending, vec!["AWSCURRENT".to_owned()])];
    assert_eq!(stages(&client).await, expected.into());
}

#[tokio::test]
async fn token_makes_a_repeat_harmless_and_another_value_a_conflict() {
    let (loopback, _clock, _events) = in_memory().await;
    let client = loopback.secrets();
    let token = "0123456789abcdef0123456789abcdef";
    let create =
        |value| client.create_secret().name(NAME).client_request_token(token).secret_string(value).send();
    assert_eq!(create("one").await.unwrap().version_id.as_deref(), Some(token));
    assert_eq!(create("one").await.unwrap().version_id.as_deref(), Some(token));
    assert_eq!(code(create("two").await), "ResourceExistsException");
    let put = |value| {
        client.put_secret_value().secret_id(NAME).client_request_token(token).secret_string(value).send()
    };
    assert_eq!(put("one").await.unwrap().version_id.as_deref(), Some(token));
    assert_eq!(code(put("two").await), "ResourceExistsException");
    assert_eq!(stages(&client).await.len(), 1);
}

#[tokio::test]
async fn state_folder_keeps_secrets_and_forgets_deleted_ones() {
    let folder = tempfile::tempdir().unwrap();
    let clock = MovedClock::new();
    let (loopback, _events) = started(Some(folder.path()), &clock).await;
    let client = loopback.secrets();
    create(&client, "old").await;
    let version = put(&client, "new", Some("AWSPENDING")).await;
    let gone = client.create_secret().name("gone").secret_string("canary").send().await.unwrap();
    let arn = gone.arn.unwrap();
    client.delete_secret().secret_id(arn).force_delete_without_recovery(true).send().await.unwrap();
    drop(loopback);

    let (loopback, _events) = started(Some(folder.path()), &clock).await;
    let client = loopback.secrets();
    assert_eq!(value(&client, "AWSCURRENT").await.as_deref(), Some("old"));
    assert_eq!(get(&client, "AWSPENDING").await.unwrap().version_id, Some(version));
    let missing = client.get_secret_value().secret_id("gone").send().await;
    assert_eq!(code(missing), "ResourceNotFoundException");
    let kept = std::fs::read_dir(folder.path().join("aws/secrets")).unwrap();
    for file in kept {
        assert!(!std::fs::read_to_string(file.unwrap().path()).unwrap().contains("canary"));
    }
}

#[tokio::test]
async fn version_without_a_stage_is_forgotten_after_a_day() {
    let (loopback, clock, _events) = in_memory().await;
    let client = loopback.secrets();
    let first = create(&client, "one").await;
    put(&client, "two", None).await;
    put(&client, "three", None).await;
    let get = || client.get_secret_value().secret_id(NAME).version_id(&first).send();
    clock.advance_s(24 * 60 * 60 - 1);
    put(&client, "four", None).await;
    assert_eq!(code(get().await), "accepted");
    clock.advance_s(1);
    put(&client, "five", None).await;
    assert_eq!(code(get().await), "ResourceNotFoundException");
}

#[tokio::test]
async fn calls_refuse_what_secrets_manager_refuses() {
    let (loopback, _clock, _events) = in_memory().await;
    let client = loopback.secrets();
    let (missing, invalid) = ("ResourceNotFoundException", "InvalidParameterException");
    assert_eq!(code(client.get_secret_value().secret_id(NAME).send().await), missing);
    assert_eq!(code(client.describe_secret().secret_id(NAME).send().await), missing);
    assert_eq!(code(client.put_secret_value().secret_id(NAME).secret_string("x").send().await), missing);
    assert_eq!(update(&client, "AWSCURRENT", Some("a"), Some("b")).await, missing);
    create(&client, "one").await;
    let again = client.create_secret().name(NAME).secret_string("two").send().await;
    assert_eq!(code(again), "ResourceExistsException");
    assert_eq!(code(client.create_secret().name("a b").secret_string("x").send().await), invalid);
    assert_eq!(code(client.create_secret().name("empty").send().await), invalid);
    let long = "x".repeat(65_537);
    assert_eq!(code(client.put_secret_value().secret_id(NAME).secret_string(long).send().await), invalid);
    let none = client.put_secret_value().secret_id(NAME).secret_string("x").set_version_stages(Some(vec![]));
    assert_eq!(code(none.send().await), invalid);
    let pending = client.get_secret_value().secret_id(NAME).version_stage("AWSPENDING").send().await;
    assert_eq!(code(pending), missing);
    assert_eq!(code(client.delete_secret().secret_id(NAME).send().await), invalid);
    let absent = client.delete_secret().secret_id("absent").force_delete_without_recovery(true).send().await;
    assert_eq!(code(absent), "accepted");
    let unknown = client.create_secret().name("x").secret_string("x").description("x").send().await;
    assert_eq!(code(unknown), invalid);
    assert_eq!(code(client.list_secrets().send().await), "UnknownOperationException");
}

#[tokio::test]
async fn refusal_does_not_quote_the_secret() {
    let (loopback, _clock, _events) = in_memory().await;
    let call = loopback.secrets().create_secret().name(NAME).secret_string("canary").description("canary");
    let error = format!("{:?}", call.send().await.unwrap_err().into_service_error());
    assert!(!error.contains("canary"), "{error}");
}

#[tokio::test]
async fn logins_of_the_product_are_staged_and_promoted() {
    let (loopback, _clock, _events) = in_memory().await;
    let secrets = Secrets::new(loopback.secrets(), "lci/autotask");
    let tenant = TenantId::parse("acme").unwrap();
    let login =
        |password: &str| Login { username: "api@acme".to_owned(), password: SecretString::from(password) };
    let current = async || {
        secrets.load(&tenant, None).await.unwrap().map(|login| login.password.expose_secret().to_owned())
    };
    assert_eq!(current().await, None);
    secrets.stage(&tenant, &login("old")).await.unwrap();
    assert_eq!(current().await.as_deref(), Some("old"));
    let version = secrets.stage(&tenant, &login("new")).await.unwrap();
    assert_eq!(current().await.as_deref(), Some("old"));
    for _ in 0..2 {
        secrets.promote(&tenant, &version).await.unwrap();
        assert_eq!(current().await.as_deref(), Some("new"));
    }
    secrets.delete(&tenant).await.unwrap();
    assert_eq!(current().await, None);
}
