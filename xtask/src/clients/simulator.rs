//! The simulator as a process of its own, the way somebody outside would start it.

use super::started::Started;
use crate::workspace::Workspace;
use anyhow::Context;
use serde::Deserialize;

const USER: &str = "api.user+check@example.invalid";
const PASSWORD: &str = "not a secret & not a password";
const INTEGRATION_CODE: &str = "CHECKCHECKCHECKCHECKCHECK01";
/// More than two full pages, so that a client that loses its place is seen.
const N_COMPANIES: &str = "1300";

/// A simulator at work; stops when dropped.
#[derive(Debug)]
pub(super) struct Simulator {
    base_url: String,
    _started: Started,
}

#[derive(Deserialize)]
struct Announcement {
    base_url: String,
}

impl Simulator {
    /// Starts the binary that the tier has built, on a free port of the loopback.
    ///
    /// # Errors
    /// It is not built, does not start, or does not announce itself within a minute.
    pub(super) fn start(workspace: &Workspace) -> anyhow::Result<Self> {
        let mut command = Started::command(workspace, "autotask-simulator")?;
        command.args(["--listen", "127.0.0.1:0", "--companies", N_COMPANIES, "--user", USER]);
        command.args(["--password", PASSWORD, "--integration-code", INTEGRATION_CODE]);
        let started = Started::run(command, 1)?;
        let announcement: Announcement = serde_json::from_str(&started.said)
            .with_context(|| format!("the simulator announced itself by {:?}", started.said.trim()))?;
        Ok(Self { base_url: announcement.base_url, _started: started })
    }

    /// What a client must know; the names are those that the Python client reads.
    pub(super) fn environment(&self) -> [(&'static str, &str); 5] {
        [
            ("AUTOTASK_API_URL", &self.base_url),
            ("AUTOTASK_USERNAME", USER),
            ("AUTOTASK_SECRET", PASSWORD),
            ("AUTOTASK_INTEGRATION_CODE", INTEGRATION_CODE),
            // A proxy of the developer's network cannot reach this loopback.
            ("NO_PROXY", "127.0.0.1"),
        ]
    }
}
