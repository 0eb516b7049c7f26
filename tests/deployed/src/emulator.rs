//! The emulator of AWS as a process of its own, on the loopback, with its roles enforced.

use anyhow::{Context, ensure};
use std::fs::File;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Tools;
use crate::aws::{REGION, ROOT_KEY};

const READY_LIMIT: Duration = Duration::from_secs(120);
/// From the root of the repository.
const PROGRAM: &str = "tests/deployed/tools/emulator.py";

/// An emulator at work; stops when dropped, and with it the functions that it has started.
#[derive(Debug)]
pub(crate) struct Emulator {
    child: Child,
    log: std::path::PathBuf,
    /// Where every service of AWS is.
    pub(crate) url: String,
    /// Its port.
    pub(crate) port: u16,
}

impl Emulator {
    /// Starts it on a free port and waits until it answers.
    pub(crate) async fn start(tools: &Tools, folder: &std::path::Path) -> anyhow::Result<Self> {
        let port = free_port()?;
        let url = format!("http://127.0.0.1:{port}");
        let log = folder.join("emulator.log");
        let output = File::create(&log)?;
        let mut command = Command::new(&tools.emulator_python);
        command.arg(tools.root.join(PROGRAM)).current_dir(folder);
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        command.env("GATEWAY_PORT", port.to_string()).env("BIND_HOST", "127.0.0.1");
        command.env("MINISTACK_HOST", "localhost").env("AWS_ENDPOINT_URL", &url).env("AUTH", "true");
        command.env("AWS_DEFAULT_REGION", REGION).env("AWS_REGION", REGION);
        command.env("AWS_ACCESS_KEY_ID", ROOT_KEY).env("AWS_SECRET_ACCESS_KEY", ROOT_KEY);
        command.env("SFTP_ENABLED", "0").env("IOT_MTLS_ENABLED", "0").env("NO_PROXY", "127.0.0.1,localhost");
        let child = command.spawn().context("cannot start the emulator")?;
        let mut emulator = Self { child, log, url, port };
        emulator.wait_until_ready().await?;
        Ok(emulator)
    }

    /// The end of its log.
    pub(crate) fn last_lines(&self, n_lines: usize) -> anyhow::Result<String> {
        let text = std::fs::read_to_string(&self.log)?;
        let lines: Vec<&str> = text.lines().collect();
        Ok(lines[lines.len().saturating_sub(n_lines)..].join("\n"))
    }

    async fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let started = Instant::now();
        let health = format!("{}/_ministack/health", self.url);
        while started.elapsed() < READY_LIMIT {
            ensure!(self.child.try_wait()?.is_none(), "the emulator ended: {}", self.last_lines(20)?);
            if reqwest::get(&health).await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        anyhow::bail!("the emulator did not get ready: {}", self.last_lines(20)?)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // SIGTERM, so that it ends the functions too; it is killed only if it does not listen.
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").arg(&pid).status();
        for _ in 0..100 {
            if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that is free now; the emulator cannot be asked to choose one.
fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
