//! A simulated customer, a state folder, and calls of `lci` between them.

use crate::compare::{Comparison, compare};
use crate::lci::{CODE_ENV, Invocation, Outcome, PASSWORD_ENV, TENANT};
use crate::oracle::{Exported, Source};
use crate::watch::Watch;
use anyhow::ensure;
use autotask_simulator::{Config, Control, Counters, Simulator};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// Our tracking identifier in all flows.
pub const INTEGRATION_CODE: &str = "CODE-5f1e0c77";

const DAY_MS: i64 = 86_400_000;

/// One customer and our state about it.
#[derive(Debug)]
pub struct World {
    simulator: Simulator,
    source: Source,
    folder: TempDir,
    n_runs: Cell<u32>,
    // Last: the simulator must stop before its runtime does.
    _runtime: Runtime,
}

impl World {
    /// Starts a simulator in this process, and an empty state folder.
    ///
    /// # Errors
    /// The configuration is not one.
    pub fn start(config: Config) -> anyhow::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let simulator = runtime.block_on(Simulator::start(config.clone()))?;
        let source = Source::meet(&simulator.base_url(), &config)?;
        simulator.control().reset_counters();
        simulator.control().reset_hourly();
        let folder = tempfile::Builder::new().prefix("e2e-").tempdir()?;
        Ok(Self { simulator, source, folder, n_runs: Cell::new(0), _runtime: runtime })
    }

    /// Steers the simulator.
    #[must_use]
    pub fn control(&self) -> Control {
        self.simulator.control()
    }

    /// Base URL of the simulator.
    #[must_use]
    pub fn autotask_url(&self) -> String {
        self.simulator.base_url()
    }

    /// The simulator as the oracle sees it.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What the simulator counted since the last reset.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.control().counters()
    }

    /// A day goes by, and the counters start anew.
    pub fn next_day(&self) {
        self.control().advance_clock_ms(DAY_MS);
        self.control().reset_counters();
    }

    /// Does something once the simulator has seen so many calls since the last reset.
    pub fn after_requests(&self, n_requests: u64, act: impl FnOnce(&Control) + Send + 'static) -> Watch {
        Watch::start(&self.control(), move |counters| counters.requests >= n_requests, act)
    }

    /// Everything that this world leaves on disk: the state and the output of each run.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The state folder.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.folder().join("state")
    }

    /// The first load, with everything that can be pulled.
    #[must_use]
    pub fn initial(&self) -> Invocation {
        self.initial_of("contracts,tickets,opportunities")
    }

    /// The first load, with these besides what is always pulled.
    #[must_use]
    pub fn initial_of(&self, pull: &str) -> Invocation {
        self.sync("initial", pull).with("--state").with(self.state())
    }

    /// A first load that leaves nothing but its export.
    #[must_use]
    pub fn initial_in_memory(&self) -> Invocation {
        self.sync("initial", "contracts,tickets,opportunities").with("--memory")
    }

    /// A night, with everything that can be pulled.
    #[must_use]
    pub fn nightly(&self) -> Invocation {
        self.nightly_of("contracts,tickets,opportunities")
    }

    /// A night, with these besides what is always pulled.
    #[must_use]
    pub fn nightly_of(&self, pull: &str) -> Invocation {
        self.sync("nightly", pull).with("--state").with(self.state())
    }

    /// Any other call of `lci`, with the environment that it needs.
    #[must_use]
    pub fn invoke(&self, arguments: &[&str]) -> Invocation {
        let config = self.control().config();
        let invocation = Invocation::new(&self.next_folder(), arguments);
        invocation.env(CODE_ENV, INTEGRATION_CODE).env(PASSWORD_ENV, &config.password)
    }

    fn sync(&self, kind: &str, pull: &str) -> Invocation {
        let (url, user) = (self.simulator.base_url(), self.control().config().user);
        let arguments = [
            "sync",
            "--kind",
            kind,
            "--tenant",
            TENANT,
            "--username",
            &user,
            "--password-env",
            PASSWORD_ENV,
            "--autotask-url",
            &url,
        ];
        let invocation = self.invoke(&arguments);
        let folder = self.folder().join(format!("run-{}", self.n_runs.get()));
        let invocation = invocation.with("--report").with(folder.join("report.json"));
        let invocation = invocation.with("--export").with(folder.join("export"));
        if pull.is_empty() { invocation } else { invocation.with("--pull").with(pull) }
    }

    fn next_folder(&self) -> PathBuf {
        self.n_runs.set(self.n_runs.get() + 1);
        self.folder().join(format!("run-{}", self.n_runs.get()))
    }

    /// Exports an entity out of the state folder and gives the file.
    ///
    /// # Errors
    /// `lci export` does not end well.
    pub fn export(&self, entity: Exported) -> anyhow::Result<PathBuf> {
        let invocation = self.invoke(&["export", "--tenant", TENANT, "--entity", entity.name()]);
        let file = self.folder().join(format!("run-{}", self.n_runs.get())).join("export.jsonl");
        invocation.with("--state").with(self.state()).with("--out").with(&file).run()?.exited(0)?;
        Ok(file)
    }

    /// Compares the export of a run with the truth of now.
    ///
    /// # Errors
    /// There is no export of the entity.
    pub fn compare(&self, outcome: &Outcome, entity: Exported) -> anyhow::Result<Comparison> {
        compare(entity, &outcome.export(entity), &self.source, &self.source.labels()?)
    }

    /// Goes on if the exports of a run are the truth.
    ///
    /// # Errors
    /// The differences.
    pub fn check_equal(&self, outcome: &Outcome, entities: &[Exported]) -> anyhow::Result<()> {
        for entity in entities {
            let comparison = self.compare(outcome, *entity)?;
            ensure!(comparison.is_equal(), "{} are not the truth: {comparison:?}", entity.name());
        }
        Ok(())
    }

    /// Goes on if what the state folder holds is the truth.
    ///
    /// # Errors
    /// The differences.
    pub fn check_state(&self, entities: &[Exported]) -> anyhow::Result<()> {
        let labels = self.source.labels()?;
        for entity in entities {
            let comparison = compare(*entity, &self.export(*entity)?, &self.source, &labels)?;
            ensure!(comparison.is_equal(), "{} are not the truth: {comparison:?}", entity.name());
        }
        Ok(())
    }
}
