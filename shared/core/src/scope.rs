//! Which records are kept of a tenant whose primary source is IT Glue: those of companies that somebody linked.
//!
//! Everything else is left out: of such a record its id and company are kept, so that deletions are found and what is left
//! out can be counted, and nothing of what it says. Linking a company fills it; see [`Scope::unfilled`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::entity::Entity;
use crate::mapping::Book;
use crate::mapping::links::Decision;
use crate::project::Record;

/// Companies of one step whose left-out records are told apart.
const MAX_TALLIED: usize = 200;
/// What stands in the place of the hash of a record that is left out: changes of it are none of ours.
pub const LEFT_OUT: &str = "left-out";

/// Entities whose records are kept by their company.
pub const SCOPED: [Entity; 3] = [Entity::Contracts, Entity::Tickets, Entity::Opportunities];

/// A company whose records are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Member {
    /// When it was linked, in milliseconds since the epoch.
    linked_ms: u64,
    /// Tickets that were over by then are left out.
    since: Timestamp,
}

/// Companies whose records are kept, by Autotask's id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    members: BTreeMap<i64, Member>,
}

/// Companies that were filled, and from which instant on.
pub type Filled = BTreeMap<i64, Timestamp>;

#[derive(Deserialize)]
struct Seen {
    contract_id: Option<i64>,
    created_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
}

impl Scope {
    /// The companies that are linked; tickets go back so many months before each link was made.
    #[must_use]
    pub fn new(book: &Book<Decision>, lookback_months: u16) -> Self {
        let mut members: BTreeMap<i64, Member> = BTreeMap::new();
        for chosen in book.choices.values() {
            let Some(company_id) = chosen.choice.link.as_ref().and_then(|link| link.company_id()) else {
                continue;
            };
            let at = book.saves.get(&chosen.version).and_then(|save| save.at.parse().ok());
            let at: Timestamp = at.unwrap_or(Timestamp::UNIX_EPOCH);
            let member = Member { linked_ms: millis(at), since: months_before(at, lookback_months) };
            // Several organizations may be one company: its first link counts.
            let first = members.entry(company_id).or_insert(member);
            if member.linked_ms < first.linked_ms {
                *first = member;
            }
        }
        Self { members }
    }

    /// Whether a company is linked.
    #[must_use]
    pub fn has(&self, company_id: i64) -> bool {
        self.members.contains_key(&company_id)
    }

    /// The companies that are linked.
    pub fn companies(&self) -> impl Iterator<Item = i64> {
        self.members.keys().copied()
    }

    /// Whether a company was linked after an instant, in milliseconds since the epoch.
    #[must_use]
    pub fn has_linked_after(&self, at_ms: u64) -> bool {
        self.members.values().any(|member| member.linked_ms > at_ms)
    }

    /// Whether a record is kept; `contracts` are those that are kept, for what belongs to a contract alone.
    #[must_use]
    pub fn keeps(&self, entity: Entity, record: &Record, contracts: &BTreeSet<i64>) -> bool {
        let member = || self.members.get(&record.company_id?);
        match entity {
            Entity::Contracts | Entity::Opportunities => member().is_some(),
            Entity::Tickets => member().is_some_and(|member| is_recent(record, member.since)),
            Entity::ContractServices | Entity::ContractServiceUnits => {
                seen(record).and_then(|seen| seen.contract_id).is_some_and(|id| contracts.contains(&id))
            }
            _ => true,
        }
    }

    /// Companies that are linked but were not filled as far back as they should be.
    #[must_use]
    pub fn unfilled(&self, filled: &Filled) -> Vec<i64> {
        let is_open =
            |(id, member): &(&i64, &Member)| filled.get(id).is_none_or(|since| *since > member.since);
        self.members.iter().filter(is_open).map(|(&id, _)| id).collect()
    }

    /// What is filled after a run that began at `begun_ms`: what was and is still linked, what the run filled, and, if it
    /// read all rows, everything that was linked before it began.
    #[must_use]
    pub fn filled_after(&self, before: &Filled, by_run: &[i64], swept_from_ms: Option<u64>) -> Filled {
        let is_swept = |member: &Member| swept_from_ms.is_some_and(|begun_ms| member.linked_ms < begun_ms);
        let of = |(&id, member): (&i64, &Member)| {
            if by_run.contains(&id) || is_swept(member) {
                return Some((id, member.since));
            }
            before.get(&id).map(|since| (id, *since))
        };
        self.members.iter().filter_map(of).collect()
    }
}

/// What is kept of a record that is left out.
#[must_use]
pub fn left_out(record: Record) -> Record {
    Record { doc: String::new(), hash: LEFT_OUT.to_owned(), facet: None, ..record }
}

/// Counts of records that were left out because their company is not linked, by company; at most 200 of them, the
/// others together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// By company.
    pub by_company: BTreeMap<i64, u64>,
    /// Of companies that are not told apart.
    pub others: u64,
}

impl Tally {
    /// Counts one record.
    pub fn add(&mut self, company_id: i64, n_records: u64) {
        let is_known = self.by_company.contains_key(&company_id) || self.by_company.len() < MAX_TALLIED;
        match is_known {
            true => *self.by_company.entry(company_id).or_default() += n_records,
            false => self.others += n_records,
        }
    }

    /// Both together.
    pub fn join(&mut self, other: &Self) {
        other.by_company.iter().for_each(|(&id, &n_records)| self.add(id, n_records));
        self.others += other.others;
    }

    /// True when nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_company.is_empty() && self.others == 0
    }

    /// In words, with the companies that have most of them; none if there is nothing to say.
    #[must_use]
    pub fn text(&self, entity: Entity, name: impl Fn(i64) -> Option<String>) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let mut most: Vec<(i64, u64)> = self.by_company.iter().map(|(&id, &n)| (id, n)).collect();
        most.sort_by_key(|&(id, n_records)| (std::cmp::Reverse(n_records), id));
        let n_records: u64 = self.others + most.iter().map(|(_, n_records)| n_records).sum::<u64>();
        let told = |&(id, n_records): &(i64, u64)| {
            format!("{} ({n_records})", name(id).unwrap_or_else(|| format!("company {id}")))
        };
        let names: Vec<String> = most.iter().take(5).map(told).collect();
        let n_companies = most.len();
        let least = if self.others > 0 { "more than " } else { "" };
        Some(format!(
            "{n_records} {entity} belong to {least}{n_companies} companies that are not linked and were left out, most of \
             them to {}. Link a company to have its {entity} pulled.",
            names.join(", ")
        ))
    }
}

fn seen(record: &Record) -> Option<Seen> {
    serde_json::from_str(&record.doc).ok()
}

/// Open, or begun or ended within the look-back.
fn is_recent(record: &Record, since: Timestamp) -> bool {
    // What cannot be read is kept rather than lost.
    let Some(Seen { created_at, completed_at, .. }) = seen(record) else { return true };
    completed_at.is_none_or(|at| at >= since) || created_at.is_some_and(|at| at >= since)
}

fn months_before(at: Timestamp, n_months: u16) -> Timestamp {
    let back = at.to_zoned(TimeZone::UTC).checked_sub(Span::new().months(i64::from(n_months)));
    back.map_or(Timestamp::UNIX_EPOCH, |back| back.timestamp())
}

fn millis(at: Timestamp) -> u64 {
    u64::try_from(at.as_millisecond()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
