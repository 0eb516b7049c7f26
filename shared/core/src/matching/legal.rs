//! Taking the legal form off a name, and comparing forms by class.

use super::known::{MIN_LETTERS, is_known};
use super::tables::{FORMS, Forms, MAX_FORM_WORDS, Way};
use super::typo::is_slip_of;
use super::words::Word;

/// The legal forms at the ends of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Legal {
    /// Classes, sorted, each once; `Co` only when it stands alone.
    pub(super) classes: Vec<u16>,
    /// `Co` was written, alone or not.
    has_company: bool,
    /// One of them may mean something else.
    is_doubtful: bool,
    /// One of them was misspelled.
    pub(super) is_misspelled: bool,
}

/// How the forms of two names go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// The same, or none on both sides.
    Same,
    /// One name says less than the other, most often nothing.
    LeftOff,
    /// One name says less, but what it leaves off may not be a legal form at all.
    Doubtful,
    /// Two forms that one company cannot have at once.
    Conflict,
}

impl Legal {
    /// Compares the forms of two names.
    pub(super) fn fit(&self, other: &Self) -> Fit {
        let (less, more) = if self.rank() <= other.rank() { (self, other) } else { (other, self) };
        let is_left_off = less.classes.is_empty() && more.is_one_form();
        let is_part = (less.is_company() && more.has_company && more.is_any_of(COMPANY_FORMS))
            || (less.is_any_of(&[CORPORATION])
                && more.is_one_form()
                && more.classes.contains(&less.classes[0]));
        match (less.classes == more.classes, is_left_off || is_part) {
            (true, _) => Fit::Same,
            (false, true) if more.is_doubtful => Fit::Doubtful,
            (false, true) => Fit::LeftOff,
            (false, false) => Fit::Conflict,
        }
    }

    /// Two forms are more than one left off: one of them may be part of the name. Corporation Limited is one.
    fn is_one_form(&self) -> bool {
        let mut others = self.shown().filter(|shown| *shown != CORPORATION);
        self.classes.len() == 1
            || others.next().is_some_and(|it| COMPANY_FORMS.contains(&it)) && others.next().is_none()
    }

    fn shown(&self) -> impl Iterator<Item = &'static str> {
        self.classes.iter().filter_map(|class| FORMS.classes.get(usize::from(*class)).copied())
    }

    fn is_company(&self) -> bool {
        self.is_any_of(&[COMPANY])
    }

    fn is_any_of(&self, forms: &[&str]) -> bool {
        self.classes.len() == 1 && self.shown().all(|shown| forms.contains(&shown))
    }

    /// `Co` beside another form says no more than that form.
    fn rank(&self) -> (usize, bool) {
        (self.classes.len(), !self.is_company())
    }

    fn add(&mut self, way: Way, is_doubtful: bool) {
        self.is_doubtful |= is_doubtful;
        if let Err(at) = self.classes.binary_search(&way.class) {
            self.classes.insert(at, way.class);
        }
    }

    fn without_company(mut self) -> Self {
        let is_company = |class: &u16| FORMS.classes.get(usize::from(*class)) == Some(&COMPANY);
        self.has_company = self.classes.iter().any(is_company);
        if self.classes.len() > 1 {
            self.classes.retain(|class| !is_company(class));
        }
        self
    }
}

/// Class of the form that is also part of others.
const COMPANY: &str = "Co";
const CORPORATION: &str = "Corp";
/// Forms that are one with either: Company Limited, Company Incorporated.
const COMPANY_FORMS: &[&str] = &["Ltd", "Inc", "LLC", "PLC"];

impl std::fmt::Display for Legal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown: Vec<&str> = self.shown().collect();
        out.write_str(if shown.is_empty() { "none" } else { "" })?;
        out.write_str(&shown.join(" "))
    }
}

