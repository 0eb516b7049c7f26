//! Nights: the planner's tick, slices of nightly runs, and what SES says of mails.

use serde_json::Value;
use shared::mail::{settle_event, tenant_of};
use shared::session::Sessions;
use shared::worker::planner::Planner;
use shared::worker::{Turn, Worker};

/// What this function works with.
#[derive(Clone, Debug)]
pub struct Deps {
    /// Answers doorbells.
    pub worker: Worker,
    /// Rings for whoever is due.
    pub planner: Planner,
}

/// Answers one event: a tick, a batch of doorbells, or an event of SES.
///
/// # Errors
/// A text that says which kinds of events are known, or what failed; Lambda tries ticks and SES events again.
pub async fn handle(event: Value, deps: &Deps, turn: &Turn) -> Result<Value, String> {
    if event.get("Records").is_some() {
        return deps.worker.answer_batch(event, turn).await;
    }
    match event.get("source").and_then(Value::as_str) {
        Some("lci.schedule") => {
            let ticked = deps.planner.tick().await.map_err(|error| format!("the planner failed: {error}"))?;
            tracing::info!(n_due = ticked.n_due, n_rung = ticked.n_rung, oldest_due_ms = ticked.oldest_due_ms, "tick");
            serde_json::to_value(ticked).map_err(|error| error.to_string())
        }
        Some("aws.ses") => settle(&deps.worker.sessions, &event).await,
        _ => Err("unknown event: this function takes ticks (source lci.schedule), SQS batches and SES events (source \
                  aws.ses)"
            .to_owned()),
    }
}

async fn settle(sessions: &Sessions, event: &Value) -> Result<Value, String> {
    let tenant = tenant_of(event).map_err(|error| error.to_string())?;
    let session = sessions.open(&tenant, None).await.map_err(|error| error.to_string())?;
    let settled = settle_event(&session.store, event).await.map_err(|error| error.to_string())?;
    Ok(serde_json::json!({ "settled": format!("{settled:?}") }))
}
