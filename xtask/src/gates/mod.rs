//! The gates: format, lints, docs, dependencies, and the rules of the house that no lint knows.

mod dependencies;
mod layers;
mod lengths;
mod licences;
mod machines;
mod pins;
mod sources;
mod wire_names;

use crate::cargo::{build_command, cargo};
use crate::process::Ended;
use crate::report::{Outcome, Report};
use crate::tiers::ran;
use crate::workspace::Workspace;
use anyhow::bail;
use sources::Sources;

/// Runs every gate; the cheap ones first, those that compile last.
pub(crate) fn run(tier: &'static str, workspace: &Workspace, report: &mut Report) {
    report.step(tier, "format", || ran(&mut cargo(workspace, &["fmt", "--all", "--check"])));
    report.step(tier, "licences", || verdict(licences::check(workspace)));
    report.step(tier, "dependencies", || verdict(dependencies::check(workspace)?));
    report.step(tier, "layers", || verdict(layers::check(workspace)?));
    report.step(tier, "pinned versions", || verdict(pins::check(workspace)?));
    report.step(tier, "file lengths", || verdict(lengths::check(&Sources::load(workspace)?)));
    report.step(tier, "wire names", || verdict(wire_names::check(&Sources::load(workspace)?)));
    report.step(tier, "no machine in the files", || verdict(machines::check(&Sources::load(workspace)?)));
    report.step(tier, "clippy", || {
        let mut command = build_command(workspace, &["clippy", "--workspace", "--all-targets"], &[]);
        ran(command.args(["--", "-D", "warnings"]))
    });
    report.step(tier, "docs", || {
        let mut command = build_command(workspace, &["doc", "--workspace", "--no-deps"], &[]);
        ran(command.env("RUSTDOCFLAGS", "-Dwarnings"))
    });
}

/// Passed when there is nothing to complain about.
fn verdict(complaints: Vec<String>) -> anyhow::Result<Outcome> {
    if !complaints.is_empty() {
        bail!("{} complaints:\n  {}", complaints.len(), complaints.join("\n  "));
    }
    Ok(Outcome::Ran(Ended::well()))
}
