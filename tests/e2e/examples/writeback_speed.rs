//! How long each route of the write-back takes with a date for every asset: 200,000 of them, or 50,000 with `50000`.
//!
//! `cargo run --release -p e2e --example writeback_speed [number of assets]` builds nothing but itself: build `lci` with the
//! same profile first. Exits with 1 if a route that people wait for at every step is over the bound.

use std::process::ExitCode;

use anyhow::Context;
use autotask_simulator::{Config, Entity, Simulator, Sizes};
use e2e::served::{Serve, Served};
use e2e::stopwatch::{Timed, time};
use serde_json::{Value, json};

/// Slowest page that is good enough, in milliseconds.
const PAGE_BOUND_MS: f64 = 300.0;
/// What reads all assets may take, in milliseconds: the gateway ends a call after 30 seconds.
const WHOLE_BOUND_MS: f64 = 15_000.0;
/// Rows of one handing over.
const BATCH: usize = 5_000;
const BASE: &str = "/v1/integrations/autotask/warranty-writeback";

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let n_assets: usize = std::env::args().nth(1).map_or(Ok(200_000), |text| text.parse())?;
    let sizes = Sizes { assets: n_assets, companies: 5_000, contacts: 100, ..Sizes::default() };
    let simulator = Simulator::start(Config { sizes, hourly_limit: 1_000_000, ..Config::small() }).await?;
    let control = simulator.control();
    let (config, ids, now) = (control.config(), control.ids(Entity::ConfigurationItems), control.now());
    let is_good = tokio::task::spawn_blocking(move || {
        let folder = tempfile::tempdir()?;
        let serve = Serve::against(folder.path(), &simulator.base_url())
            .env("AUTOTASK_INTEGRATION_CODE", "simulated");
        let served = serve.start()?;
        let token = serve.token("admin")?;
        let draft = json!({"active": true, "username": config.user, "password": config.password, "version": 0,
            "warranty_write_back": true});
        served.save(&token, &draft)?;
        served.loaded(&token)?;
        hand_over(&served, &token, &ids, &now)?;
        measure(&served, &token)
    });
    Ok(if is_good.await?? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A date for every asset.
fn hand_over(served: &Served, token: &str, ids: &[i64], now: &str) -> anyhow::Result<()> {
    let mut slowest_ms = 0.0_f64;
    for ids in ids.chunks(BATCH) {
        let row = |id: &i64| {
            json!({"asset_id": id, "date": "2031-07-04", "fetched_at": now,
                "source": {"kind": "vendor", "name": "dell"}})
        };
        let body = json!({"warranties": ids.iter().map(row).collect::<Vec<_>>()});
        let route = Timed { method: "PUT", path: "/v1/warranties".to_owned(), body: &body, status: 200 };
        slowest_ms = slowest_ms.max(time(served, token, &route, 1)?.1);
    }
    say(&format!("{:>9} ms slowest  PUT /v1/warranties with {BATCH} rows", slowest_ms.round()));
    Ok(())
}

fn measure(served: &Served, token: &str) -> anyhow::Result<bool> {
    let none = Value::Null;
    let policy = served.get(token, &format!("{BASE}/policy"))?["policy"].clone();
    let (tried, empty) = (json!({"policy": policy}), json!({}));
    let whole = [("policy/simulate", 200, &tried), ("plans", 201, &empty)];
    let mut is_good = true;
    for (path, status, body) in whole {
        let route = Timed { method: "POST", path: format!("{BASE}/{path}"), body, status };
        is_good &= told(served, token, &route, 3)? <= WHOLE_BOUND_MS;
    }
    let plans = served.get(token, &format!("{BASE}/plans"))?;
    let id = plans["plans"][0]["id"].as_str().context("no plan")?.to_owned();
    say(&format!(
        "a plan of {} rows, {} of them writes",
        plans["plans"][0]["n_rows"], plans["plans"][0]["n_writes"]
    ));
    let middle = cursor_of_the_middle(served, token, &id)?;
    let pages = [
        "plans".to_owned(),
        format!("plans/{id}?limit=100"),
        format!("plans/{id}?limit=1000"),
        format!("plans/{id}?limit=1000&cursor={middle}"),
        format!("plans/{id}?limit=1000&decision=write"),
        format!("journal?limit=1000&plan={id}"),
    ];
    for path in pages {
        let route = Timed { method: "GET", path: format!("{BASE}/{path}"), body: &none, status: 200 };
        is_good &= told(served, token, &route, 15)? <= PAGE_BOUND_MS;
    }
    Ok(is_good)
}

/// Where a page begins that is far from both ends.
fn cursor_of_the_middle(served: &Served, token: &str, id: &str) -> anyhow::Result<String> {
    let mut cursor = String::new();
    for _ in 0..20 {
        let page = served.get(token, &format!("{BASE}/plans/{id}?limit=1000{cursor}"))?;
        let Some(next) = page["cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    Ok(cursor.trim_start_matches("&cursor=").to_owned())
}

fn told(served: &Served, token: &str, route: &Timed<'_>, n_calls: usize) -> anyhow::Result<f64> {
    let (median, slowest) = time(served, token, route, n_calls)?;
    say(&format!("{median:9.0} ms median {slowest:7.0} ms slowest  {} {}", route.method, route.path));
    Ok(slowest)
}

#[expect(clippy::print_stdout, reason = "what this program is for")]
fn say(text: &str) {
    println!("{text}");
}
