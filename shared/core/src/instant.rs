//! Instants as numbers and as text.

use jiff::Timestamp;

/// The instant of a number of milliseconds since the epoch; none beyond the calendar.
#[must_use]
pub fn at(ms: u64) -> Option<Timestamp> {
    i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok())
}

/// RFC 3339 in UTC; the epoch for what is beyond the calendar.
#[must_use]
pub fn rfc3339(ms: u64) -> String {
    at(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn every_number_has_a_text() {
        assert_eq!(rfc3339(1_795_327_101_716), "2026-11-22T05:58:21.716Z");
        assert_eq!(rfc3339(u64::MAX), "1970-01-01T00:00:00Z");
    }
}
