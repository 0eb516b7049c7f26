//! A run of `lci` with an eye on its memory.

use e2e::lci::{Invocation, Outcome};
use std::time::Duration;

/// A run that has ended, and the most memory that it was seen to hold.
#[derive(Debug)]
pub(crate) struct Watched {
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// Resident bytes at the peak, as the kernel kept it; 0 where it does not say.
    pub(crate) peak_bytes: u64,
}

impl Watched {
    /// Runs a call to its end.
    pub(crate) fn run(invocation: &Invocation) -> anyhow::Result<Self> {
        let mut running = invocation.start()?;
        let mut peak_bytes = 0;
        loop {
            peak_bytes = peak(running.id()).max(peak_bytes);
            if let Some(outcome) = running.try_wait()? {
                return Ok(Self { outcome, peak_bytes });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn peak(process_id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process_id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) * 1024
}
