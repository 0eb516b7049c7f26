//! Edits that happen between two pages of somebody's walk.

use crate::schema::Entity;
use crate::write::Edit;
use serde::{Deserialize, Serialize};

/// Edits to be done once so many pages of an entity have been served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Whose pages are counted, from the moment the plan was made.
    pub entity: Entity,
    /// After this page, from 1.
    pub after_page: u64,
    /// What is done then, in this order.
    pub edits: Vec<Edit>,
}

/// All plans.
#[derive(Debug, Default)]
pub(crate) struct Plans(Vec<(Plan, u64)>);

impl Plans {
    /// Takes a plan.
    pub(crate) fn add(&mut self, plan: Plan) {
        self.0.push((plan, 0));
    }

    /// Drops all plans.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Counts a page and gives the edits that are due; their plans are done with.
    pub(crate) fn page_served(&mut self, entity: Entity) -> Vec<Edit> {
        let mut due = Vec::new();
        for (plan, n_pages) in self.0.iter_mut().filter(|(plan, _)| plan.entity == entity) {
            *n_pages += 1;
            if *n_pages == plan.after_page {
                due.append(&mut plan.edits);
            }
        }
        self.0.retain(|(plan, n_pages)| *n_pages < plan.after_page);
        due
    }
}
