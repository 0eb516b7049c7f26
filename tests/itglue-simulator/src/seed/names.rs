//! Names: those of another system with noise, and those that nobody else knows.

use super::Noise;
use crate::rng::Rng;

const LEGAL_FORMS: [&str; 9] =
    [", LLC", " LLC", ", Inc.", " Inc.", " Inc", " Ltd.", " Limited", " Corporation", " GmbH"];

const HEADS: [&str; 12] = [
    "Alder & Finch",
    "O'Malley",
    "Süßmann",
    "Northgate",
    "Quarry Lane",
    "Žižkov",
    "Bluewater",
    "St. Brendan",
    "Zephyr \"Z\"",
    "Crown+Anchor",
    "大阪 Trading",
    "Ridge <North>",
];
const MIDDLES: [&str; 10] = [
    "Veterinary",
    "Masonry",
    "Orthodontics",
    "Credit Union",
    "Forestry",
    "Charter School",
    "Optics",
    "Catering",
    "Surveying",
    "Archive",
];
const TAILS: [&str; 8] =
    ["Group", "of Dover", "Services", "Associates", "& Daughters", "Trust", "Co-operative", "West"];

/// A name that no other system has.
pub(super) fn own_name(rng: &mut Rng) -> String {
    format!("{} {} {} {}", rng.pick(&HEADS), rng.pick(&MIDDLES), rng.pick(&TAILS), 100 + rng.below(900))
}

/// The name as somebody else wrote it, and how it differs.
pub(super) fn with_noise(name: &str, rng: &mut Rng) -> (String, Noise) {
    let (noise, changed) = match rng.below(100) {
        0..60 => (Noise::Same, name.to_owned()),
        60..70 => (Noise::Case, name.to_uppercase()),
        70..78 => (Noise::Punctuation, punctuated(name)),
        78..84 => (Noise::Ampersand, ampersand(name)),
        84..92 => (Noise::LegalForm, legal_form(name)),
        92..96 => (Noise::Slip, slip(name)),
        _ => (Noise::Old, format!("{name} (OLD)")),
    };
    // Some names have nothing that could be changed in this way.
    if changed == name { (name.to_owned(), Noise::Same) } else { (changed, noise) }
}

fn punctuated(name: &str) -> String {
    if name.contains([',', '.']) { name.replace([',', '.'], "") } else { name.replacen(' ', "  ", 1) }
}

fn ampersand(name: &str) -> String {
    if name.contains(" & ") { name.replace(" & ", " and ") } else { name.replace(" and ", " & ") }
}

fn legal_form(name: &str) -> String {
    let shorter = LEGAL_FORMS.iter().find_map(|form| name.strip_suffix(form));
    shorter.map_or_else(|| format!("{name}, Inc."), str::to_owned)
}

/// Two letters within the longest word change places.
fn slip(name: &str) -> String {
    let longest = name.split(' ').max_by_key(|word| word.chars().count()).unwrap_or_default();
    let mut letters: Vec<char> = longest.chars().collect();
    let middle = letters.len() / 2;
    if letters.len() < 6 || letters[middle] == letters[middle - 1] {
        return name.to_owned();
    }
    letters.swap(middle - 1, middle);
    name.replacen(longest, &String::from_iter(letters), 1)
}

#[cfg(test)]
mod tests {
    use super::{ampersand, legal_form, punctuated, slip};

    #[test]
    fn noise_is_what_its_name_says() {
        assert_eq!(punctuated("Acme, Inc."), "Acme Inc");
        assert_eq!(punctuated("Acme Works"), "Acme  Works");
        assert_eq!(ampersand("Smith & Sons"), "Smith and Sons");
        assert_eq!(ampersand("Smith and Sons"), "Smith & Sons");
        assert_eq!(legal_form("Acme, LLC"), "Acme");
        assert_eq!(legal_form("Acme"), "Acme, Inc.");
        assert_eq!(slip("Acme Logistics"), "Acme Logsitics");
        assert_eq!(slip("Acme"), "Acme");
    }
}
