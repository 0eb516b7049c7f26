//! How a value of a vendor becomes a calendar date.
//!
//! Vendors mean a day and write an instant: the last one of that day, or its midnight, *where the vendor is*, turned into
//! UTC. Cutting off the time then gives the day before or after. Instants on the edge of a day tell their offset
//! themselves, because a day ends at midnight and offsets are few; so the day can be told without asking anybody's zone.
//!
//! | value | date | because |
//! |---|---|---|
//! | `2025-08-31`, `2025/08/31`, `20250831` | 2025-08-31 | a date needs no rule |
//! | `2025-08-31T00:00:00Z`, `2025-08-31T00:00:00` | 2025-08-31 | a date stored with an empty time |
//! | `2025-08-31T23:59:59.999Z` | 2025-08-31 | the day's end at UTC |
//! | `2025-08-31T04:59:59.999Z`, the same without `Z` | 2025-08-30 | the day's end at UTC-05:00 (a): `…T05:00:00Z` is midnight there |
//! | `2020-01-02T05:59:59.999Z` | 2020-01-01 | the day's end at UTC-06:00, the same vendor in winter (b) |
//! | `2025-08-30T21:59:59Z` | 2025-08-30 | the day's end at UTC+02:00 |
//! | `2025-08-31T05:00:00Z` | 2025-08-31 | the day's midnight at UTC-05:00 (a) |
//! | `2025-08-30T22:00:00Z` | 2025-08-31 | the day's midnight at UTC+02:00 |
//! | `2025-08-30T10:59:59.999Z` | 2025-08-30 | the day's end at UTC+13:00 |
//! | `2025-08-30T23:59:59-05:00`, `2025-08-31T00:00:00+02:00` | as written | midnight or last second where it was written |
//! | `2025-08-31T06:59:59+02:00` | 2025-08-30 | somebody moved (a) into another zone: the instant is looked at in UTC |
//! | `2025-08-31T12:00:00Z` | 2025-08-31 | noon is how people keep a date from moving |
//! | `2025-08-31T14:23:07Z` | 2025-08-31 | on no day's edge: the day at UTC |
//! | `1756616399999`, `1756616399` | 2025-08-30 | milliseconds or seconds since 1970: (a) as a number |
//! | year 2099 and later, for example `9999-12-31` | never ends | the stand-ins for «lifetime» |
//! | before 1990, for example `1970-01-01`, `0001-01-01` | refused | the stand-ins for «no date» |
//! | `08/31/2025`, `01.02.2025`, `1-2-2025` | refused | day first or month first: nobody can tell |
//!
//! Midnights are told apart between UTC-10:00 and UTC+13:45. Beyond lie Midway, Niue (-11:00) and the Line Islands
//! (+14:00, as Samoa and Tonga were in summers past), which share their midnights with New Zealand and Hawaii.
//!
//! Source: (a) a public capture of Dell's entitlements, `startDate 2016-03-24T05:00:00Z`, `endDate
//! 2019-03-25T04:59:59.999Z` (PowerShellWarrantyReports, issue 30); (b) `2020-01-02T05:59:59.999Z` in the sample output of
//! a public warranty check for Nagios. Offsets are those of the IANA time zone database.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::warranty::known::End;

/// Years from here on stand for «never ends».
const NEVER_FROM_YEAR: i16 = 2099;
/// Dates before this year stand for «no date».
const EARLIEST_YEAR: i16 = 1990;
const DAY_MIN: i32 = 24 * 60;
/// Offsets in use, in minutes east of UTC, without those beyond UTC-10:00 and UTC+13:45.
const OFFSETS_MIN: [i32; 37] = [
    -600, -570, -540, -480, -420, -360, -300, -240, -210, -180, -150, -120, -60, 0, 60, 120, 180, 210, 240,
    270, 300, 330, 345, 360, 390, 420, 480, 525, 540, 570, 600, 630, 660, 720, 765, 780, 825,
];

/// How a date was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum ReadAs {
    /// It stands there as a date, or as the first or last moment of a day where it was written.
    AsWritten,
    /// The last moment of a day at this offset.
    DayEnd {
        /// Minutes east of UTC.
        offset_min: i32,
    },
    /// The midnight with which a day begins at this offset.
    DayStart {
        /// Minutes east of UTC.
        offset_min: i32,
    },
    /// Some moment of this day at UTC.
    Moment,
    /// The coverage says that it never ends.
    Coverage,
}

impl ReadAs {
    /// What the screen says of it.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::AsWritten => "the date as written".to_owned(),
            Self::DayEnd { offset_min } => format!("the end of the day at {}", zone(offset_min)),
            Self::DayStart { offset_min } => format!("the beginning of the day at {}", zone(offset_min)),
            Self::Moment => "the day at UTC".to_owned(),
            Self::Coverage => "covered for life".to_owned(),
        }
    }
}

fn zone(offset_min: i32) -> String {
    let (sign, minutes) = (if offset_min < 0 { '-' } else { '+' }, offset_min.abs());
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// What a value says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// When the coverage ends.
    pub end: End,
    /// How that was found.
    pub read_as: ReadAs,
}

/// Why a value says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Day and month could be either way round.
    #[error("day and month cannot be told apart: send YYYY-MM-DD")]
    Ambiguous,
    /// A stand-in for «no date».
    #[error("a date before {EARLIEST_YEAR} stands for no date: leave the row out")]
    NoDate,
    /// Nothing that we know.
    #[error("not a date: send YYYY-MM-DD or an instant such as 2025-08-31T04:59:59.999Z")]
    Unknown,
}

