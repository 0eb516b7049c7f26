//! Types and statuses with their targets.

use schemars::JsonSchema;
use serde::Serialize;
use shared_core::mapping::rules::Because;
use shared_core::mapping::targets::Target;

/// Asset types.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TypesView {
    /// Send it back with a save.
    pub version: u64,
    /// Target of types whose name says nothing.
    pub default_target: &'static str,
    /// What types may be shown as; besides, any may be `ignore`d.
    pub targets: Vec<Target>,
    /// One row per type of Autotask's, and one for assets without.
    pub rows: Vec<TypeRow>,
}

/// One asset type.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TypeRow {
    /// Autotask's id of the type, or `none`.
    pub key: String,
    /// Its name in Autotask.
    pub name: String,
    /// Autotask still offers it.
    pub is_active: bool,
    /// Autotask has it no longer, but assets or a choice refer to it.
    pub is_gone: bool,
    /// It came after somebody last saved.
    pub is_new: bool,
    /// Live assets of the type.
    pub n_assets: u64,
    /// Those that are active in Autotask.
    pub n_active_assets: u64,
    /// Autotask's categories of its assets, those of most assets first; help to choose by, no part of the mapping.
    pub categories: Vec<CategoryCount>,
    /// What was chosen; null if nothing was.
    pub choice: Option<String>,
    /// What it is shown as.
    pub target: String,
    /// Where the target comes from.
    pub because: Because,
    /// What the name suggests.
    pub suggestion: Option<&'static str>,
    /// When it was chosen, RFC 3339 UTC.
    pub changed_at: Option<String>,
    /// Who chose it.
    pub changed_by: Option<String>,
}

/// A category of Autotask's and how many assets of a type have it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CategoryCount {
    /// Its name.
    pub name: String,
    /// Live assets.
    pub n_assets: u64,
}

/// Asset statuses.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusesView {
    /// Send it back with a save.
    pub version: u64,
    /// What statuses may be shown as; besides, any may be `ignore`d.
    pub targets: Vec<Target>,
    /// One row per value of Autotask's active flag.
    pub rows: Vec<StatusRow>,
}

/// One asset status.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusRow {
    /// `active`, `inactive` or `unset`.
    pub key: &'static str,
    /// What people read.
    pub name: &'static str,
    /// Live assets with this flag.
    pub n_assets: u64,
    /// What was chosen; null if nothing was.
    pub choice: Option<String>,
    /// What it is shown as.
    pub target: String,
    /// Where the target comes from.
    pub because: Because,
    /// When it was chosen, RFC 3339 UTC.
    pub changed_at: Option<String>,
    /// Who chose it.
    pub changed_by: Option<String>,
}
