//! The rows of both lists side by side, read once.

use std::collections::HashSet;

use super::markers::marker;
use super::name::{Key, Name, key};
use super::{Company, Lists, MIN_LETTERS, fold};

/// Which list a row is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// To be linked.
    Left,
    /// Linked to.
    Right,
}

/// How far apart two names may be and still share a key; each key holds the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// The same text.
    Text,
    /// The same but for case and blanks.
    Caseless,
    /// The same but for accents and punctuation.
    Folded,
    /// The same but for articles, abbreviations, spellings, borders of words, ways to write the legal form.
    Canonical,
    /// The same but for the legal form.
    Core,
}

impl Level {
    /// Tightest first.
    pub(super) const ALL: [Self; 5] = [Self::Text, Self::Caseless, Self::Folded, Self::Canonical, Self::Core];
}

/// What keeps a row from automatic proposals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bar {
    /// Nothing.
    None,
    /// It is inactive.
    Inactive,
    /// Somebody left it out.
    Excluded,
    /// Its name carries a mark.
    Marked(&'static str),
    /// Its name is too short.
    Short,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// Where it comes from.
    pub(super) company: Company<'a>,
    /// Its list.
    pub(super) side: Side,
    /// What keeps it from automatic proposals.
    pub(super) bar: Bar,
    /// It has a saved link.
    pub(super) is_linked: bool,
    /// Its name, read.
    pub(super) name: Name,
    /// Keys by level.
    pub(super) keys: [Key; 5],
    /// Core key with ü spelled ue, where that is another one.
    pub(super) spelled: Option<Key>,
}

impl<'a> Row<'a> {
    fn new(company: Company<'a>, side: Side, is_linked: bool) -> Self {
        let name = Name::read(company.name, super::fold::Umlauts::Bare);
        let squashed = name.squashed();
        let canonical = format!("{squashed}\u{1}{:?}", name.legal.classes);
        let caseless = key(&fold::caseless(company.name));
        let keys = [key(company.name), caseless, name.folded, key(&canonical), key(&squashed)];
        let spelled = Name::spelled(company.name).map(|spelled| key(&spelled.squashed()));
        let spelled = spelled.filter(|spelled| *spelled != keys[Level::Core as usize]);
        Self { bar: bar(&company, &name), company, side, is_linked, name, keys, spelled }
    }

    /// Key of a level.
    pub(super) fn key(&self, level: Level) -> Key {
        self.keys[level as usize]
    }

    /// True when it may be proposed.
    pub(super) fn is_open(&self) -> bool {
        self.bar == Bar::None
    }

    /// True when it is compared with others at all: a marked record is no rival of the good one.
    pub(super) fn is_compared(&self) -> bool {
        !matches!(self.bar, Bar::Marked(_) | Bar::Short)
    }

    /// An order that does not depend on where rows stand.
    pub(super) fn rank(&self) -> (Side, &'a str, &'a str) {
        (self.side, self.company.name, self.company.id)
    }
}

fn bar(company: &Company<'_>, name: &Name) -> Bar {
    match marker(company.name) {
        Some(mark) => Bar::Marked(mark),
        None if name.n_letters() < MIN_LETTERS => Bar::Short,
        None if company.is_excluded => Bar::Excluded,
        None if !company.is_active => Bar::Inactive,
        None => Bar::None,
    }
}

/// Reads both lists, the left one first.
pub(super) fn read<'a>(lists: &Lists<'a>) -> Vec<Row<'a>> {
    let left_linked: HashSet<&str> = lists.links.iter().map(|(left, _)| *left).collect();
    let right_linked: HashSet<&str> = lists.links.iter().map(|(_, right)| *right).collect();
    let left = lists.left.iter().map(|it| Row::new(*it, Side::Left, left_linked.contains(it.id)));
    let right = lists.right.iter().map(|it| Row::new(*it, Side::Right, right_linked.contains(it.id)));
    left.chain(right).collect()
}
