//! IT Glue of the demo: the companies of the simulated Autotask as another system would spell them, and a tenant that has
//! them as its primary source.

use std::sync::Arc;

use anyhow::Context;
use autotask_simulator::{Control, Entity as Source};
use itglue_simulator::{Config as ItGlueConfig, Simulator};
use secrecy::SecretString;
use shared::autotask::Patience;
use shared::clock::Clock;
use shared::config::Config;
use shared::itglue::ItGlueClient;
use shared::secrets::Login;
use shared::store::TenantId;
use shared::store::audit::AuditEntry;
use shared::store::itglue::ItGlueSettings;
use shared_core::instant::rfc3339;
use shared_core::itglue::{Listed, Region, merge};
use shared_core::mapping::links::Organization;
use shared_core::settings::PasswordNote;

use crate::host::Host;

/// A simulated IT Glue with organizations for most of the companies, and a few that nobody knows.
pub(crate) async fn it_glue(control: &Control) -> anyhow::Result<Simulator> {
    let config = ItGlueConfig { n_own: 0, ..ItGlueConfig::default() };
    let simulator = Simulator::start(config).await.context("the simulator of IT Glue did not start")?;
    let companies = control.truth(Source::Companies);
    let names = companies.iter().filter_map(|company| company["companyName"].as_str());
    let known = names.enumerate().filter(|(at, _)| at % 7 != 6).map(|(at, name)| spelled(at, name));
    let unknown =
        ["Quillfeather Orchards", "Sable & Thorn Attorneys", "Umbra Dental Collective"].map(str::to_owned);
    for name in known.chain(unknown) {
        simulator.control().add(&name)?;
    }
    Ok(simulator)
}

/// Gives a tenant a key of the simulated IT Glue, and what it shows.
pub(crate) async fn supplement(
    host: &Host,
    config: &Config,
    clock: &Arc<dyn Clock>,
    tenant: &TenantId,
) -> anyhow::Result<()> {
    let (store, secrets) = host.data();
    if store.load_it_glue(tenant).await?.is_some() {
        return Ok(());
    }
    let key = SecretString::from(ItGlueConfig::default().first_key());
    let login = Login { username: Region::Us.label().to_owned(), password: key.clone() };
    let version = secrets.it_glue().stage(tenant, &login).await?;
    let (now_ms, by) = (clock.now_ms(), format!("admin@{tenant}.example"));
    let note = PasswordNote { changed_at: rfc3339(now_ms), changed_by: by.clone(), version: version.clone() };
    let settings =
        ItGlueSettings { region: Region::Us, key: note, saved_at: rfc3339(now_ms), saved_by: by.clone() };
    let (before, after) = (serde_json::Value::Null, serde_json::json!({"region": Region::Us}));
    let entry = AuditEntry { at_ms: now_ms, by, what: "it_glue.saved".to_owned(), version: 1, before, after };
    store.save_it_glue(tenant, (&settings, 0), &entry).await?;
    let client = ItGlueClient::new(key, config.it_glue(Region::Us, Patience::Run), Arc::clone(clock))?;
    let read = client.organizations().await?;
    let one = |one: &shared_core::itglue::Organization| Organization {
        id: one.id,
        name: one.name.clone(),
        is_active: one.is_active,
    };
    let organizations = read.organizations().map(one).collect();
    let listed = Listed { organizations, is_complete: true, ..Listed::default() };
    let (after, reading) = merge(&[], &listed, |_| false, rfc3339(now_ms));
    store.save_organizations(tenant, &after).await?;
    Ok(store.save_reading(tenant, &reading, &version, now_ms).await?)
}

/// One way in which two systems spell one name.
fn spelled(at: usize, name: &str) -> String {
    match at % 5 {
        1 => name.to_uppercase(),
        2 => format!("{name}, LLC"),
        3 => name.replace(" and ", " & ").replace(' ', "  "),
        4 => name.split_whitespace().take(2).collect::<Vec<_>>().join(" "),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn names_are_spelled_in_several_ways() {
        let name = "North and South Dental Group";
        let spellings: std::collections::BTreeSet<String> = (0..5).map(|at| spelled(at, name)).collect();
        assert_eq!(spellings.len(), 5);
    }
}
