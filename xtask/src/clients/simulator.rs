//! The simulator as a process of its own, the way somebody outside would start it.

use crate::workspace::Workspace;
use anyhow::{Context, ensure};
use serde::Deserialize;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

const USER: &str = "api.user+check@example.invalid";
const PASSWORD: &str = "not a secret & not a password";
const INTEGRATION_CODE: &str = "CHECKCHECKCHECKCHECKCHECK01";
/// More than two full pages, so that a client that loses its place is seen.
const N_COMPANIES: &str = "1300";
const READY_LIMIT: Duration = Duration::from_secs(60);

/// A simulator at work; stops when dropped.
#[derive(Debug)]
pub(super) struct Simulator {
    child: Child,
    base_url: String,
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
        let path = workspace.target.join("ci").join("autotask-simulator");
        ensure!(path.exists(), "{} is not built", path.display());
        let mut command = Command::new(&path);
        command.args(["--listen", "127.0.0.1:0", "--companies", N_COMPANIES, "--user", USER]);
        command.args(["--password", PASSWORD, "--integration-code", INTEGRATION_CODE]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let child = child.with_context(|| format!("cannot start {}", path.display()))?;
        // From here on, leaving early stops the child.
        let mut simulator = Self { child, base_url: String::new() };
        simulator.base_url = simulator.announced()?;
        Ok(simulator)
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

    /// Waits for the one line that it prints when it is ready.
    fn announced(&mut self) -> anyhow::Result<String> {
        let stdout = self.child.stdout.take().context("the simulator has no standard output")?;
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(stdout).read_line(&mut line).map(|_| line);
            // Nobody listens any more once the limit has passed.
            let _ = sender.send(read);
        });
        let line = receiver.recv_timeout(READY_LIMIT).context("the simulator did not get ready")??;
        let announcement: Announcement = serde_json::from_str(&line)
            .with_context(|| format!("the simulator announced itself by {:?}", line.trim()))?;
        Ok(announcement.base_url)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // Either may fail only because it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
