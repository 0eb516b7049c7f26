//! One slip of the hand within a word.
//!
//! Many pairs one letter apart are two companies: Hanson and Hansen, Staffing and Stuffing, Industrial and Industriel.
//! So a slip must give a word that nobody knows, in a place and of a kind in which hands slip and languages do not
//! differ, and the shorter the word and the less is known of it, the less is believed.

use super::known::is_known;

/// How two words differ by one slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edit {
    /// Two neighbours changed places.
    Swapped,
    /// A letter is doubled on one side only.
    Doubled,
    /// A letter is there on one side only.
    Missing(u8),
    /// The e of a spelled umlaut is there on one side only.
    UmlautE,
    /// One letter for another.
    Other(u8, u8),
}

/// An edit, the place of the first letter it touches, and the letters behind the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slip {
    edit: Edit,
    at: usize,
    n_behind: usize,
}

/// True when two words are one edit apart (a letter more, less or other, two neighbours swapped), whatever it means.
pub(super) fn is_one_edit(one: &str, other: &str) -> bool {
    slip(one.as_bytes(), other.as_bytes()).is_some()
}

/// True when the word is unknown and one edit away from this known one.
pub(super) fn is_slip_of(word: &str, known: &str) -> bool {
    word.len() >= 6 && word.is_ascii() && !is_known(word) && is_one_edit(word, known)
}

/// True when the two are one word, mistyped once; the same for both orders.
pub(super) fn is_mistyped(one: &str, other: &str) -> bool {
    let are_letters = |word: &str| word.bytes().all(|letter| letter.is_ascii_lowercase());
    if !are_letters(one) || !are_letters(other) {
        return false;
    }
    let n_known = usize::from(is_known(one)) + usize::from(is_known(other));
    let n_letters = one.len().max(other.len());
    slip(one.as_bytes(), other.as_bytes()).is_some_and(|slip| slip.is_believed(n_letters, n_known))
}

impl Slip {
    /// The first letter is hardly ever mistyped, and the last ones tell plurals, genders and languages apart.
    fn is_believed(self, n_letters: usize, n_known: usize) -> bool {
        let least = match (self.edit, n_known) {
            (_, 2) => return false,
            (Edit::Swapped, 1) => 5,
            (Edit::Swapped, _) => 7,
            (Edit::Doubled, 1) => 6,
            (Edit::Doubled, _) => 9,
            (Edit::UmlautE, _) => 6,
            (Edit::Missing(letter), 1) if !is_vowel(letter) => 7,
            (Edit::Missing(_), 1) => 8,
            (Edit::Missing(letter), _) if !is_vowel(letter) => 9,
            (Edit::Missing(_), _) => 10,
            (Edit::Other(one, other), _) if sound_alike(one, other) => return false,
            (Edit::Other(one, other), 1) if is_vowel(one) && is_vowel(other) => 10,
            (Edit::Other(one, other), 1) if is_vowel(one) != is_vowel(other) => 6,
            (Edit::Other(..), 1) => 7,
            (Edit::Other(one, other), _) if is_vowel(one) && is_vowel(other) => return false,
            (Edit::Other(..), _) => 9,
        };
        let n_fixed_end = match self.edit {
            Edit::Swapped | Edit::Doubled => 0,
            Edit::Other(one, other) if is_vowel(one) && is_vowel(other) => 3,
            Edit::Missing(_) | Edit::UmlautE | Edit::Other(..) => 1,
        };
        self.at > 0 && n_letters >= least && self.n_behind >= n_fixed_end
    }
}

fn slip(one: &[u8], other: &[u8]) -> Option<Slip> {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let at = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (rest, long_rest) = (short.get(at..)?, long.get(at..)?);
    match (long.len() - short.len(), rest, long_rest) {
        (1, _, [extra, tail @ ..]) if rest == tail => {
            let is_doubled = at > 0 && long.get(at - 1) == Some(extra) || tail.first() == Some(extra);
            let is_umlaut =
                *extra == b'e' && at > 0 && long.get(at - 1).is_some_and(|vowel| b"aou".contains(vowel));
            let edit = match (is_doubled, is_umlaut) {
                (true, _) => Edit::Doubled,
                (_, true) => Edit::UmlautE,
                _ => Edit::Missing(*extra),
            };
            Some(Slip { edit, at, n_behind: tail.len() })
        }
        (0, [a, b, tail @ ..], [c, d, long_tail @ ..]) if a == d && b == c && tail == long_tail => {
            Some(Slip { edit: Edit::Swapped, at, n_behind: tail.len() })
        }
        (0, [a, tail @ ..], [c, long_tail @ ..]) if tail == long_tail => {
            Some(Slip { edit: Edit::Other(*a, *c), at, n_behind: tail.len() })
        }
        _ => None,
    }
}

fn is_vowel(letter: u8) -> bool {
    b"aeiouy".contains(&letter)
}

/// Letters for which spellings of one sound differ between names and between languages.
fn sound_alike(one: u8, other: u8) -> bool {
    const PAIRS: [&[u8; 2]; 13] =
        [b"ck", b"cs", b"ct", b"cz", b"sz", b"tz", b"dt", b"fv", b"vw", b"bp", b"gj", b"mn", b"kq"];
    PAIRS.iter().any(|pair| pair.contains(&one) && pair.contains(&other))
}

#[cfg(test)]
mod tests {
    use super::{is_mistyped, is_one_edit, is_slip_of};

    fn check(one: &str, other: &str, expected: bool) {
        assert!(is_one_edit(one, other), "{one} {other}");
        assert_eq!(is_mistyped(one, other), expected, "{one} {other}");
        assert_eq!(is_mistyped(other, one), expected, "{other} {one}");
    }

    #[test]
    fn slips_are_believed_where_hands_slip() {
        for (one, other) in [
            ("chesapeke", "chesapeake"),
            ("rosenbergg", "rosenberg"),
            ("winchseter", "winchester"),
            ("maintenence", "maintenance"),
            ("bluegras", "bluegrass"),
            ("restuarant", "restaurant"),
            ("tarder", "trader"),
            ("mangement", "management"),
            ("charitmble", "charitable"),
            ("zublin", "zueblin"),
        ] {
            check(one, other, true);
        }
    }

    #[test]
    fn two_words_are_two_companies() {
        for (one, other) in [
            ("hanson", "hansen"),
            ("peterson", "petersen"),
            ("catherine", "katherine"),
            ("staffing", "stuffing"),
            ("oncology", "ontology"),
            ("hotel", "hotels"),
            ("industrial", "industriel"),
            ("international", "internacional"),
            ("logistik", "logistic"),
            ("philips", "phillips"),
            ("flickr", "flicker"),
            ("kenton", "benton"),
        ] {
            check(one, other, false);
        }
    }

    #[test]
    fn long_legal_forms_are_recognised_when_misspelled() {
        assert!(
            ["limietd", "limitwd", "limitek", "incorporatd"]
                .iter()
                .zip(["limited", "limited", "limited", "incorporated",])
                .all(|(word, known)| is_slip_of(word, known))
        );
    }
}
