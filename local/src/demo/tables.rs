//! What the demo prints.

use comfy_table::{CellAlignment, Table, presets};
use shared_core::counts::Counts;
use shared_core::entity::Entity;

use crate::aws::StoredMail;

/// Counters of a run by entity, and whether the store equals the source.
pub(super) fn chapter(rows: &[(Entity, Counts, bool)]) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "entity",
        "read",
        "created",
        "updated",
        "unchanged",
        "gone",
        "rejected",
        "store = source",
    ]);
    for (entity, counts, is_equal) in rows {
        let Counts { read, created, updated, unchanged, tombstoned, rejected, .. } = *counts;
        let mut row = vec![entity.name().to_owned()];
        row.extend([read, created, updated, unchanged, tombstoned, rejected].map(|n| n.to_string()));
        row.push(if *is_equal { "equal" } else { "DIFFERENT" }.to_owned());
        table.add_row(row);
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table.to_string()
}

/// What was claimed, and whether it held.
pub(super) fn proof(claims: &[(&str, bool)]) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["claim", "held"]);
    for (claim, held) in claims {
        table.add_row([*claim, if *held { "yes" } else { "NO" }]);
    }
    table.to_string()
}

/// How many assets each rule of the write-back decided about.
pub(super) fn rules(rules: &serde_json::Value) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["verdict", "assets", "rule"]);
    for rule in rules.as_array().into_iter().flatten() {
        let text = |name: &str| rule[name].as_str().unwrap_or_default().to_owned();
        table.add_row([text("decision"), rule["n_rows"].to_string(), text("words")]);
    }
    table
        .column_iter_mut()
        .skip(1)
        .take(1)
        .for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table.to_string()
}

/// A mail, indented.
pub(super) fn mail(mail: &StoredMail) -> String {
    let text = mail.text.as_deref().unwrap_or_default();
    let lines = [format!("To: {}", mail.to.join(", ")), format!("Subject: {}", mail.subject), String::new()];
    let lines = lines.iter().map(String::as_str).chain(text.lines());
    lines.map(|line| format!("   | {line}\n")).collect()
}
