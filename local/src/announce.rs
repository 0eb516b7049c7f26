//! `lci sync --mail-to`: the end of a headless run, told by mail through the same outbox as the product's.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use shared::clock::SystemClock;
use shared::mail::{AppUrl, Frame, Mailer, settle_event};
use shared::store::{Store, TenantId};
use shared::worker::announce;
use shared_core::ledger::Run;
use tokio::sync::mpsc;

use crate::aws::AwsLoopback;
use crate::host::{CONFIGURATION_SET, SENDER, loopback};

/// Loopback events come at once; one that does not is settled by the next call.
const EVENT_TIMEOUT: Duration = Duration::from_secs(5);

/// Tells how a run ended, once however often it is called; the mail lies in the folder `outbox` of the state folder.
pub(crate) async fn tell(
    folder: &Path,
    store: &Store,
    tenant: &TenantId,
    to: &str,
    run: &Run,
) -> anyhow::Result<()> {
    let (events, mut sent) = mpsc::channel(64);
    let aws = AwsLoopback::start(Some(folder), loopback(Arc::new(SystemClock)), events).await?;
    let mailer = Mailer::new(aws.ses(), SENDER, CONFIGURATION_SET);
    let frame = Frame {
        tenant: tenant.clone(),
        tenant_name: tenant.to_string(),
        app_url: AppUrl::parse("http://localhost").context("links cannot be made")?,
        time_zone: "UTC".to_owned(),
        to: vec![to.to_owned()],
        egress_addresses: Vec::new(),
    };
    let delivered = announce(store, &mailer, &SystemClock, &frame, run).await?;
    for _ in 0..delivered.n_sent {
        let Ok(Some(event)) = tokio::time::timeout(EVENT_TIMEOUT, sent.recv()).await else { break };
        settle_event(store, &event).await?;
        aws.ack(event["id"].as_str().unwrap_or_default()).await?;
    }
    Ok(())
}
