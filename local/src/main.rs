//! `lci`: the whole product in one process.
//!
//! Reading order: [`cli`] (the contract), [`sync`] (one run to its end), [`export`], [`auto_map`], [`demo`], [`database`] (embedded
//! DynamoDB), [`state`] (the state folder), [`report`], [`bars`].

mod auto_map;
mod bars;
mod cli;
mod database;
mod demo;
mod exit;
mod export;
mod report;
mod state;
mod sync;
mod template;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
