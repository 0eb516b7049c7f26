//! The deployed tier: the template and the real programs on an emulator of AWS that enforces their roles.

use crate::package;
use crate::process;
use crate::report::{Outcome, Report};
use crate::venv;
use crate::workspace::Workspace;
use std::process::Command;

/// The profile of what the tiers build.
const PROFILE: &str = "ci";

/// Packages, starts everything and runs the checks; the program that does so ends with a line that counts them.
pub(crate) fn run(tier: &'static str, workspace: &Workspace, report: &mut Report) {
    report.step(tier, "package", || packaged(workspace));
    report.step(tier, "stack", || checked(workspace));
}

fn packaged(workspace: &Workspace) -> anyhow::Result<Outcome> {
    package::package_built(workspace, &workspace.target.join(PROFILE))?;
    Ok(Outcome::Ran(process::Ended { is_success: true, tally: None }))
}

fn checked(workspace: &Workspace) -> anyhow::Result<Outcome> {
    let missing = || Outcome::Skipped(venv::MISSING.to_owned());
    let Some(emulator) = venv::programs(workspace, "emulator")? else { return Ok(missing()) };
    let Some(sam) = venv::programs(workspace, "sam")? else { return Ok(missing()) };
    let mut command = Command::new(workspace.target.join(PROFILE).join("deployed"));
    command.arg("--emulator-python").arg(emulator.join("python"));
    command.arg("--sam").arg(sam.join("sam"));
    command.arg("--packages").arg(workspace.target.join("package"));
    command.arg("--root").arg(&workspace.root).current_dir(&workspace.root);
    let ended = process::run(&mut command)?;
    // A program that dies before its closing line has counted nothing, and must not pass as one check.
    anyhow::ensure!(ended.tally.is_some(), "the checks ended without their closing line");
    Ok(Outcome::Ran(ended))
}
