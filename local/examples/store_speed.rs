//! Measures the page transaction on the embedded DynamoDB: records a second, units a page, CPU a call.
//!
//! `cargo run --release -p local --example store_speed`

#![expect(clippy::print_stdout, reason = "a measuring command prints its figures")]

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use shared::store::records::Commit;
use shared::store::runs::Fence;
use shared::store::{Store, TenantId};
use shared_core::entity::Entity;
use shared_core::plan::Change;
use shared_core::project::Record;
use shared_core::ranges::Range;
use shared_core::step::{Step, StepKind};

const N_LANES: i64 = 3;
const PAGES_PER_LANE: i64 = 40;
const RECORDS_PER_PAGE: i64 = 500;
const DOC_BYTES: usize = 560;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    measure("in memory", dynoxide::Database::memory()?).await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("speed.db");
    measure("on disk, durable", dynoxide::Database::new(&file.to_string_lossy())?).await
}

async fn measure(name: &str, database: dynoxide::Database) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    let store = Store::new(client(&endpoint).await?, "speed");
    let tenant = TenantId::parse("t")?;
    let lanes: Vec<Step> = (0..N_LANES).map(lane).collect();
    prepare(&store, &tenant, &lanes).await?;
    let (started, cpu_before, before) = (Instant::now(), cpu_s()?, store.consumed());
    let store = Arc::new(store);
    let mut tasks = tokio::task::JoinSet::new();
    for step in lanes {
        tasks.spawn(pull(Arc::clone(&store), tenant.clone(), step));
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    let (seconds, cpu, after) = (started.elapsed().as_secs_f64(), cpu_s()? - cpu_before, store.consumed());
    let n_pages = (N_LANES * PAGES_PER_LANE) as f64;
    let n_calls = (after.n_requests - before.n_requests) as f64;
    println!(
        "{name}: {:.0} records/s, {:.0} write units and {:.1} calls a page, {:.2} ms CPU a call (client and engine together)",
        n_pages * RECORDS_PER_PAGE as f64 / seconds,
        (after.write_units - before.write_units) / n_pages,
        n_calls / n_pages,
        cpu * 1_000.0 / n_calls,
    );
    Ok(())
}

fn lane(lane: i64) -> Step {
    let first = lane * PAGES_PER_LANE * RECORDS_PER_PAGE;
    Step::over(Entity::Assets, StepKind::Walk, Range::new(first - 1, None))
}

async fn prepare(store: &Store, tenant: &TenantId, lanes: &[Step]) -> anyhow::Result<()> {
    let run = shared_core::ledger::Run::queued(
        "speed".to_owned(),
        shared_core::run::Kind::Initial,
        shared_core::run::Trigger::Manual,
        vec![Entity::Assets],
        String::new(),
    );
    let lease = store.take_lease("speed", "speed", 0, None, 0).await?;
    store.create_run(tenant, &run, &shared_core::ledger::SyncState::default(), &lease).await?;
    Ok(store.add_steps(tenant, &fence(), lanes).await?)
}

fn fence() -> Fence {
    Fence { run_id: "speed".to_owned(), epoch: 1 }
}

async fn pull(store: Arc<Store>, tenant: TenantId, mut step: Step) -> anyhow::Result<()> {
    for _ in 0..PAGES_PER_LANE {
        let cursor = step.range.cursor;
        let changes = (cursor + 1..=cursor + RECORDS_PER_PAGE).map(|id| Change::Put(record(id))).collect();
        step.range.cursor = cursor + RECORDS_PER_PAGE;
        store
            .commit(&tenant, &fence(), Commit { changes, segments_after: Vec::new() }, &step, cursor, 0)
            .await?;
    }
    Ok(())
}

fn record(id: i64) -> Record {
    let doc = format!("{{\"id\":{id},\"name\":\"{}\"}}", "x".repeat(DOC_BYTES));
    Record { id, company_id: Some(id % 500), doc, hash: "AAAAAAAAAAAA".to_owned(), facet: None }
}

async fn client(endpoint: &str) -> anyhow::Result<aws_sdk_dynamodb::Client> {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new("local"))
        .credentials_provider(Credentials::from_keys("local", "local", None))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let client = aws_sdk_dynamodb::Client::from_conf(config);
    let mut create = client.create_table().table_name("speed").billing_mode(BillingMode::PayPerRequest);
    for (name, kind) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let attribute =
            AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
        let key = KeySchemaElement::builder().attribute_name(name).key_type(kind);
        create = create.attribute_definitions(attribute.build()?).key_schema(key.build()?);
    }
    create.send().await?;
    Ok(client)
}

/// Processor time of this process so far, in seconds (Linux: /proc, at the usual 100 ticks a second).
fn cpu_s() -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").context("processor time is read from /proc")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((ticks(11) + ticks(12)) / 100.0)
}
