//! What is remembered of an asset between runs, and what people forbade.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::apply::Phase;
use super::in_vain::InVain;
use super::journal::Entry;
use super::tug_of_war::Tug;
use crate::wire::HeldDate;

/// Plans that an asset's card tells of, at most.
const MAX_PLANS: usize = 40;
/// How far Autotask's clock may be behind ours, in milliseconds.
pub(super) const CLOCK_MARGIN_MS: i64 = 20_000;

/// A date of ours that Autotask showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The plan that it came from.
    pub plan_id: String,
    /// The date.
    pub date: Date,
    /// When it was written, milliseconds since 1970.
    pub at_ms: u64,
}

/// What is remembered of an asset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whether somebody keeps changing our dates.
    pub tug: Tug,
    /// Our last date that was not taken back.
    pub written: Option<Written>,
    /// Plans in whose journals the asset stands, oldest first.
    pub plan_ids: Vec<String>,
    /// The date that Autotask did not take last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_vain: Option<InVain>,
}

impl Standing {
    /// Remembers that the asset stands in a plan's journal, and what it says there.
    #[must_use]
    pub fn with(mut self, plan_id: &str, entry: &Entry) -> Self {
        if !self.plan_ids.iter().any(|known| known == plan_id) {
            self.plan_ids.push(plan_id.to_owned());
            let n_old = self.plan_ids.len().saturating_sub(MAX_PLANS);
            self.plan_ids.drain(..n_old);
        }
        // An undo says nothing of whether Autotask takes a date.
        if entry.undo.is_none() {
            self.in_vain = InVain::after(self.in_vain.take(), plan_id, entry);
        }
        let is_ours = self.written.as_ref().is_none_or(|written| written.plan_id == plan_id);
        match (entry.ours(), entry.written_at_ms) {
            (Some(date), Some(at_ms)) => {
                self.written = Some(Written { plan_id: plan_id.to_owned(), date, at_ms });
            }
            _ if is_ours => self.written = None,
            _ => {}
        }
        self
    }

    /// Looks whether a date of another plan came back different.
    #[must_use]
    pub fn watched(&self, plan_id: &str, held: &HeldDate) -> Self {
        match &self.written {
            Some(written) if written.plan_id != plan_id => {
                let tug = self.tug.clone().watch(&written.plan_id, written.date, held);
                Self { tug, ..self.clone() }
            }
            _ => self.clone(),
        }
    }

    /// Counts a date that Autotask accepted and no longer had when it was read back.
    #[must_use]
    pub fn returned(mut self, plan_id: &str, before: &Entry, next: &Phase, held: Option<&HeldDate>) -> Self {
        let was_changed =
            matches!((&before.phase, next), (Phase::Sent(_), Phase::Moved { .. } | Phase::Touched));
        if let (true, Some(ours), Some(held)) = (was_changed, before.change.to, held) {
            self.tug = self.tug.watch(plan_id, ours, held);
            // Ours stood there for a moment: what an earlier plan wrote was replaced by us.
            self.written = None;
        }
        self
    }

    /// A person lets the asset be written again.
    #[must_use]
    pub fn released(self) -> Self {
        Self { tug: self.tug.released(), in_vain: None, ..self }
    }

    /// The date that is no longer written, because Autotask did not take it.
    #[must_use]
    pub fn stopped_date(&self, last_modified_at: Option<Timestamp>) -> Option<Date> {
        self.in_vain.as_ref().filter(|known| known.is_stopped(last_modified_at)).map(|known| known.date)
    }

    /// The date that Autotask holds: ours, as long as the record was not read since it was written.
    #[must_use]
    pub fn held(&self, stored: Option<Date>, last_modified_at: Option<Timestamp>) -> Option<Date> {
        let is_older = |written: &&Written| {
            let at_ms = i64::try_from(written.at_ms).unwrap_or(i64::MAX) - CLOCK_MARGIN_MS;
            last_modified_at.is_none_or(|at| at.as_millisecond() < at_ms)
        };
        self.written.as_ref().filter(is_older).map_or(stored, |written| Some(written.date))
    }
}

/// Who forbade to write, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WarrantyLock")]
pub struct Lock {
    /// When, RFC 3339 UTC.
    pub at: String,
    /// E-mail address of who did it.
    pub by: String,
    /// Why; may be empty.
    pub note: String,
}

