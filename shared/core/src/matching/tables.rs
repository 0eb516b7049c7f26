//! The closed lists, read once: legal forms, abbreviations, phrases.

use std::collections::HashMap;
use std::sync::LazyLock;

const LEGAL_FORMS: &str = include_str!("tables/legal_forms.txt");
const ABBREVIATIONS: &str = include_str!("tables/abbreviations.txt");
const PHRASE_LINES: &str = include_str!("tables/phrases.txt");

/// Longest way to write a legal form, in words.
pub(super) const MAX_FORM_WORDS: usize = 6;
/// Longest phrase, in words.
pub(super) const MAX_PHRASE_WORDS: usize = 6;

/// One way to write a legal form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Its class, an index of [`Forms::classes`].
    pub(super) class: u16,
    /// It has another meaning outside of company law.
    pub(super) is_doubtful: bool,
    /// It may stand before the name.
    pub(super) is_leading: bool,
}

/// The legal forms.
#[derive(Debug, Default)]
pub(super) struct Forms {
    /// How each class is shown.
    pub(super) classes: Vec<&'static str>,
    /// Ways by their words, joined by blanks.
    pub(super) ways: HashMap<&'static str, Way>,
    /// Last words of ways: most names end otherwise.
    pub(super) last_words: HashMap<&'static str, usize>,
    /// First words of leading ways.
    pub(super) first_words: HashMap<&'static str, usize>,
    /// Ways that are written without a blank, in scripts that have none; longest first.
    pub(super) affixes: Vec<(&'static str, Way)>,
}

/// Runs of words that have a short form.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// Short form by the words it stands for.
    pub(super) short: HashMap<&'static str, &'static str>,
    /// Longest phrase by its first word.
    pub(super) first_words: HashMap<&'static str, usize>,
}

/// What a word of an abbreviation family may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    /// The word that stands for the family in keys.
    pub(super) head: &'static str,
    /// One bit per full word; the head's is the lowest.
    pub(super) readings: u32,
}

pub(super) static FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::parse(LEGAL_FORMS));
pub(super) static MEANINGS: LazyLock<HashMap<&'static str, Meaning>> =
    LazyLock::new(|| meanings(ABBREVIATIONS));
pub(super) static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::parse(PHRASE_LINES));

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Keeps the longest way of a word.
fn note_longest(longest: &mut HashMap<&'static str, usize>, word: Option<&'static str>, n_words: usize) {
    if let Some(word) = word {
        let most = longest.entry(word).or_default();
        *most = n_words.max(*most);
    }
}

impl Forms {
    fn parse(text: &'static str) -> Self {
        let mut forms = Self::default();
        for (class, ways) in lines(text).filter_map(|line| line.split_once(':')) {
            let class_idx = u16::try_from(forms.classes.len()).unwrap_or(u16::MAX);
            forms.classes.push(class.trim());
            ways.split(',').for_each(|way| forms.add(class_idx, way.trim()));
        }
        forms.affixes.sort_by_key(|(text, _)| (std::cmp::Reverse(text.len()), *text));
        forms
    }

    fn add(&mut self, class: u16, written: &'static str) {
        let text = written.trim_start_matches(['~', '^']);
        let way = Way { class, is_doubtful: written.starts_with('~'), is_leading: written.starts_with('^') };
        let n_words = text.split(' ').count();
        note_longest(&mut self.last_words, text.rsplit(' ').next(), n_words);
        if way.is_leading {
            note_longest(&mut self.first_words, text.split(' ').next(), n_words);
        }
        let is_unspaced = text.chars().all(|letter| letter > '\u{2e80}') && text.chars().count() > 2;
        if is_unspaced {
            self.affixes.push((text, way));
        }
        self.ways.insert(text, way);
    }
}

