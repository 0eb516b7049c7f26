//! What functions may do by their own roles: each is tried on what it must not do, and on what it must.

use anyhow::Context;
use serde_json::{Value, json};

use crate::aws::Aws;
use crate::sam::STACK;
use crate::stack::Stack;

/// Names of all functions.
pub(super) const FUNCTIONS: [&str; 7] = [
    "settings",
    "test-settings",
    "mappings",
    "auto-map",
    "warranty-writeback",
    "initial-sync",
    "nightly-sync",
];
/// Those that ring for others; the rest answers calls of the API and rings for nobody.
const RINGING: [&str; 3] = ["settings", "initial-sync", "nightly-sync"];

/// A program that is taken over reaches no tenant by what it is given at its start.
pub(super) async fn own_roles_reach_neither_records_nor_secrets(stack: &Stack) -> anyhow::Result<()> {
    for function in FUNCTIONS {
        let role = stack.as_function(function).await?;
        for (operation, body) in reads_of_the_table(stack)? {
            denied(role.dynamodb(operation, &body).await?.denied(), function, operation)?;
        }
        for operation in ["GetSecretValue", "DescribeSecret", "PutSecretValue", "DeleteSecret"] {
            let body = json!({ "SecretId": "lci/autotask/acme", "SecretString": "x" });
            denied(role.secrets(operation, &body).await?.denied(), function, operation)?;
        }
        denied(role.secrets("ListSecrets", &json!({})).await?.denied(), function, "ListSecrets")?;
    }
    Ok(())
}

fn reads_of_the_table(stack: &Stack) -> anyhow::Result<Vec<(&'static str, Value)>> {
    let table = stack.output("TableName")?;
    let key = json!({ "pk": { "S": "T#acme#META" }, "sk": { "S": "SETTINGS" } });
    Ok(vec![
        ("GetItem", json!({ "TableName": table, "Key": key })),
        ("DeleteItem", json!({ "TableName": table, "Key": key })),
        ("PutItem", json!({ "TableName": table, "Item": key })),
        ("BatchGetItem", json!({ "RequestItems": { &table: { "Keys": [key] } } })),
        ("TransactWriteItems", json!({ "TransactItems": [{ "Put": { "TableName": table, "Item": key } }] })),
        ("Query", query(&table, None, "pk", "T#acme#META")),
        ("Scan", json!({ "TableName": table })),
        ("ExecuteStatement", json!({ "Statement": format!("SELECT * FROM \"{table}\"") })),
    ])
}

fn query(table: &str, index: Option<&str>, key: &str, value: &str) -> Value {
    let mut query = json!({
        "TableName": table,
        "KeyConditionExpression": format!("{key} = :key"),
        "ExpressionAttributeValues": { ":key": { "S": value } },
    });
    if let Some(index) = index {
        query["IndexName"] = json!(index);
    }
    query
}

/// The other side: what is granted works, for whom it is granted, and is refused to the others.
pub(super) async fn own_roles_do_what_they_must_and_no_more(stack: &Stack) -> anyhow::Result<()> {
    let queues = [stack.output("InitialQueueUrl")?, stack.output("NightlyQueueUrl")?];
    let table = stack.output("TableName")?;
    for function in FUNCTIONS {
        let role = stack.as_function(function).await?;
        let rings = RINGING.contains(&function);
        for queue in &queues {
            // A tenant that does not exist: the worker finds nothing to do.
            let ring = json!({ "QueueUrl": queue, "MessageBody": "{\"tenant\":\"nobody\",\"atdb\":null}" });
            expected(role.sqs("SendMessage", &ring).await?, rings, function, "SendMessage")?;
        }
        let own = [function == "initial-sync", function == "nightly-sync"];
        for (queue, is_own) in queues.iter().zip(own) {
            let receive = json!({ "QueueUrl": queue, "MaxNumberOfMessages": 1, "VisibilityTimeout": 0 });
            expected(role.sqs("ReceiveMessage", &receive).await?, is_own, function, "ReceiveMessage")?;
        }
        let plans = function == "nightly-sync";
        let measure = json!({ "QueueUrl": queues[0], "AttributeNames": ["ApproximateNumberOfMessages"] });
        let may_measure = plans || own[0];
        expected(
            role.sqs("GetQueueAttributes", &measure).await?,
            may_measure,
            function,
            "GetQueueAttributes",
        )?;
        let due = query(&table, Some("due"), "due_shard", "DUE#0");
        expected(role.dynamodb("Query", &due).await?, plans, function, "Query of the index")?;
        let is_worker = own.contains(&true) || function == "warranty-writeback";
        sends_mail(&role, is_worker, function).await?;
    }
    Ok(())
}

