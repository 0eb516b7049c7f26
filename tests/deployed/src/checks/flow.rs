//! The main job, through the API, the queues and the real programs.

use anyhow::{Context, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

use crate::api::BASE;
use crate::sam::STACK;
use crate::stack::{Stack, eventually};
use crate::tls::{PASSWORD, USERNAME};

/// A first load of some hundred rows, on a machine that is busy otherwise.
const LOAD_LIMIT: Duration = Duration::from_secs(240);
/// Shards of the records of an entity.
const N_SHARDS: usize = 16;

/// Saving active settings starts the first load, and it completes: every asset of the source is in the table.
pub(super) async fn from_the_empty_stack_to_the_first_load(stack: &Stack) -> anyhow::Result<()> {
    save_active(stack, "acme").await?;
    let run = loaded(stack, "acme").await?;
    ensure!(run["state"] == "done", "the first load ended as {run}");
    let n_assets = n_records(stack, "acme", "as").await?;
    ensure!(n_assets == 300, "{n_assets} assets instead of 300");
    Ok(())
}

/// Saves settings that start a first load.
pub(super) async fn save_active(stack: &Stack, tenant: &str) -> anyhow::Result<()> {
    let token = stack.issuer.token(tenant, "admin")?;
    let draft = json!({ "active": true, "username": USERNAME, "password": PASSWORD, "version": 0 });
    let path = format!("{BASE}/settings");
    let (status, body) = stack.api.call(Method::PUT, &path, Some(&token), Some(&draft)).await?;
    ensure!(status == 200, "saving: {status} {body}");
    Ok(())
}

/// Waits for the end of a tenant's first load.
pub(super) async fn loaded(stack: &Stack, tenant: &str) -> anyhow::Result<Value> {
    let token = stack.issuer.token(tenant, "reader")?;
    eventually("the end of the first load", LOAD_LIMIT, async || {
        let (status, body) = stack.api.get(&format!("{BASE}/settings"), &token).await?;
        ensure!(status == 200, "{status} {body}");
        Ok(Some(body["last_run"].clone()).filter(|run| !run.is_null()))
    })
    .await
}

/// Counts a tenant's records of an entity, as root.
async fn n_records(stack: &Stack, tenant: &str, code: &str) -> anyhow::Result<u64> {
    let mut n_records = 0;
    for shard in 0..N_SHARDS {
        let query = json!({
            "TableName": stack.output("TableName")?,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": format!("T#{tenant}#{code}{shard:02}") } },
            "Select": "COUNT",
        });
        n_records +=
            stack.root.dynamodb("Query", &query).await?.json()?["Count"].as_u64().context("no count")?;
    }
    Ok(n_records)
}

/// The admin who saved gets one mail about the first load, by the workers' role.
pub(super) async fn its_end_is_told_by_mail(stack: &Stack) -> anyhow::Result<()> {
    let to = "admin@acme.example";
    let mails = eventually("the mail", Duration::from_secs(60), async || {
        Ok(Some(mails_to(stack, to).await?).filter(|mails| !mails.is_empty()))
    })
    .await?;
    ensure!(mails.len() == 1, "{} mails to {to}: {mails:?}", mails.len());
    Ok(())
}

async fn mails_to(stack: &Stack, to: &str) -> anyhow::Result<Vec<Value>> {
    let mails = stack.mails().await?;
    // By account.
    let accounts = mails["messages"].as_object().context("no list of mails")?;
    let mails = accounts.values().filter_map(Value::as_array).flatten();
    Ok(mails.filter(|mail| mail["To"].to_string().contains(to)).cloned().collect())
}

/// What SES says of a mail matches the rule, and the worker behind it settles the mail.
///
/// The emulator publishes no events of configuration sets, and nobody may publish events in the name of AWS: rule and
/// worker are asked one after the other.
pub(super) async fn an_event_of_ses_settles_the_mail(stack: &Stack) -> anyhow::Result<()> {
    let mail_id = first_mail_id(stack).await?;
    let event = delivered(&mail_id);
    let rules = stack.root.json("events", "AWSEvents.ListRules", &json!({})).await?.json()?;
    let pattern = rules["Rules"][0]["EventPattern"].as_str().context("there is no rule")?;
    for (event, is_ours) in [(&event, true), (&of_another_stack(&event), false)] {
        let test = json!({ "EventPattern": pattern, "Event": event.to_string() });
        let tested = stack.root.json("events", "AWSEvents.TestEventPattern", &test).await?.json()?;
        ensure!(tested["Result"] == is_ours, "{pattern} and {event}: {tested}");
    }
    let answer = stack.root.invoke(&format!("{STACK}-nightly-sync"), &event).await?.ok()?;
    ensure!(answer.contains("settled"), "{answer}");
    let told = format!("mail {mail_id} of acme is");
    let log = stack.log_of("nightly-sync").await?;
    ensure!(log.contains(&told), "the worker did not settle the mail: {answer}");
    Ok(())
}

async fn first_mail_id(stack: &Stack) -> anyhow::Result<String> {
    let query = json!({
        "TableName": stack.output("TableName")?,
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :outbox)",
        "ExpressionAttributeValues": { ":pk": { "S": "T#acme#META" }, ":outbox": { "S": "OUTBOX#" } },
    });
    let found = stack.root.dynamodb("Query", &query).await?.json()?;
    let key = found["Items"][0]["sk"]["S"].as_str().context("the outbox is empty")?;
    Ok(key.trim_start_matches("OUTBOX#").to_owned())
}

