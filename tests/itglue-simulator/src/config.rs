//! Everything about the simulated service that can be chosen; most of it also while it runs.

use crate::key::ApiKey;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// The three data centers; each knows its own keys only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// `api.itglue.com`.
    #[default]
    Us,
    /// `api.eu.itglue.com`.
    Eu,
    /// `api.au.itglue.com`.
    Au,
}

/// How a key that is not accepted is answered; the vendor's page and what others report differ, so both forms exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyRefusal {
    /// 403 with `{"message":"Forbidden"}`, as the vendor's page says and users report.
    #[serde(rename = "403")]
    Forbidden403,
    /// 401 with `errors`, as clients expect it.
    #[serde(rename = "401")]
    Unauthorized401,
}

/// Whether and how a 429 says when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// No header.
    Absent,
    /// A number of seconds.
    Seconds(u64),
    /// An HTTP date this many seconds after the simulated now.
    HttpDate(u64),
}

/// How the service is set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen; port 0 takes a free one. Read at start only.
    pub listen: SocketAddr,
    /// The base that answers name in their links, for a proxy in front; normally our own address.
    pub public_url: Option<String>,
    /// Decides the data. Read at start only.
    pub seed: u64,
    /// Company names of another system; most of them become organizations, with noise. Read at start only.
    pub company_names: Vec<String>,
    /// Organizations that the other system does not know. Read at start only.
    pub n_own: usize,
    /// The simulated instant at start, as text. Read at start only.
    pub start_at: String,
    /// True to stop the simulated clock; it then moves only when told. Read at start only.
    pub is_clock_frozen: bool,
    /// How long every answer takes, in milliseconds of real time.
    pub latency_ms: u64,
    /// Where this service is.
    pub region: Region,
    /// The keys that exist.
    pub keys: Vec<ApiKey>,
    /// How a key is refused that is wrong, missing, revoked or of another region.
    pub key_refusal: KeyRefusal,
    /// Requests per window and key.
    pub limit: u64,
    /// Length of the window, in seconds of the simulated clock.
    pub window_s: i64,
    /// The `Retry-After` of a 429.
    pub retry_after: RetryAfter,
    /// True to write the status within an error as a text, false as a number.
    pub is_error_status_text: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: None,
            seed: 1,
            company_names: Vec::new(),
            n_own: 200,
            start_at: "2026-11-20T02:00:00Z".to_owned(),
            is_clock_frozen: false,
            latency_ms: 0,
            region: Region::Us,
            keys: vec![ApiKey::active("ITG.simulated-key-of-us")],
            key_refusal: KeyRefusal::Forbidden403,
            limit: 3_000,
            window_s: 300,
            retry_after: RetryAfter::Absent,
            is_error_status_text: true,
        }
    }
}

impl Config {
    /// Few organizations and no waiting: for tests.
    pub fn small() -> Self {
        Self { n_own: 12, ..Self::default() }
    }

    /// The secret of the first key.
    pub fn first_key(&self) -> &str {
        self.keys.first().map_or("", |key| key.secret.as_str())
    }
}
