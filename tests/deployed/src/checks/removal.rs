//! The end of a stack: everything goes but what the README names as kept.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::aws::element;
use crate::sam::STACK;
use crate::stack::Stack;

/// Kept, and nothing else: data, and a bucket that cannot be deleted as long as it holds anything. With a user pool of
/// the stack's own that is kept, too.
const KEPT: [&str; 2] = ["Table", "PageBucket"];

/// Removes the stack as the README says; the emulator stands for an account that holds nothing else.
pub(super) async fn a_removed_stack_leaves_what_is_kept_on_purpose(stack: &Stack) -> anyhow::Result<()> {
    let resources = resources(stack).await?;
    ensure!(resources.len() > 60, "{} resources in the stack", resources.len());
    stack.sam.delete()?;
    let deleted = [("Action", "DescribeStacks"), ("Version", "2010-05-15"), ("StackName", STACK)];
    let answer = stack.root.query("cloudformation", &deleted).await?;
    ensure!(answer.ok().is_err(), "the stack is still there");

    for (name, physical) in &resources {
        let is_there = lookup(stack, name, physical).await?;
        if let Some(is_there) = is_there {
            ensure!(is_there == KEPT.contains(&name.as_str()), "{name} {physical}: there is {is_there}");
        }
    }
    nothing_is_listed(stack).await
}

/// Logical and physical name of everything in the stack.
async fn resources(stack: &Stack) -> anyhow::Result<Vec<(String, String)>> {
    let describe = [("Action", "DescribeStackResources"), ("Version", "2010-05-15"), ("StackName", STACK)];
    let xml = stack.root.query("cloudformation", &describe).await?.ok()?;
    let part = |member: &str, name| element(member, name).map(str::to_owned).context("a resource without it");
    let members = xml.split("<member>").skip(1).filter(|member| member.contains("LogicalResourceId"));
    members
        .map(|member| Ok((part(member, "LogicalResourceId")?, part(member, "PhysicalResourceId")?)))
        .collect()
}

/// Whether what may be kept is there; none for what is looked for in lists.
async fn lookup(stack: &Stack, name: &str, physical: &str) -> anyhow::Result<Option<bool>> {
    Ok(match name {
        "Table" => {
            let table = json!({ "TableName": physical });
            Some(stack.root.dynamodb("DescribeTable", &table).await?.ok().is_ok())
        }
        "PageBucket" => Some(stack.root.get("s3", &format!("/{physical}/index.html")).await?.ok().is_ok()),
        _ => None,
    })
}

/// Whatever runs, costs, or grants something is in no list any more.
async fn nothing_is_listed(stack: &Stack) -> anyhow::Result<()> {
    let root = &stack.root;
    let roles = [("Action", "ListRoles"), ("Version", "2010-05-08")];
    let alarms = [("Action", "DescribeAlarms"), ("Version", "2010-08-01")];
    let topics = [("Action", "ListTopics"), ("Version", "2010-03-31")];
    let lists = [
        ("functions", root.get("lambda", "/2015-03-31/functions").await?.ok()?),
        ("event source mappings", root.get("lambda", "/2015-03-31/event-source-mappings").await?.ok()?),
        ("queues", root.sqs("ListQueues", &json!({})).await?.ok()?),
        ("schedules", root.get("scheduler", "/schedules").await?.ok()?),
        ("rules", root.json("events", "AWSEvents.ListRules", &json!({})).await?.ok()?),
        ("APIs", root.get("apigateway", "/v2/apis").await?.ok()?),
        ("log groups", root.json("logs", "Logs_20140328.DescribeLogGroups", &json!({})).await?.ok()?),
        ("distributions", root.get("cloudfront", "/2020-05-31/distribution").await?.ok()?),
        ("roles", root.query("iam", &roles).await?.ok()?),
        ("alarms", root.query("monitoring", &alarms).await?.ok()?),
        ("topics", root.query("sns", &topics).await?.ok()?),
    ];
    for (what, list) in lists {
        ensure!(!list.contains(STACK), "{what} are left: {list}");
        let left: Value = serde_json::from_str(&list).unwrap_or_default();
        let members = left["functions"].as_array().or(left["Items"].as_array());
        ensure!(members.is_none_or(Vec::is_empty), "{what} are left: {list}");
    }
    Ok(())
}
