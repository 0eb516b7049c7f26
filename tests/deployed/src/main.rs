//! The deployed stack, seen from outside: `cargo xtask test --tier deployed` starts this with everything it needs.
//!
//! Reading order: [`stack`] (what runs, and how it is deployed), [`aws`] (calls of AWS with given credentials), [`api`]
//! (calls of the HTTP API), [`checks`] (what must hold). Nothing here knows how the functions work; what they store is
//! read only to see that they may store it.

#![expect(clippy::print_stdout, reason = "a command-line tool talks on its standard streams")]

mod api;
mod aws;
mod checks;
mod emulator;
mod issuer;
mod sam;
mod stack;
mod tls;

use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::stack::Stack;

/// Checks the deployed stack
#[derive(Debug, Parser)]
pub(crate) struct Tools {
    /// Python with the emulator
    #[arg(long)]
    emulator_python: PathBuf,
    /// The `sam` command
    #[arg(long)]
    sam: PathBuf,
    /// Folder with a folder per function, each with its `bootstrap`
    #[arg(long)]
    packages: PathBuf,
    /// Root of the repository
    #[arg(long)]
    root: PathBuf,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let stack = Stack::start(Tools::parse()).await?;
    let counted = checks::run(&stack).await;
    if counted.n_failed > 0 {
        println!("--- last lines of the emulator\n{}", stack.emulator.last_lines(60)?);
    }
    println!("{} passed, {} failed", counted.n_passed, counted.n_failed);
    Ok(if counted.n_failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