/// Reads the last covered calendar date from a value, by the table above.
///
/// # Errors
/// As [`Unreadable`] says; nothing is guessed.
pub fn read_end(text: &str) -> Result<Reading, Unreadable> {
    let text = text.trim();
    let (date, read_as) = if text.len() != 8 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        on_edge(epoch(text)?)?
    } else if is_slashed(text) {
        (slashed(text)?, ReadAs::AsWritten)
    } else {
        written(text)?
    };
    within_years(date).map(|end| Reading { end, read_as })
}

fn within_years(date: Date) -> Result<End, Unreadable> {
    match date.year() {
        ..EARLIEST_YEAR => Err(Unreadable::NoDate),
        EARLIEST_YEAR..NEVER_FROM_YEAR => Ok(End::On(date)),
        NEVER_FROM_YEAR.. => Ok(End::Never),
    }
}

/// Digits alone: ten are seconds, thirteen are milliseconds, since 1970 (from 2001 to 2286).
fn epoch(digits: &str) -> Result<Timestamp, Unreadable> {
    let number: i64 = digits.parse().map_err(|_| Unreadable::Unknown)?;
    let read = match digits.len() {
        1..=9 => return Err(Unreadable::NoDate),
        10 => Timestamp::from_second(number),
        12 | 13 => Timestamp::from_millisecond(number),
        _ => return Err(Unreadable::Unknown),
    };
    read.map_err(|_| Unreadable::Unknown)
}

/// Three numbers with the same mark between them, which is not the dash of `YYYY-MM-DD`.
fn is_slashed(text: &str) -> bool {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    ['/', '.', '-'].into_iter().any(|mark| {
        let parts: Vec<&str> = date.split(mark).collect();
        let are_numbers =
            parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        parts.len() == 3 && are_numbers && (mark == '/' || parts[0].len() <= 2)
    })
}

/// `YYYY/MM/DD` can be read one way only; a time after it would be the clock of nobody knows where.
fn slashed(text: &str) -> Result<Date, Unreadable> {
    let parts: Vec<&str> = text.split('/').collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
            format!("{year}-{month}-{day}").parse().map_err(|_| Unreadable::Unknown)
        }
        [year, ..] if year.len() == 4 => Err(Unreadable::Unknown),
        _ => Err(Unreadable::Ambiguous),
    }
}

/// Everything in the manner of ISO 8601.
fn written(text: &str) -> Result<(Date, ReadAs), Unreadable> {
    let pieces = Pieces::parse(text).map_err(|_| Unreadable::Unknown)?;
    if pieces.time_zone_annotation().is_some() {
        return Err(Unreadable::Unknown);
    }
    let Some(time) = pieces.time() else {
        return Ok((pieces.date(), ReadAs::AsWritten));
    };
    if is_first_or_last_second(time) {
        return Ok((pieces.date(), ReadAs::AsWritten));
    }
    let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
    let instant = offset.to_timestamp(DateTime::from_parts(pieces.date(), time));
    on_edge(instant.map_err(|_| Unreadable::Unknown)?)
}

fn is_first_or_last_second(time: Time) -> bool {
    time == Time::midnight() || (time.hour(), time.minute()) == (23, 59) && is_last_of_minute(time)
}

/// The last second of a minute, or a clock that shows no seconds.
fn is_last_of_minute(time: Time) -> bool {
    time.second() == 59 || (time.second(), time.subsec_nanosecond()) == (0, 0)
}

/// The day of which the instant is the end or the beginning at some offset; else the day at UTC.
fn on_edge(instant: Timestamp) -> Result<(Date, ReadAs), Unreadable> {
    let (date, time) = (utc(instant).date(), utc(instant).time());
    let minute = i32::from(time.hour()) * 60 + i32::from(time.minute());
    let is_whole = (time.second(), time.subsec_nanosecond()) == (0, 0);
    // Checked first: the noon stamp is no midnight of New Zealand.
    if minute == DAY_MIN / 2 && is_whole {
        return Ok((date, ReadAs::Moment));
    }
    let start = offset_of_midnight(minute).filter(|_| is_whole);
    let end = offset_of_midnight(minute + 1).filter(|_| is_last_of_minute(time));
    let read = match (start, end) {
        // East of UTC the day has begun there while it is still the day before here.
        (Some(offset_min), _) => (shifted(date, i64::from(offset_min > 0)), ReadAs::DayStart { offset_min }),
        (None, Some(offset_min)) => {
            (shifted(date, -i64::from(offset_min < 0)), ReadAs::DayEnd { offset_min })
        }
        (None, None) => (Some(date), ReadAs::Moment),
    };
    Ok((read.0.ok_or(Unreadable::Unknown)?, read.1))
}

fn utc(instant: Timestamp) -> DateTime {
    TimeZone::UTC.to_datetime(instant)
}

fn shifted(date: Date, days: i64) -> Option<Date> {
    date.checked_add(jiff::Span::new().days(days)).ok()
}

/// The offset at which this minute of UTC's day is midnight.
fn offset_of_midnight(minute: i32) -> Option<i32> {
    let minute = minute % DAY_MIN;
    OFFSETS_MIN.into_iter().find(|offset_min| (minute + offset_min).rem_euclid(DAY_MIN) == 0)
}
