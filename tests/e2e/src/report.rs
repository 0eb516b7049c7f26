//! Reads the report of `lci sync`.

use crate::oracle::Exported;
use anyhow::{Context, ensure};
use serde_json::Value;
use std::path::Path;

/// What happened to the records of one entity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that came over the wire.
    pub read: u64,
    /// Records that are new.
    pub created: u64,
    /// Records that changed.
    pub updated: u64,
    /// Records that did not.
    pub unchanged: u64,
    /// Records that are gone.
    pub tombstoned: u64,
    /// Records that could not be used.
    pub rejected: u64,
}

/// A report.
#[derive(Debug, Clone)]
pub struct Report(Value);

impl Report {
    /// Reads a file.
    ///
    /// # Errors
    /// It is not there or not JSON.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("no report {}", path.display()))?;
        Ok(Self(serde_json::from_str(&text)?))
    }

    /// The value at a path such as `/requests/total`.
    ///
    /// # Errors
    /// There is none.
    pub fn at(&self, path: &str) -> anyhow::Result<&Value> {
        self.0.pointer(path).with_context(|| format!("the report has no {path}: {}", self.0))
    }

    /// The number at a path.
    ///
    /// # Errors
    /// There is no number that is at least 0.
    pub fn number(&self, path: &str) -> anyhow::Result<u64> {
        self.at(path)?.as_u64().with_context(|| format!("{path} of the report is no count"))
    }

    /// What happened to the records of an entity.
    ///
    /// # Errors
    /// The report does not say.
    pub fn counts(&self, entity: Exported) -> anyhow::Result<Counts> {
        let number = |name| self.number(&format!("/entities/{}/{name}", entity.name()));
        Ok(Counts {
            read: number("read")?,
            created: number("created")?,
            updated: number("updated")?,
            unchanged: number("unchanged")?,
            tombstoned: number("tombstoned")?,
            rejected: number("rejected")?,
        })
    }

    /// The sum of one number over all entities, those that are not exported among them.
    ///
    /// # Errors
    /// An entity has no such number.
    pub fn sum(&self, name: &str) -> anyhow::Result<u64> {
        let entities = self.at("/entities")?.as_object().context("entities is no object")?;
        entities.keys().map(|entity| self.number(&format!("/entities/{entity}/{name}"))).sum()
    }

    /// Calls to the service.
    ///
    /// # Errors
    /// The report does not say.
    pub fn n_requests(&self) -> anyhow::Result<u64> {
        self.number("/requests/total")
    }

    /// Everything that the contract names is there, and the sums fit.
    ///
    /// # Errors
    /// What is missing.
    pub fn check(&self) -> anyhow::Result<()> {
        for path in ["/run/id", "/run/kind", "/run/state", "/run/started_at"] {
            ensure!(self.at(path)?.is_string(), "{path} of the report is no text: {}", self.0);
        }
        let ended_at = self.at("/run/ended_at")?;
        ensure!(ended_at.is_string() || ended_at.is_null(), "the run ended at {ended_at}");
        for path in ["/waited_ms", "/bytes_in", "/wall_ms", "/peak_rss_bytes", "/dynamodb/requests"] {
            self.number(path)?;
        }
        for path in ["/dynamodb/read_units", "/dynamodb/write_units"] {
            ensure!(self.at(path)?.is_number(), "{path} of the report is no number");
        }
        self.at("/error")?;
        let by_endpoint = self.at("/requests/by_endpoint")?.as_object().context("no endpoints")?;
        let n_by_endpoint: u64 = by_endpoint.values().filter_map(Value::as_u64).sum();
        ensure!(n_by_endpoint == self.n_requests()?, "calls by endpoint do not add up: {}", self.0);
        Ok(())
    }

    /// What a person is told: the error and the notes, as they stand.
    #[must_use]
    pub fn remarks(&self) -> String {
        let remarks =
            ["/error", "/notes"].map(|path| self.0.pointer(path).unwrap_or(&Value::Null).to_string());
        remarks.join(" ").to_lowercase()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}