/// What nobody needs at run time is nobody's: to change the stack, to act as somebody else, to write into others' logs.
pub(super) async fn own_roles_administer_nothing(stack: &Stack) -> anyhow::Result<()> {
    let (queue, dead) = (stack.output("InitialQueueUrl")?, stack.output("InitialDeadLettersUrl")?);
    let table = stack.output("TableName")?;
    let queue_calls = [
        ("PurgeQueue", json!({ "QueueUrl": queue })),
        ("DeleteQueue", json!({ "QueueUrl": queue })),
        ("SetQueueAttributes", json!({ "QueueUrl": queue, "Attributes": { "VisibilityTimeout": "1" } })),
        ("ReceiveMessage", json!({ "QueueUrl": dead })),
    ];
    let table_calls = [
        ("DeleteTable", json!({ "TableName": table })),
        ("UpdateTable", json!({ "TableName": table, "DeletionProtectionEnabled": false })),
        ("CreateTable", json!({ "TableName": "other" })),
        ("ListTables", json!({})),
    ];
    for (at, function) in FUNCTIONS.iter().enumerate() {
        let role = stack.as_function(function).await?;
        for (operation, body) in &queue_calls {
            denied(role.sqs(operation, body).await?.denied(), function, operation)?;
        }
        for (operation, body) in &table_calls {
            denied(role.dynamodb(operation, body).await?.denied(), function, operation)?;
        }
        let other = FUNCTIONS[(at + 1) % FUNCTIONS.len()];
        acts_as_nobody_else(stack, &role, function, other).await?;
        for (service, form) in administration() {
            denied(role.query(service, &form).await?.denied(), function, form[0].1)?;
        }
    }
    Ok(())
}

async fn acts_as_nobody_else(stack: &Stack, role: &Aws, function: &str, other: &str) -> anyhow::Result<()> {
    let refused = role.assume(&stack.role_of(other).await?, &[]).await?;
    let answer = refused.err().with_context(|| format!("{function} acts as {other}"))?;
    denied(answer.denied(), function, "AssumeRole")?;
    let answer = role.invoke(&format!("{STACK}-{other}"), &json!({})).await?;
    denied(answer.denied(), function, "Invoke")?;
    let group = format!("/aws/lambda/{STACK}-{other}");
    let stream = json!({ "logGroupName": group, "logStreamName": "forged" });
    denied(
        role.json("logs", "Logs_20140328.CreateLogStream", &stream).await?.denied(),
        function,
        "CreateLogStream",
    )?;
    let event = json!({ "Entries": [{ "Source": "lci.schedule", "DetailType": "tick", "Detail": "{}" }] });
    denied(role.json("events", "AWSEvents.PutEvents", &event).await?.denied(), function, "PutEvents")
}

/// (service, action and its parameters)
fn administration() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let iam = |action, more: [(&'static str, &'static str); 2]| {
        ("iam", [vec![("Action", action), ("Version", "2010-05-08")], more.to_vec()].concat())
    };
    vec![
        iam("CreateUser", [("UserName", "x"), ("Path", "/")]),
        iam("DeleteRolePolicy", [("RoleName", "x"), ("PolicyName", "own")]),
        ("cloudformation", vec![("Action", "DeleteStack"), ("Version", "2010-05-15"), ("StackName", STACK)]),
        (
            "ses",
            vec![
                ("Action", "VerifyEmailIdentity"),
                ("Version", "2010-12-01"),
                ("EmailAddress", "x@mail.example"),
            ],
        ),
    ]
}

async fn sends_mail(role: &Aws, may: bool, function: &str) -> anyhow::Result<()> {
    for (sender, may) in [("lci@mail.example", may), ("somebody@mail.example", false)] {
        let mail = [
            ("Action", "SendEmail"),
            ("Version", "2010-12-01"),
            ("Source", sender),
            ("Destination.ToAddresses.member.1", "roles@mail.example"),
            ("Message.Subject.Data", "x"),
            ("Message.Body.Text.Data", "x"),
        ];
        expected(role.query("ses", &mail).await?, may, function, sender)?;
    }
    Ok(())
}

fn expected(answer: crate::aws::Answer, may: bool, function: &str, what: &str) -> anyhow::Result<()> {
    let held = if may { answer.ok().map(drop) } else { answer.denied() };
    denied(held, function, what)
}

fn denied(held: anyhow::Result<()>, function: &str, what: &str) -> anyhow::Result<()> {
    held.map_err(|error| error.context(format!("{what} by {function}")))
}