/// What people forbade to write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locks {
    /// Rises with every save; 0 before the first one.
    pub version: u64,
    /// By Autotask's id of the company.
    pub companies: BTreeMap<i64, Lock>,
    /// By Autotask's id of the asset.
    pub assets: BTreeMap<i64, Lock>,
}

impl Locks {
    /// Whether an asset is to be left alone.
    #[must_use]
    pub fn holds(&self, company_id: i64, asset_id: i64) -> bool {
        self.companies.contains_key(&company_id) || self.assets.contains_key(&asset_id)
    }
}

#[cfg(test)]
mod tests {
    use super::{Standing, Written};
    use crate::warranty::apply::{Attempt, Failure, Phase};
    use crate::warranty::journal::Entry;
    use crate::warranty::journal::tests::entry;
    use crate::wire::HeldDate;

    #[test]
    fn our_date_counts_until_the_record_is_read_again() {
        let written = Entry { undo: None, ..entry() };
        let standing = Standing::default().with("p1", &written);
        let at_ms = written.written_at_ms.unwrap();
        let want = Written { plan_id: "p1".to_owned(), date: written.change.to.unwrap(), at_ms };
        assert_eq!(standing.written, Some(want));
        let at = |ms: u64| Some(jiff::Timestamp::from_millisecond(i64::try_from(ms).unwrap()).unwrap());
        assert_eq!(standing.held(None, at(at_ms - 60_000)), written.change.to);
        assert_eq!(standing.held(None, at(at_ms + 1)), None);
        assert_eq!(standing.held(None, None), written.change.to);
    }

    #[test]
    fn an_undo_forgets_its_own_date_only() {
        let written = Entry { undo: None, ..entry() };
        let undone = Entry { undo: Some(Phase::Verified { quiet_from_ms: 0 }), ..entry() };
        let standing = Standing::default().with("p1", &written);
        assert_eq!(standing.clone().with("p1", &undone).written, None);
        let other = standing.clone().with("p2", &undone);
        assert_eq!((&other.written, other.plan_ids.len()), (&standing.written, 2));
    }

    #[test]
    fn a_date_that_was_accepted_and_is_gone_is_a_return() {
        let attempt = Attempt { at_ms: 9, stamp: None, n_sends: 1 };
        let held = HeldDate::default();
        let n_returns = |before: Phase, next: Phase| {
            let before = Entry { phase: before, undo: None, ..entry() };
            Standing::default().returned("p1", &before, &next, Some(&held)).tug.returns.len()
        };
        assert_eq!(n_returns(Phase::Sent(attempt), Phase::Touched), 1);
        assert_eq!(n_returns(Phase::Sent(attempt), Phase::Moved { found: None }), 1);
        assert_eq!(n_returns(Phase::Sent(attempt), Phase::Verified { quiet_from_ms: 0 }), 0);
        // Whether ours was there at all cannot be told.
        assert_eq!(n_returns(Phase::Ambiguous(attempt), Phase::Touched), 0);
        assert_eq!(n_returns(Phase::START, Phase::Moved { found: None }), 0);
    }

    #[test]
    fn one_edit_is_one_return_also_where_an_earlier_plan_wrote_another_date() {
        let first = Entry { undo: None, ..entry() };
        let standing = Standing::default().with("p0", &first);
        let found = Some("2025-01-01".parse().unwrap());
        let held = HeldDate { warranty_expiration_date: found, ..HeldDate::default() };
        let sent = Phase::Sent(Attempt { at_ms: 9, stamp: None, n_sends: 1 });
        let second = Entry { phase: sent, ..first };
        let moved = Phase::Moved { found };
        let standing = standing.returned("p1", &second, &moved, Some(&held));
        let standing = standing.with("p1", &Entry { phase: moved, ..second });
        assert_eq!(standing.watched("p2", &held).tug.returns.len(), 1);
    }

    #[test]
    fn an_undo_of_an_earlier_plan_does_not_bring_back_a_date_that_was_stopped() {
        let mut failed = Entry { phase: Phase::Failed(Failure::NotTaken), undo: None, ..entry() };
        failed.change.to = Some("2030-01-01".parse().unwrap());
        let stopped = Standing::default().with("p2", &failed).with("p3", &failed);
        assert!(stopped.stopped_date(None).is_some());
        let undone = Entry { undo: Some(Phase::START), ..entry() };
        assert!(stopped.with("p1", &undone).stopped_date(None).is_some());
    }
}
