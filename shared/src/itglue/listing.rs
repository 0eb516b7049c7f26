//! A list of organizations while it is read, and when it has been read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared_core::itglue::{Ask, MAX_PAGE_SIZE, Organization, PageFacts, Rejected, Walk};

/// Organizations read so far; may be put away between two requests and taken up again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    walk: Walk,
    organizations: BTreeMap<i64, Organization>,
    rejected: Vec<Rejected>,
}

/// What came with one page.
#[derive(Debug)]
pub(super) struct PageRead {
    pub(super) ids: Vec<Option<i64>>,
    pub(super) records: Vec<Result<Organization, Rejected>>,
    pub(super) n_total: u64,
    pub(super) has_next: bool,
}

impl Default for Listing {
    fn default() -> Self {
        Self { walk: Walk::new(MAX_PAGE_SIZE), organizations: BTreeMap::new(), rejected: Vec::new() }
    }
}

impl Listing {
    /// The organizations, ascending by id.
    pub fn organizations(&self) -> impl ExactSizeIterator<Item = &Organization> {
        self.organizations.values()
    }

    /// Records that could not be used.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// True when nothing is left to ask for.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.ask(), Ask::Nothing { .. })
    }

    /// True when these are exactly the records of one moment; only then may what is missing be taken for removed.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        matches!(self.ask(), Ask::Nothing { is_complete: true })
    }

    pub(super) fn ask(&self) -> Ask {
        self.walk.ask()
    }

    pub(super) fn page_read(&mut self, page: PageRead) {
        if matches!(self.ask(), Ask::Page { number: 1, .. }) {
            self.organizations.clear();
            self.rejected.clear();
        }
        for record in page.records {
            match record {
                Ok(organization) => drop(self.organizations.insert(organization.id, organization)),
                Err(rejected) => self.rejected.push(rejected),
            }
        }
        self.walk.page_read(&PageFacts { ids: page.ids, n_total: page.n_total, has_next: page.has_next });
    }

    pub(super) fn row_read(&mut self, id: Option<i64>) {
        self.walk.row_read(id);
    }

    pub(super) fn shrink(&mut self) -> bool {
        self.walk.shrink()
    }
}