/// Takes the forms off both ends; a name that would vanish keeps its words.
pub(super) fn take_off(words: &mut Vec<Word>) -> Legal {
    let (mut legal, before) = (Legal::default(), words.clone());
    while take_last(words, &mut legal) {}
    if legal.classes.is_empty() {
        take_affix(words, &mut legal);
    }
    take_first(words, &mut legal);
    if words.iter().all(|word| word.text == "the" || word.text == "&") {
        *words = before;
        return Legal::default();
    }
    legal.is_doubtful &= !are_foreign(words);
    legal.without_company()
}

fn take_last(words: &mut Vec<Word>, legal: &mut Legal) -> bool {
    let forms: &Forms = &FORMS;
    let Some(last) = words.last() else { return false };
    let Some(n_longest) = forms.last_words.get(last.text.as_str()) else { return take_slip(words, legal) };
    let n_most = (*n_longest).min(words.len()).min(MAX_FORM_WORDS);
    for n_words in (1..=n_most).rev() {
        let start = words.len() - n_words;
        if let Some(way) = forms.ways.get(joined(&words[start..]).as_str()) {
            // `Smith & Co` is a name; without its last word it is not.
            if words[..start].last().is_some_and(|before| before.text == "&" || before.text == "and") {
                return false;
            }
            // So is `My Company`.
            let n_letters: usize = words[..start].iter().map(|word| word.text.chars().count()).sum();
            if n_letters < super::MIN_LETTERS && FORMS.classes.get(usize::from(way.class)) == Some(&COMPANY) {
                return false;
            }
            legal.add(*way, is_doubtful(*way, &words[start..]));
            words.truncate(start);
            return start > 0;
        }
    }
    false
}

/// `LIMITDE` at the end is a slip of `LIMITED`.
fn take_slip(words: &mut Vec<Word>, legal: &mut Legal) -> bool {
    const LONG: [&str; 4] = ["limited", "incorporated", "corporation", "company"];
    if words.len() < 2 || legal.is_misspelled {
        return false;
    }
    let Some(last) = words.last() else { return false };
    let meant = LONG.iter().find(|form| is_slip_of(&last.text, form));
    let Some(way) = meant.and_then(|form| FORMS.ways.get(form)) else { return false };
    legal.add(*way, false);
    legal.is_misspelled = true;
    words.pop();
    true
}

fn take_first(words: &mut Vec<Word>, legal: &mut Legal) {
    let Some(n_longest) = words.first().and_then(|word| FORMS.first_words.get(word.text.as_str())) else {
        return;
    };
    for n_words in (1..=(*n_longest).min(words.len().saturating_sub(1))).rev() {
        let way = FORMS.ways.get(joined(&words[..n_words]).as_str());
        if let Some(way) = way.filter(|way| way.is_leading) {
            legal.add(*way, false);
            words.drain(..n_words);
            return;
        }
    }
}

/// In scripts without blanks the form is the end, or the beginning, of the word.
fn take_affix(words: &mut [Word], legal: &mut Legal) {
    for (affix, way) in &FORMS.affixes {
        let ending =
            words.last_mut().filter(|word| word.text.len() > affix.len() && word.text.ends_with(affix));
        if let Some(word) = ending {
            word.text.truncate(word.text.len() - affix.len());
            return legal.add(*way, false);
        }
        let start =
            words.first_mut().filter(|word| word.text.len() > affix.len() && word.text.starts_with(affix));
        if let Some(word) = start.filter(|_| way.is_leading) {
            word.text.drain(..affix.len());
            return legal.add(*way, false);
        }
    }
}

/// Where no word is a common one, `SE` and `SPA` are what they are in `HelloFresh SE`, not in `Grace Day Spa`.
fn are_foreign(words: &[Word]) -> bool {
    let mut long = words.iter().filter(|word| word.text.len() >= MIN_LETTERS).peekable();
    long.peek().is_some() && long.all(|word| !is_known(&word.text))
}