/// As SES publishes it.
fn delivered(mail_id: &str) -> Value {
    json!({
        "version": "0", "id": "e-1", "account": "000000000000", "region": "eu-west-1", "resources": [],
        "source": "aws.ses", "detail-type": "Email Delivered", "time": "2026-11-22T02:00:00Z",
        "detail": {
            "eventType": "Delivery",
            "mail": { "messageId": "m-1", "tags": {
                "ses:configuration-set": [format!("{STACK}-mail")], "lci_tenant": ["acme"], "lci_mail": [mail_id],
            }},
            "delivery": { "timestamp": "2026-11-22T02:00:00Z" },
        },
    })
}

fn of_another_stack(event: &Value) -> Value {
    let mut other = event.clone();
    other["detail"]["mail"]["tags"]["ses:configuration-set"] = json!(["other-mail"]);
    other
}

/// Each route of the settings is wired to a function that may do what it takes.
pub(super) async fn every_route_answers(stack: &Stack) -> anyhow::Result<()> {
    let token = stack.issuer.token("acme", "admin")?;
    let (_, runs) = stack.api.get(&format!("{BASE}/runs"), &token).await?;
    let run = runs["runs"][0]["id"].as_str().context("no run is listed")?.to_owned();
    let run = format!("runs/{run}");
    let mapped = ["asset-types", "asset-statuses", "companies", "company-links", "inbox"];
    for path in ["settings", "settings/versions", "runs", &run, "usage"].iter().chain(&mapped) {
        let (status, body) = stack.api.get(&format!("{BASE}/{path}"), &token).await?;
        ensure!(status == 200, "{path}: {status} {body}");
    }
    let (status, body) =
        stack.api.call(Method::POST, &format!("{BASE}/runs"), Some(&token), Some(&json!({}))).await?;
    ensure!(status == 202, "starting a run: {status} {body}");
    let (status, body) =
        stack.api.call(Method::DELETE, &format!("{BASE}/settings"), Some(&token), None).await?;
    ensure!(status == 400 || status == 422, "leaving without a confirmation: {status} {body}");
    Ok(())
}

/// «Test Settings» with the stored login.
pub(super) async fn a_login_is_tested(stack: &Stack) -> anyhow::Result<()> {
    let token = stack.issuer.token("acme", "admin")?;
    let (status, body) =
        stack.api.call(Method::POST, &format!("{BASE}/test"), Some(&token), Some(&json!({}))).await?;
    ensure!(status == 200 && body["ok"] == true, "{status} {body}");
    Ok(())
}

/// The schedule has the planner look by itself.
pub(super) async fn the_schedule_ticks(stack: &Stack) -> anyhow::Result<()> {
    eventually("a tick", Duration::from_secs(100), async || {
        let log = stack.log_of("nightly-sync").await?;
        Ok(log.contains("oldest_due_ms").then_some(()))
    })
    .await
}

/// A message that nobody can use ends in the dead letters, and nothing else does.
pub(super) async fn what_is_no_doorbell_is_moved_aside(stack: &Stack) -> anyhow::Result<()> {
    let (queue, dead) = (stack.output("NightlyQueueUrl")?, stack.output("NightlyDeadLettersUrl")?);
    // The deployed time between two tries is 90 minutes.
    let hasty = json!({ "QueueUrl": queue, "Attributes": { "VisibilityTimeout": "1" } });
    stack.root.sqs("SetQueueAttributes", &hasty).await?.ok()?;
    stack.root.sqs("SendMessage", &json!({ "QueueUrl": queue, "MessageBody": "no doorbell" })).await?.ok()?;
    let wanted = json!({ "QueueUrl": dead, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0 });
    let found = eventually("the dead letter", Duration::from_secs(90), async || {
        let answer = stack.root.sqs("ReceiveMessage", &wanted).await?.json()?;
        Ok(answer["Messages"].as_array().filter(|messages| !messages.is_empty()).cloned())
    })
    .await?;
    ensure!(found.len() == 1 && found[0]["Body"] == "no doorbell", "{found:?}");
    Ok(())
}
