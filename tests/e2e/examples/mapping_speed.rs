//! How long each route of the mappings takes at 5,000 companies, 500 asset types and 200,000 assets.
//!
//! `cargo run --release -p e2e --example mapping_speed` builds nothing but itself: build `lci` with the same profile first.
//! Exits with 1 if a route's slowest answer is over the bound.

use std::process::ExitCode;

use e2e::http;
use e2e::served::{Serve, Served};
use e2e::stopwatch::{Timed, time};
use serde_json::{Value, json};

/// Slowest answer that is good enough, in milliseconds.
const BOUND_MS: f64 = 300.0;
/// Asset types besides those that the simulator has.
const N_TYPES: usize = 490;
/// Calls of each route.
const N_CALLS: usize = 15;
const BASE: &str = "/v1/integrations/autotask";

fn main() -> anyhow::Result<ExitCode> {
    let size = std::env::args().nth(1).unwrap_or_else(|| "large".to_owned());
    let folder = tempfile::tempdir()?;
    let serve = Serve::demo_of(folder.path(), &size);
    let served = serve.start()?;
    let token = serve.token("admin")?;
    add_types(served.simulator().unwrap_or_default())?;
    let draft =
        json!({"active": true, "username": "lciapi@demo.example", "password": "demo-password", "version": 0});
    served.save(&token, &draft)?;
    served.loaded(&token)?;
    let types = served.get(&token, &format!("{BASE}/asset-types"))?;
    let companies = served.get(&token, &format!("{BASE}/companies?limit=1"))?;
    say(&format!(
        "{} types, {} companies",
        types["rows"].as_array().map_or(0, Vec::len),
        companies["counters"]["all"]
    ));
    let is_good = measure(&served, &token, &types, &companies)?;
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// New types, each with an asset of its own.
fn add_types(simulator: &str) -> anyhow::Result<()> {
    for number in 0..N_TYPES {
        let fields = json!({"name": format!("Special device {number}"), "isActive": true});
        let insert = json!({"op": "insert", "entity": "ConfigurationItemTypes", "fields": fields});
        let id = http::post(simulator, "/_control/edits", &insert)?["id"].clone();
        let fields = json!({"companyID": 0, "referenceTitle": format!("SPECIAL-{number}"), "isActive": true, "configurationItemType": id});
        http::post(
            simulator,
            "/_control/edits",
            &json!({"op": "insert", "entity": "ConfigurationItems", "fields": fields}),
        )?;
    }
    Ok(())
}

fn measure(served: &Served, token: &str, types: &Value, companies: &Value) -> anyhow::Result<bool> {
    let key = types["rows"][0]["key"].clone();
    let change = json!({"version": types["version"], "changes": [{"key": key, "choice": "ignore"}]});
    let company = companies["rows"][0]["key"].as_str().unwrap_or_default().to_owned();
    let activate =
        json!({"version": companies["version"], "changes": [{"key": company, "choice": "inactive"}]});
    let none = Value::Null;
    let routes: [(&str, String, &Value); 10] = [
        ("GET", format!("{BASE}/asset-types"), &none),
        ("POST", format!("{BASE}/asset-types/preview"), &change),
        ("GET", format!("{BASE}/asset-statuses"), &none),
        ("GET", format!("{BASE}/companies?limit=100"), &none),
        ("GET", format!("{BASE}/companies?limit=1000"), &none),
        ("GET", format!("{BASE}/companies?search=north&filter=active"), &none),
        ("POST", format!("{BASE}/companies/preview"), &activate),
        ("GET", format!("{BASE}/companies/versions"), &none),
        ("GET", format!("{BASE}/why-missing?query=SPECIAL-17"), &none),
        ("GET", format!("{BASE}/inbox"), &none),
    ];
    let mut is_good = true;
    for (method, path, body) in routes {
        let route = Timed { method, path, body, status: 200 };
        let (median, slowest) = time(served, token, &route, N_CALLS)?;
        is_good &= slowest <= BOUND_MS;
        say(&format!("{median:7.0} ms median {slowest:7.0} ms slowest  {method} {}", route.path));
    }
    Ok(is_good)
}

#[expect(clippy::print_stdout, reason = "what this program is for")]
fn say(text: &str) {
    println!("{text}");
}
