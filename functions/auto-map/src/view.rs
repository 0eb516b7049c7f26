//! What clients see.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::directory::CompanyRef;
use shared_core::mapping::Options;
use shared_core::matching;

/// How companies are to be mapped.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AutoMapWish {
    /// A legal form against none stays a suggestion; absent for what was saved.
    pub is_strict: Option<bool>,
    /// Ids of the company types that are never proposed; absent for what was saved.
    pub excluded_types: Option<Vec<i64>>,
}

impl AutoMapWish {
    pub(crate) fn over(self, stored: &Options) -> Options {
        Options {
            is_strict: self.is_strict.unwrap_or(stored.is_strict),
            excluded_types: self
                .excluded_types
                .map_or_else(|| stored.excluded_types.clone(), |ids| ids.into_iter().collect()),
        }
    }
}

/// How sure a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// The same name.
    Exact,
    /// The same but for accents, punctuation, legal form, usual abbreviations.
    Near,
    /// The same but for one slip of the hand, or the order of its parts.
    Fuzzy,
    /// A person has to decide.
    Suggest,
}

impl Tier {
    pub(crate) fn of(tier: matching::Tier) -> Option<Self> {
        match tier {
            matching::Tier::Exact => Some(Self::Exact),
            matching::Tier::Near => Some(Self::Near),
            matching::Tier::Fuzzy => Some(Self::Fuzzy),
            matching::Tier::Suggest => Some(Self::Suggest),
            matching::Tier::None => None,
        }
    }
}

/// Proposed links.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProposalsView {
    /// Version of the links that they were made upon.
    pub version: u64,
    /// How many of each kind.
    pub counters: ProposalCounters,
    /// One per organization that has a partner, by the organization's id.
    pub proposals: Vec<ProposalView>,
}

/// How many proposals of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProposalCounters {
    /// Mapped automatically, of all tiers.
    pub auto: u64,
    /// The same name.
    pub exact: u64,
    /// Nearly the same.
    pub near: u64,
    /// But for a slip.
    pub fuzzy: u64,
    /// Held back for a person.
    pub suggest: u64,
    /// Of these, because several companies have the name.
    pub ambiguous: u64,
    /// Nothing fits.
    pub none: u64,
}

/// One proposed link.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProposalView {
    /// IT Glue's id of the organization.
    pub key: String,
    /// How sure it is; all but `suggest` are automatic.
    pub tier: Tier,
    /// From 0 to 1.
    pub score: f32,
    /// Why, in words.
    pub reason: String,
    /// Several companies have the name, in Autotask or in IT Glue: the company is one of them.
    pub is_ambiguous: bool,
    /// The company.
    pub company: CompanyRef,
    /// The company that came nearest beside it.
    pub runner_up: Option<CompanyRef>,
}

/// Companies that an organization might be.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SuggestionsView {
    /// Best first.
    pub suggestions: Vec<SuggestionView>,
}

/// A company that an organization might be.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SuggestionView {
    /// The company.
    pub company: CompanyRef,
    /// How alike the names are, from 0 to 1.
    pub score: f32,
    /// What is alike and what is not, in words; empty for what was merely searched for.
    pub reason: String,
    /// Somebody said before that it is not the one.
    pub is_rejected: bool,
    /// Another organization is linked to it.
    pub is_taken: bool,
}
