//! Organizations and their companies.

use schemars::JsonSchema;
use serde::Serialize;
use shared_core::mapping::links::Link;

use shared::directory::CompanyRef;

use super::companies::NamedId;

/// A page of IT Glue organizations and the companies that they are linked to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LinkPage {
    /// Send it back with a save.
    pub version: u64,
    /// A legal form against none stays a suggestion.
    pub is_strict: bool,
    /// Ids of the company types that are never proposed.
    pub excluded_types: Vec<i64>,
    /// Autotask's company types.
    pub company_types: Vec<NamedId>,
    /// How many there are of each kind, whatever is searched for.
    pub counters: LinkCounters,
    /// The rows.
    pub rows: Vec<LinkRow>,
    /// Where the next page begins; null on the last one.
    pub cursor: Option<String>,
}

/// How many organizations there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LinkCounters {
    /// All.
    pub all: u64,
    /// Linked.
    pub linked: u64,
    /// Of these, by a saved proposal.
    pub auto: u64,
    /// Left unlinked on purpose.
    pub excluded: u64,
    /// Nobody decided yet.
    pub open: u64,
}

/// Where an organization stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// It has a company.
    Linked,
    /// It is left out on purpose.
    Excluded,
    /// Nobody decided yet.
    Open,
}

/// One IT Glue organization.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LinkRow {
    /// IT Glue's id.
    pub key: String,
    /// Its name in IT Glue.
    pub name: String,
    /// Active in IT Glue.
    pub is_active: bool,
    /// Another organization has the same name.
    pub is_twin: bool,
    /// Where it stands.
    pub state: LinkState,
    /// What was chosen; null if nothing was.
    pub choice: Option<Link>,
    /// The company that it is linked to.
    pub company: Option<CompanyRef>,
    /// Organizations that share the company, this one among them.
    pub n_shared: u64,
    /// Companies that it was said not to be.
    pub rejected: Vec<i64>,
    /// When it was chosen, RFC 3339 UTC.
    pub changed_at: Option<String>,
    /// Who chose it.
    pub changed_by: Option<String>,
}
