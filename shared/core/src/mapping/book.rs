//! Choices of one area, with who made them, version by version.
//!
//! A save names the version that was read. If somebody saved meanwhile, nothing is stored and both sides are shown; so the
//! last writer never wins by being last.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::targets::Target;

/// Who saved a version, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Save {
    /// RFC 3339 UTC.
    pub at: String,
    /// E-mail address of an admin, or our own name where the product chose.
    pub by: String,
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen<C> {
    /// What was chosen.
    pub choice: C,
    /// The row's name at that time: tells a rename.
    pub name: String,
    /// The version that brought it.
    pub version: u64,
}

/// All choices of an area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book<C> {
    /// Rises with every save; 0 before the first.
    pub version: u64,
    /// By the row's key.
    pub choices: BTreeMap<String, Chosen<C>>,
    /// The saves that choices still refer to.
    pub saves: BTreeMap<u64, Save>,
    /// Keys that were there when somebody last saved: what is not among them is new.
    #[serde(default)]
    pub known: BTreeSet<String>,
    /// Targets that the tenant added; of types and statuses.
    #[serde(default)]
    pub targets: Vec<Target>,
    /// How rows are proposed; of links.
    #[serde(default)]
    pub options: Options,
}

impl<C> Default for Book<C> {
    fn default() -> Self {
        Self {
            version: 0,
            choices: BTreeMap::new(),
            saves: BTreeMap::new(),
            known: BTreeSet::new(),
            targets: Vec::new(),
            options: Options::default(),
        }
    }
}

/// How links are proposed, beside the choices for single rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// A legal form against none stays a suggestion.
    pub is_strict: bool,
    /// Ids of the company types that are never proposed.
    pub excluded_types: BTreeSet<i64>,
}

/// A wish for one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<C> {
    /// Which row.
    pub key: String,
    /// The new choice; none takes the choice back.
    pub choice: Option<C>,
}

/// What a version changed in one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff<C> {
    /// Which row.
    pub key: String,
    /// Its name then.
    pub name: String,
    /// The choice before; none if there was none.
    pub before: Option<C>,
    /// The choice after.
    pub after: Option<C>,
    /// The version that did it.
    pub version: u64,
}

/// A row that two people changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict<C> {
    /// What was wished for.
    pub yours: Option<C>,
    /// What somebody else saved meanwhile.
    pub theirs: Diff<C>,
}

impl<C: Clone + PartialEq> Book<C> {
    /// The choice for a row.
    #[must_use]
    pub fn choice(&self, key: &str) -> Option<&C> {
        self.choices.get(key).map(|chosen| &chosen.choice)
    }

    /// Who made the choice for a row, and when.
    #[must_use]
    pub fn save_of(&self, key: &str) -> Option<&Save> {
        self.saves.get(&self.choices.get(key)?.version)
    }

    /// Whether nobody has seen the row yet who saved.
    #[must_use]
    pub fn is_new(&self, key: &str) -> bool {
        self.version > 0 && !self.known.contains(key) && !self.choices.contains_key(key)
    }

    /// The book after a save, and what the save changed; wishes that change nothing leave no trace.
    #[must_use]
    pub fn after(
        &self,
        changes: &[Change<C>],
        save: Save,
        name_of: impl Fn(&str) -> String,
    ) -> (Self, Vec<Diff<C>>) {
        let (mut after, version) = (self.clone(), self.version + 1);
        let mut diffs = Vec::new();
        for change in changes {
            let before = after.choices.remove(&change.key).map(|chosen| chosen.choice);
            let (name, choice) = (name_of(&change.key), change.choice.clone());
            if before != choice {
                let (key, after) = (change.key.clone(), choice.clone());
                diffs.push(Diff { key, name: name.clone(), before: before.clone(), after, version });
            }
            let chosen_in = if before == choice { self.version_of(&change.key) } else { version };
            after.choices.extend(
                choice.map(|choice| (change.key.clone(), Chosen { choice, name, version: chosen_in })),
            );
        }
        after.version = version;
        after.saves.insert(version, save);
        let used: BTreeSet<u64> = after.choices.values().map(|chosen| chosen.version).collect();
        after.saves.retain(|saved, _| *saved == version || used.contains(saved));
        (after, diffs)
    }

    fn version_of(&self, key: &str) -> u64 {
        self.choices.get(key).map_or(self.version + 1, |chosen| chosen.version)
    }
}

/// One difference a row, from the first state to the last; rows that came back to where they were are left out.
///
/// `diffs` are in the order of their versions.
#[must_use]
pub fn folded<C: Clone + PartialEq>(diffs: &[Diff<C>]) -> Vec<Diff<C>> {
    let mut rows: BTreeMap<&str, Diff<C>> = BTreeMap::new();
    for diff in diffs {
        let row = rows.entry(&diff.key).or_insert_with(|| diff.clone());
        (row.after, row.name, row.version) = (diff.after.clone(), diff.name.clone(), diff.version);
    }
    rows.into_values().filter(|row| row.before != row.after).collect()
}

