//! Marks that people put into names to say that a record is not to be used.

/// Words that say it wherever they stand.
const PLAIN: &[&str] = &[
    "inactive",
    "inactivated",
    "deactivated",
    "donotuse",
    "dnu",
    "zzz",
    "zzzz",
    "xxx",
    "xxxx",
    "obsolete",
    "duplicate",
    "defunct",
    "archived",
    "ex-client",
];

/// Runs of words that say it wherever they stand, by a word that each of them holds.
const PHRASES: &[(&str, &[&str])] = &[
    ("use", &["do not use", "dont use", "don't use", "use other"]),
    ("bill", &["do not bill"]),
    ("deleted", &["to be deleted"]),
    ("business", &["out of business"]),
    ("client", &["terminated client", "former client", "ex client", "old client", "lost client"]),
    ("customer", &["former customer", "old customer", "ex customer", "lost customer"]),
];

/// Words that say it only when they stand apart: in brackets, between stars, behind a dash.
const APART: &[&str] = &[
    "old",
    "new",
    "former",
    "formerly",
    "lost",
    "lead",
    "prospect",
    "closed",
    "test",
    "demo",
    "archive",
    "dead",
    "gone",
    "terminated",
    "cancelled",
    "canceled",
    "dissolved",
    "merged",
    "sold",
    "acquired",
    "moved",
    "delete",
    "deleted",
    "duplicate",
    "dup",
    "dupe",
    "expired",
    "suspended",
    "on hold",
    "disabled",
    "void",
    "bankrupt",
    "bankruptcy",
    "in liquidation",
    "in administration",
    "in receivership",
    "liquidated",
    "left",
    "past",
    "past client",
    "past due",
    "no longer",
    "not active",
    "non active",
    "retired",
    "replaced",
    "superseded",
    "see",
    "use",
    "do not",
    "temp",
    "temporary",
    "template",
    "sample",
    "ceased",
    "ended",
    "offboarded",
    "off-boarded",
    "churned",
    "cold",
    "dormant",
    "vendor",
    "partner lead",
    "alt",
    "alte",
    "inaktiv",
    "inactif",
    "inactivo",
    "inattivo",
    "inaktiv",
    "geloscht",
    "gelöscht",
    "nicht verwenden",
    "ne pas utiliser",
    "no usar",
    "non usare",
    "niet gebruiken",
    "oud",
    "ancien",
    "viejo",
    "antiguo",
    "vecchio",
    "gesperrt",
    "stillgelegt",
    "ehemalig",
    "cerrado",
    "fermé",
    "ferme",
];

/// The mark of a name, if it has one.
pub(super) fn marker(name: &str) -> Option<&'static str> {
    let small = name.to_lowercase();
    plain(&small).or_else(|| set_apart(&small)).or_else(|| trailing_old(&small))
}

fn plain(small: &str) -> Option<&'static str> {
    let words = small.split(|letter: char| !letter.is_alphanumeric() && letter != '\'' && letter != '-');
    words.map(|word| word.trim_matches(['-', '\''])).find_map(|word| {
        let phrases = PHRASES.iter().filter(|(held, _)| *held == word).flat_map(|(_, phrases)| *phrases);
        let mut said = phrases.filter(|phrase| small.contains(**phrase));
        PLAIN.iter().find(|mark| **mark == word).or_else(|| said.next()).copied()
    })
}

fn set_apart(small: &str) -> Option<&'static str> {
    let has_border = small.contains(['(', '[', '{', '<', '*', '-', '–', '—', ':', '_', '|', '~']);
    has_border.then(|| pieces(small).find_map(apart)).flatten()
}

/// What stands in brackets or between stars, and what stands before and behind a dash or a colon.
fn pieces(small: &str) -> impl Iterator<Item = &str> {
    let bracketed = small.split(['(', '[', '{', '<', '*']).skip(1);
    let bracketed = bracketed.filter_map(|rest| rest.split([')', ']', '}', '>', '*']).next());
    let dashed = [" - ", " – ", " — ", ": ", "_", " -", "- ", "--", "|", "~"];
    let ends = dashed.into_iter().flat_map(move |dash| {
        let last = small.rsplit_once(dash).map(|(_, last)| last);
        last.into_iter().chain(small.split_once(dash).map(|(first, _)| first))
    });
    bracketed.chain(ends).map(|piece| piece.trim_matches(|letter: char| !letter.is_alphanumeric()))
}

/// `closed 2021`, `old - see 1234`: a mark and what follows it, but not `Old Mill`.
fn apart(piece: &str) -> Option<&'static str> {
    APART.iter().copied().find(|mark| {
        let Some(rest) = piece.strip_prefix(mark) else { return false };
        let is_whole = rest.is_empty() || rest.starts_with(|letter: char| !letter.is_alphanumeric());
        let mut follow = rest.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        is_whole && follow.all(|word| is_remark(word) || APART.contains(&word))
    })
}

fn is_remark(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_digit())
        || matches!(
            word,
            "see" | "use" | "client" | "customer" | "account" | "record" | "since" | "in" | "on" | "as"
        )
        || matches!(
            word,
            "jan" | "feb" | "mar" | "apr" | "may" | "jun" | "jul" | "aug" | "sep" | "oct" | "nov" | "dec"
        )
}

/// `Keystone Mattress OLD`: hardly a name ends in this word.
fn trailing_old(small: &str) -> Option<&'static str> {
    let mut words = small.split_whitespace().rev();
    (words.next() == Some("old") && words.next().is_some()).then_some("old")
}

#[cfg(test)]
mod tests {
    use super::marker;

    #[test]
    fn marks_are_found_and_names_are_not() {
        for name in [
            "Keystone Mattress (OLD)",
            "Ferris Optical Lab *INACTIVE*",
            "ZZZ - Hyland Bakery - DO NOT USE",
            "Sloane Kennels (Lead)",
            "Sloane Kennels - Lost",
            "Cordova Imports - Prospect",
            "Bramwell Trust (closed 2021)",
            "Ingram Rentals (New)",
            "zzz_Acme",
            "Acme [do not use - see 123]",
            "Acme OLD",
            "OLD - Acme",
            "Acme (DNU)",
            "*** Acme *** (terminated)",
            "Acme - Former Client",
        ] {
            assert!(marker(name).is_some(), "{name}");
        }
        for name in [
            "Old Navy",
            "New York Life",
            "Lost Creek Brewing",
            "Lead Bank",
            "Closed Loop Partners",
            "The Old Mill - Dover",
            "Bramwell Trust (UK)",
            "Harlow County - IT Dept",
            "Emmett Signs - East",
            "Test Equity",
            "Sold Realty",
            "Acme (Old Town)",
            "Duplication Services",
            "Hartford - New Haven",
        ] {
            assert_eq!(marker(name), None, "{name}");
        }
    }
}
