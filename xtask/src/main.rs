//! Repository tasks: `cargo xtask test` runs the tiers that CI runs, word for word.
//!
//! Nothing here knows the product; it starts cargo and the third-party clients, reads their closing lines, and
//! checks the rules of the house on the source tree and the dependency graph.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks on its standard streams"
)]

mod browser;
mod cargo;
mod clients;
mod deployed;
mod gates;
mod package;
mod page;
mod process;
mod report;
mod sam;
mod tally;
mod tiers;
mod venv;
mod workspace;

use crate::report::Report;
use crate::tiers::Tier;
use crate::workspace::Workspace;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Repository tasks
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run the test tiers; with CI=true a skipped step is a failure
    Test {
        /// Tiers to run [default: all]
        #[arg(long = "tier", value_enum, num_args = 1.., value_delimiter = ',')]
        tiers: Vec<Tier>,
    },
    /// Build the functions and package each as a zip for Lambda
    Package(package::Options),
    /// Package, then `sam build` and `sam deploy`, then send the admin page; what follows -- goes to `sam deploy`
    Deploy(sam::Deploy),
}

fn main() -> anyhow::Result<ExitCode> {
    let task = Arguments::parse().task;
    let workspace = Workspace::load()?;
    match task {
        Task::Test { tiers } => return Ok(test(&workspace, &Tier::in_order(&tiers))),
        Task::Package(options) => package::package(&workspace, &options).map(drop)?,
        Task::Deploy(wanted) => sam::deploy(&workspace, &wanted)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn test(workspace: &Workspace, tiers: &[Tier]) -> ExitCode {
    let mut report = Report::new(is_skip_a_failure());
    for tier in tiers {
        tier.run(workspace, tiers, &mut report);
    }
    report.print();
    if report.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn is_skip_a_failure() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}
