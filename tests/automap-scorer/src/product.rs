//! What the product proposes.

use shared_core::matching::{Company, Lists, Proposal, propose};

use crate::data::{Row, Set};
use crate::score::Mapping;

/// The automatic pairs of a set.
#[must_use]
pub fn mapping(set: &Set) -> Mapping {
    with_proposals(set, |proposals| {
        let automatic = proposals.iter().filter(|proposal| proposal.tier.is_automatic());
        automatic
            .filter_map(|proposal| Some((proposal.left.to_owned(), proposal.right?.to_owned())))
            .collect()
    })
}

/// Hands the proposals for a set to `look`.
pub fn with_proposals<T>(set: &Set, look: impl FnOnce(&[Proposal<'_>]) -> T) -> T {
    let (left, right) = (companies(&set.left), companies(&set.right));
    look(&propose(&Lists { left: &left, right: &right, ..Lists::default() }))
}

fn companies(rows: &[Row]) -> Vec<Company<'_>> {
    rows.iter().map(|Row { id, name }| Company { id, name, is_active: true, is_excluded: false }).collect()
}
