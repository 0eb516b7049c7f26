//! `lci`: the whole product in one process.
//!
//! Reading order: [`cli`] (the contract), [`sync`] (one run to its end), [`announce`] (its mail), [`export`],
//! [`auto_map`], [`demo`], [`database`] (embedded DynamoDB), [`aws`] (SQS, SES and Secrets Manager on loopback), [`state`] (the state folder), [`report`], [`bars`];
//! of [`serve`] and [`invoke`] [`host`] (every function with its outside world), [`issuer`] (tokens), [`gateway`] (HTTP),
//! [`functions`] (their routes), [`openapi`], [`page`] (the admin page).

mod announce;
mod auto_map;
mod aws;
mod bars;
mod cli;
mod database;
mod demo;
mod exit;
mod export;
mod form;
mod functions;
mod gateway;
mod host;
mod invoke;
mod issuer;
mod openapi;
mod page;
mod report;
mod serve;
mod state;
mod sync;
mod template;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
