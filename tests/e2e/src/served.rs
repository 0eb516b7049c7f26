//! `lci serve` as a user starts it, and its API as a browser calls it.

use crate::lci::{Invocation, Outcome, Running, tail};
use crate::wire::{Answer, Ask};
use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Path of the settings.
pub const SETTINGS: &str = "/v1/integrations/autotask/settings";
/// Path of the pull log.
pub const RUNS: &str = "/v1/integrations/autotask/runs";
/// Path of the audit trail.
pub const VERSIONS: &str = "/v1/integrations/autotask/settings/versions";
/// Path of the test.
pub const TEST: &str = "/v1/integrations/autotask/test";
/// Path of the use of the hourly limit.
pub const USAGE: &str = "/v1/integrations/autotask/usage";

/// Starting and waiting for work may take this long on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// A product to be started, with a folder that holds its state and all that it says.
#[derive(Debug)]
pub struct Serve {
    folder: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    n_starts: AtomicU32,
}

impl Serve {
    /// On the bundled simulator.
    #[must_use]
    pub fn demo(folder: &Path) -> Self {
        Self::new(folder, &["--demo"])
    }

    /// On the bundled simulator with this much data: `small`, `medium` or `large`.
    #[must_use]
    pub fn demo_of(folder: &Path, size: &str) -> Self {
        Self::new(folder, &["--demo", "--size", size])
    }

    /// On a simulator of the test's own.
    #[must_use]
    pub fn against(folder: &Path, autotask_url: &str) -> Self {
        Self::new(folder, &["--autotask-url", autotask_url])
    }

    fn new(folder: &Path, arguments: &[&str]) -> Self {
        Self {
            folder: folder.to_owned(),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            environment: Vec::new(),
            n_starts: AtomicU32::new(0),
        }
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Everything that is left on disk.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The state folder.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// Starts it and waits until it says where it listens.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(&self) -> anyhow::Result<Served> {
        let invocation = self.invoke("serve", &["serve", "--no-page-build", "--listen", "127.0.0.1:0"]);
        let invocation =
            self.arguments.iter().fold(invocation, |invocation, argument| invocation.with(argument));
        let output = self.last_output("serve");
        let running = invocation.start()?;
        let is_demo = self.arguments.iter().any(|argument| argument == "--demo");
        let mut served = Served { running, output, address: String::new(), simulator: None };
        served.listen(if is_demo { 2 } else { 1 })?;
        Ok(served)
    }

    /// A call of `lci` on the state folder, with the environment that it needs.
    #[must_use]
    pub fn invoke(&self, name: &str, arguments: &[&str]) -> Invocation {
        self.n_starts.fetch_add(1, Ordering::Relaxed);
        let invocation = Invocation::new(&self.last_output(name), arguments);
        let invocation = invocation.with("--state").with(self.state());
        self.environment.iter().fold(invocation, |invocation, (name, value)| invocation.env(name, value))
    }

    fn last_output(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}-{}", self.n_starts.load(Ordering::Relaxed)))
    }

    /// A bearer token of `admin`, `reader` or `other`, valid until the next start.
    ///
    /// # Errors
    /// `lci token` does not end well.
    pub fn token(&self, user: &str) -> anyhow::Result<String> {
        let outcome = self.invoke("token", &["token", "--user", user]).run()?.exited(0)?;
        let token = std::fs::read_to_string(outcome.folder.join("stdout"))?.trim().to_owned();
        // What looks for secrets must not find our own way to ask.
        std::fs::remove_dir_all(outcome.folder)?;
        ensure!(token.split('.').count() == 3, "lci token gave no token");
        Ok(token)
    }
}

/// A product at work; killed when dropped.
#[derive(Debug)]
pub struct Served {
    running: Running,
    output: PathBuf,
    address: String,
    simulator: Option<String>,
}

