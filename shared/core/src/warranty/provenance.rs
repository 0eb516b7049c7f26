//! The provenance of an asset's warranty date: every date that is known, who says so, which rule decided, what Autotask
//! holds, what we wrote and when.

use std::cmp::Reverse;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::journal::{Entry, instant};
use super::known::{Coverage, Known, Source};
use super::policy::Policy;
use super::rule::{DecisionKind, Rule};
use super::verdict::{Facts, obstacle, verdict};

/// A known date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WarrantyCardDate")]
pub struct CardDate {
    /// Who says so.
    pub source: Source,
    /// What is covered.
    pub coverage: Coverage,
    /// The last covered date; none if it never ends.
    #[schemars(with = "Option<String>")]
    pub ends_on: Option<Date>,
    /// The vendor's own value, to the letter.
    pub raw_value: Option<String>,
    /// How the date was read from it.
    pub read_as: String,
    /// When the source was asked, RFC 3339 UTC.
    pub fetched_at: String,
    /// The verdict is about this one.
    pub is_chosen: bool,
    /// The rule that forbids to write it, whatever Autotask holds.
    pub obstacle: Option<Rule>,
}

/// A write of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WarrantyCardWrite")]
pub struct CardWrite {
    /// The run.
    pub run_id: String,
    /// What Autotask held before.
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// What was to be written.
    #[schemars(with = "Option<String>")]
    pub to: Option<Date>,
    /// How far it came.
    pub result: String,
    /// When it was written, RFC 3339 UTC; empty if it never was.
    pub written_at: String,
    /// How far its undo came.
    pub undo: Option<String>,
}

/// All that is known of an asset's warranty date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WarrantyCard")]
pub struct Card {
    /// Autotask's id of the asset.
    pub asset_id: i64,
    /// What Autotask holds.
    #[schemars(with = "Option<String>")]
    pub held: Option<Date>,
    /// What would be done now.
    pub decision: DecisionKind,
    /// The rule that decides.
    pub rule: Rule,
    /// What the screen says of it.
    pub words: String,
    /// The chosen date first, then the better founded ones.
    pub dates: Vec<CardDate>,
    /// Newest first.
    pub writes: Vec<CardWrite>,
}

/// Puts the card together. `entries` are those of this asset, in any order.
#[must_use]
pub fn card(facts: &Facts<'_>, policy: &Policy, today: Date, entries: &[Entry]) -> Card {
    let judged = verdict(facts, policy, today);
    let mut known: Vec<(bool, &Known)> =
        facts.known.iter().enumerate().map(|(idx, known)| (judged.chosen_idx == Some(idx), known)).collect();
    known.sort_by(|(is_chosen, one), (is_other, other)| {
        is_other.cmp(is_chosen).then_with(|| other.compare_foundation(one))
    });
    let dates = known.into_iter().map(|(is_chosen, known)| CardDate {
        source: known.source.clone(),
        coverage: known.coverage,
        ends_on: known.date(),
        raw_value: known.raw_value.clone(),
        read_as: known.read_as.words(),
        fetched_at: known.fetched_at.to_string(),
        is_chosen,
        obstacle: obstacle(known, facts, policy, today),
    });
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by_key(|entry| Reverse((entry.written_at_ms, &entry.run_id)));
    Card {
        asset_id: facts.asset_id,
        held: facts.held,
        decision: judged.rule.kind(),
        rule: judged.rule,
        words: judged.rule.words().to_owned(),
        dates: dates.collect(),
        writes: entries.into_iter().map(CardWrite::of).collect(),
    }
}

impl CardWrite {
    fn of(entry: &Entry) -> Self {
        Self {
            run_id: entry.run_id.clone(),
            from: entry.change.from,
            to: entry.change.to,
            result: entry.phase.name().to_owned(),
            written_at: instant(entry.written_at_ms),
            undo: entry.undo.as_ref().map(|undo| undo.name().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::card;
    use crate::warranty::journal::Entry;
    use crate::warranty::journal::tests::entry;
    use crate::warranty::known::SourceKind;
    use crate::warranty::policy::Policy;
    use crate::warranty::rule::Rule;
    use crate::warranty::verdict::tests::{dell, facts, known, today};

    #[test]
    fn the_card_tells_every_date_its_source_and_what_we_wrote() {
        let mut dates = dell("2027-05-01");
        dates.insert(0, known(SourceKind::Manual, "jane", "2029-01-01", "2026-11-21"));
        dates.push(known(SourceKind::Vendor, "reseller", "2050-01-01", "2026-11-21"));
        let later = Entry { run_id: "0002-b".to_owned(), written_at_ms: Some(1_795_400_000_000), ..entry() };
        let told = card(&facts(&dates), &Policy::default(), today(), &[entry(), later]);
        assert_eq!((told.rule, told.words.as_str()), (Rule::Lengthens, Rule::Lengthens.words()));
        let dates: Vec<_> = told
            .dates
            .iter()
            .map(|date| (date.source.name.as_str(), date.is_chosen, date.obstacle))
            .collect();
        let want = [
            ("dell", true, None),
            ("reseller", false, Some(Rule::FarFuture)),
            ("jane", false, Some(Rule::NotVendorSourced)),
        ];
        assert_eq!(dates, want);
        assert_eq!(told.dates[0].read_as, "the date as written");
        let writes: Vec<_> =
            told.writes.iter().map(|write| (write.run_id.as_str(), write.undo.as_deref())).collect();
        assert_eq!(writes, [("0002-b", Some("moved")), ("0001-a", Some("moved"))]);
    }
}
