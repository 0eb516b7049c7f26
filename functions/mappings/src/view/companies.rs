//! Companies.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use shared_core::mapping::companies::Activation;

/// A page of companies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CompanyPage {
    /// Send it back with a save.
    pub version: u64,
    /// Companies that the plan allows to be active; null for any number.
    pub plan_limit: Option<u32>,
    /// How many there are of each kind, whatever is searched for.
    pub counters: CompanyCounters,
    /// Autotask's company types, for the filter.
    pub company_types: Vec<NamedId>,
    /// The rows.
    pub rows: Vec<CompanyRow>,
    /// Where the next page begins; null on the last one.
    pub cursor: Option<String>,
}

/// How many companies there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CompanyCounters {
    /// All.
    pub all: u64,
    /// Shown.
    pub active: u64,
    /// Not shown, by choice.
    pub inactive: u64,
    /// Nobody decided yet.
    pub undecided: u64,
    /// Inactive in Autotask.
    pub source_inactive: u64,
    /// No longer in Autotask.
    pub gone: u64,
}

/// One company.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CompanyRow {
    /// Autotask's id.
    pub key: String,
    /// Its name in Autotask.
    pub name: String,
    /// Its name when it was last decided, if it was another.
    pub was_name: Option<String>,
    /// Its city.
    pub city: Option<String>,
    /// Its type in Autotask.
    pub type_name: Option<String>,
    /// Active in Autotask.
    pub is_source_active: bool,
    /// No longer in Autotask.
    pub is_gone: bool,
    /// Another company has the same name: look at city and id.
    pub is_twin: bool,
    /// It came after the last decision on companies.
    pub is_new: bool,
    /// Its live assets.
    pub n_assets: u64,
    /// Those that are active in Autotask.
    pub n_active_assets: u64,
    /// What was chosen; null if nothing was.
    pub choice: Option<Activation>,
    /// Whether it is shown.
    pub is_active: bool,
    /// When it was chosen, RFC 3339 UTC.
    pub changed_at: Option<String>,
    /// Who chose it.
    pub changed_by: Option<String>,
}

/// An id with its name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NamedId {
    /// The id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

impl NamedId {
    pub(crate) fn all(names: &BTreeMap<i64, String>) -> Vec<Self> {
        names.iter().map(|(&id, name)| Self { id, name: name.clone() }).collect()
    }
}
