//! The same words in another order: `Springfield, City of`; `Boone & Whitaker`; `Dana Pruett Law Offices`.
//!
//! Order tells companies apart more often than not (Miami University, University of Miami), so only these ways count.

use super::name::CoreWord;

/// What may stand before "of" or behind the name, and is the same thing.
const HEADS: &[&str] = &[
    "law offices",
    "law office",
    "law firm",
    "offices",
    "office",
    "dental office",
    "dental offices",
    "county",
    "diocese",
    "archdiocese",
    "school district",
    "dental practice",
    "practice",
    "estate",
    "parish",
    "borough",
    "township",
    "port",
];

/// True when one name is the other with its parts turned in a way that people use.
pub(super) fn is_turned(one: &[CoreWord], other: &[CoreWord]) -> bool {
    is_turned_to(one, other) || is_turned_to(other, one)
}

fn is_turned_to(one: &[CoreWord], other: &[CoreWord]) -> bool {
    let (one_heads, other_heads) = (heads(one), heads(other));
    is_at_comma(one, &other_heads) || is_swapped(&one_heads, &other_heads) || is_of(one, &other_heads)
}

fn heads(core: &[CoreWord]) -> Vec<&str> {
    core.iter().map(CoreWord::head).collect()
}

/// `Springfield, City of`; `Keller, Robert DDS`, where the last words stay behind.
fn is_at_comma(core: &[CoreWord], other: &[&str]) -> bool {
    let Some(at) = core.iter().position(|word| word.is_after_comma) else { return false };
    let words = heads(core);
    let (first, rest) = words.split_at(at);
    (1..=rest.len()).rev().any(|n_moved| {
        let (moved, kept) = rest.split_at(n_moved);
        [moved, first, kept].concat() == other
    })
}

/// `Whitaker & Boone`: the two words beside the sign change places.
fn is_swapped(one: &[&str], other: &[&str]) -> bool {
    let mut signs = one.iter().enumerate().filter(|(_, word)| **word == "&").map(|(at, _)| at);
    let (Some(at), None) = (signs.next(), signs.next()) else { return false };
    let mut turned = one.to_vec();
    if at != 1 || one.len() < 3 {
        return false;
    }
    turned.swap(at - 1, at + 1);
    turned == other
}

/// `Law Offices of Dana Pruett` is `Dana Pruett Law Offices`.
fn is_of(core: &[CoreWord], other: &[&str]) -> bool {
    let words = heads(core);
    let Some(of) = words.iter().position(|word| *word == "of") else { return false };
    let (head, rest) = (&words[..of], &words[of + 1..]);
    let written: Vec<&str> = core[..of].iter().map(|word| &*word.text).collect();
    HEADS.contains(&written.join(" ").as_str()) && !rest.is_empty() && [rest, head].concat() == other
}
