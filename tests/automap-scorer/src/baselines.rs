//! What everybody else would use, in a virtual environment of its own, at its best high-precision threshold.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::data::Set;
use crate::score::{Mapping, Score, pooled};

/// The precision that a threshold has to reach, as the product has to.
pub const HIGH_PRECISION: f64 = 0.998;
/// scikit-learn's pinned version needs 3.11.
const PROBE: &str = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/baselines");

/// A pair that one of them would make.
#[derive(Clone, Debug, Deserialize)]
pub struct Found {
    matcher: String,
    set: String,
    left_id: String,
    right_id: String,
    score: f64,
}

/// One of them at its threshold.
#[derive(Debug)]
pub struct Baseline {
    /// Its name and its threshold.
    pub title: String,
    /// Its score by set.
    pub scores: Vec<(String, Score)>,
}

/// Runs all of them. `target` is where the environment is made, once per list of pins.
///
/// # Errors
/// There is no Python, the registry cannot be reached, or the script fails.
pub fn run(data: &Path, sets: &[Set], target: &Path) -> anyhow::Result<Vec<Baseline>> {
    let python = environment(target)?;
    let mut command = Command::new(python);
    command.arg(Path::new(SCRIPTS).join("baselines.py")).arg(data).stderr(std::process::Stdio::inherit());
    let answer = command.output().context("cannot start Python")?;
    ensure!(answer.status.success(), "baselines.py failed");
    let found: Result<Vec<Found>, _> =
        csv::Reader::from_reader(answer.stdout.as_slice()).deserialize().collect();
    let mut by_matcher: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    for pair in found? {
        by_matcher.entry(pair.matcher.clone()).or_default().push(pair);
    }
    Ok(by_matcher.into_iter().map(|(name, pairs)| at_best_threshold(&name, &pairs, sets)).collect())
}

/// The lowest threshold with the precision that is asked for, one for all sets; if none has it, the most precise.
fn at_best_threshold(name: &str, pairs: &[Found], sets: &[Set]) -> Baseline {
    let mut thresholds: Vec<f64> =
        (500..=1_000).map(|thousandths| f64::from(thousandths) / 1_000.0).collect();
    thresholds.dedup();
    let precision = |threshold: &f64| {
        let scores = scores(pairs, sets, *threshold);
        pooled(scores.iter().map(|(_, score)| score)).precision()
    };
    let first = thresholds.iter().copied().find(|threshold| precision(threshold) >= HIGH_PRECISION);
    let most = || thresholds.iter().copied().max_by(|one, other| precision(one).total_cmp(&precision(other)));
    let threshold = first.or_else(most).unwrap_or(1.0);
    let has_threshold = pairs.iter().any(|pair| pair.score < threshold);
    let title = if has_threshold { format!("{name} >= {threshold}") } else { name.to_owned() };
    Baseline { title, scores: scores(pairs, sets, threshold) }
}

fn scores(pairs: &[Found], sets: &[Set], threshold: f64) -> Vec<(String, Score)> {
    let score = |set: &Set| {
        let kept = pairs.iter().filter(|pair| pair.set == set.name && pair.score >= threshold);
        let mapping: Mapping = kept.map(|pair| (pair.left_id.clone(), pair.right_id.clone())).collect();
        (set.name.clone(), Score::of(set, &mapping))
    };
    sets.iter().map(score).collect()
}

/// The interpreter of the environment; the marker is written last, so half an installation is done again.
fn environment(target: &Path) -> anyhow::Result<PathBuf> {
    let requirements = Path::new(SCRIPTS).join("requirements.txt");
    let folder =
        target.join("venvs").join(format!("baselines-{}", fingerprint(&std::fs::read(&requirements)?)));
    let python = folder.join("bin").join("python");
    let marker = folder.join(".complete");
    if marker.exists() {
        return Ok(python);
    }
    let base = interpreter().context("install CPython 3.11 or later with venv, or name one in PYTHON")?;
    ended_well(Command::new(base).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"];
    ended_well(Command::new(&python).args(install).arg(&requirements))?;
    std::fs::write(marker, "")?;
    Ok(python)
}

fn interpreter() -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os("PYTHON") {
        return Some(PathBuf::from(chosen));
    }
    let named = ["python3", "python3.14", "python3.13", "python3.12", "python3.11"].map(PathBuf::from);
    named.into_iter().find(|python| ended_well(Command::new(python).args(["-c", PROBE])).is_ok())
}

fn ended_well(command: &mut Command) -> anyhow::Result<()> {
    let status =
        command.status().with_context(|| format!("cannot start {}", command.get_program().display()))?;
    ensure!(status.success(), "{} failed", command.get_program().display());
    Ok(())
}

/// A short name for what was pinned (FNV-1a: it must only be the same tomorrow).
fn fingerprint(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}
