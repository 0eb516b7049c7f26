//! `lci`: the whole product in one process.
//!
//! Reading order: [`cli`] (the contract), [`sync`] (one run to its end), [`export`], [`demo`], [`database`] (embedded
//! DynamoDB), [`aws`] (SQS, SES and Secrets Manager on loopback), [`state`] (the state folder), [`report`], [`bars`].

#[cfg_attr(
    not(test),
    expect(dead_code, unused_imports, reason = "nothing serves the functions in this process yet")
)]
mod aws;
mod bars;
mod cli;
mod database;
mod demo;
mod exit;
mod export;
mod form;
mod functions;
#[cfg_attr(not(test), expect(dead_code, reason = "used by `lci serve`, which is not there yet"))]
mod gateway;
#[cfg_attr(not(test), expect(dead_code, reason = "used by `lci serve`, which is not there yet"))]
mod issuer;
mod openapi;
mod report;
mod state;
mod sync;
mod template;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
