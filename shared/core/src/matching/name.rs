//! A name as matching sees it: core words, legal form, and the keys under which equals meet.

use xxhash_rust::xxh3::xxh3_128;

use super::fold::{self, Umlauts};
use super::legal::{Legal, take_off};
use super::tables::{MAX_PHRASE_WORDS, MEANINGS, Meaning, PHRASES};
use super::words::{Word, words};

/// A fingerprint of a text: 128 bits, so that two texts of one list never share one.
pub(super) type Key = u128;

/// One word of the core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CoreWord {
    /// As written, folded.
    pub(super) text: Box<str>,
    /// What it may stand for, when it belongs to a family of abbreviations or spellings.
    pub(super) meaning: Option<Meaning>,
    /// A comma stands before it.
    pub(super) is_after_comma: bool,
}

/// Words that say where or whose, but not who.
const SMALL_WORDS: &[&str] = &[
    "of", "at", "in", "for", "on", "de", "del", "della", "di", "du", "des", "la", "le", "las", "los", "der",
    "das", "fur",
];

/// A name, read.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// Words without articles, legal forms and number signs, in order.
    pub(super) core: Vec<CoreWord>,
    /// What was taken off.
    pub(super) legal: Legal,
    /// Key of all words as written: equal but for accents and punctuation.
    pub(super) folded: Key,
}

impl CoreWord {
    /// The text that stands for the word in keys.
    pub(super) fn head(&self) -> &str {
        self.meaning.map_or(&self.text, |meaning| meaning.head)
    }
}

/// The key of a text.
pub(super) fn key(text: &str) -> Key {
    xxh3_128(text.as_bytes())
}

impl Name {
    /// Reads a name.
    pub(super) fn read(name: &str, umlauts: Umlauts) -> Self {
        let mut words = words(name, umlauts);
        let mut all = String::with_capacity(name.len());
        for word in &words {
            all.push_str(&word.text);
            all.push(' ');
        }
        let legal = take_off(&mut words);
        Self { core: core(&words), legal, folded: key(&all) }
    }

    /// The heads of the core run together: the same for `Sea Shore Ctr` and `Seashore Center`.
    pub(super) fn squashed(&self) -> String {
        let mut text = String::with_capacity(self.core.len() * 8);
        squash(self.core.iter().map(CoreWord::head), &mut text);
        text
    }

    /// The core without small words between others.
    pub(super) fn without_small_words(&self) -> impl Iterator<Item = &CoreWord> {
        let last = self.core.len().saturating_sub(1);
        let is_kept =
            move |at: usize, word: &CoreWord| at == 0 || at == last || !SMALL_WORDS.contains(&&*word.text);
        self.core.iter().enumerate().filter(move |(at, word)| is_kept(*at, word)).map(|(_, word)| word)
    }

    /// The heads of the core in alphabetical order, without small words.
    pub(super) fn sorted(&self) -> String {
        let mut heads: Vec<&str> = self.core.iter().map(CoreWord::head).collect();
        heads.retain(|head| !SMALL_WORDS.contains(head));
        heads.sort_unstable();
        heads.join(" ")
    }

    /// Letters and digits of the core; a sign of a script without letters says as much as two of them.
    pub(super) fn n_letters(&self) -> usize {
        let letters = self.core.iter().flat_map(|word| word.text.chars()).filter(|letter| *letter != '&');
        letters.map(|letter| if letter >= '\u{2e80}' { 2 } else { 1 }).sum()
    }

    /// The spelling with ü as ue, where that is another one.
    pub(super) fn spelled(name: &str) -> Option<Self> {
        fold::has_umlaut(name).then(|| Self::read(name, Umlauts::Spelled))
    }
}

/// Runs words together. Numbers and single letters keep their borders: `Fund II I` is not `Fund III`.
pub(super) fn squash<'a>(heads: impl Iterator<Item = &'a str>, text: &mut String) {
    text.clear();
    let mut is_apart_before = false;
    for head in heads {
        let is_apart = stands_apart(head);
        if (is_apart || is_apart_before) && !text.is_empty() {
            text.push('|');
        }
        text.push_str(head);
        is_apart_before = is_apart;
    }
}

fn stands_apart(word: &str) -> bool {
    let mut letters = word.chars();
    let is_single = letters.next().is_some() && letters.next().is_none();
    is_single || word.starts_with(char::is_numeric) || word.bytes().all(|letter| b"ivx".contains(&letter))
}

