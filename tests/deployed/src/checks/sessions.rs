//! What a tenant's session may do, opened as functions open it.

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use crate::aws::Aws;
use crate::stack::Stack;

/// Both tags, these tags, and nothing else.
pub(super) async fn a_session_needs_both_tags_and_no_other(stack: &Stack) -> anyhow::Result<()> {
    let worker = stack.as_function("initial-sync").await?;
    let role_arn = stack.output("TenantRoleArn")?;
    let bad: [&[(&str, &str)]; 4] = [
        &[],
        &[("tenant", "acme")],
        &[("atdb", "ci-1")],
        &[("tenant", "acme"), ("atdb", "ci-1"), ("admin", "yes")],
    ];
    for tags in bad {
        match worker.assume(&role_arn, tags).await? {
            Ok(_) => bail!("a session with tags {tags:?} was opened"),
            Err(refusal) => refusal.denied()?,
        }
    }
    open(stack, "acme").await.map(drop)
}

/// The schedule's role cannot, and one session cannot open another.
pub(super) async fn only_functions_open_sessions(stack: &Stack) -> anyhow::Result<()> {
    let role_arn = stack.output("TenantRoleArn")?;
    let session = open(stack, "acme").await?;
    let tags = [("tenant", "other"), ("atdb", "ci-1")];
    match session.assume(&role_arn, &tags).await? {
        Ok(_) => bail!("a session opened another"),
        Err(refusal) => refusal.denied(),
    }
}

/// Own keys and own secret, and no others: not even those of a tenant whose name begins alike.
pub(super) async fn a_session_reaches_its_own_tenant_only(stack: &Stack) -> anyhow::Result<()> {
    for name in ["acme-2", "acm", "other"] {
        let secret = json!({ "Name": format!("lci/autotask/{name}"), "SecretString": "{}" });
        // An earlier run of this check may have left it.
        let _ = stack.root.secrets("CreateSecret", &secret).await?;
    }
    let session = open(stack, "acme").await?;
    let read = |name: &str| json!({ "SecretId": format!("lci/autotask/{name}") });
    session.secrets("GetSecretValue", &read("acme")).await?.ok().context("its own secret")?;
    for name in ["acme-2", "acm", "other"] {
        let answer = session.secrets("GetSecretValue", &read(name)).await?;
        answer.denied().with_context(|| format!("the secret of {name}"))?;
    }
    for name in ["acme-3", "acme-abcdef"] {
        let create = json!({ "Name": format!("lci/autotask/{name}"), "SecretString": "{}" });
        session
            .secrets("CreateSecret", &create)
            .await?
            .denied()
            .with_context(|| format!("creating {name}"))?;
    }

    let table = stack.output("TableName")?;
    for own in ["T#acme#META", "T#acme#as00", "A#ci-1", "A#tenant-acme"] {
        let answer = session.dynamodb("GetItem", &get(&table, own)).await?;
        answer.ok().with_context(|| own.to_owned())?;
    }
    for other in ["T#acme-2#META", "T#acm#META", "T#other#META", "A#ci-12", "A#tenant-other", "acme"] {
        let answer = session.dynamodb("GetItem", &get(&table, other)).await?;
        answer.denied().with_context(|| other.to_owned())?;
    }
    mixed_requests_are_refused(&session, &table).await
}

/// One foreign key spoils a batch and a transaction.
async fn mixed_requests_are_refused(session: &Aws, table: &str) -> anyhow::Result<()> {
    let keys = [key("T#acme#META"), key("T#other#META")];
    let batch = json!({ "RequestItems": { table: { "Keys": keys } } });
    session.dynamodb("BatchGetItem", &batch).await?.denied().context("a batch")?;
    let put = |item: &Value| json!({ "Put": { "TableName": table, "Item": item } });
    let transaction = json!({ "TransactItems": keys.iter().map(put).collect::<Vec<_>>() });
    session.dynamodb("TransactWriteItems", &transaction).await?.denied().context("a transaction")
}

/// What names no key is not granted at all.
pub(super) async fn a_session_cannot_read_without_a_key(stack: &Stack) -> anyhow::Result<()> {
    let session = open(stack, "acme").await?;
    let table = stack.output("TableName")?;
    let due = json!({
        "TableName": table, "IndexName": "due", "KeyConditionExpression": "due_shard = :shard",
        "ExpressionAttributeValues": { ":shard": { "S": "DUE#0" } },
    });
    for (operation, body) in [
        ("Scan", json!({ "TableName": table })),
        ("ExecuteStatement", json!({ "Statement": format!("SELECT * FROM \"{table}\"") })),
        ("Query", due),
        ("DescribeTable", json!({ "TableName": table })),
        ("DeleteTable", json!({ "TableName": table })),
    ] {
        session.dynamodb(operation, &body).await?.denied().with_context(|| operation.to_owned())?;
    }
    session.secrets("ListSecrets", &json!({})).await?.denied().context("ListSecrets")
}

async fn open(stack: &Stack, tenant: &str) -> anyhow::Result<Aws> {
    let worker = stack.as_function("initial-sync").await?;
    let tags = [("tenant", tenant), ("atdb", "ci-1")];
    let opened = worker.assume(&stack.output("TenantRoleArn")?, &tags).await?;
    let session = opened.map_err(|refusal| anyhow::anyhow!("no session: {}", refusal.text))?;
    let caller = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];
    let identity = session.query("sts", &caller).await?.ok()?;
    ensure!(identity.contains("TenantRole"), "the session is none of the role of tenants: {identity}");
    Ok(session)
}

fn get(table: &str, pk: &str) -> Value {
    json!({ "TableName": table, "Key": key(pk) })
}

fn key(pk: &str) -> Value {
    json!({ "pk": { "S": pk }, "sk": { "S": "SETTINGS" } })
}
