//! The single pairs behind the figures, for whoever wants to know why.

use std::collections::BTreeMap;

use shared_core::matching::Proposal;

use crate::data::Set;
use crate::product::with_proposals;

/// Which pairs are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Automatic pairs that are wrong.
    pub wrong: bool,
    /// True pairs that were not found.
    pub missed: bool,
}

/// One line per pair that is wanted, each with the product's reason.
#[must_use]
pub fn lines(set: &Set, wanted: Wanted) -> Vec<String> {
    let names = [&set.left, &set.right].map(|rows| -> BTreeMap<&str, &str> {
        rows.iter().map(|row| (row.id.as_str(), row.name.as_str())).collect()
    });
    let line = |what: &str, proposal: &Proposal<'_>| {
        let name =
            |side: usize, id: Option<&str>| id.and_then(|id| names[side].get(id)).copied().unwrap_or("-");
        let truth = set.matches.get(proposal.left).map(String::as_str);
        let (left, right) = (name(0, Some(proposal.left)), name(1, proposal.right));
        format!("{what} {}: {left:?} -> {right:?}, true {:?}: {}", set.name, name(1, truth), proposal.reason)
    };
    with_proposals(set, |proposals| {
        let wrong =
            proposals.iter().filter(|it| wanted.wrong && is_wrong(set, it)).map(|it| line("wrong", it));
        let missed =
            proposals.iter().filter(|it| wanted.missed && is_missed(set, it)).map(|it| line("missed", it));
        wrong.chain(missed).collect()
    })
}

fn is_wrong(set: &Set, proposal: &Proposal<'_>) -> bool {
    let Some(right) = proposal.right.filter(|_| proposal.tier.is_automatic()) else { return false };
    let is_true = set.matches.get(proposal.left).is_some_and(|truth| truth == right);
    !is_true && !set.accepted.contains(&(proposal.left.to_owned(), right.to_owned()))
}

fn is_missed(set: &Set, proposal: &Proposal<'_>) -> bool {
    !proposal.tier.is_automatic() && set.matches.contains_key(proposal.left)
}
