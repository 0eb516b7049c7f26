//! Edits that wait until a page has been served: how pages shift under a reader.

use crate::store::Edit;
use serde::{Deserialize, Serialize};

/// Edits for the moment after a page of organizations has been served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The page after which they happen, from 1, counted from the moment of the order.
    pub after_page: u64,
    /// What happens, in this order.
    pub edits: Vec<Edit>,
}

/// Plans with the pages that each has seen.
#[derive(Debug, Default)]
pub(crate) struct Plans(Vec<(u64, Plan)>);

impl Plans {
    pub(crate) fn add(&mut self, plan: Plan) {
        self.0.push((0, plan));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Notes a page that was served and gives the edits that are due now.
    pub(crate) fn page_served(&mut self) -> Vec<Edit> {
        for (n_seen, _) in &mut self.0 {
            *n_seen += 1;
        }
        let due = self.0.extract_if(.., |(n_seen, plan)| *n_seen >= plan.after_page);
        due.flat_map(|(_, plan)| plan.edits).collect()
    }
}
