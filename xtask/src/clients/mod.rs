//! What others wrote, unmodified and pinned, as a second opinion on the wire: clients against the simulator, a tester of
//! HTTP APIs against `lci serve`.
//!
//! Their scripts and pins are in `tests/e2e/clients`; what they install goes under the target folder, in a folder
//! named after the pins, so an unchanged list is installed once.

mod api;
mod node;
mod python;
mod simulator;
mod started;

use crate::process;
use crate::report::{Outcome, Report};
use crate::workspace::Workspace;
use api::Api;
use python::Tool;
use simulator::Simulator;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the scripts and their pins are, from the root.
const SCRIPTS: &str = "tests/e2e/clients";

/// A client that is ready to run, or the line that installs what it needs.
enum Ready {
    Run(Command),
    Missing(&'static str),
}

/// Runs every third-party client and tester as a step of its own.
pub(crate) fn run(tier: &'static str, workspace: &Workspace, report: &mut Report) {
    report.step(tier, "autotask-client (Python)", || {
        run_client(workspace, python::prepare(workspace, Tool::AutotaskClient)?)
    });
    report.step(tier, "apigrate client (Node)", || run_client(workspace, node::prepare(workspace)?));
    report.step(tier, "schemathesis (Python)", || {
        run_tester(workspace, python::prepare(workspace, Tool::Schemathesis)?)
    });
}

fn run_client(workspace: &Workspace, ready: Ready) -> anyhow::Result<Outcome> {
    let mut command = match ready {
        Ready::Run(command) => command,
        Ready::Missing(line) => return Ok(Outcome::Skipped(line.to_owned())),
    };
    let simulator = Simulator::start(workspace)?;
    counted(command.envs(simulator.environment()))
}

fn run_tester(workspace: &Workspace, ready: Ready) -> anyhow::Result<Outcome> {
    let mut command = match ready {
        Ready::Run(command) => command,
        Ready::Missing(line) => return Ok(Outcome::Skipped(line.to_owned())),
    };
    let api = Api::start(workspace)?;
    counted(command.envs(api.environment()?))
}

/// Runs a command that must end with a line that counts its checks.
///
/// # Errors
/// It cannot be started, or ends without that line.
pub(crate) fn counted(command: &mut Command) -> anyhow::Result<Outcome> {
    let ended = process::run(command)?;
    // A script that dies before its closing line has counted nothing, and must not pass as one check.
    anyhow::ensure!(ended.heard.tally.is_some(), "the client ended without its closing line");
    Ok(Outcome::Ran(ended))
}

fn scripts(workspace: &Workspace) -> PathBuf {
    workspace.root.join(SCRIPTS)
}

/// Installs into `folder` once: the marker is written last, so half an installation is done again.
pub(crate) fn install_once(
    folder: &Path,
    install: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let marker = folder.join(".complete");
    if marker.exists() {
        return Ok(());
    }
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    install()?;
    std::fs::write(marker, "")?;
    Ok(())
}

/// Runs an installer.
///
/// # Errors
/// It cannot be started, or fails.
pub(crate) fn run_installer(command: &mut Command) -> anyhow::Result<()> {
    let ended = process::run(command)?;
    anyhow::ensure!(ended.is_success, "the installation failed");
    Ok(())
}

/// True when there are a Node.js that passes `probe`, and npm.
pub(crate) fn has_node(probe: &str) -> bool {
    process::succeeds(Command::new("node").args(["--eval", probe]))
        && process::succeeds(Command::new("npm").arg("--version"))
}

/// A short name for what was pinned (FNV-1a: it must only be the same tomorrow).
pub(crate) fn fingerprint(parts: &[&[u8]]) -> String {
    let bytes = parts.iter().flat_map(|part| part.iter());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn fingerprints_tell_pins_apart() {
        assert_eq!(fingerprint(&[b"a"]), "af63dc4c8601ec8c");
        assert_ne!(fingerprint(&[b"a==1"]), fingerprint(&[b"a==2"]));
    }
}
