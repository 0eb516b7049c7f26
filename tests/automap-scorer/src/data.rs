//! The labelled sets: two lists of names and the true pairs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// One company of a list.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    /// Its id within the list.
    pub id: String,
    /// Its name, with all its blanks.
    pub name: String,
}

#[derive(Debug, Deserialize)]
struct Label {
    left_id: String,
    right_id: String,
    label: String,
}

/// One matching problem.
#[derive(Debug)]
pub struct Set {
    /// Name of its folder.
    pub name: String,
    /// Companies to be mapped.
    pub left: Vec<Row>,
    /// Companies to be mapped onto.
    pub right: Vec<Row>,
    /// Right id by left id: the same company.
    pub matches: BTreeMap<String, String>,
    /// Pairs that count neither way.
    pub accepted: BTreeSet<(String, String)>,
}

/// Reads every set of a folder, by name.
///
/// # Errors
/// A file is missing or is not what the data's README says.
pub fn load_all(folder: &Path) -> anyhow::Result<Vec<Set>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut folders: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.retain(|path| path.join("truth.csv").is_file());
    folders.sort();
    folders.iter().map(|path| load(path)).collect()
}

fn load(folder: &Path) -> anyhow::Result<Set> {
    let labels: Vec<Label> = read(&folder.join("truth.csv"))?;
    let (mut matches, mut accepted) = (BTreeMap::new(), BTreeSet::new());
    for Label { left_id, right_id, label } in labels {
        match label.as_str() {
            "match" => drop(matches.insert(left_id, right_id)),
            "accept" => drop(accepted.insert((left_id, right_id))),
            other => anyhow::bail!("{}: unknown label {other}", folder.display()),
        }
    }
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (left, right) = (read(&folder.join("left.csv"))?, read(&folder.join("right.csv"))?);
    Ok(Set { name, left, right, matches, accepted })
}

fn read<T: DeserializeOwned>(file: &Path) -> anyhow::Result<Vec<T>> {
    let mut reader =
        csv::Reader::from_path(file).with_context(|| format!("cannot read {}", file.display()))?;
    let rows: Result<_, _> = reader.deserialize().collect();
    rows.with_context(|| format!("cannot read {}", file.display()))
}