impl Served {
    fn listen(&mut self, n_lines: usize) -> anyhow::Result<()> {
        let started = Instant::now();
        let said = loop {
            let said = std::fs::read_to_string(self.output.join("stdout"))?;
            if said.lines().count() >= n_lines && said.ends_with('\n') {
                break said;
            }
            let has_ended = self.running.try_wait()?.is_some();
            if has_ended || started.elapsed() > PATIENCE {
                bail!("lci serve does not listen; {}", tail(&self.output));
            }
            std::thread::sleep(PAUSE);
        };
        let after = |text: &str| {
            let at = said.split_once(text)?.1;
            at.split([' ', '\n']).next().map(str::to_owned)
        };
        self.address = after("lci serves http://").context("no address in what it says")?;
        self.simulator = after("Autotask simulator at ");
        Ok(())
    }

    /// Where it listens, such as `127.0.0.1:40123`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Base URL of the bundled simulator.
    #[must_use]
    pub fn simulator(&self) -> Option<&str> {
        self.simulator.as_deref()
    }

    /// Makes a call; `body` is sent unless it is null.
    ///
    /// # Errors
    /// As [`Ask::send`].
    pub fn call(&self, token: &str, method: &str, target: &str, body: &Value) -> anyhow::Result<Answer> {
        let ask = Ask::new(method, target).token(token);
        let ask = if body.is_null() { ask } else { ask.json(body.to_string()) };
        ask.send(&self.address)
    }

    /// Gets a JSON value.
    ///
    /// # Errors
    /// As [`Served::call`], or the status is not 200.
    pub fn get(&self, token: &str, target: &str) -> anyhow::Result<Value> {
        let answer = self.call(token, "GET", target, &Value::Null)?;
        ensure!(answer.status == 200, "GET {target} answered {}: {}", answer.status, answer.text());
        Ok(answer.json())
    }

    /// Gets a page of the outbox.
    ///
    /// # Errors
    /// As [`Served::call`].
    pub fn page(&self, target: &str) -> anyhow::Result<String> {
        let answer = Ask::new("GET", target).send(&self.address)?;
        ensure!(answer.status == 200, "GET {target} answered {}: {}", answer.status, answer.text());
        Ok(answer.text())
    }

    /// Saves settings and goes on if that was done.
    ///
    /// # Errors
    /// As [`Served::call`], or the status is not 200.
    pub fn save(&self, token: &str, draft: &Value) -> anyhow::Result<Value> {
        let answer = self.call(token, "PUT", SETTINGS, draft)?;
        ensure!(answer.status == 200, "saving answered {}: {}", answer.status, answer.text());
        Ok(answer.json())
    }

    /// Waits until the settings are as they should be, and gives them.
    ///
    /// # Errors
    /// They never are.
    pub fn settings_when(&self, token: &str, is_time: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        let started = Instant::now();
        loop {
            let settings = self.get(token, SETTINGS)?;
            if is_time(&settings) {
                return Ok(settings);
            }
            ensure!(
                started.elapsed() < PATIENCE,
                "waited in vain; the settings are {settings}; {}",
                tail(&self.output)
            );
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until the first load has ended and its mail lies in the outbox.
    ///
    /// # Errors
    /// It never does.
    pub fn loaded(&self, token: &str) -> anyhow::Result<Value> {
        let settings = self.settings_when(token, |settings| settings["last_run"]["state"] == "done")?;
        let started = Instant::now();
        while !self.page("/outbox")?.contains("/outbox/") {
            ensure!(started.elapsed() < PATIENCE, "no mail was sent; {}", tail(&self.output));
            std::thread::sleep(PAUSE);
        }
        Ok(settings)
    }

    /// Stops it as a service manager does.
    ///
    /// # Errors
    /// It does not end, or not well.
    pub fn stop(self) -> anyhow::Result<Outcome> {
        self.running.terminate()?.exited(0)
    }

    /// Kills it, as `kill -9` does.
    ///
    /// # Errors
    /// The system refuses.
    pub fn kill(self) -> anyhow::Result<Outcome> {
        self.running.kill()
    }
}
