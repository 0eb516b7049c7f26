//! The simulator in a process of its own, so that what it needs is not measured with us.

use crate::Arguments;
use anyhow::{Context, bail};
use autotask_simulator::Counters;
use e2e::{binary, http};
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running simulator; stopped when dropped.
#[derive(Debug)]
pub(crate) struct Service {
    child: Child,
    base_url: String,
}

impl Service {
    /// Starts it and waits until its data are made.
    pub(crate) fn start(arguments: &Arguments, folder: &Path) -> anyhow::Result<Self> {
        let port_file = folder.join("port");
        let mut command = Command::new(binary::fresh("autotask-simulator", "autotask-simulator")?);
        let mut option = |name: &str, value: u64| {
            command.arg(name).arg(value.to_string());
        };
        option("--assets", arguments.assets as u64);
        option("--contacts", arguments.contacts as u64);
        option("--companies", arguments.companies as u64);
        option("--products", arguments.products as u64);
        if arguments.tickets > 0 {
            option("--tickets", arguments.tickets as u64);
        }
        option("--latency-ms", arguments.latency_ms);
        option("--release-lag-ms", arguments.lag_ms);
        option("--seed", arguments.seed);
        // The hour of a customer this large is not what is measured here.
        option("--latency-step-scale", 0);
        command.args(["--listen", "127.0.0.1:0", "--port-file"]).arg(&port_file).stdout(Stdio::null());
        let mut child = command.spawn().context("cannot start the simulator")?;
        let port = port(&mut child, &port_file)?;
        Ok(Self { child, base_url: format!("http://127.0.0.1:{port}") })
    }

    /// Where it listens.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// What it counted since the last reset.
    pub(crate) fn counters(&self) -> anyhow::Result<Counters> {
        Ok(serde_json::from_value(http::get(&self.base_url, "/_control/counters")?)?)
    }

    /// Gives it an order.
    pub(crate) fn order(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        http::post(&self.base_url, &format!("/_control/{path}"), body)
    }

    /// The ids of an entity.
    pub(crate) fn ids(&self, route: &str) -> anyhow::Result<Vec<i64>> {
        let ids = http::get(&self.base_url, &format!("/_control/ids/{route}"))?;
        Ok(ids.as_array().context("no list of ids")?.iter().filter_map(Value::as_i64).collect())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have gone by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn port(child: &mut Child, file: &Path) -> anyhow::Result<u16> {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(300) {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if let Ok(port) = text.trim().parse() {
            return Ok(port);
        }
        if let Some(status) = child.try_wait()? {
            bail!("the simulator ended with {status}");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    // Nobody else knows of it yet.
    child.kill()?;
    bail!("the simulator does not come up")
}
