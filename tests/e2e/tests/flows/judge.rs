//! The judge itself: it accepts the truth and sees every way to miss it.

use e2e::compare::{Comparison, compare};
use e2e::oracle::{Exported, row};
use e2e::{World, sizes};
use serde_json::{Value, json};

/// The rows that a perfect export has.
fn perfect(world: &World, entity: Exported) -> anyhow::Result<Vec<Value>> {
    let labels = world.source().labels()?;
    world.source().rows(entity)?.map(|wire| Ok(Value::Object(row(entity, &wire?, &labels)?))).collect()
}

fn judge(world: &World, entity: Exported, rows: &[Value]) -> anyhow::Result<Comparison> {
    let file = world.folder().join("export.jsonl");
    std::fs::write(&file, rows.iter().map(|row| format!("{row}\n")).collect::<String>())?;
    compare(entity, &file, world.source(), &world.source().labels()?)
}

#[test]
fn the_truth_is_accepted() -> anyhow::Result<()> {
    let world = World::start(sizes::pages())?;
    for entity in Exported::ALL {
        let rows = perfect(&world, *entity)?;
        let comparison = judge(&world, *entity, &rows)?;
        assert!(comparison.is_equal(), "{comparison:?}");
        assert_eq!(comparison.n_equal, world.control().ids(entity.source()).len() as u64);
    }
    Ok(())
}

#[test]
fn a_row_that_is_missing_extra_or_wrong_is_seen() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    let mut rows = perfect(&world, Exported::Contacts)?;
    let id = |row: &Value| row.get("id").and_then(Value::as_i64).unwrap_or_default();
    let (first, last) = (id(&rows.remove(0)), rows.last().map(id).unwrap_or_default());
    rows.push(json!({"id": last + 1}));
    if let Some(row) = rows.get_mut(5) {
        row["is_active"] = json!(1);
    }
    let comparison = judge(&world, Exported::Contacts, &rows)?;
    assert_eq!((comparison.missing, comparison.extra, comparison.n_wrong), (vec![first], vec![last + 1], 1));
    Ok(())
}

#[test]
fn a_missing_column_and_a_shifted_date_are_seen() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    let rows = perfect(&world, Exported::Assets)?;
    let mut lacking = rows.clone();
    lacking[3].as_object_mut().map(|row| row.remove("contact_id"));
    assert_eq!(judge(&world, Exported::Assets, &lacking)?.n_wrong, 1);
    let mut shifted = rows;
    shifted[3]["warranty_expiration_date"] = json!("1999-12-31");
    assert_eq!(judge(&world, Exported::Assets, &shifted)?.n_wrong, 1);
    Ok(())
}

#[test]
fn rows_out_of_order_are_no_export() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    let mut rows = perfect(&world, Exported::Products)?;
    rows.swap(0, 1);
    assert!(judge(&world, Exported::Products, &rows).is_err());
    Ok(())
}

#[test]
fn the_truth_has_all_the_oddities_that_are_to_be_judged() -> anyhow::Result<()> {
    let world = World::start(sizes::pages())?;
    let assets = perfect(&world, Exported::Assets)?;
    let has = |what: &dyn Fn(&Value) -> bool| assets.iter().any(what);
    assert!(has(&|asset| asset["user_defined_fields"] == json!({})));
    assert!(has(&|asset| asset["user_defined_fields"].get("BIOS Password") == Some(&Value::Null)));
    assert!(has(&|asset| asset["user_defined_fields"].get("Lifecycle Stage") == Some(&json!("1"))));
    assert!(has(&|asset| asset["name"].as_str().is_some_and(|name| name.starts_with(' '))));
    assert!(has(&|asset| asset["serial_number"].is_null()));
    assert!(has(&|asset| asset["last_modified_at"].is_null()));
    assert!(has(&|asset| asset["manufacturer"] == json!("Cisco & Meraki")));
    assert!(has(&|asset| asset["model"].as_str().is_some_and(|model| model.starts_with("PN-"))));
    assert!(has(&|asset| asset["manufacturer"].is_null()));
    Ok(())
}
