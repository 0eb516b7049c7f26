//! Saves, their effects and their history.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::store::mappings::Cause;
use shared_core::mapping::Options;

/// What a save made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SavedView {
    /// The version that it made, or the present one if nothing changed.
    pub version: u64,
    /// Rows that changed.
    pub n_changes: usize,
}

/// A wish to go back.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevertWish {
    /// Version that was read.
    pub version: u64,
    /// Version to go back to; 0 is before anybody saved.
    pub to: u64,
}

/// What a save would do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EffectView {
    /// Rows that would change.
    pub n_changes: usize,
    /// Shown assets.
    pub assets: AssetEffect,
    /// Shown assets by target of their type, those that change first.
    pub targets: Vec<NamedEffect>,
    /// Shown assets by state, those that change first.
    pub states: Vec<NamedEffect>,
    /// Shown assets of the ten companies that change most.
    pub companies: Vec<NamedEffect>,
    /// Companies whose number of shown assets changes.
    pub n_companies_changed: usize,
    /// Active companies; null where companies are not what changes.
    pub active_companies: Option<CompanyEffect>,
    /// Linked organizations; null where links are not what changes.
    pub links: Option<BeforeAfter>,
    /// Why it cannot be saved.
    pub refusals: Vec<String>,
}

/// Shown assets.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct AssetEffect {
    /// Now.
    pub before: u64,
    /// Then.
    pub after: u64,
    /// Not now, but then.
    pub added: u64,
    /// Now, but not then.
    pub removed: u64,
    /// Now and then, but of another type or status.
    pub changed: u64,
}

/// A number now and then.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BeforeAfter {
    /// Now.
    pub before: u64,
    /// Then.
    pub after: u64,
}

/// A number now and then, of something with a name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NamedEffect {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Now.
    pub before: u64,
    /// Then.
    pub after: u64,
}

/// Active companies now and then.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CompanyEffect {
    /// Now.
    pub before: u64,
    /// Then.
    pub after: u64,
    /// What the plan allows; null for any number.
    pub limit: Option<u32>,
}

/// A page of versions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersionPage {
    /// Newest first.
    pub versions: Vec<VersionRow>,
    /// Where the next page begins; null on the last one.
    pub cursor: Option<String>,
}

/// One version.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersionRow {
    /// Its number.
    pub version: u64,
    /// When, RFC 3339 UTC.
    pub at: String,
    /// Who.
    pub by: String,
    /// Why.
    pub what: Cause,
    /// Rows that it changed.
    pub n_changes: usize,
    /// Whether it changed how rows are proposed.
    pub has_new_options: bool,
    /// How they were proposed before and after; null where it left that alone, and for saves of former releases.
    pub options: Option<OptionsDiff>,
    /// The first 500 of them.
    pub changes: Vec<DiffRow>,
}

/// How rows are proposed, before and after a version.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OptionsDiff {
    /// Before.
    pub before: OptionsView,
    /// After.
    pub after: OptionsView,
}

/// How rows are proposed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OptionsView {
    /// A legal form against none stays a suggestion.
    pub is_strict: bool,
    /// Ids of the company types that are never proposed.
    pub excluded_types: Vec<i64>,
}

impl From<&Options> for OptionsView {
    fn from(options: &Options) -> Self {
        let Options { is_strict, excluded_types } = options;
        Self { is_strict: *is_strict, excluded_types: excluded_types.iter().copied().collect() }
    }
}

/// One row that a version changed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DiffRow {
    /// Which row.
    pub key: String,
    /// Its name then.
    pub name: String,
    /// The choice before; null if there was none.
    pub before: Value,
    /// The choice after; null if there is none.
    pub after: Value,
}
