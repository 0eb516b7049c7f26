//! The tiers and their steps, in the order in which they build upon each other.

use crate::report::{Outcome, Report};
use crate::workspace::Workspace;
use crate::{browser, cargo, clients, deployed, gates, process, sam};
use clap::ValueEnum;
use std::process::Command;

/// What the deployed tier packages; their tests belong to the flows.
const FUNCTIONS: &[&str] = &[
    "settings",
    "test-settings",
    "mappings",
    "auto-map",
    "warranty-writeback",
    "initial-sync",
    "nightly-sync",
];

/// A group of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Tier {
    /// Pure decisions; seconds
    Core,
    /// The engine on a real wire: simulator, embedded database, third-party clients
    Flows,
    /// The admin page: build, checks, and real Chromium on the product
    Browser,
    /// The template and the real programs on an emulator of AWS that enforces their roles
    Deployed,
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
                run_build(self, workspace, tiers, report);
                run_tests(self, workspace, tiers, report);
                clients::run(self.name(), workspace, report);
            }
            Self::Browser => {
                run_build(self, workspace, tiers, report);
                browser::run(self.name(), workspace, report);
            }
            Self::Deployed => {
                run_build(self, workspace, tiers, report);
                run_tests(self, workspace, tiers, report);
                deployed::run(self.name(), workspace, report);
            }
            Self::Gates => {
                gates::run(self.name(), workspace, report);
                sam::gates(self.name(), workspace, report);
            }
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Flows => "flows",
            Self::Browser => "browser",
            Self::Deployed => "deployed",
            Self::Gates => "gates",
        }
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Core => &["shared-core", "automap-scorer", "xtask"],
            Self::Flows => &[
                "shared",
                "settings",
                "test-settings",
                "mappings",
                "auto-map",
                "warranty-writeback",
                "initial-sync",
                "nightly-sync",
                "autotask-simulator",
                "itglue-simulator",
                "local",
                "e2e",
            ],
            Self::Deployed => &["deployed"],
            Self::Browser | Self::Gates => &[],
        }
    }
}

/// Runs a command as a step.
pub(crate) fn ran(command: &mut Command) -> anyhow::Result<Outcome> {
    process::run(command).map(Outcome::Ran)
}

/// Some tests start programs as a user would, so the binaries must stand before the tests.
fn run_build(tier: Tier, workspace: &Workspace, tiers: &[Tier], report: &mut Report) {
    let has_nextest = cargo::has_nextest(workspace);
    let mut packages = if has_nextest { packages_of(tiers) } else { tier.packages().to_vec() };
    let needed = match tier {
        Tier::Deployed => FUNCTIONS,
        // The whole set, so that `lci` has the features that it has in the flows.
        Tier::Browser => Tier::Flows.packages(),
        _ => &[],
    };
    let missing = needed.iter().filter(|package| !packages.contains(package));
    packages.extend(missing.copied().collect::<Vec<_>>());
    let mut command = cargo::build_command(workspace, &["build", "--bins", "--tests"], &packages);
    report.step(tier.name(), "build", || ran(&mut command));
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
        assert_eq!(
            Tier::in_order(&[]),
            [Tier::Core, Tier::Flows, Tier::Browser, Tier::Deployed, Tier::Gates]
        );
        assert_eq!(Tier::in_order(&[Tier::Gates, Tier::Core, Tier::Gates]), [Tier::Core, Tier::Gates]);
    }
}