/// Families are the connected groups of the lines; each full word gets a bit of its own.
fn meanings(text: &'static str) -> HashMap<&'static str, Meaning> {
    let entries: Vec<(&str, Vec<&str>)> = lines(text)
        .filter_map(|line| line.split_once('='))
        .map(|(short, full)| (short.trim(), full.split_whitespace().collect()))
        .collect();
    let mut heads: HashMap<&str, &'static str> = HashMap::new();
    for (_, full) in &entries {
        let Some(first) = full.first() else { continue };
        let head = full.iter().find_map(|word| heads.get(word)).copied().unwrap_or(first);
        merge(&mut heads, head, full);
    }
    let mut bits: HashMap<&str, u32> = HashMap::new();
    let mut n_bits: HashMap<&str, u32> = HashMap::new();
    let mut found = HashMap::new();
    let heads_first = heads.values().map(|head| (*head, *head));
    let mut ordered: Vec<_> = heads.iter().map(|(word, head)| (*head, *word)).chain(heads_first).collect();
    ordered.sort_unstable_by_key(|(head, word)| (*head, *head != *word, *word));
    ordered.dedup();
    for (head, word) in ordered {
        let bit = n_bits.entry(head).or_default();
        bits.insert(word, 1 << (*bit).min(31));
        *bit += 1;
        found.insert(word, Meaning { head, readings: bits[word] });
    }
    for (short, full) in entries {
        let readings = full.iter().filter_map(|word| bits.get(word)).fold(0, |sum, bit| sum | bit);
        if let Some(head) = full.first().and_then(|word| heads.get(word)) {
            found.insert(short, Meaning { head, readings });
        }
    }
    found
}

fn merge(heads: &mut HashMap<&'static str, &'static str>, head: &'static str, full: &[&'static str]) {
    let others: Vec<_> = full.iter().filter_map(|word| heads.get(word).copied()).collect();
    for known in heads.values_mut().filter(|known| others.contains(known)) {
        *known = head;
    }
    heads.extend(full.iter().map(|word| (*word, head)));
}

impl Phrases {
    fn parse(text: &'static str) -> Self {
        let mut phrases = Self::default();
        for (short, phrase) in lines(text).filter_map(|line| line.split_once('=')) {
            let phrase = phrase.trim();
            note_longest(&mut phrases.first_words, phrase.split(' ').next(), phrase.split(' ').count());
            phrases.short.insert(phrase, short.trim());
        }
        phrases
    }
}

#[cfg(test)]
mod tests {
    use super::{FORMS, MAX_FORM_WORDS, MAX_PHRASE_WORDS, MEANINGS, PHRASES};
    use crate::matching::fold::Umlauts;
    use crate::matching::words::words;

    #[test]
    fn every_way_is_spelled_as_folding_spells_it() {
        let ways = FORMS.ways.keys().chain(PHRASES.short.keys()).chain(MEANINGS.keys());
        for way in ways {
            let folded: Vec<_> = words(way, Umlauts::Bare).into_iter().map(|word| word.text).collect();
            assert_eq!(folded.join(" "), *way);
        }
        let longest = FORMS.ways.keys().map(|way| way.split(' ').count()).max();
        assert_eq!(longest, Some(MAX_FORM_WORDS));
        assert!(PHRASES.first_words.values().all(|n_words| *n_words <= MAX_PHRASE_WORDS));
    }

    #[test]
    fn a_way_belongs_to_one_class_only() {
        let n_ways = super::lines(super::LEGAL_FORMS)
            .filter_map(|line| line.split_once(':'))
            .map(|(_, ways)| ways.split(',').count())
            .sum::<usize>();
        assert_eq!(n_ways, FORMS.ways.len());
    }

    #[test]
    fn abbreviations_share_readings_with_their_full_words_only() {
        let check = |one: &str, other: &str, is_same: bool| {
            let (one, other) = (MEANINGS[one], MEANINGS[other]);
            assert_eq!(one.head == other.head && one.readings & other.readings != 0, is_same);
        };
        check("assoc", "associates", true);
        check("assoc", "association", true);
        check("associates", "association", false);
        check("assn", "associates", false);
        check("centre", "ctr", true);
        check("co", "county", true);
        check("company", "county", false);
    }
}
