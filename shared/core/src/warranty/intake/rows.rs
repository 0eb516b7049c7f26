//! Rows of a request: each is checked alone, then against the others.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reading::{ReadAs, Reading, Unreadable, read_end};
use crate::warranty::known::{Coverage, End, Known, Source};

/// Most rows of one request.
pub const MAX_ROWS: usize = 5_000;
/// How far a clock elsewhere may be ahead of ours.
const CLOCK_LEEWAY: SignedDuration = SignedDuration::from_hours(24);
const MAX_NAME_CHARS: usize = 60;
const MAX_TEXT_CHARS: usize = 200;

/// What a caller knows of an asset's warranty.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WarrantyRow {
    /// Autotask's id of the asset.
    pub asset_id: i64,
    /// The last covered date, `YYYY-MM-DD`, or the vendor's instant; absent: it is read from `raw_value`.
    #[serde(default)]
    pub date: Option<String>,
    /// Who says so.
    pub source: Source,
    /// The vendor's own value, to the letter; kept as evidence, and compared with `date`.
    #[serde(default)]
    pub raw_value: Option<String>,
    /// When the source was asked, RFC 3339.
    pub fetched_at: String,
    /// What is covered; `lifetime` needs no date.
    #[serde(default)]
    pub coverage: Coverage,
    /// The serial number that was looked up; a date looked up for another one is held back.
    #[serde(default)]
    pub serial_number: Option<String>,
}

/// Why a row is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No asset has such an id.
    #[error("asset_id must be above 0")]
    AssetId,
    /// The name is missing or too long.
    #[error("source.name must have 1 to {MAX_NAME_CHARS} characters")]
    SourceName,
    /// No instant, or one that is yet to come.
    #[error("fetched_at must be an RFC 3339 instant, not later than now")]
    FetchedAt,
    /// Neither date nor lifetime.
    #[error("date or raw_value is needed, unless coverage is lifetime")]
    NoDate,
    /// The date cannot be read.
    #[error("{field}: {reason}")]
    Date {
        /// `date` or `raw_value`.
        field: &'static str,
        /// Why.
        reason: Unreadable,
    },
    /// The vendor's value says something else.
    #[error("date differs from raw_value by more than a day: one of them is wrong")]
    Contradiction,
    /// A text is too long.
    #[error("{field} must not have more than {MAX_TEXT_CHARS} characters")]
    TooLong {
        /// Which.
        field: &'static str,
    },
    /// Another row of the request says something else at the same instant.
    #[error("two rows of one asset, source and coverage differ and have the same fetched_at")]
    Twice,
}

impl Fault {
    /// The field that is wrong.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::AssetId => "asset_id",
            Self::SourceName => "source.name",
            Self::FetchedAt | Self::Twice => "fetched_at",
            Self::NoDate | Self::Contradiction => "date",
            Self::Date { field, .. } | Self::TooLong { field } => field,
        }
    }
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RefusedWarrantyRow")]
pub struct Refused {
    /// Its place in the request, from 0.
    pub row_idx: usize,
    /// The asset it names.
    pub asset_id: i64,
    /// The field that is wrong.
    pub field: String,
    /// What is wrong and what to send instead.
    pub reason: String,
}

/// What became of a request.
///
/// # Shape
/// `accepted` holds each key once, by asset; of two rows with one key the one that was fetched last. `refused` is in the
/// order of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// What is to be stored, unless what is stored is newer.
    pub accepted: Vec<Known>,
    /// What is told to the caller.
    pub refused: Vec<Refused>,
}

/// A request of more than [`MAX_ROWS`] rows, none of which is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{n_rows} rows are more than {MAX_ROWS}: send them in several requests")]
pub struct TooMany {
    /// How many there were.
    pub n_rows: usize,
}

