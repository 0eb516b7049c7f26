//! The deployed tier: the template and the real programs on an emulator of AWS that enforces their roles.

use crate::package;
use crate::process;
use crate::report::{Outcome, Report};
use crate::venv;
use crate::workspace::Workspace;
use std::process::Command;

/// The profile of what the tiers build.
const PROFILE: &str = "ci";

/// The function with the largest program; one is enough to see that packaging works, and seven take too long.
const LARGEST: &str = "nightly-sync";

/// Packages, starts everything and runs the checks; the program that does so ends with a line that counts them.
pub(crate) fn run(tier: &'static str, workspace: &Workspace, report: &mut Report) {
    report.step(tier, "package", || packaged(workspace));
    report.step(tier, "stack", || checked(workspace));
    report.step(tier, "package for deployment", || packaged_for_deployment(workspace));
}

/// As `cargo xtask package` makes it, for this machine's processor: size and libraries are judged.
fn packaged_for_deployment(workspace: &Workspace) -> anyhow::Result<Outcome> {
    let Some(arch) = package::Architecture::of_host() else {
        return Ok(Outcome::Skipped("Lambda has no machines with this processor".to_owned()));
    };
    package::package(workspace, &package::Options::of_one(arch, LARGEST))?;
    Ok(Outcome::Ran(process::Ended::well()))
}

fn packaged(workspace: &Workspace) -> anyhow::Result<Outcome> {
    package::package_built(workspace, &workspace.target.join(PROFILE))?;
    Ok(Outcome::Ran(process::Ended::well()))
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
    anyhow::ensure!(ended.heard.tally.is_some(), "the checks ended without their closing line");
    Ok(Outcome::Ran(ended))
}
