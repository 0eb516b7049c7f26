//! A role without one of its rights: the main job must fail then, or this tier would prove nothing.

use anyhow::{Context, ensure};
use serde_json::json;
use std::time::Duration;

use super::flow::{loaded, save_active};
use crate::api::BASE;
use crate::aws::{Aws, element};
use crate::stack::{Stack, eventually};

const LIMIT: Duration = Duration::from_secs(60);
const POLICY: &str = "stripped";

/// The worker opens no sessions.
pub(super) async fn without_sessions_no_load(stack: &Stack) -> anyhow::Result<()> {
    check(stack, "sessionless", &stack.role_of("initial-sync").await?, "sts:AssumeRole").await
}

/// Sessions may not be tagged: not even settings are saved, since no session opens at all.
pub(super) async fn without_tags_nothing_is_saved(stack: &Stack) -> anyhow::Result<()> {
    let role = stack.output("TenantRoleArn")?.rsplit('/').next().unwrap_or_default().to_owned();
    let form = |action| [("Action", action), ("Version", "2010-05-08"), ("RoleName", role.as_str())];
    let about = stack.root.query("iam", &form("GetRole")).await?.ok()?;
    let trust = element(&about, "AssumeRolePolicyDocument").context("a role without a trust policy")?;
    // As it is sent back, it is encoded once more: the document comes encoded for URLs.
    let url = reqwest::Url::parse(&format!("http://form/?trust={trust}"))?;
    let trust = url.query_pairs().next().context("no trust policy")?.1.into_owned();
    let untagged = trust.replace("sts:TagSession", "sts:GetCallerIdentity");
    ensure!(trust != untagged, "the trust policy says nothing of tags: {trust}");
    let set = async |document: &str| {
        let mut form = form("UpdateAssumeRolePolicy").to_vec();
        form.push(("PolicyDocument", document));
        stack.root.query("iam", &form).await?.ok()
    };
    set(&untagged).await?;
    let saved = save_active(stack, "untagged").await;
    set(&trust).await?;
    ensure!(saved.is_err(), "settings were saved without a tagged session");
    save_active(stack, "untagged").await?;
    loaded(stack, "untagged").await.map(drop)
}

/// The session cannot read the secret; saving needs no reading.
pub(super) async fn without_the_secret_no_load(stack: &Stack) -> anyhow::Result<()> {
    check(stack, "secretless", &stack.output("TenantRoleArn")?, "secretsmanager:GetSecretValue").await
}

async fn check(stack: &Stack, tenant: &str, role_arn: &str, action: &str) -> anyhow::Result<()> {
    deny(&stack.root, role_arn, action).await?;
    let failed = save_and_fail(stack, tenant).await;
    allow(&stack.root, role_arn).await?;
    failed?;
    completes(stack, tenant).await
}

async fn save_and_fail(stack: &Stack, tenant: &str) -> anyhow::Result<()> {
    save_active(stack, tenant).await?;
    fails(stack, tenant).await
}

/// The worker says that it could not, and nothing was loaded.
async fn fails(stack: &Stack, tenant: &str) -> anyhow::Result<()> {
    eventually("the worker's complaint", LIMIT, async || {
        let log = stack.log_of("initial-sync").await?;
        let is_told = log.lines().any(|line| line.contains(tenant) && line.contains("doorbell not answered"));
        Ok(is_told.then_some(()))
    })
    .await?;
    let token = stack.issuer.token(tenant, "reader")?;
    let (_, body) = stack.api.get(&format!("{BASE}/settings"), &token).await?;
    ensure!(body["last_run"].is_null(), "loaded without the right: {body}");
    Ok(())
}

/// With the right back, the next doorbell does it.
async fn completes(stack: &Stack, tenant: &str) -> anyhow::Result<()> {
    // Sessions are kept: rights of theirs come back with them, since policies are looked up at each call.
    ring(stack, tenant).await?;
    let run = loaded(stack, tenant).await?;
    ensure!(run["state"] == "done", "{run}");
    Ok(())
}

async fn ring(stack: &Stack, tenant: &str) -> anyhow::Result<()> {
    let schedule = json!({
        "TableName": stack.output("TableName")?,
        "Key": { "pk": { "S": format!("T#{tenant}#META") }, "sk": { "S": "SCHEDULE" } },
    });
    let schedule = stack.root.dynamodb("GetItem", &schedule).await?.json()?;
    let atdb = schedule["Item"]["atdb"]["S"].as_str().context("the schedule names no database")?.to_owned();
    let body = json!({ "tenant": tenant, "atdb": atdb }).to_string();
    let message = json!({ "QueueUrl": stack.output("InitialQueueUrl")?, "MessageBody": body });
    stack.root.sqs("SendMessage", &message).await?.ok().map(drop)
}

async fn deny(root: &Aws, role_arn: &str, action: &str) -> anyhow::Result<()> {
    let statement = json!({ "Effect": "Deny", "Action": action, "Resource": "*" });
    let policy = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    change(root, "PutRolePolicy", role_arn, Some(&policy)).await
}

async fn allow(root: &Aws, role_arn: &str) -> anyhow::Result<()> {
    change(root, "DeleteRolePolicy", role_arn, None).await
}

async fn change(root: &Aws, action: &str, role_arn: &str, policy: Option<&str>) -> anyhow::Result<()> {
    let role = role_arn.rsplit('/').next().unwrap_or_default();
    let mut form =
        vec![("Action", action), ("Version", "2010-05-08"), ("RoleName", role), ("PolicyName", POLICY)];
    form.extend(policy.map(|policy| ("PolicyDocument", policy)));
    root.query("iam", &form).await?.ok().map(drop)
}
