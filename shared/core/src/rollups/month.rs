//! Months of the calendar, as keys.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A month, written `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

/// A text that is no month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("month {0:?} is not of the form 2026-11")]
pub struct UnknownMonth(String);

impl Month {
    /// The month of a calendar date; years before 0 count as 0, which keeps the written form.
    #[must_use]
    pub fn of_date(date: Date) -> Self {
        Self { year: date.year().max(0), month: date.month() }
    }

    /// The month in which an instant lies there.
    #[must_use]
    pub fn of_instant(instant: Timestamp, zone: &TimeZone) -> Self {
        Self::of_date(zone.to_datetime(instant).date())
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        // A month only ever comes from a date or from a text that was checked to be one.
        Date::new(self.year, self.month, 1).unwrap_or(Date::MIN)
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// The month after it; itself at the end of the calendar.
    #[must_use]
    pub fn next(self) -> Self {
        self.last_day().tomorrow().map_or(self, Self::of_date)
    }

    /// How many months later than another one it is; negative when earlier.
    #[must_use]
    pub fn months_since(self, other: Self) -> i32 {
        let number = |month: Self| i32::from(month.year) * 12 + i32::from(month.month);
        number(self) - number(other)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = UnknownMonth;

    fn from_str(text: &str) -> Result<Self, UnknownMonth> {
        let first_day: Option<Date> = format!("{text}-01").parse().ok();
        let month = first_day.map(Self::of_date).filter(|month| month.to_string() == text);
        month.ok_or_else(|| UnknownMonth(text.chars().take(20).collect()))
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = UnknownMonth;

    fn try_from(text: String) -> Result<Self, UnknownMonth> {
        text.parse()
    }
}

impl JsonSchema for Month {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Month".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$",
            "description": "A month of the tenant's calendar, such as 2026-11.",
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::Month;

    #[test]
    fn the_zone_decides_in_which_month_an_instant_lies() {
        let check = |instant: &str, zone: &str, want: &str| {
            let zone = TimeZone::get(zone).unwrap();
            assert_eq!(Month::of_instant(instant.parse().unwrap(), &zone).to_string(), want);
        };
        check("2026-11-01T04:30:00Z", "UTC", "2026-11");
        check("2026-11-01T03:30:00Z", "America/New_York", "2026-10");
        check("2026-11-01T04:30:00Z", "America/New_York", "2026-11");
        check("2026-12-31T11:00:00Z", "Pacific/Auckland", "2027-01");
        check("2026-12-31T10:59:59Z", "Pacific/Auckland", "2026-12");
    }

    #[test]
    fn months_are_read_as_they_are_written() {
        let month: Month = "2024-02".parse().unwrap();
        assert_eq!(
            (month.last_day().to_string().as_str(), month.next().to_string()),
            ("2024-02-29", "2024-03".into())
        );
        assert_eq!("2024-12".parse::<Month>().unwrap().next().to_string(), "2025-01");
        assert_eq!("2025-01".parse::<Month>().unwrap().months_since(month), 11);
        for text in ["", "2024", "2024-13", "2024-2", "2024-02-01", "24-02", "+002024-02"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
