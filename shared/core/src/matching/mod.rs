//! Which company of one list is which of another, by name.
//!
//! [`propose`] compares two whole lists and proposes pairs that a person would not doubt; [`SuggestionIndex`] answers, for
//! one row, which companies a person might mean. Wrong pairs are far worse than missing ones: a pair is proposed only if
//! nothing else, on either side, comes as near. Nothing is stored here, and nothing a person decided is touched.
//!
//! How a name is read: `fold` (letters), `words`, `legal` (form taken off, as a class), `name` (keys); the closed
//! lists are in `tables`, marks such as (OLD) in `markers`. How pairs are found: `levels` (ever looser keys, each
//! unique among all rows), then `near` (spelled umlauts, turned order, one slip of the hand, judged by `typo`).
//! Adding a row never adds a pair among the others: every rule about other rows can only forbid.

mod families;
mod fold;
mod grams;
mod known;
mod legal;
mod levels;
mod markers;
mod name;
mod near;
mod order;
mod reason;
mod rows;
mod suggest;
mod tables;
mod typo;
mod vocabulary;
mod words;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

pub use suggest::{Effort, Search, Suggestion, SuggestionIndex};

use levels::Board;

/// Fewest letters or digits that a name must keep to be matched automatically.
const MIN_LETTERS: usize = 3;

/// One company of one of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Company<'a> {
    /// Its id, unlike all others of its list.
    pub id: &'a str,
    /// Its name, exactly as the source has it.
    pub name: &'a str,
    /// Inactive companies are suggested, never proposed.
    pub is_active: bool,
    /// Left unlinked on purpose, or of a type that the tenant leaves out: never proposed.
    pub is_excluded: bool,
}

/// Two lists, and what people have decided about them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lists<'a> {
    /// Companies to be linked.
    pub left: &'a [Company<'a>],
    /// Companies that they are linked to.
    pub right: &'a [Company<'a>],
    /// Saved links as (left id, right id): never touched, and both companies are taken.
    pub links: &'a [(&'a str, &'a str)],
    /// Pairs that somebody refused: never proposed again.
    pub rejected: &'a [(&'a str, &'a str)],
    /// A legal form against none stays a suggestion.
    pub is_strict: bool,
}

/// How sure a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// The same name, but for case and blanks. Automatic.
    Exact,
    /// The same but for accents, punctuation, legal form, usual abbreviations and spellings. Automatic.
    Near,
    /// The same but for one slip of the hand, or the order of its parts. Automatic.
    Fuzzy,
    /// A person has to decide.
    Suggest,
    /// Nothing has the same name; [`SuggestionIndex`] may know something similar.
    None,
}

impl Tier {
    /// The word for it in files and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Near => "near",
            Self::Fuzzy => "fuzzy",
            Self::Suggest => "suggest",
            Self::None => "none",
        }
    }

    /// True for pairs that need nobody's consent.
    #[must_use]
    pub fn is_automatic(self) -> bool {
        matches!(self, Self::Exact | Self::Near | Self::Fuzzy)
    }
}

/// What is proposed for one company of the left list.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal<'a> {
    /// The company.
    pub left: &'a str,
    /// How sure it is.
    pub tier: Tier,
    /// Its partner; none only in [`Tier::None`].
    pub right: Option<&'a str>,
    /// 1 for the same text, less for every step away from it; 0 without a partner.
    pub score: f32,
    /// Why, in words for the person who looks at it.
    pub reason: String,
    /// Several companies have the name, here or there: the partner is one of them.
    pub is_ambiguous: bool,
    /// The company that came nearest beside the partner.
    pub runner_up: Option<&'a str>,
}

/// Proposes partners for the left companies.
///
/// # Shape
/// One proposal per left company that is neither linked nor excluded, in the order of the list. The order of rows
/// changes nothing else. No right company is proposed automatically twice, nor one that a saved link has taken. Proposals
/// that are accepted and handed back as links leave all others as they were.
#[must_use]
pub fn propose<'a>(lists: &Lists<'a>) -> Vec<Proposal<'a>> {
    let mut board = Board::new(lists);
    board.pair_equals();
    near::pair_neighbors(&mut board);
    board.proposals()
}
