//! Folding of letters: case, width, accents and invisible characters.

use unicode_normalization::UnicodeNormalization;

/// What a letter was before folding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// A capital.
    Upper,
    /// A small letter.
    Lower,
    /// A sign or a letter of a script without case.
    None,
}

/// How vowels with two dots and their northern kin are folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Umlauts {
    /// ü becomes u.
    Bare,
    /// ü becomes ue.
    Spelled,
}

/// Marks that say nothing about who a company is: zero-width signs, soft hyphens, trade marks.
fn is_dropped(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '™' | '®' | '©' | '℠')
}

/// True when [`Umlauts`] make a difference.
pub(super) fn has_umlaut(name: &str) -> bool {
    !name.is_ascii() && name.nfc().any(|letter| "äöüøåæÄÖÜØÅÆ".contains(letter))
}

/// The name in small letters and with single blanks: what "the same but for case" means.
pub(super) fn caseless(name: &str) -> String {
    let kept = name.chars().filter(|letter| !is_dropped(*letter));
    let mut small = String::with_capacity(name.len());
    for letter in kept.nfkc().flat_map(char::to_lowercase) {
        if !letter.is_whitespace() {
            small.push(letter);
        } else if !small.is_empty() && !small.ends_with(' ') {
            small.push(' ');
        }
    }
    small.truncate(small.trim_end().len());
    small
}

/// Gives each folded letter to `push`, in order.
pub(super) fn fold(name: &str, umlauts: Umlauts, mut push: impl FnMut(char, Case)) {
    if name.is_ascii() {
        name.chars().for_each(|letter| push(letter.to_ascii_lowercase(), case_of(letter)));
        return;
    }
    for letter in name.chars().filter(|letter| !is_dropped(*letter)).nfkc() {
        let case = case_of(letter);
        for small in letter.to_lowercase() {
            fold_small(small, umlauts, |folded| push(folded, case));
        }
    }
}

fn case_of(letter: char) -> Case {
    match (letter.is_uppercase(), letter.is_lowercase()) {
        (true, _) => Case::Upper,
        (_, true) => Case::Lower,
        _ => Case::None,
    }
}

fn fold_small(letter: char, umlauts: Umlauts, mut push: impl FnMut(char)) {
    if letter.is_ascii() {
        push(letter);
    } else if let Some(spelled) = spelled(letter, umlauts) {
        spelled.chars().for_each(push);
    } else if has_accents(letter) {
        std::iter::once(letter).nfd().filter(|part| !is_accent(*part)).for_each(push);
    } else if !is_accent(letter) {
        push(letter);
    }
}

/// Letters that decompose into nothing simpler, but are written with others where a keyboard lacks them.
fn spelled(letter: char, umlauts: Umlauts) -> Option<&'static str> {
    let is_spelled = umlauts == Umlauts::Spelled;
    Some(match letter {
        'ä' | 'æ' if is_spelled => "ae",
        'ö' | 'ø' if is_spelled => "oe",
        'ü' if is_spelled => "ue",
        'å' if is_spelled => "aa",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ð' | 'đ' => "d",
        'þ' => "th",
        'ł' => "l",
        'ı' => "i",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ς' => "σ",
        'ё' => "е",
        _ => return None,
    })
}

/// Latin and Greek letters: elsewhere a mark often makes another letter (й, が, vowel signs).
fn has_accents(letter: char) -> bool {
    matches!(letter, '\u{80}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}')
}

fn is_accent(part: char) -> bool {
    matches!(part, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{652}')
}

#[cfg(test)]
mod tests {
    use super::{Umlauts, caseless, fold};

    fn check(name: &str, bare: &str, spelled: &str) {
        let folded = |umlauts| {
            let mut text = String::new();
            fold(name, umlauts, |letter, _| text.push(letter));
            text
        };
        assert_eq!(folded(Umlauts::Bare), bare, "{name}");
        assert_eq!(folded(Umlauts::Spelled), spelled, "{name}");
    }

    #[test]
    fn letters_lose_case_width_accents_and_nothing_else() {
        check("Çelik Yapı", "celik yapi", "celik yapi");
        check("MÜLLER Straße", "muller strasse", "mueller strasse");
        check("Ｆｕｌｌ\u{200b}wide™", "fullwide", "fullwide");
        check("ΈΝΩΣΗ ένως", "ενωση ενωσ", "ενωση ενωσ");
        check("Чайный ёж", "чайный еж", "чайный еж");
        check("がぎ", "がぎ", "がぎ");
        check("u\u{308}ber", "uber", "ueber");
    }

    #[test]
    fn case_and_blanks_are_all_that_caseless_forgets() {
        assert_eq!(caseless("  ACME\u{a0}  Co. \t"), "acme co.");
        assert_ne!(caseless("Café"), caseless("Cafe"));
    }
}
