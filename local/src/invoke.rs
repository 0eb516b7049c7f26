//! `lci invoke`: one call of one function with one event.

use std::sync::Arc;

use anyhow::Context;
use serde_json::Value;

use crate::cli::{InvokeArgs, SizeArg};
use crate::exit::Exit;
use crate::host::Host;
use crate::serve::Upstream;
use crate::state::StateFolder;

pub(crate) async fn run(args: InvokeArgs) -> anyhow::Result<Exit> {
    let json = std::fs::read_to_string(&args.event)
        .with_context(|| format!("failed to read the event {}", args.event.display()))?;
    let event: Value =
        serde_json::from_str(&json).with_context(|| format!("{} is not JSON", args.event.display()))?;
    let folder = StateFolder::lock(&args.state)?;
    let database = folder.database().await?;
    let upstream = Upstream::start(args.demo.then_some(SizeArg::Small), args.autotask_url, None).await?;
    let clock = Arc::clone(&upstream.clock);
    let host = Host::start(Some(&args.state), database, upstream.config, clock, "http://localhost").await?;
    let answer = host.call(&args.function, event).await?;
    show(&serde_json::to_string_pretty(&answer)?);
    Ok(Exit::Done)
}

#[expect(clippy::print_stdout, reason = "the function's answer is the output")]
fn show(answer: &str) {
    println!("{answer}");
}
