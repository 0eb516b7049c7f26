//! Needs and rights laid side by side.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::feature::{Action, Feature, Need, Wanted};
use super::seen::{Access, Seen};
use crate::entity::Entity;

/// How a need is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RightState")]
pub enum Grant {
    /// Wholly.
    Granted,
    /// For a part of the records: only that part will be seen.
    Restricted,
    /// Answered without a row: there are none, or the right is missing.
    NothingSeen,
    /// Not at all.
    Missing,
    /// Not found out in time.
    NotTested,
}

/// One right that a feature needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The right.
    pub need: Need,
    /// How it is met.
    pub grant: Grant,
}

/// How a feature stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "FeatureState")]
pub enum Verdict {
    /// On, and everything it needs is granted.
    Granted,
    /// On, and granted in part: some records will not be seen.
    Restricted,
    /// On, and something may be missing.
    NothingSeen,
    /// On, and something is missing.
    Missing,
    /// On or off, and not all could be tested in time.
    NotTested,
    /// Off, and granted all the same.
    GrantedNotNeeded,
    /// Off, and not granted, or not wholly.
    NotGrantedNotNeeded,
}

/// One feature with its rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub feature: Feature,
    /// It is switched on.
    pub is_wanted: bool,
    /// How it stands.
    pub verdict: Verdict,
    /// What it needs, in the order of [`Feature::needs`].
    pub lines: Vec<Line>,
}

/// A right that no feature needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Excess {
    /// On what.
    pub entity: Entity,
    /// To do what.
    pub action: Action,
}

/// The whole picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XRay {
    /// One row per feature, in the order of [`Feature::ALL`].
    pub rows: Vec<Row>,
    /// Rights to write that nothing of ours needs, by entity.
    pub excess: Vec<Excess>,
}

/// Lays needs and rights side by side; an entity that is not in `seen` was not tested.
///
/// # Shape
/// One row per feature. The right to change assets is never excess: the documents grant it for the write-back, and its
/// row says whether it is needed now.
#[must_use]
pub fn x_ray(wanted: &Wanted, seen: &BTreeMap<Entity, Seen>) -> XRay {
    let rows = Feature::ALL.map(|feature| row(feature, wanted, seen)).into();
    let excess = seen.iter().flat_map(|(entity, seen)| excess_of(*entity, seen)).collect();
    XRay { rows, excess }
}

impl XRay {
    /// The first need of a feature that is on and lacks it; the most basic feature comes first.
    #[must_use]
    pub fn first_missing(&self) -> Option<Need> {
        let rows = self.rows.iter().filter(|row| row.verdict == Verdict::Missing);
        rows.flat_map(|row| &row.lines).find(|line| line.grant == Grant::Missing).map(|line| line.need)
    }
}

fn row(feature: Feature, wanted: &Wanted, seen: &BTreeMap<Entity, Seen>) -> Row {
    let lines: Vec<Line> =
        feature.needs().iter().map(|need| Line { need: *need, grant: grant(need, seen) }).collect();
    let has = |grant| lines.iter().any(|line| line.grant == grant);
    let is_wanted = feature.is_wanted(wanted);
    let verdict = match is_wanted {
        false if lines.iter().all(|line| line.grant == Grant::Granted) => Verdict::GrantedNotNeeded,
        false if has(Grant::NotTested) => Verdict::NotTested,
        false => Verdict::NotGrantedNotNeeded,
        true if has(Grant::Missing) => Verdict::Missing,
        true if has(Grant::NotTested) => Verdict::NotTested,
        true if has(Grant::NothingSeen) => Verdict::NothingSeen,
        true if has(Grant::Restricted) => Verdict::Restricted,
        true => Verdict::Granted,
    };
    Row { feature, is_wanted, verdict, lines }
}

fn grant(need: &Need, seen: &BTreeMap<Entity, Seen>) -> Grant {
    let seen = seen.get(&need.entity).copied().unwrap_or_default();
    let access = if need.action == Action::Read { seen.read } else { seen.update };
    match access {
        Access::All => Grant::Granted,
        Access::Restricted => Grant::Restricted,
        Access::None => Grant::Missing,
        // The MSP's own company is always there.
        Access::NoRows if need.entity == Entity::Companies => Grant::Missing,
        Access::NoRows => Grant::NothingSeen,
        Access::Silent | Access::Unknown => Grant::NotTested,
    }
}

fn excess_of(entity: Entity, seen: &Seen) -> Vec<Excess> {
    let may_update = matches!(seen.update, Access::All | Access::Restricted);
    let found = [
        (Action::Update, may_update && entity != Entity::Assets),
        (Action::Create, seen.may_create),
        (Action::Delete, seen.may_delete),
    ];
    found
        .into_iter()
        .filter(|(_, is_granted)| *is_granted)
        .map(|(action, _)| Excess { entity, action })
        .collect()
}

#[cfg(test)]
mod tests;
