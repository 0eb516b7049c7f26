//! The simulated Autotask of the demo, and a day of changes in it.

use autotask_simulator::{Config, Control, Edit, Entity as Source, Sizes};
use serde_json::json;
use shared_core::counts::Counts;

use crate::cli::SizeArg;

/// API user of the simulated Autotask.
pub(crate) const USER: &str = "lciapi@demo.example";
/// Its password.
pub(crate) const PASSWORD: &str = "demo-password";

/// A simulated Autotask whose clock begins now.
pub(crate) fn source(size: SizeArg) -> anyhow::Result<Config> {
    let (companies, contacts, assets) = match size {
        SizeArg::Small => (50, 400, 2_000),
        SizeArg::Medium => (500, 2_000, 20_000),
        SizeArg::Large => (5_000, 20_000, 200_000),
    };
    Ok(Config {
        sizes: Sizes { companies, contacts, assets, ..Sizes::default() },
        start_at: jiff::Timestamp::now().round(jiff::Unit::Second)?.to_string(),
        latency_ms: 150,
        release_lag_ms: 20,
        user: USER.to_owned(),
        password: PASSWORD.to_owned(),
        ..Config::default()
    })
}

/// Changes upstream; answers what the night should count for assets.
pub(super) fn day_of_changes(control: &Control) -> anyhow::Result<Counts> {
    let assets = control.ids(Source::ConfigurationItems);
    let every = (assets.len() / 40).max(1);
    let picked: Vec<i64> = assets.iter().copied().step_by(every).take(40).collect();
    let (edited, rest) = picked.split_at(30);
    for &id in edited {
        control.update(Source::ConfigurationItems, id, json!({"location": "Rack 7, moved today"}))?;
    }
    let (gone, moved) = rest.split_at(3);
    for &id in gone {
        control.delete(Source::ConfigurationItems, id)?;
    }
    let company_id = control.ids(Source::Companies).last().copied().unwrap_or(0);
    control.apply(&Edit::MoveCompany { id: moved[0], company_id })?;
    for n in 0..5 {
        let name = format!("NEW-LAPTOP-{n}");
        let asset = json!({"companyID": company_id, "referenceTitle": name, "isActive": true});
        control.insert(Source::ConfigurationItems, asset)?;
    }
    Ok(Counts { created: 5, updated: 31, tombstoned: 3, ..Counts::default() })
}
