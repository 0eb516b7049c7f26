//! Repository tasks: `cargo xtask test` runs the tiers that CI runs, word for word.
//!
//! Nothing here knows the product; it starts cargo and the third-party clients, reads their closing lines, and
//! checks the rules of the house on the source tree and the dependency graph.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks on its standard streams"
)]

mod cargo;
mod clients;
mod gates;
mod process;
mod report;
mod tally;
mod tiers;
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
}

fn main() -> anyhow::Result<ExitCode> {
    let Task::Test { tiers } = Arguments::parse().task;
    let tiers = Tier::in_order(&tiers);
    let workspace = Workspace::load()?;
    let mut report = Report::new(is_skip_a_failure());
    for tier in &tiers {
        tier.run(&workspace, &tiers, &mut report);
    }
    report.print();
    Ok(if report.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn is_skip_a_failure() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}
