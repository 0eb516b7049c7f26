//! The tiers and their steps, in the order in which they build upon each other.

use crate::report::{Outcome, Report};
use crate::workspace::Workspace;
use crate::{cargo, clients, gates, process};
use clap::ValueEnum;
use std::process::Command;

/// A group of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Tier {
    /// Pure decisions; seconds
    Core,
    /// The engine on a real wire: simulator, embedded database, third-party clients
    Flows,
    /// Format, lints, docs, dependencies, house rules
    Gates,
}

impl Tier {
    /// The chosen tiers without doubles, in the order of running; all of them when none is chosen.
    pub(crate) fn in_order(chosen: &[Self]) -> Vec<Self> {
        let is_chosen = |tier: &Self| chosen.is_empty() || chosen.contains(tier);
        Self::value_variants().iter().copied().filter(is_chosen).collect()
    }

    /// Runs every step; `tiers` are all that were chosen.
    pub(crate) fn run(self, workspace: &Workspace, tiers: &[Self], report: &mut Report) {
        match self {
            Self::Core => run_tests(self, workspace, tiers, report),
            Self::Flows => {
                run_build(workspace, tiers, report);
                run_tests(self, workspace, tiers, report);
                clients::run(self.name(), workspace, report);
            }
            Self::Gates => gates::run(self.name(), workspace, report),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Flows => "flows",
            Self::Gates => "gates",
        }
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Core => &["shared-core", "automap-scorer", "xtask"],
            Self::Flows => &["shared", "autotask-simulator", "local", "e2e"],
            Self::Gates => &[],
        }
    }
}

/// Runs a command as a step.
pub(crate) fn ran(command: &mut Command) -> anyhow::Result<Outcome> {
    process::run(command).map(Outcome::Ran)
}

/// The flows start `lci` and the simulators as a user would, so the binaries must stand before the tests.
fn run_build(workspace: &Workspace, tiers: &[Tier], report: &mut Report) {
    let has_nextest = cargo::has_nextest(workspace);
    let packages = if has_nextest { packages_of(tiers) } else { Tier::Flows.packages().to_vec() };
    let mut command = cargo::build_command(workspace, &["build", "--bins", "--tests"], &packages);
    report.step(Tier::Flows.name(), "build", || ran(&mut command));
}

fn run_tests(tier: Tier, workspace: &Workspace, tiers: &[Tier], report: &mut Report) {
    if !cargo::has_nextest(workspace) {
        report.step(tier.name(), "tests", || ran(&mut cargo::plain_test(workspace, tier.packages())));
        return;
    }
    let built = packages_of(tiers);
    report.step(tier.name(), "tests", || ran(&mut cargo::nextest(workspace, tier.packages(), &built)));
    // Once, for all: a smaller set would have other features, and so build the dependencies again.
    if tiers.iter().rfind(|tier| !tier.packages().is_empty()) == Some(&tier) {
        report.step(tier.name(), "doc tests", || ran(&mut cargo::doc_test(workspace, &built)));
    }
}

fn packages_of(tiers: &[Tier]) -> Vec<&'static str> {
    tiers.iter().flat_map(|tier| tier.packages().iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::Tier;

    #[test]
    fn tiers_run_once_and_in_order() {
        assert_eq!(Tier::in_order(&[]), [Tier::Core, Tier::Flows, Tier::Gates]);
        assert_eq!(Tier::in_order(&[Tier::Gates, Tier::Core, Tier::Gates]), [Tier::Core, Tier::Gates]);
    }
}
