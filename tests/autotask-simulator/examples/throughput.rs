//! Prints how many rows per second the simulator serves over its socket, and how much memory it takes.
//!
//! `cargo run --release -p autotask-simulator --example throughput`

use anyhow::{Context, bail};
use autotask_simulator::{Config, Entity, Simulator, Sizes};
use std::io::Write;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const FIELDS: &str = r#"["id","companyID","contactID","contractID","productID","configurationItemType","configurationItemCategoryID","referenceTitle","referenceNumber","serialNumber","location","notes","isActive","installDate","warrantyExpirationDate","createDate","lastModifiedTime","rmmDeviceID","rmmDeviceAuditHostname","rmmDeviceAuditLastUser","rmmDeviceAuditOperatingSystem","rmmDeviceAuditMemoryBytes","rmmDeviceAuditStorageBytes","rmmDeviceAuditMissingPatchCount","rmmDeviceAuditManufacturerID","rmmDeviceAuditModelID","rmmDeviceAuditDeviceTypeID","hourlyCost","dailyCost","monthlyCost"]"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let sizes = Sizes { companies: 5_000, contacts: 20_000, assets: 200_000, ..Sizes::default() };
    let before_bytes = resident_bytes();
    let started = Instant::now();
    let config = Config { sizes, latency_step_scale: 0.0, hourly_limit: u64::MAX, ..Config::default() };
    let simulator = Simulator::start(config.clone()).await?;
    let seeded = started.elapsed();
    let taken_bytes = resident_bytes().saturating_sub(before_bytes);
    let n_assets = simulator.control().ids(Entity::ConfigurationItems).len();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{n_assets} assets made in {seeded:?}, {} MB resident", taken_bytes / 1_000_000)?;
    for encoding in ["identity", "gzip"] {
        let started = Instant::now();
        let n_rows = walk(&simulator.base_url(), &config, encoding).await?;
        let seconds = started.elapsed().as_secs_f64();
        writeln!(
            out,
            "{encoding}: {n_rows} rows of 30 fields in {seconds:.2} s, {:.0} rows/s",
            n_rows as f64 / seconds
        )?;
    }
    Ok(())
}

/// Walks over all assets on one connection; the client's share of the work is only to find the last id.
async fn walk(base_url: &str, config: &Config, encoding: &str) -> anyhow::Result<usize> {
    let mut stream = TcpStream::connect(base_url.trim_start_matches("http://")).await?;
    let (mut n_rows, mut after_id) = (0, 0);
    loop {
        let body = format!(
            r#"{{"MaxRecords":500,"IncludeFields":{FIELDS},"filter":[{{"op":"gt","field":"id","value":{after_id}}}]}}"#
        );
        let head = format!(
            "POST /atservicesrest/v1.0/ConfigurationItems/query HTTP/1.1\r\nHost: x\r\nUserName: {}\r\nSecret: {}\r\nApiIntegrationCode: c\r\nAccept-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n",
            config.user,
            config.password,
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).await?;
        let answer = read_answer(&mut stream).await?;
        let answer = if answer.starts_with(b"{") { answer } else { gunzip(&answer)? };
        let ids = ids_of(&answer);
        n_rows += ids.len();
        match ids.last() {
            Some(last_id) if ids.len() == 500 => after_id = *last_id,
            _ => return Ok(n_rows),
        }
    }
}

async fn read_answer(stream: &mut TcpStream) -> anyhow::Result<Vec<u8>> {
    let mut buffer = Vec::with_capacity(1 << 20);
    loop {
        let n_read = stream.read_buf(&mut buffer).await?;
        if n_read == 0 {
            bail!("connection closed");
        }
        let Some(head_length) = buffer.windows(4).take(2000).position(|w| w == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(buffer.get(..head_length).unwrap_or_default()).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.context("no length")?.trim().parse()?;
        let start = head_length + 4;
        while buffer.len() < start + length {
            if stream.read_buf(&mut buffer).await? == 0 {
                bail!("connection closed");
            }
        }
        return Ok(buffer.split_off(start));
    }
}

fn gunzip(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut decoder = flate2::write::GzDecoder::new(Vec::new());
    decoder.write_all(bytes)?;
    Ok(decoder.finish()?)
}

fn ids_of(body: &[u8]) -> Vec<i64> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let digits = |rest: &str| rest.split(',').next().and_then(|digits| digits.parse().ok());
    text.split("{\"id\":").skip(1).filter_map(digits).collect()
}

fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) * 1024
}
