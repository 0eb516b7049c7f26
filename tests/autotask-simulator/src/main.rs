//! `autotask-simulator` on its own: listens until it is interrupted.

use anyhow::Context;
use autotask_simulator::{AuthProfile, Config, DateStyle, Simulator, Sizes, ThreadMode};
use clap::{Parser, ValueEnum};
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::signal::unix::{SignalKind, signal};

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Profile {
    #[value(name = "2023")]
    Year2023,
    #[value(name = "2026")]
    Year2026,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Dates {
    Z,
    Zoneless,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Threads {
    #[value(name = "429")]
    TooMany,
    #[value(name = "500")]
    Error,
}

/// A stateful Autotask REST API that refuses what the real one refuses.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8089")]
    listen: SocketAddr,
    /// File that gets the port once the simulator is ready
    #[arg(long)]
    port_file: Option<PathBuf>,
    /// Base that answers name in their URLs, for a proxy in front
    #[arg(long)]
    public_url: Option<String>,
    /// Decides the data
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Companies besides the one with id 0
    #[arg(long, default_value_t = 200)]
    companies: usize,
    /// Contacts
    #[arg(long, default_value_t = 1_000)]
    contacts: usize,
    /// Configuration items
    #[arg(long, default_value_t = 5_000)]
    assets: usize,
    /// Products
    #[arg(long, default_value_t = 120)]
    products: usize,
    /// Contracts
    #[arg(long, default_value_t = 300)]
    contracts: usize,
    /// Tickets
    #[arg(long, default_value_t = 500)]
    tickets: usize,
    /// Opportunities
    #[arg(long, default_value_t = 100)]
    opportunities: usize,
    /// Resources
    #[arg(long, default_value_t = 25)]
    resources: usize,
    /// The simulated instant at start
    #[arg(long)]
    start_at: Option<String>,
    /// Stop the simulated clock
    #[arg(long)]
    freeze_clock: bool,
    /// Milliseconds that every answer takes
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// Milliseconds that a count takes [default: as every answer]
    #[arg(long)]
    count_latency_ms: Option<u64>,
    /// Milliseconds that a thread slot stays taken after its answer
    #[arg(long, default_value_t = 0)]
    release_lag_ms: u64,
    /// Concurrent calls per integration code and entity; 0 for no limit
    #[arg(long, default_value_t = 3)]
    thread_limit: usize,
    /// Status of the call above the thread limit
    #[arg(long, value_enum, default_value = "429")]
    thread_mode: Threads,
    /// Calls per rolling hour
    #[arg(long, default_value_t = 10_000)]
    hourly_limit: u64,
    /// Calls per hour of other integrations
    #[arg(long, default_value_t = 0)]
    foreign_calls_per_hour: u64,
    /// Multiplies the latency added near the hourly limit; 0 turns it off
    #[arg(long, default_value_t = 1.0)]
    latency_step_scale: f64,
    /// The API user
    #[arg(long)]
    user: Option<String>,
    /// Its password
    #[arg(long)]
    password: Option<String>,
    /// The only integration code accepted [default: any]
    #[arg(long)]
    integration_code: Option<String>,
    /// How wrong credentials are answered
    #[arg(long, value_enum, default_value = "2026")]
    auth_profile: Profile,
    /// Wrong secrets in a row that lock the user; 0 for never
    #[arg(long, default_value_t = 5)]
    lockout_after: u32,
    /// How instants are written
    #[arg(long, value_enum, default_value = "z")]
    date_style: Dates,
}

impl Arguments {
    fn into_config(self) -> Config {
        let defaults = Config::default();
        Config {
            listen: self.listen,
            public_url: self.public_url,
            seed: self.seed,
            sizes: Sizes {
                companies: self.companies,
                contacts: self.contacts,
                assets: self.assets,
                products: self.products,
                contracts: self.contracts,
                tickets: self.tickets,
                opportunities: self.opportunities,
                resources: self.resources,
            },
            start_at: self.start_at.unwrap_or(defaults.start_at),
            is_clock_frozen: self.freeze_clock,
            latency_ms: self.latency_ms,
            count_latency_ms: self.count_latency_ms,
            release_lag_ms: self.release_lag_ms,
            thread_limit: self.thread_limit,
            thread_mode: match self.thread_mode {
                Threads::TooMany => ThreadMode::TooMany429,
                Threads::Error => ThreadMode::Error500,
            },
            hourly_limit: self.hourly_limit,
            foreign_calls_per_hour: self.foreign_calls_per_hour,
            latency_step_scale: self.latency_step_scale,
            user: self.user.unwrap_or(defaults.user),
            password: self.password.unwrap_or(defaults.password),
            integration_code: self.integration_code,
            auth_profile: match self.auth_profile {
                Profile::Year2023 => AuthProfile::Year2023,
                Profile::Year2026 => AuthProfile::Year2026,
            },
            lockout_after: self.lockout_after,
            date_style: match self.date_style {
                Dates::Z => DateStyle::Z,
                Dates::Zoneless => DateStyle::Zoneless,
            },
            ..Config::default()
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let port_file = arguments.port_file.clone();
    // Before anybody can know that we are ready, and so stop us.
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let simulator = Simulator::start(arguments.into_config()).await?;
    let base_url = simulator.base_url();
    if let Some(path) = port_file {
        let port = base_url.rsplit(':').next().unwrap_or_default();
        std::fs::write(&path, port).with_context(|| format!("cannot write {}", path.display()))?;
    }
    writeln!(std::io::stdout().lock(), "{}", serde_json::json!({ "base_url": base_url }))?;
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    Ok(())
}
