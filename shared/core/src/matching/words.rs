//! Cutting a name into words.

use super::fold::{Case, Umlauts, fold};

/// One word of a name, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Small letters or digits; `&` for the sign.
    pub(super) text: String,
    /// It holds a capital.
    pub(super) has_upper: bool,
    /// It holds a small letter.
    pub(super) has_lower: bool,
    /// Initials that were written with dots or strokes between them.
    pub(super) is_dotted: bool,
    /// Its last letter is a capital.
    pub(super) ends_upper: bool,
    /// A comma stands before it.
    pub(super) is_after_comma: bool,
    /// How it is tied to the word before it.
    tie: Tie,
}

/// What stands between two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tie {
    /// Nothing: a letter beside a digit.
    None,
    /// One dot or stroke.
    Dot,
    /// Anything else.
    Blank,
}

impl Word {
    /// True for a word of one letter.
    fn is_initial(&self) -> bool {
        let mut letters = self.text.chars();
        letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
    }

    /// True for digits.
    pub(super) fn is_number(&self) -> bool {
        self.text.starts_with(|letter: char| letter.is_numeric())
    }

    fn swallow(&mut self, next: &Self) {
        self.text.push_str(&next.text);
        self.has_upper |= next.has_upper;
        self.has_lower |= next.has_lower;
        self.ends_upper = next.ends_upper;
    }
}

/// The words of a name, in order.
pub(super) fn words(name: &str, umlauts: Umlauts) -> Vec<Word> {
    let mut cutter = Cutter::default();
    fold(name, umlauts, |letter, case| cutter.take(letter, case));
    initials(ordinals(dotted(cutter.words)))
}

#[derive(Default)]
struct Cutter {
    words: Vec<Word>,
    is_open: bool,
    is_after_comma: bool,
    n_dots: usize,
    has_blank: bool,
}

impl Cutter {
    fn take(&mut self, letter: char, case: Case) {
        match letter {
            '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | '′' | '"' | '״' | '׳' => {}
            '.' | '/' | '·' => {
                self.is_open = false;
                self.n_dots += 1;
            }
            '&' | '+' => {
                self.push_word('&', case, true);
                self.is_open = false;
            }
            _ if letter.is_alphanumeric() || is_inner_mark(letter) => self.letter(letter, case),
            _ => self.gap(letter),
        }
    }

    fn gap(&mut self, letter: char) {
        self.is_open = false;
        self.has_blank = true;
        self.is_after_comma |= matches!(letter, ',' | '、' | '،');
    }

    fn letter(&mut self, letter: char, case: Case) {
        let is_same_kind = self.words.last().is_some_and(|word| word.is_number() == letter.is_numeric());
        if self.is_open && is_same_kind {
            self.grow(letter, case);
        } else {
            self.push_word(letter, case, false);
        }
        self.is_open = true;
    }

    fn grow(&mut self, letter: char, case: Case) {
        let Some(word) = self.words.last_mut() else { return };
        word.text.push(letter);
        word.has_upper |= case == Case::Upper;
        word.has_lower |= case == Case::Lower;
        word.ends_upper = case == Case::Upper;
    }

    fn push_word(&mut self, letter: char, case: Case, is_sign: bool) {
        let tie = match (self.n_dots, self.has_blank) {
            (0, false) if !is_sign => Tie::None,
            (1, false) => Tie::Dot,
            _ => Tie::Blank,
        };
        self.words.push(Word {
            text: letter.to_string(),
            has_upper: case == Case::Upper,
            has_lower: case == Case::Lower,
            ends_upper: case == Case::Upper,
            is_dotted: false,
            is_after_comma: std::mem::take(&mut self.is_after_comma),
            tie,
        });
        (self.n_dots, self.has_blank) = (0, false);
    }
}

/// Vowel signs of scripts that need them to tell words apart.
fn is_inner_mark(letter: char) -> bool {
    matches!(letter, '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3099}' | '\u{309a}')
}

/// `S.p.A.` and `A/S` are one word each; `St.Mary` is two.
fn dotted(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let mut is_last_initials = false;
    for word in words {
        let is_initial = word.is_initial();
        match joined.last_mut() {
            Some(last) if is_initial && is_last_initials && word.tie == Tie::Dot => {
                last.swallow(&word);
                last.is_dotted = true;
            }
            _ => {
                joined.push(word);
                is_last_initials = is_initial;
            }
        }
    }
    joined
}

const ORDINALS: [&str; 12] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
];

/// `3rd` is `third`; later ordinals keep their digits.
fn ordinals(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let is_ending = word.tie == Tie::None && matches!(word.text.as_str(), "st" | "nd" | "rd" | "th");
        match joined.last_mut() {
            Some(last) if is_ending && last.is_number() => {
                let index = last.text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                match index.and_then(|index| ORDINALS.get(index)) {
                    Some(spelled) => (*spelled).clone_into(&mut last.text),
                    None => last.swallow(&word),
                }
            }
            _ => joined.push(word),
        }
    }
    joined
}

/// `C F Motors` is `CF Motors`; a run that could be a number (`I V`) stays as it is.
fn initials(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let mut run_start: Option<usize> = None;
    for word in words {
        let is_plain = word.is_initial() && !word.text.starts_with(['i', 'v', 'x']);
        match run_start {
            Some(start) if is_plain && !word.is_after_comma => {
                if let Some(first) = joined.get_mut(start) {
                    first.swallow(&word);
                }
            }
            _ => {
                run_start = is_plain.then_some(joined.len());
                joined.push(word);
            }
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::matching::fold::Umlauts;

    fn check(name: &str, expected: &str) {
        let words: Vec<_> = words(name, Umlauts::Bare).into_iter().map(|word| word.text).collect();
        assert_eq!(words.join(" "), expected, "{name}");
    }

    #[test]
    fn words_are_cut_as_people_read_them() {
        check("O'Rourke & Sons, L.L.C.", "orourke & sons llc");
        check("Gruppo Bellini S.p.A.", "gruppo bellini spa");
        check("Maersk A/S", "maersk as");
        check("Kowalski Sp. z o.o.", "kowalski sp z oo");
        check("Lachance S.à r.l.", "lachance sa rl");
        check("Coast2Coast #23", "coast 2 coast 23");
        check("3rd Coast, 21st Ward", "third coast 21st ward");
        check("D C H Regional, C F Motors", "dch regional cf motors");
        check("Fund I V", "fund i v");
        check("St.Mary", "st mary");
        check("Salt&Stone", "salt & stone");
        check("", "");
        check("-", "");
    }
}