fn core(words: &[Word]) -> Vec<CoreWord> {
    let mut core: Vec<CoreWord> = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let (n_words, short) = phrase(&words[at..]);
        let next = words.get(at + n_words);
        let text = short.unwrap_or(&word.text);
        if let Some(owner) = core.last_mut().filter(|owner| text == "s" && is_owner(owner)) {
            owner.text = format!("{}s", owner.text).into();
            owner.meaning = MEANINGS.get(&*owner.text).copied();
        } else if !is_left_out(text, next) {
            let is_between = at > 0 && next.is_some();
            let is_and = is_between && is_conjunction(text, next);
            let text = if is_and { "&" } else { text };
            let meaning = MEANINGS.get(text).copied();
            core.push(CoreWord { text: text.into(), meaning, is_after_comma: word.is_after_comma });
        }
        at += n_words;
    }
    if core.is_empty() { whole(words) } else { core }
}

/// `MARY S HOSPITAL`, from a system that takes apostrophes as blanks, is `MARYS HOSPITAL`.
fn is_owner(word: &CoreWord) -> bool {
    word.text.len() > 2 && word.text.chars().all(char::is_alphabetic)
}

fn whole(words: &[Word]) -> Vec<CoreWord> {
    let as_written = |word: &Word| CoreWord {
        text: word.text.as_str().into(),
        meaning: None,
        is_after_comma: word.is_after_comma,
    };
    words.iter().map(as_written).collect()
}

/// The phrase at the start, as its number of words and its short form; one word and none where there is no phrase.
fn phrase(words: &[Word]) -> (usize, Option<&'static str>) {
    let Some(n_most) = words.first().and_then(|word| PHRASES.first_words.get(word.text.as_str())) else {
        return (1, None);
    };
    for n_words in (2..=(*n_most).min(words.len()).min(MAX_PHRASE_WORDS)).rev() {
        let text = words[..n_words].iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        if let Some(short) = PHRASES.short.get(text.as_str()) {
            return (n_words, Some(short));
        }
    }
    (1, None)
}

/// Articles anywhere, and what only announces a number.
fn is_left_out(text: &str, next: Option<&Word>) -> bool {
    let announces = || matches!(text, "no" | "nr" | "nbr" | "num" | "number" | "numero" | "store" | "shop");
    text == "the" || next.is_some_and(Word::is_number) && announces()
}

/// Short ones are letters as well (Plan E), so they need a word that they stand before as a rule.
fn is_conjunction(text: &str, next: Option<&Word>) -> bool {
    let next = next.map_or("", |word| word.text.as_str());
    match text {
        "and" | "und" | "et" | "och" | "og" | "u" | "y" | "и" | "και" => true,
        "e" => matches!(
            next,
            "filhos" | "filho" | "irmaos" | "figli" | "figlio" | "fratelli" | "associados" | "associati"
        ),
        "i" => matches!(next, "synowie" | "syn" | "fills" | "germans" | "wspolnicy"),
        "en" => matches!(next, "zn" | "zoon" | "zonen" | "partners" | "co"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Name;
    use crate::matching::fold::Umlauts;

    fn check(one: &str, other: &str, is_same: bool) {
        let squashed = |name| Name::read(name, Umlauts::Bare).squashed();
        assert_eq!(squashed(one) == squashed(other), is_same, "{} {}", squashed(one), squashed(other));
    }

    #[test]
    fn ways_to_write_one_name_meet() {
        check("Sea Shore Marine Supply", "Seashore Marine Supply", true);
        check("Coast 2 Coast Movers", "Coast2Coast Movers", true);
        check("The Wexler Agency", "Wexler Agency, The", true);
        check("Barlow and Keene", "Barlow & Keene", true);
        check("Meyer u. Söhne", "Meyer & Söhne", true);
        check("NW Grain", "North West Grain", true);
        check("Sierra Ctr for Hearing", "Sierra Centre for Hearing", true);
        check("Kwik Mart Store 23", "Kwik Mart #23", true);
        check("Sycamore HOA", "Sycamore Homeowners Association", true);
        check("ST MARY S HOSPITAL", "St. Mary's Hospital", true);
        check("Carver Co. Sheriff", "Carver County Sheriff", true);
    }

    #[test]
    fn numbers_and_letters_keep_their_borders() {
        check("Fund II I", "Fund III", false);
        check("PS 11 8", "PS 118", false);
        check("Plan B Events", "Plan Be Vents", false);
    }
}