/// Dots (N.A.), or the capitals of S.p.A., tell a form from a word.
fn is_doubtful(way: Way, written: &[Word]) -> bool {
    let [word] = written else { return way.is_doubtful };
    let is_word_like = word.has_upper && word.has_lower && !word.ends_upper;
    match word.text.as_str() {
        // National Association, but also North America, however it is written.
        "na" => true,
        "ag" => is_word_like && !word.is_dotted,
        "spa" => !(word.is_dotted || (word.ends_upper && word.has_lower)),
        _ => way.is_doubtful && !word.is_dotted,
    }
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Fit, Legal, take_off};
    use crate::matching::fold::Umlauts;
    use crate::matching::words::words;

    fn parse(name: &str) -> (String, Legal) {
        let mut words = words(name, Umlauts::Bare);
        let legal = take_off(&mut words);
        (super::joined(&words), legal)
    }

    fn check(name: &str, core: &str, shown: &str) {
        let (rest, legal) = parse(name);
        assert_eq!((rest.as_str(), legal.to_string().as_str()), (core, shown), "{name}");
    }

    #[test]
    fn forms_of_many_countries_come_off() {
        check("Acme, L.L.C.", "acme", "LLC");
        check("Bushranger Tools (Pty) Limited", "bushranger tools", "Pty Ltd");
        check("Möller GmbH & Co. KG", "moller", "GmbH & Co. KG");
        check("Ibarra, S.A. de C.V.", "ibarra", "S.A. de C.V.");
        check("Kowalski Sp. z o.o.", "kowalski", "Sp. z o.o.");
        check("Novák, spol. s r.o.", "novak", "s.r.o.");
        check("WASABI CO. LTD", "wasabi", "Ltd");
        check("ООО «Ромашка»", "ромашка", "OOO");
        check("北京大同科技有限公司", "北京大同科技", "Youxian");
        check("株式会社日立製作所", "日立製作所", "KK");
        check("삼진기계 주식회사", "삼진기계", "Jusik");
        check("חברת כרמל בע\"מ", "חברת כרמל", "Ltd (HE)");
        check("Zorba LMIITED", "zorba", "Ltd");
        check("Sandberg AB (publ)", "sandberg", "AB");
        check("Smith & Co", "smith & co", "none");
        check("My Company, LLC", "my company", "LLC");
        check("Limited", "limited", "none");
    }

    #[test]
    fn forms_go_together_by_class() {
        let check = |one: &str, other: &str, fit: Fit| {
            assert_eq!(parse(one).1.fit(&parse(other).1), fit, "{one} / {other}");
            assert_eq!(parse(other).1.fit(&parse(one).1), fit, "{other} / {one}");
        };
        check("Acme Ltd", "Acme Limited", Fit::Same);
        check("Acme Co Ltd", "Acme Limited", Fit::Same);
        check("Acme", "Acme S.A.", Fit::LeftOff);
        check("Acme Co", "Acme Co., Ltd.", Fit::LeftOff);
        check("Acme Corp", "Acme Corp. Ltd.", Fit::LeftOff);
        check("Acme", "Acme Corp. Ltd.", Fit::LeftOff);
        check("Acme Co", "Acme Ltd", Fit::Conflict);
        check("Acme Inc", "Acme LLC", Fit::Conflict);
        check("Acme GmbH", "Acme GmbH & Co. KG", Fit::Conflict);
        check("Vivendi SE", "Vivendi", Fit::LeftOff);
        check("Renewable Energy Corporation OÜ", "Renewable Energy", Fit::Conflict);
        check("Arc Global SARL, LLC", "Arc Global SARL", Fit::Conflict);
        check("Great Plains Ag", "Great Plains", Fit::Doubtful);
        check("SIEMENS AG", "SIEMENS", Fit::LeftOff);
        check("Uptown Pet Spa", "Uptown Pet", Fit::Doubtful);
        check("Fidia S.p.A.", "Fidia", Fit::LeftOff);
        check("Fidia SpA", "Fidia", Fit::LeftOff);
        check("Beacon Labs SE", "Beacon Labs", Fit::Doubtful);
        check("Vantage P.A.", "Vantage", Fit::LeftOff);
    }
}
