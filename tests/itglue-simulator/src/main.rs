//! `itglue-simulator` on its own: listens until it is interrupted.

use anyhow::Context;
use clap::Parser;
use itglue_simulator::{ApiKey, Config, KeyState, Region, Simulator};
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::signal::unix::{SignalKind, signal};

/// A stateful IT Glue API that refuses what the real one refuses.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// File that gets the port once the simulator is ready
    #[arg(long)]
    port_file: Option<PathBuf>,
    /// Base that answers name in their links, for a proxy in front
    #[arg(long)]
    public_url: Option<String>,
    /// Decides the data
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File with company names, one a line: most of them become organizations, with noise
    #[arg(long)]
    company_names: Option<PathBuf>,
    /// Organizations that nobody else knows
    #[arg(long, default_value_t = 200)]
    own: usize,
    /// Milliseconds that every answer takes
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// The API key
    #[arg(long)]
    key: Option<String>,
    /// Data center: us, eu or au
    #[arg(long, default_value = "us", value_parser = region)]
    region: Region,
}

fn region(text: &str) -> Result<Region, String> {
    match text {
        "us" => Ok(Region::Us),
        "eu" => Ok(Region::Eu),
        "au" => Ok(Region::Au),
        _ => Err("one of us, eu, au".to_owned()),
    }
}

impl Arguments {
    fn into_config(self) -> anyhow::Result<Config> {
        let company_names = match &self.company_names {
            None => Vec::new(),
            Some(path) => {
                let text = std::fs::read_to_string(path);
                let text = text.with_context(|| format!("cannot read {}", path.display()))?;
                text.lines().map(str::to_owned).collect()
            }
        };
        let mut config = Config {
            listen: self.listen,
            public_url: self.public_url,
            seed: self.seed,
            company_names,
            n_own: self.own,
            latency_ms: self.latency_ms,
            region: self.region,
            ..Config::default()
        };
        for key in &mut config.keys {
            let secret = self.key.clone().unwrap_or_else(|| key.secret.clone());
            *key = ApiKey { secret, region: self.region, state: KeyState::Active, ..key.clone() };
        }
        Ok(config)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let port_file = arguments.port_file.clone();
    // Before anybody can know that we are ready, and so stop us.
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let simulator = Simulator::start(arguments.into_config()?).await?;
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
