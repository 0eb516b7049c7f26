//! The tier and the score of a pair, and why, in words.

use super::Tier;
use super::legal::Fit;
use super::levels::{Hurdle, State, Step};
use super::rows::{Bar, Level, Row};

/// What is said of a row.
pub(super) struct Verdict {
    pub(super) tier: Tier,
    pub(super) score: f32,
    pub(super) reason: String,
}

/// Says what was found for a left row.
pub(super) fn verdict(row: &Row<'_>, partner: Option<&Row<'_>>, state: State) -> Verdict {
    match (state, partner) {
        (State::Paired(_, step), Some(right)) => paired(row, right, step),
        (State::Held(_, hurdle), Some(right)) => {
            Verdict { tier: Tier::Suggest, score: held_score(hurdle), reason: held(row, right, hurdle) }
        }
        _ => Verdict { tier: Tier::None, score: 0.0, reason: alone(row) },
    }
}

fn paired(left: &Row<'_>, right: &Row<'_>, step: Step) -> Verdict {
    let is_misspelled = left.name.legal.is_misspelled != right.name.legal.is_misspelled;
    let (tier, score) = match step {
        Step::Equal(Level::Text) => (Tier::Exact, 1.0),
        Step::Equal(Level::Caseless) => (Tier::Exact, 0.99),
        Step::Equal(Level::Folded) => (Tier::Near, 0.98),
        _ if is_misspelled => (Tier::Fuzzy, 0.9),
        Step::Equal(Level::Canonical) => (Tier::Near, 0.96),
        Step::Equal(Level::Core) => (Tier::Near, 0.94),
        Step::Umlaut => (Tier::Near, 0.93),
        Step::Order | Step::SmallWords => (Tier::Fuzzy, 0.9),
        Step::Slip(_) => (Tier::Fuzzy, 0.88),
    };
    let reason = match step {
        Step::Equal(Level::Text) => "same name".to_owned(),
        Step::Equal(Level::Caseless) => "same name but for case or blanks".to_owned(),
        Step::Equal(Level::Folded) => "same name but for accents or punctuation".to_owned(),
        Step::Equal(_) => Some(differences(left, right)).filter(|it| !it.is_empty()).map_or_else(
            || "same name but for blanks, articles or ways to write the legal form".to_owned(),
            |differences| format!("same name{differences}"),
        ),
        Step::Umlaut => format!("same name with umlauts spelled out{}", differences(left, right)),
        Step::Order => format!("same words in another order{}", differences(left, right)),
        Step::SmallWords => format!("same name but for words such as of, at, in{}", differences(left, right)),
        Step::Slip(at) => slip(left, right, at),
    };
    Verdict { tier, score, reason }
}

fn slip(left: &Row<'_>, right: &Row<'_>, at: usize) -> String {
    let word = |row: &Row<'_>| row.name.core.get(at).map(|word| word.text.to_string()).unwrap_or_default();
    format!(
        "same name but for one typing error ({} / {}){}",
        word(left),
        word(right),
        differences(left, right)
    )
}

/// What keys forgave, for the person who checks it.
fn differences(left: &Row<'_>, right: &Row<'_>) -> String {
    let mut notes: Vec<String> = Vec::new();
    let (one, other) = (&left.name.legal, &right.name.legal);
    if left.name.legal.fit(&right.name.legal) != Fit::Same {
        notes.push(format!("legal form {one} against {other}"));
    }
    if one.is_misspelled != other.is_misspelled {
        notes.push("legal form mistyped".to_owned());
    }
    notes.extend(abbreviations(left, right));
    notes.into_iter().map(|note| format!("; {note}")).collect()
}

fn abbreviations(left: &Row<'_>, right: &Row<'_>) -> Vec<String> {
    let pairs = left.name.core.iter().zip(&right.name.core);
    let differ = pairs.filter(|(one, other)| one.text != other.text && one.head() == other.head());
    differ.map(|(one, other)| format!("{} is {}", one.text, other.text)).collect()
}

fn held_score(hurdle: Hurdle) -> f32 {
    match hurdle {
        Hurdle::Ambiguous
        | Hurdle::Barred
        | Hurdle::Strict
        | Hurdle::Taken
        | Hurdle::Family
        | Hurdle::Anybodys => 0.85,
        Hurdle::Readings | Hurdle::DoubtfulForm => 0.8,
        Hurdle::Forms => 0.75,
        Hurdle::Rejected => 0.5,
    }
}

fn held(left: &Row<'_>, right: &Row<'_>, hurdle: Hurdle) -> String {
    let (one, other) = (&left.name.legal, &right.name.legal);
    match hurdle {
        Hurdle::Ambiguous => "several companies have this name, here or there".to_owned(),
        Hurdle::Barred if right.bar == Bar::Inactive => "the company of this name is inactive".to_owned(),
        Hurdle::Barred => "the company of this name was left out".to_owned(),
        Hurdle::Forms => format!("same name, but legal form {one} against {other}"),
        Hurdle::DoubtfulForm => format!("same name if {one} against {other} is no more than a legal form"),
        Hurdle::Strict => format!("same name; legal form {one} against {other}"),
        Hurdle::Family => {
            format!("same name; legal form {one} against {other}, and sister companies have other forms")
        }
        Hurdle::Anybodys => format!("same name, but of common words; legal form {one} against {other}"),
        Hurdle::Readings => "same name only if an abbreviation is read so".to_owned(),
        Hurdle::Rejected => "this pair was refused before".to_owned(),
        Hurdle::Taken => "the company of this name is linked already".to_owned(),
    }
}

fn alone(row: &Row<'_>) -> String {
    match row.bar {
        Bar::Marked(mark) => format!("not matched: the name is marked ({mark})"),
        Bar::Short => "not matched: the name has fewer than 3 letters".to_owned(),
        Bar::Inactive => "not matched: inactive".to_owned(),
        Bar::None | Bar::Excluded => "no company has this name".to_owned(),
    }
}
