//! How long routes take, as an admin waits for them.

use crate::served::Served;
use anyhow::ensure;
use serde_json::Value;
use std::time::Instant;

/// One route.
#[derive(Clone, Debug)]
pub struct Timed<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its path and query.
    pub path: String,
    /// What is sent.
    pub body: &'a Value,
    /// The status that it is expected to answer with.
    pub status: u16,
}

/// Calls it so often, one call after the other; answers median and slowest, in milliseconds.
///
/// # Errors
/// It does not answer, or with another status.
pub fn time(served: &Served, token: &str, route: &Timed<'_>, n_calls: usize) -> anyhow::Result<(f64, f64)> {
    let mut times = Vec::with_capacity(n_calls);
    let Timed { method, path, body, status } = route;
    for _ in 0..n_calls.max(1) {
        let started = Instant::now();
        let answer = served.call(token, method, path, body)?;
        times.push(started.elapsed().as_secs_f64() * 1_000.0);
        ensure!(answer.status == *status, "{method} {path} answered {}: {}", answer.status, answer.text());
    }
    times.sort_by(f64::total_cmp);
    Ok((times[times.len() / 2], times[times.len() - 1]))
}
