//! The JSON report of `lci sync`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;
use shared_core::counts::Counts;
use shared_core::ledger::{Costs, Listed, Note, Run};
use shared_core::run::{Kind, State};

/// What one call of `lci sync` did.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The run; none if not even that was begun.
    pub(crate) run: Option<RunReport>,
    /// Counters by entity.
    pub(crate) entities: BTreeMap<String, Counts>,
    /// Calls to Autotask's hosts over the whole run.
    pub(crate) requests: Requests,
    /// Milliseconds waited for limits over the whole run.
    pub(crate) waited_ms: u64,
    /// Bytes received from Autotask.
    pub(crate) bytes_in: u64,
    /// Wall time of this call.
    pub(crate) wall_ms: u64,
    /// Largest resident memory of this process so far.
    pub(crate) peak_rss_bytes: u64,
    /// What DynamoDB consumed over the whole run.
    pub(crate) dynamodb: DynamoDb,
    /// Remarks by entity: skipped, held, counts that lie.
    pub(crate) notes: Vec<Note>,
    /// Records that could not be used, at most 500 of them.
    pub(crate) rejected: Vec<Listed>,
    /// Why the run did not end well.
    pub(crate) error: Option<String>,
}

/// The run of a report.
#[derive(Debug, Serialize)]
pub(crate) struct RunReport {
    id: String,
    kind: Kind,
    state: State,
    started_at: String,
    ended_at: Option<String>,
    n_slices: u64,
}

/// Calls to Autotask.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Requests {
    pub(crate) total: u64,
    pub(crate) by_endpoint: BTreeMap<String, u64>,
}

/// Costs of the store.
#[derive(Debug, Default, Serialize)]
pub(crate) struct DynamoDb {
    pub(crate) read_units: f64,
    pub(crate) write_units: f64,
    pub(crate) requests: u64,
}

impl Report {
    /// The report of a run, or of a call that came to none.
    pub(crate) fn new(run: Option<&Run>, slept_ms: u64, wall_ms: u64, error: Option<String>) -> Self {
        let costs = run.map_or_else(Costs::default, |run| run.costs.clone());
        Self {
            entities: run.map(|run| run.summary.clone()).unwrap_or_default(),
            requests: Requests { total: costs.n_requests(), by_endpoint: costs.requests },
            waited_ms: costs.waited_ms + slept_ms,
            bytes_in: costs.bytes_in,
            wall_ms,
            peak_rss_bytes: peak_rss_bytes(),
            dynamodb: DynamoDb {
                read_units: costs.read_units,
                write_units: costs.write_units,
                requests: costs.store_requests,
            },
            notes: run.map(|run| run.notes.clone()).unwrap_or_default(),
            rejected: run.map(|run| run.rejected.clone()).unwrap_or_default(),
            error: error.or_else(|| run.and_then(|run| run.error.clone())),
            run: run.map(RunReport::new),
        }
    }

    /// Writes the report to a file.
    pub(crate) fn write(&self, file: &Path) -> anyhow::Result<()> {
        let json = serde_json::to_string_pretty(self)?;
        std::fs::write(file, json + "\n")
            .with_context(|| format!("failed to write the report {}", file.display()))
    }
}

impl RunReport {
    fn new(run: &Run) -> Self {
        Self {
            id: run.id.clone(),
            kind: run.kind,
            state: run.state,
            started_at: run.started_at.clone(),
            ended_at: run.ended_at.clone(),
            n_slices: run.n_slices,
        }
    }
}

/// Largest resident memory of this process; 0 where the system does not tell it in /proc.
pub(crate) fn peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
    kib.unwrap_or(0) * 1_024
}
