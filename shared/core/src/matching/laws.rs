//! Laws of matching that hold for all lists.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Company, Effort, Lists, Proposal, SuggestionIndex, Tier, propose};

/// Names that collide often, in every way that matching knows.
fn any_name() -> impl Strategy<Value = String> {
    let start = prop::sample::select(vec![
        "Acme",
        "ACME",
        "Acmé",
        "Möller",
        "Moeller",
        "Boone & Whitaker",
        "Whitaker & Boone",
        "Rosenberg",
        "Rosenbergg",
        "Delta Construction",
        "Sea Shore",
        "Seashore",
        "Springfield, City of",
        "City of Springfield",
        "Hollis Assoc",
        "Hollis Associates",
        "Hollis Association",
        "N/A",
        "",
        "삼진기계",
    ]);
    let end = prop::sample::select(vec![
        "",
        "",
        "",
        " LLC",
        ", L.L.C.",
        " Inc",
        " Ltd",
        " Limited",
        " GmbH",
        " Group",
        " Holdings Ltd",
        " North",
        " II",
        " (OLD)",
        " LIMITDE",
        " Ctr",
        " Center",
        " SE",
        " Co",
        " Co Ltd",
    ]);
    (start, end).prop_map(|(start, end)| format!("{start}{end}"))
}

#[derive(Clone, Debug)]
struct Made {
    id: String,
    name: String,
    is_active: bool,
    is_excluded: bool,
}

fn any_list(n_most: usize) -> impl Strategy<Value = Vec<Made>> {
    let row = (any_name(), prop::bool::weighted(0.9), prop::bool::weighted(0.05));
    prop::collection::vec(row, 0..n_most).prop_map(|rows| {
        let number =
            |(at, (name, is_active, is_excluded))| Made { id: format!("{at}"), name, is_active, is_excluded };
        rows.into_iter().enumerate().map(number).collect()
    })
}

fn companies(list: &[Made]) -> Vec<Company<'_>> {
    list.iter()
        .map(|Made { id, name, is_active, is_excluded }| Company {
            id,
            name,
            is_active: *is_active,
            is_excluded: *is_excluded,
        })
        .collect()
}

fn by_left<'a>(proposals: Vec<Proposal<'a>>) -> BTreeMap<&'a str, Proposal<'a>> {
    proposals.into_iter().map(|proposal| (proposal.left, proposal)).collect()
}

fn automatic<'a>(lists: &Lists<'a>) -> BTreeSet<(&'a str, &'a str)> {
    let sure = propose(lists).into_iter().filter(|proposal| proposal.tier.is_automatic());
    sure.filter_map(|proposal| Some((proposal.left, proposal.right?))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_order_of_rows_changes_nothing(
        left in any_list(12), right in any_list(12), turn in (0_usize..12, 0_usize..12), is_strict in any::<bool>(),
    ) {
        let (mut left, mut right) = (companies(&left), companies(&right));
        let (one_left, one_right) = (left.clone(), right.clone());
        let first = propose(&Lists { left: &one_left, right: &one_right, is_strict, ..Lists::default() });
        let turn = (turn.0.min(left.len()), turn.1.min(right.len()));
        left.rotate_left(turn.0);
        right.rotate_left(turn.1);
        left.reverse();
        let second = propose(&Lists { left: &left, right: &right, is_strict, ..Lists::default() });
        prop_assert_eq!(by_left(first), by_left(second));
    }

    #[test]
    fn automatic_pairs_are_one_to_one_and_allowed(left in any_list(12), right in any_list(12)) {
        let (left, right) = (companies(&left), companies(&right));
        let pairs = automatic(&Lists { left: &left, right: &right, ..Lists::default() });
        let rights: BTreeSet<_> = pairs.iter().map(|(_, right)| *right).collect();
        prop_assert_eq!(rights.len(), pairs.len());
        let is_allowed = |list: &[Company<'_>], id: &str| {
            list.iter().any(|it| it.id == id && it.is_active && !it.is_excluded && !it.name.contains("(OLD)"))
        };
        prop_assert!(pairs.iter().all(|(one, other)| is_allowed(&left, one) && is_allowed(&right, other)));
    }

    #[test]
    fn accepted_proposals_leave_the_others_as_they_were(
        left in any_list(12), right in any_list(12), keep in prop::collection::vec(any::<bool>(), 12),
    ) {
        let (left, right) = (companies(&left), companies(&right));
        let lists = Lists { left: &left, right: &right, ..Lists::default() };
        let before = automatic(&lists);
        let kept: Vec<_> = before.iter().copied().zip(keep.iter().cycle()).filter(|(_, keep)| **keep).map(|(pair, _)| pair).collect();
        let after = automatic(&Lists { links: &kept, ..lists });
        let rest: BTreeSet<_> = before.into_iter().filter(|pair| !kept.contains(pair)).collect();
        prop_assert_eq!(after, rest);
    }

    #[test]
    fn one_more_row_never_adds_a_pair_among_the_others(
        left in any_list(12), right in any_list(12), name in any_name(), is_left in any::<bool>(), is_active in any::<bool>(),
    ) {
        let (mut left, mut right) = (companies(&left), companies(&right));
        let (few_left, few_right) = (left.clone(), right.clone());
        let before = automatic(&Lists { left: &few_left, right: &few_right, ..Lists::default() });
        let added = Company { id: "added", name: &name, is_active, is_excluded: false };
        if is_left { left.push(added) } else { right.push(added) }
        let after = automatic(&Lists { left: &left, right: &right, ..Lists::default() });
        let old: BTreeSet<_> = after.into_iter().filter(|(one, other)| *one != "added" && *other != "added").collect();
        prop_assert!(old.is_subset(&before), "{old:?} {before:?}");
    }

    #[test]
    fn links_and_refusals_are_never_proposed(left in any_list(9), right in any_list(9)) {
        let (left, right) = (companies(&left), companies(&right));
        let lists = Lists { left: &left, right: &right, ..Lists::default() };
        let pairs: Vec<_> = automatic(&lists).into_iter().collect();
        prop_assert_eq!(automatic(&Lists { rejected: &pairs, ..lists }), BTreeSet::new());
        let linked: Vec<_> = left.iter().zip(&right).map(|(one, other)| (one.id, other.id)).collect();
        let rest = propose(&Lists { links: &linked, ..lists });
        prop_assert!(rest.iter().all(|it| linked.iter().all(|(one, _)| *one != it.left)));
        let is_taken = |id: &str| linked.iter().any(|(_, other)| *other == id);
        prop_assert!(rest.iter().all(|it| !it.tier.is_automatic() || !it.right.is_some_and(is_taken)));
    }

    #[test]
    fn any_text_is_read_and_every_answer_is_whole(names in prop::collection::vec(any::<String>(), 0..6)) {
        let ids: Vec<_> = (0..names.len()).map(|at| at.to_string()).collect();
        let list: Vec<_> = names.iter().zip(&ids)
            .map(|(name, id)| Company { id, name, is_active: true, is_excluded: false }).collect();
        let proposals = propose(&Lists { left: &list, right: &list, ..Lists::default() });
        prop_assert_eq!(proposals.len(), list.len());
        prop_assert!(proposals.iter().all(|it| (it.tier == Tier::None) == it.right.is_none() && !it.reason.is_empty()));
        let index = SuggestionIndex::new(&list);
        let mut search = index.search(Effort::Thorough);
        for name in &names {
            let found = search.suggest(name);
            prop_assert!(found.len() <= 5 && found.is_sorted_by(|one, other| one.score >= other.score));
        }
    }
}