/// Checks a request.
///
/// # Errors
/// [`TooMany`]; everything else is said row by row.
pub fn take_in(rows: &[WarrantyRow], now: Timestamp) -> Result<Intake, TooMany> {
    if rows.len() > MAX_ROWS {
        return Err(TooMany { n_rows: rows.len() });
    }
    let mut intake = Intake::default();
    let mut by_key: BTreeMap<(i64, String, Coverage), Vec<(usize, Known)>> = BTreeMap::new();
    for (row_idx, row) in rows.iter().enumerate() {
        match row.check(now) {
            Ok(known) => {
                let (asset_id, name, coverage) = known.key();
                by_key.entry((asset_id, name.to_owned(), coverage)).or_default().push((row_idx, known));
            }
            Err(fault) => intake.refused.push(row.refused(row_idx, &fault)),
        }
    }
    for alike in by_key.into_values() {
        match newest(alike) {
            Ok(known) => intake.accepted.push(known),
            Err(row_idxs) => {
                let refused =
                    row_idxs.into_iter().map(|row_idx| rows[row_idx].refused(row_idx, &Fault::Twice));
                intake.refused.extend(refused);
            }
        }
    }
    intake.refused.sort_by_key(|refused| refused.row_idx);
    Ok(intake)
}

/// The one fetched last; the places of all that were, if they differ.
fn newest(alike: Vec<(usize, Known)>) -> Result<Known, Vec<usize>> {
    let last_at = alike.iter().map(|(_, known)| known.fetched_at).max();
    let mut last: Vec<_> = alike.into_iter().filter(|(_, known)| Some(known.fetched_at) == last_at).collect();
    let differ = last.windows(2).any(|pair| pair[0].1 != pair[1].1);
    match last.pop() {
        Some((_, known)) if !differ => Ok(known),
        rest => Err(last.into_iter().chain(rest).map(|(row_idx, _)| row_idx).collect()),
    }
}

impl WarrantyRow {
    /// Checks one row alone.
    ///
    /// # Errors
    /// The first [`Fault`] in the order of the fields.
    pub fn check(&self, now: Timestamp) -> Result<Known, Fault> {
        if self.asset_id <= 0 {
            return Err(Fault::AssetId);
        }
        if self.source.name.trim().is_empty() || self.source.name.chars().count() > MAX_NAME_CHARS {
            return Err(Fault::SourceName);
        }
        for (field, text) in [("raw_value", &self.raw_value), ("serial_number", &self.serial_number)] {
            if text.as_deref().is_some_and(|text| text.chars().count() > MAX_TEXT_CHARS) {
                return Err(Fault::TooLong { field });
            }
        }
        let fetched_at: Timestamp = self.fetched_at.parse().map_err(|_| Fault::FetchedAt)?;
        if fetched_at.duration_since(now) > CLOCK_LEEWAY {
            return Err(Fault::FetchedAt);
        }
        let Reading { end, read_as } = self.reading()?;
        Ok(Known {
            asset_id: self.asset_id,
            source: self.source.clone(),
            coverage: self.coverage,
            end,
            read_as,
            raw_value: self.raw_value.clone(),
            serial_number: given(self.serial_number.as_ref()).map(str::to_owned),
            fetched_at,
        })
    }

    /// What the row says, whichever field says it.
    ///
    /// Where `raw_value` can be read and `date` lies a day beside it, `date` was cut out of an instant by somebody who
    /// did not mind the zone: the vendor's own value decides. More than a day apart, one of them is wrong.
    fn reading(&self) -> Result<Reading, Fault> {
        let (date, raw_value) = (given(self.date.as_ref()), given(self.raw_value.as_ref()));
        let fault = |field| move |reason| Fault::Date { field, reason };
        match (date, raw_value) {
            _ if self.coverage == Coverage::Lifetime => {
                Ok(Reading { end: End::Never, read_as: ReadAs::Coverage })
            }
            (None, None) => Err(Fault::NoDate),
            (None, Some(raw)) => read_end(raw).map_err(fault("raw_value")),
            (Some(date), None) => read_end(date).map_err(fault("date")),
            (Some(date), Some(raw)) => {
                let ours = read_end(date).map_err(fault("date"))?;
                read_end(raw).map_or(Ok(ours), |theirs| agreed(ours, theirs))
            }
        }
    }

    fn refused(&self, row_idx: usize, fault: &Fault) -> Refused {
        let (field, reason) = (fault.field().to_owned(), fault.to_string());
        Refused { row_idx, asset_id: self.asset_id, field, reason }
    }
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn agreed(ours: Reading, theirs: Reading) -> Result<Reading, Fault> {
    match (ours.end, theirs.end) {
        (End::Never, End::Never) => Ok(ours),
        (End::On(ours), End::On(other)) if ours.duration_until(other).as_hours().abs() <= 24 => Ok(theirs),
        _ => Err(Fault::Contradiction),
    }
}
