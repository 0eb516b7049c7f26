//! Two nights after a first load on disk: one with nothing changed, one with the usual day of work.

use crate::service::Service;
use crate::watched::Watched;
use crate::{Arguments, is_truth, print_costs, print_pace, print_row, sync};
use anyhow::ensure;
use e2e::oracle::{Exported, Source};
use e2e::report::Counts;
use fastrand::Rng;
use serde_json::{Value, json};
use std::path::Path;

const N_INSERTS: usize = 20;
const N_DELETIONS: usize = 5;
/// One asset in so many is edited.
const EDIT_EVERY: usize = 200;
/// Edits that are sent at once.
const BATCH: usize = 5_000;

/// Runs them; true when all were found and all exports are the truth.
pub(crate) fn measure(
    arguments: &Arguments,
    service: &Service,
    source: &Source,
    folder: &Path,
) -> anyhow::Result<bool> {
    let run = |name: &str, kind: &str| {
        service.order("counters/reset", &json!({}))?;
        let invocation = sync(service, &folder.join(name), kind).with("--state").with(folder.join("state"));
        let watched = Watched::run(&invocation)?;
        println!("\n{name}");
        if kind == "initial" {
            print_pace(arguments, &watched)?;
        } else {
            print_row("wall of the process", format!("{:.2} s", watched.outcome.took.as_secs_f64()));
        }
        print_costs(service, &watched)?;
        print_counts(&watched)?;
        Ok::<_, anyhow::Error>((is_truth(source, &watched)?, watched))
    };
    let (mut is_right, _) = run("first load on disk", "initial")?;
    next_day(service)?;
    let (is_quiet_right, quiet) = run("night without changes", "nightly")?;
    let n_changed = quiet.outcome.report()?.sum("created")? + quiet.outcome.report()?.sum("updated")?;
    is_right &= is_quiet_right && n_changed == 0;
    next_day(service)?;
    let n_edits = work(arguments, service)?;
    let (is_busy_right, busy) = run("night after a day of work", "nightly")?;
    let found = busy.outcome.report()?.counts(Exported::Assets)?;
    let is_exact = (found.updated, found.created, found.tombstoned)
        == (n_edits as u64, N_INSERTS as u64, N_DELETIONS as u64);
    print_row("found exactly", format!("{is_exact}: {n_edits} edits, {N_INSERTS} new, {N_DELETIONS} gone"));
    Ok(is_right && is_busy_right && is_exact)
}

fn print_counts(watched: &Watched) -> anyhow::Result<()> {
    let Counts { read, created, updated, unchanged, tombstoned, rejected } =
        watched.outcome.report()?.counts(Exported::Assets)?;
    let changes = format!("{created} created, {updated} updated, {unchanged} unchanged, {tombstoned} gone");
    print_row("assets in the report", format!("{read} read: {changes}, {rejected} rejected"));
    Ok(())
}

fn next_day(service: &Service) -> anyhow::Result<()> {
    service.order("clock", &json!({"advance_ms": 86_400_000}))?;
    Ok(())
}

/// Does a day of work and gives the number of assets that were edited.
fn work(arguments: &Arguments, service: &Service) -> anyhow::Result<usize> {
    let mut ids = service.ids("ConfigurationItems")?;
    let n_edits = arguments.assets / EDIT_EVERY;
    ensure!(ids.len() > n_edits + N_DELETIONS, "too few assets for a day of work");
    Rng::with_seed(arguments.seed).shuffle(&mut ids);
    let (deleted, rest) = ids.split_at(N_DELETIONS);
    let mut edits: Vec<Value> = deleted.iter().map(|id| edit("delete", json!({"id": id}))).collect();
    edits.extend(
        rest.iter()
            .take(n_edits)
            .map(|id| edit("update", json!({"id": id, "fields": {"serialNumber": format!("EDITED-{id}")}}))),
    );
    edits.extend((0..N_INSERTS).map(|n| {
        let fields = json!({"companyID": 0, "referenceTitle": format!("New {n}"), "isActive": true});
        edit("insert", json!({ "fields": fields }))
    }));
    for batch in edits.chunks(BATCH) {
        service.order("edits", &json!(batch))?;
    }
    Ok(n_edits)
}

fn edit(operation: &str, mut edit: Value) -> Value {
    edit["op"] = json!(operation);
    edit["entity"] = json!("ConfigurationItems");
    edit
}
