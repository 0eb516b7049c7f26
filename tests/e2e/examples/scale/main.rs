//! Measures a whole `lci sync` against a simulator in a process of its own, and verifies every row.
//!
//! ```text
//! cargo run --release -p e2e --example scale -- --assets 200000 --contacts 20000 --companies 5000 \
//!     --latency-ms 200 --lag-ms 20 --night
//! ```
//!
//! Exits with 1 when an export is not the truth or a night does not find exactly what changed.

#![expect(clippy::print_stdout, reason = "a command whose output is its purpose")]

mod night;
mod service;
mod watched;

use anyhow::Context;
use clap::Parser;
use e2e::compare::compare;
use e2e::lci::{CODE_ENV, Invocation, PASSWORD_ENV, TENANT};
use e2e::oracle::{Exported, Source};
use service::Service;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use watched::Watched;

/// How long a measured run may take.
const PATIENCE: Duration = Duration::from_secs(2 * 3_600);

/// Pulls a large customer once, and compares it row for row.
#[derive(Debug, Parser)]
struct Arguments {
    /// Configuration items
    #[arg(long, default_value_t = 200_000)]
    assets: usize,
    /// Contacts
    #[arg(long, default_value_t = 20_000)]
    contacts: usize,
    /// Companies
    #[arg(long, default_value_t = 5_000)]
    companies: usize,
    /// Products
    #[arg(long, default_value_t = 400)]
    products: usize,
    /// Tickets, pulled as well if there are any
    #[arg(long, default_value_t = 0)]
    tickets: usize,
    /// Milliseconds that every answer takes
    #[arg(long, default_value_t = 200)]
    latency_ms: u64,
    /// Milliseconds that a thread slot stays taken after its answer
    #[arg(long, default_value_t = 20)]
    lag_ms: u64,
    /// Decides the data
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep the database on disk in the first load, too
    #[arg(long)]
    disk: bool,
    /// Also run on a state folder, then a quiet night and one with edits
    #[arg(long)]
    night: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let folder = tempfile::Builder::new().prefix("scale-").tempdir()?;
    let service = Service::start(&arguments, folder.path())?;
    let source = Source::meet(service.base_url(), &autotask_simulator::Config::default())?;
    service.order("counters/reset", &serde_json::json!({}))?;
    println!(
        "{} assets, {} contacts, {} companies, {} tickets",
        arguments.assets, arguments.contacts, arguments.companies, arguments.tickets
    );
    let initial = sync(&service, &folder.path().join("initial"), "initial");
    let mut initial = if arguments.disk {
        initial.with("--state").with(folder.path().join("first"))
    } else {
        initial.with("--memory")
    };
    if arguments.tickets > 0 {
        initial = initial.with("--pull").with("tickets");
    }
    let watched = Watched::run(&initial)?;
    println!("\nfirst load {}", if arguments.disk { "on disk" } else { "in memory" });
    print_pace(&arguments, &watched)?;
    print_costs(&service, &watched)?;
    let mut is_right = is_truth(&source, &watched)?;
    if arguments.tickets > 0 {
        is_right &= is_equal(Exported::Tickets, &source, &watched)?;
    }
    if arguments.night {
        is_right &= night::measure(&arguments, &service, &source, folder.path())?;
    }
    println!("{}", if is_right { "everything is as it must be" } else { "NOT as it must be" });
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A call of `lci sync` whose output goes to a folder.
fn sync(service: &Service, folder: &Path, kind: &str) -> Invocation {
    let config = autotask_simulator::Config::default();
    let arguments = ["sync", "--kind", kind, "--tenant", TENANT, "--username", &config.user];
    Invocation::new(folder, &arguments)
        .with("--password-env")
        .with(PASSWORD_ENV)
        .with("--autotask-url")
        .with(service.base_url())
        .with("--report")
        .with(folder.join("report.json"))
        .with("--export")
        .with(folder.join("export"))
        .env(CODE_ENV, "scale")
        .env(PASSWORD_ENV, &config.password)
        .patience(PATIENCE)
}

/// Prints how long a first load took, and how long it must take at least.
fn print_pace(arguments: &Arguments, watched: &Watched) -> anyhow::Result<()> {
    // Endpoints are read side by side: the largest one decides.
    let n_rounds = arguments.assets.max(arguments.tickets).div_ceil(500).div_ceil(3) as u64;
    let floor_ms = n_rounds * (arguments.latency_ms + arguments.lag_ms);
    let show =
        |ms: u64| format!("{:.2} s = {:.3} x floor", ms as f64 / 1e3, ms as f64 / floor_ms.max(1) as f64);
    print_row("floor", format!("{:.2} s: {n_rounds} rounds of 3 pages", floor_ms as f64 / 1e3));
    print_row("wall of the run", show(watched.outcome.report()?.number("/wall_ms")?));
    print_row("wall of the process", show(u64::try_from(watched.outcome.took.as_millis())?));
    Ok(())
}

/// Prints what a run cost.
fn print_costs(service: &Service, watched: &Watched) -> anyhow::Result<()> {
    let (report, counters) = (watched.outcome.report()?, service.counters()?);
    let max_in_flight = counters.by_endpoint.values().map(|seen| seen.max_in_flight).max().unwrap_or(0);
    let reported_mb = report.number("/peak_rss_bytes")? as f64 / 1e6;
    let units = |name: &str| report.at(name).map(ToString::to_string);
    print_row("exit code", format!("{:?}", watched.outcome.code));
    print_row(
        "peak RSS",
        format!("{reported_mb:.1} MB reported, {:.1} MB seen", watched.peak_bytes as f64 / 1e6),
    );
    print_row("most calls under way", format!("{max_in_flight} per endpoint"));
    print_row("thread rejections", counters.thread_rejections.to_string());
    print_row("requests", format!("{} counted, {} reported", counters.requests, report.n_requests()?));
    print_row("store write units", units("/dynamodb/write_units")?);
    print_row("store read units", units("/dynamodb/read_units")?);
    print_row("store requests", units("/dynamodb/requests")?);
    print_row("waited", format!("{} ms", report.number("/waited_ms")?));
    Ok(())
}

fn print_row(name: &str, value: String) {
    println!("  {name:<22}{value}");
}

/// Compares all exports of a run with the truth of now.
fn is_truth(source: &Source, watched: &Watched) -> anyhow::Result<bool> {
    let mut is_truth = watched.outcome.code == Some(0);
    for entity in Exported::CORE {
        is_truth &= is_equal(*entity, source, watched)?;
    }
    Ok(is_truth)
}

fn is_equal(entity: Exported, source: &Source, watched: &Watched) -> anyhow::Result<bool> {
    let file = watched.outcome.export(entity);
    let comparison = compare(entity, &file, source, &source.labels()?).context("no comparison")?;
    let verdict = if comparison.is_equal() { "equal to the truth" } else { "DIFFERENT" };
    print_row(entity.name(), format!("{} rows, {verdict}", comparison.n_equal));
    if !comparison.is_equal() {
        let (missing, extra) = (comparison.missing.len(), comparison.extra.len());
        let wrong = comparison.n_wrong;
        println!("    {missing} missing, {extra} extra, {wrong} wrong: {:?}", comparison.shown);
    }
    Ok(comparison.is_equal())
}
