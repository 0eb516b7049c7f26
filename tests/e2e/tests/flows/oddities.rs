//! Customers that are not like the others.

use autotask_simulator::{Config, Entity, Sizes};
use e2e::oracle::Exported;
use e2e::{World, sizes};
use serde_json::{Value, json};

const ASSETS: Entity = Entity::ConfigurationItems;

#[test]
fn a_customer_with_nothing_but_itself_is_synced() -> anyhow::Result<()> {
    let sizes = Sizes {
        companies: 0,
        contacts: 0,
        assets: 0,
        products: 0,
        contracts: 0,
        tickets: 0,
        opportunities: 0,
        resources: 0,
    };
    let world = World::start(Config { sizes, ..sizes::few() })?;
    let outcome = world.initial().run()?.exited(0)?;
    world.check_equal(&outcome, Exported::ALL)?;
    assert_eq!(std::fs::read_to_string(outcome.export(Exported::Assets))?, "");
    world.next_day();
    world.control().insert(ASSETS, json!({"companyID": 0, "referenceTitle": "First", "isActive": true}))?;
    let night = world.nightly().run()?.exited(0)?;
    assert_eq!(night.report()?.counts(Exported::Assets)?.created, 1);
    world.check_equal(&night, Exported::ALL)
}

#[test]
fn the_company_with_id_0_and_what_belongs_to_it_are_real() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.control().insert(ASSETS, json!({"companyID": 0, "referenceTitle": "Ours", "isActive": true}))?;
    let outcome = world.initial().run()?.exited(0)?;
    let companies = std::fs::read_to_string(outcome.export(Exported::Companies))?;
    let first: Value = serde_json::from_str(companies.lines().next().unwrap_or_default())?;
    assert_eq!(first.get("id"), Some(&json!(0)));
    let assets = std::fs::read_to_string(outcome.export(Exported::Assets))?;
    let last: Value = serde_json::from_str(assets.lines().last().unwrap_or_default())?;
    assert_eq!((last.get("company_id"), last.get("name")), (Some(&json!(0)), Some(&json!("Ours"))));
    world.check_equal(&outcome, Exported::ALL)
}

#[test]
fn many_records_with_one_stamp_are_all_found() -> anyhow::Result<()> {
    let world = World::start(sizes::pages())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    let control = world.control();
    control.freeze_clock(true);
    let ids: Vec<i64> = control.ids(ASSETS).into_iter().step_by(2).collect();
    for id in &ids {
        control.update(ASSETS, *id, json!({"serialNumber": format!("IMPORT-{id}")}))?;
    }
    control.freeze_clock(false);
    assert!(ids.len() > 1_000);
    let outcome = world.nightly().run()?.exited(0)?;
    assert_eq!(outcome.report()?.counts(Exported::Assets)?.updated, ids.len() as u64);
    world.check_equal(&outcome, Exported::ALL)
}

#[test]
fn texts_come_through_byte_by_byte() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    let texts = [
        "  spaces  ",
        "tab\there",
        "a\r\nb",
        "«Ünïcode» 🖥 \u{202e}rtl",
        "<b>&amp;</b>",
        "back\\slash \"quote\"",
        "\u{1}ctl",
    ];
    let ids = world.control().ids(ASSETS);
    for (id, text) in ids.iter().zip(texts) {
        world.control().update(ASSETS, *id, json!({"referenceTitle": text, "serialNumber": ""}))?;
    }
    let outcome = world.initial().run()?.exited(0)?;
    world.check_equal(&outcome, Exported::ALL)?;
    let assets = std::fs::read_to_string(outcome.export(Exported::Assets))?;
    for (line, text) in assets.lines().zip(texts) {
        let row: Value = serde_json::from_str(line)?;
        assert_eq!((row.get("name"), row.get("serial_number")), (Some(&json!(text)), Some(&Value::Null)));
    }
    Ok(())
}

#[test]
fn dates_keep_their_day_whatever_the_time_says() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    let id = world.control().ids(ASSETS).first().copied().unwrap_or_default();
    let fields = json!({"installDate": "2024-02-29T23:59:59-11:00", "warrantyExpirationDate": "2027-03-28T00:00:00+14:00"});
    world.control().update(ASSETS, id, fields)?;
    let outcome = world.initial().env("TZ", "Pacific/Kiritimati").run()?.exited(0)?;
    let assets = std::fs::read_to_string(outcome.export(Exported::Assets))?;
    let row: Value = serde_json::from_str(assets.lines().next().unwrap_or_default())?;
    assert_eq!(row.get("install_date"), Some(&json!("2024-02-29")));
    assert_eq!(row.get("warranty_expiration_date"), Some(&json!("2027-03-28")));
    world.check_equal(&outcome, Exported::ALL)
}
