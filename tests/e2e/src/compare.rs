//! Compares an export with the truth, row by row, holding neither side.

use crate::lci::Outcome;
use crate::oracle::{Exported, Labels, Source, row};
use anyhow::{Context, ensure};
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Differences beyond these are only counted.
const MAX_SHOWN: usize = 5;

/// What an export has and has not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Rows that are as they must be.
    pub n_equal: u64,
    /// Ids that the export lacks.
    pub missing: Vec<i64>,
    /// Ids that the source does not have.
    pub extra: Vec<i64>,
    /// Rows that differ.
    pub n_wrong: u64,
    /// The first differences, in words.
    pub shown: Vec<String>,
}

impl Comparison {
    /// True when nothing is missing, extra or wrong.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty() && self.n_wrong == 0
    }

    fn judge(&mut self, expected: &Map<String, Value>, found: &Value) {
        let wrong = expected.iter().find(|(name, value)| !is_same(value, found.get(name.as_str())));
        let Some((name, value)) = wrong else {
            self.n_equal += 1;
            return;
        };
        self.n_wrong += 1;
        if self.shown.len() < MAX_SHOWN {
            let id = expected.get("id").unwrap_or(&Value::Null);
            let other = found.get(name.as_str()).map_or("nothing".to_owned(), Value::to_string);
            self.shown.push(format!("{name} of {id} must be {value} and is {other}"));
        }
    }
}

/// Compares the file of an export with what the source holds now.
///
/// # Errors
/// The file is not there or not an export: no JSON lines, or not ascending by id.
pub fn compare(
    entity: Exported,
    export: &Path,
    source: &Source,
    labels: &Labels,
) -> anyhow::Result<Comparison> {
    let mut rows = Rows::open(export)?;
    let mut comparison = Comparison::default();
    let mut found = rows.next()?;
    for wire in source.rows(entity)? {
        let expected = row(entity, &wire?, labels)?;
        let id = id_of(expected.get("id"))?;
        found = loop {
            match found {
                Some((other_id, _)) if other_id < id => comparison.extra.push(other_id),
                other => break other,
            }
            found = rows.next()?;
        };
        match found.as_ref().map(|(other_id, _)| other_id.cmp(&id)) {
            Some(Ordering::Equal) => {
                comparison.judge(&expected, &found.take().map(|(_, row)| row).unwrap_or_default());
                found = rows.next()?;
            }
            _ => comparison.missing.push(id),
        }
    }
    while let Some((id, _)) = found {
        comparison.extra.push(id);
        found = rows.next()?;
    }
    Ok(comparison)
}

/// Goes on if two runs exported the same bytes.
///
/// # Errors
/// The entity that differs.
pub fn check_same_bytes(one: &Outcome, other: &Outcome) -> anyhow::Result<()> {
    for entity in Exported::ALL {
        let bytes = |outcome: &Outcome| std::fs::read(outcome.export(*entity));
        ensure!(bytes(one)? == bytes(other)?, "the exports of {} differ", entity.name());
    }
    Ok(())
}

/// The rows of an export.
struct Rows {
    lines: std::io::Lines<BufReader<File>>,
    last_id: Option<i64>,
}

impl Rows {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("there is no export {}", path.display()))?;
        Ok(Self { lines: BufReader::with_capacity(1 << 16, file).lines(), last_id: None })
    }

    fn next(&mut self) -> anyhow::Result<Option<(i64, Value)>> {
        let Some(line) = self.lines.next().transpose()? else { return Ok(None) };
        let row: Value = serde_json::from_str(&line).with_context(|| format!("not a row: {line}"))?;
        let id = id_of(row.get("id"))?;
        ensure!(self.last_id.is_none_or(|last_id| last_id < id), "row {id} stands in the wrong place");
        self.last_id = Some(id);
        Ok(Some((id, row)))
    }
}

fn id_of(id: Option<&Value>) -> anyhow::Result<i64> {
    id.and_then(Value::as_i64).context("a row has no id")
}

/// Numbers are equal by value; an amount may be written in more than one way.
fn is_same(expected: &Value, found: Option<&Value>) -> bool {
    match (expected, found) {
        (Value::Number(expected), Some(Value::Number(found))) => {
            let both = expected.as_f64().zip(found.as_f64());
            expected == found || both.is_some_and(|(expected, found)| expected.total_cmp(&found).is_eq())
        }
        (expected, Some(found)) => expected == found,
        (_, None) => false,
    }
}
