//! Runs `lci` as a user does: a process with arguments, an environment and an exit code.

use crate::binary;
use crate::oracle::Exported;
use crate::report::Report;
use anyhow::{Context, bail, ensure};
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// The tenant of all flows.
pub const TENANT: &str = "tenant-e2e";
/// The environment variable that holds the password.
pub const PASSWORD_ENV: &str = "E2E_AUTOTASK_PASSWORD";
/// The environment variable that holds our tracking identifier.
pub const CODE_ENV: &str = "AUTOTASK_INTEGRATION_CODE";

/// A run that takes longer has lost its way.
const PATIENCE: Duration = Duration::from_secs(120);

/// One call of `lci`, to be made.
#[derive(Debug, Clone)]
pub struct Invocation {
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
    folder: PathBuf,
    patience: Duration,
}

impl Invocation {
    /// A call whose output goes to a folder.
    #[must_use]
    pub fn new(folder: &Path, arguments: &[&str]) -> Self {
        Self {
            arguments: arguments.iter().map(OsString::from).collect(),
            environment: Vec::new(),
            folder: folder.to_owned(),
            patience: PATIENCE,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Waits longer for its end.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// There is no `lci`, or no room for its output.
    pub fn start(&self) -> anyhow::Result<Running> {
        std::fs::create_dir_all(&self.folder)?;
        let file = |name| File::create(self.folder.join(name));
        let child = Command::new(binary::lci()?)
            .args(&self.arguments)
            .env_remove(CODE_ENV)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(std::process::Stdio::null())
            .stdout(file("stdout")?)
            .stderr(file("stderr")?)
            .spawn()
            .context("cannot start lci")?;
        Ok(Running { child, folder: self.folder.clone(), started: Instant::now(), patience: self.patience })
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// As [`Invocation::start`], or it does not end.
    pub fn run(&self) -> anyhow::Result<Outcome> {
        self.start()?.wait()
    }
}

/// A call under way; killed when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    folder: PathBuf,
    started: Instant,
    patience: Duration,
}

impl Running {
    /// The number of its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// The system does not say.
    pub fn try_wait(&mut self) -> anyhow::Result<Option<Outcome>> {
        let Some(status) = self.child.try_wait()? else { return Ok(None) };
        let took = self.started.elapsed();
        Ok(Some(Outcome { code: status.code(), folder: self.folder.clone(), took }))
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// It does not end.
    pub fn wait(mut self) -> anyhow::Result<Outcome> {
        while self.started.elapsed() < self.patience {
            if let Some(outcome) = self.try_wait()? {
                return Ok(outcome);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        bail!("lci is still running after {:?}; {}", self.patience, tail(&self.folder))
    }

    /// Asks it to end, as a service manager does, and waits for its end.
    ///
    /// # Errors
    /// It cannot be asked, or it does not end.
    pub fn terminate(mut self) -> anyhow::Result<Outcome> {
        let status = Command::new("kill").args(["-TERM", &self.id().to_string()]).status()?;
        ensure!(status.success() || self.try_wait()?.is_some(), "kill cannot reach {}", self.id());
        self.started = Instant::now();
        self.wait()
    }

    /// Kills it, as `kill -9` does; the outcome has no code, unless it had ended before.
    ///
    /// # Errors
    /// The system refuses.
    pub fn kill(mut self) -> anyhow::Result<Outcome> {
        self.child.kill()?;
        let status = self.child.wait()?;
        Ok(Outcome { code: status.code(), folder: self.folder.clone(), took: self.started.elapsed() })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended long before, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A call that has ended.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The exit code; nothing when it was killed.
    pub code: Option<i32>,
    /// Where its output is: `stdout`, `stderr`, `report.json`, `export/`.
    pub folder: PathBuf,
    /// From its start to its end.
    pub took: Duration,
}

impl Outcome {
    /// Goes on if it ended with this code.
    ///
    /// # Errors
    /// What it said instead.
    pub fn exited(self, code: i32) -> anyhow::Result<Self> {
        if self.code == Some(code) {
            return Ok(self);
        }
        let report = self.report().map_or_else(|error| error.to_string(), |report| report.to_string());
        bail!("exit code {:?} where {code} must be; {}; report: {report}", self.code, tail(&self.folder))
    }

    /// The file that it exported an entity to.
    #[must_use]
    pub fn export(&self, entity: Exported) -> PathBuf {
        self.folder.join("export").join(format!("{}.jsonl", entity.name()))
    }

    /// Its report.
    ///
    /// # Errors
    /// It left none.
    pub fn report(&self) -> anyhow::Result<Report> {
        Report::read(&self.folder.join("report.json"))
    }
}

/// The end of what a process said to its user.
pub(crate) fn tail(folder: &Path) -> String {
    let stderr = std::fs::read(folder.join("stderr")).unwrap_or_default();
    let stderr = String::from_utf8_lossy(&stderr);
    let lines: Vec<&str> = stderr.lines().rev().take(15).collect();
    format!("stderr: {}", lines.into_iter().rev().collect::<Vec<_>>().join("\n"))
}
