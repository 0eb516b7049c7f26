//! Instants and calendar dates as Autotask writes them.
//!
//! Never moves a date: a calendar date is its first ten characters, whatever follows. Used by `lenient`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// The server's stand-in for «no date».
const SENTINEL: &str = "0001-01-01";

/// Reads an instant; without a zone it is UTC, as all of Autotask's times are.
///
/// # Shape
/// The outer `None` means that the text is no instant, the inner one that it is the sentinel.
/// # Source
/// Captured answers: `2022-12-07T09:15:45.2Z` and `2024-01-31T15:04:05.307`; both forms are attested.
pub(crate) fn parse_instant(text: &str) -> Option<Option<Timestamp>> {
    if text.starts_with(SENTINEL) {
        return Some(None);
    }
    let instant = parse_utc(text.strip_suffix('Z').unwrap_or(text)).or_else(|| text.parse().ok())?;
    Some(Some(instant))
}

/// Reads a calendar date from the first ten characters; the time part is never looked at.
///
/// # Shape
/// The outer `None` means that the text is no date, the inner one that it is the sentinel.
pub(crate) fn parse_date(text: &str) -> Option<Option<Date>> {
    let date = text.get(..10)?;
    if date == SENTINEL {
        return Some(None);
    }
    Some(Some(date_of(date.as_bytes())?))
}

/// `YYYY-MM-DDTHH:MM:SS[.fraction]` without a zone; `None` for every other form.
fn parse_utc(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() >= 19 && bytes[10] == b'T' && bytes[13] == b':' && bytes[16] == b':';
    if !is_shaped {
        return None;
    }
    let date = date_of(&bytes[..10])?;
    let [hour, minute, second] =
        [number(&bytes[11..13])?, number(&bytes[14..16])?, number(&bytes[17..19])?].map(|part| part as i8);
    let nanosecond = nanoseconds(&bytes[19..])?;
    let time = jiff::civil::Time::new(hour, minute, second, nanosecond).ok()?;
    TimeZone::UTC.to_timestamp(DateTime::from_parts(date, time)).ok()
}

fn date_of(bytes: &[u8]) -> Option<Date> {
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (number(&bytes[..4])?, number(&bytes[5..7])?, number(&bytes[8..])?);
    Date::new(i16::try_from(year).ok()?, month as i8, day as i8).ok()
}

/// `.5` is 500,000,000; the empty fraction is 0.
fn nanoseconds(fraction: &[u8]) -> Option<i32> {
    let Some((b'.', digits)) = fraction.split_first() else { return fraction.is_empty().then_some(0) };
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    let scale = 10_u32.pow(9 - u32::try_from(digits.len()).ok()?);
    i32::try_from(number(digits)? * scale).ok()
}

/// A number of at most nine decimal digits, without a sign.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::{parse_date, parse_instant};

    fn check_instant(text: &str, expected: Option<&str>) {
        let found =
            parse_instant(text).map(|instant| instant.map_or("absent".to_owned(), |at| at.to_string()));
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn instants_are_read_as_utc_with_the_fraction_cut() {
        check_instant("2022-12-07T09:15:45.2Z", Some("2022-12-07T09:15:45.2Z"));
        check_instant("2024-01-31T15:04:05.307", Some("2024-01-31T15:04:05.307Z"));
        check_instant("2024-01-31T15:04:05", Some("2024-01-31T15:04:05Z"));
        check_instant("2024-01-31T13:00:00.000Z", Some("2024-01-31T13:00:00Z"));
        check_instant("2024-01-31T13:00:00.1230000Z", Some("2024-01-31T13:00:00.123Z"));
        check_instant("2024-01-31T13:00:00.1234567", Some("2024-01-31T13:00:00.1234567Z"));
        check_instant("2024-02-29T23:30:00-02:00", Some("2024-03-01T01:30:00Z"));
        check_instant("2024-02-29T23:30:00.50+02:00", Some("2024-02-29T21:30:00.5Z"));
        check_instant("0001-01-01T00:00:00", Some("absent"));
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "yesterday",
            "2024-02-30T00:00:00Z",
            "2024-01-31T25:00:00Z",
            "2024-01-31T15:04:05.Z",
            "2024-01-31T15:04:05.1x",
        ] {
            check_instant(text, None);
        }
    }

    fn check_date(text: &str, expected: Option<&str>) {
        let found = parse_date(text).map(|date| date.map_or("absent".to_owned(), |date| date.to_string()));
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn dates_are_their_first_ten_characters() {
        check_date("2025-03-01", Some("2025-03-01"));
        check_date("2025-03-01T00:00:00Z", Some("2025-03-01"));
        check_date("2025-03-01T23:59:59.999-11:00", Some("2025-03-01"));
        check_date("2024-02-29T00:00:00+14:00", Some("2024-02-29"));
        check_date("0001-01-01T00:00:00", Some("absent"));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in
            ["not a date", "2025-02-29", "2025-13-01", "2025-3-1", "01/03/2025", "2025-03-0é", "+025-03-01"]
        {
            check_date(text, None);
        }
    }
}
