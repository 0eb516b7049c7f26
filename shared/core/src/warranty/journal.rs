//! The journal of a run: what was to be changed, how far it came, what became of its undo; also as CSV.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::apply::{Change, Failure, Phase};
use super::known::Source;
use super::rule::Rule;
use crate::table::inert;

/// One row of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The run.
    pub run_id: String,
    /// The name of the plan that was applied.
    pub plan_hash: String,
    /// The company that owns the asset.
    pub company_id: i64,
    /// Autotask's id of the asset.
    pub asset_id: i64,
    /// What was to be changed.
    pub change: Change,
    /// The rule that let it through.
    pub rule: Rule,
    /// Who says so.
    pub source: Option<Source>,
    /// Its whole record was compared.
    pub is_canary: bool,
    /// How far it is.
    pub phase: Phase,
    /// When its last PATCH was intended.
    pub written_at_ms: Option<u64>,
    /// When it came to its end.
    pub ended_at_ms: Option<u64>,
    /// How far its undo is; none if nobody asked for one.
    pub undo: Option<Phase>,
    /// When its undo came to its end.
    pub undo_ended_at_ms: Option<u64>,
}

/// The columns of the exported journal, in their order.
pub const COLUMNS: [&str; 18] = [
    "run_id",
    "plan_hash",
    "company_id",
    "asset_id",
    "is_canary",
    "rule",
    "source_kind",
    "source_name",
    "old_date",
    "new_date",
    "result",
    "found_date",
    "reason",
    "written_at",
    "ended_at",
    "undo_result",
    "undo_found_date",
    "undo_ended_at",
];

impl Entry {
    /// The entry as a record of [`COLUMNS`].
    ///
    /// # Shape
    /// Dates are `YYYY-MM-DD`, instants RFC 3339 UTC, what is absent is empty. A text from outside that a spreadsheet would
    /// take for a formula begins with an apostrophe.
    #[must_use]
    pub fn record(&self) -> [String; COLUMNS.len()] {
        let source_kind = self.source.as_ref().map(|source| source.kind.name().to_owned());
        let source_name = self.source.as_ref().map(|source| inert(&source.name));
        let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        [
            self.run_id.clone(),
            self.plan_hash.clone(),
            self.company_id.to_string(),
            self.asset_id.to_string(),
            self.is_canary.to_string(),
            self.rule.name().to_owned(),
            source_kind.unwrap_or_default(),
            source_name.unwrap_or_default(),
            date(self.change.from),
            date(self.change.to),
            self.phase.name().to_owned(),
            date(found(&self.phase)),
            reason(&self.phase),
            instant(self.written_at_ms),
            instant(self.ended_at_ms),
            self.undo.as_ref().map(|undo| undo.name().to_owned()).unwrap_or_default(),
            date(self.undo.as_ref().and_then(found)),
            instant(self.undo_ended_at_ms),
        ]
    }
}

fn found(phase: &Phase) -> Option<Date> {
    match phase {
        Phase::Moved { found } => *found,
        _ => None,
    }
}

fn reason(phase: &Phase) -> String {
    match phase {
        Phase::Failed(Failure::Refused { reason }) | Phase::Refused { reason, .. } => inert(reason),
        Phase::Failed(failure) => failure.words().to_owned(),
        _ => String::new(),
    }
}

/// RFC 3339 in UTC; empty if there is none.
pub(super) fn instant(at_ms: Option<u64>) -> String {
    at_ms.and_then(crate::instant::at).map(|at| at.to_string()).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use super::{COLUMNS, Entry};
    use crate::warranty::apply::{Change, Failure, Phase};
    use crate::warranty::known::{Source, SourceKind};
    use crate::warranty::rule::Rule;

    pub(in crate::warranty) fn entry() -> Entry {
        Entry {
            run_id: "0001-a".to_owned(),
            plan_hash: "bcee".to_owned(),
            company_id: 1,
            asset_id: 7,
            change: Change { from: None, to: Some("2027-05-01".parse().unwrap()) },
            rule: Rule::FillsBlank,
            source: Some(Source { kind: SourceKind::Vendor, name: "=dell".to_owned() }),
            is_canary: true,
            phase: Phase::Verified { quiet_from_ms: 0 },
            written_at_ms: Some(1_795_341_600_000),
            ended_at_ms: Some(1_795_341_602_500),
            undo: Some(Phase::Moved { found: Some("2030-01-01".parse().unwrap()) }),
            undo_ended_at_ms: None,
        }
    }

    #[test]
    fn an_entry_is_a_record_of_the_columns() {
        let told = COLUMNS.into_iter().zip(entry().record()).filter(|(_, value)| !value.is_empty());
        let want = [
            ("run_id", "0001-a"),
            ("plan_hash", "bcee"),
            ("company_id", "1"),
            ("asset_id", "7"),
            ("is_canary", "true"),
            ("rule", "fills_blank"),
            ("source_kind", "vendor"),
            ("source_name", "'=dell"),
            ("new_date", "2027-05-01"),
            ("result", "verified"),
            ("written_at", "2026-11-22T10:00:00Z"),
            ("ended_at", "2026-11-22T10:00:02.5Z"),
            ("undo_result", "moved"),
            ("undo_found_date", "2030-01-01"),
        ];
        assert!(told.eq(want.map(|(column, value)| (column, value.to_owned()))));
    }

    #[test]
    fn a_failure_says_why() {
        let check = |failure, want: &str| {
            let failed = Entry { phase: Phase::Failed(failure), ..entry() };
            assert_eq!(failed.record()[12], want);
        };
        check(Failure::Refused { reason: "@no".to_owned() }, "'@no");
        check(Failure::Gone, "The asset is no longer in Autotask.");
    }

    #[test]
    fn what_is_stored_is_what_is_read() {
        let json = serde_json::to_string(&entry()).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry());
    }
}