/// What stands in the way of a save that was made upon an older version: the rows that both changed, and those that only
/// others did.
#[must_use]
pub fn conflicts<C: Clone + PartialEq>(
    mine: &[Change<C>],
    since: &[Diff<C>],
) -> (Vec<Conflict<C>>, Vec<Diff<C>>) {
    let (mut both, mut theirs_only) = (Vec::new(), Vec::new());
    for theirs in folded(since) {
        match mine.iter().find(|change| change.key == theirs.key) {
            Some(change) if change.choice != theirs.after => {
                both.push(Conflict { yours: change.choice.clone(), theirs });
            }
            _ => theirs_only.push(theirs),
        }
    }
    (both, theirs_only)
}

/// The changes that bring back the state before these differences.
#[must_use]
pub fn taken_back<C: Clone + PartialEq>(since: &[Diff<C>]) -> Vec<Change<C>> {
    folded(since).into_iter().map(|diff| Change { key: diff.key, choice: diff.before }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Book, Change, Diff, Save, conflicts, taken_back};

    type Wish = (u8, Option<u8>);

    fn changes(wishes: &[Wish]) -> Vec<Change<u8>> {
        wishes.iter().map(|&(key, choice)| Change { key: key.to_string(), choice }).collect()
    }

    fn save(book: &Book<u8>, wishes: &[Wish]) -> (Book<u8>, Vec<Diff<u8>>) {
        let by = Save { at: "2026-11-22T00:00:00Z".to_owned(), by: "a@b.example".to_owned() };
        book.after(&changes(wishes), by, |key| format!("row {key}"))
    }

    fn choices(book: &Book<u8>) -> Vec<(String, u8)> {
        book.choices.iter().map(|(key, chosen)| (key.clone(), chosen.choice)).collect()
    }

    proptest! {
        #[test]
        fn every_version_can_be_brought_back(
            saves in prop::collection::vec(prop::collection::btree_map(0_u8..6, prop::option::of(0_u8..3), 0..4), 1..8),
        ) {
            let mut history = vec![Book::default()];
            let mut diffs: Vec<Vec<Diff<u8>>> = vec![Vec::new()];
            for wishes in &saves {
                let wishes: Vec<Wish> = wishes.iter().map(|(&key, &choice)| (key, choice)).collect();
                let (book, diff) = save(history.last().unwrap(), &wishes);
                history.push(book);
                diffs.push(diff);
            }
            let now = history.last().unwrap();
            for (to, then) in history.iter().enumerate() {
                let since: Vec<Diff<u8>> = diffs[to + 1..].concat();
                let wishes: Vec<Wish> = taken_back(&since)
                    .into_iter().map(|change| (change.key.parse().unwrap(), change.choice)).collect();
                prop_assert_eq!(choices(&save(now, &wishes).0), choices(then));
                // Whoever saved upon that version learns of every row that others changed since.
                let (both, theirs) = conflicts(&changes(&[(0, Some(9))]), &since);
                prop_assert_eq!(both.len() + theirs.len(), taken_back(&since).len());
            }
        }
    }

    #[test]
    fn a_choice_keeps_its_author_until_it_changes() {
        let (one, _) = save(&Book::default(), &[(1, Some(1)), (2, Some(1))]);
        let (two, diffs) = save(&one, &[(1, Some(1)), (2, Some(2))]);
        assert_eq!(diffs.len(), 1);
        assert_eq!((two.choices["1"].version, two.choices["2"].version), (1, 2));
        let (three, _) = save(&two, &[(1, None)]);
        assert_eq!(three.saves.keys().copied().collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn two_admins_meet_where_they_differ_and_nowhere_else() {
        let (one, _) = save(&Book::default(), &[(1, Some(1))]);
        let (_, theirs) = save(&one, &[(1, Some(2)), (2, Some(2)), (3, Some(2))]);
        let (both, only_theirs) = conflicts(&changes(&[(1, Some(3)), (2, Some(2)), (4, Some(1))]), &theirs);
        assert_eq!(both.len(), 1);
        assert_eq!((both[0].yours, both[0].theirs.before, both[0].theirs.after), (Some(3), Some(1), Some(2)));
        assert_eq!(only_theirs.iter().map(|diff| diff.key.as_str()).collect::<Vec<_>>(), ["2", "3"]);
    }

    #[test]
    fn what_nobody_saw_is_new() {
        let mut book: Book<u8> = Book::default();
        assert!(!book.is_new("1"), "before the first save nothing is");
        (book, _) = save(&book, &[(1, Some(1))]);
        book.known.insert("2".to_owned());
        assert!(!book.is_new("1") && !book.is_new("2") && book.is_new("3"));
    }
}
