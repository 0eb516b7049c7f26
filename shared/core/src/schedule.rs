//! When a tenant's night begins: in its own time zone, spread over the small hours, the same minute every night.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use xxhash_rust::xxh3::xxh3_64;

/// Nights begin at one o'clock local time at the earliest.
const FIRST_START: Time = Time::constant(1, 0, 0, 0);
/// Starts are spread over this many minutes, so that tenants of one zone do not all begin at once.
const SPREAD_MIN: u64 = 180;

/// A time zone that the database of zones does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("time zone {name:?} is unknown: use an IANA name such as Europe/Berlin")]
pub struct UnknownTimeZone {
    /// The name, shortened.
    pub name: String,
}

/// Looks a time zone up by its IANA name.
///
/// # Errors
/// [`UnknownTimeZone`].
pub fn time_zone(name: &str) -> Result<TimeZone, UnknownTimeZone> {
    let unknown = || UnknownTimeZone { name: name.chars().take(60).collect() };
    let is_fit = name.len() <= 60 && name.chars().all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c));
    if is_fit { TimeZone::get(name).map_err(|_| unknown()) } else { Err(unknown()) }
}

/// The begin of the first night after an instant, in milliseconds since the epoch.
///
/// # Shape
/// `tenant` decides the minute within the small hours. A start that a change to summer time leaves out moves to the
/// next hour that exists; one that comes twice is taken at its first occurrence.
///
/// # Errors
/// [`UnknownTimeZone`].
pub fn next_night_ms(after_ms: u64, zone: &str, tenant: &str) -> Result<u64, UnknownTimeZone> {
    let zone = time_zone(zone)?;
    let after = instant(after_ms);
    let minute = i64::try_from(xxh3_64(tenant.as_bytes()) % SPREAD_MIN).unwrap_or(0);
    let start = FIRST_START.saturating_add(SignedDuration::from_mins(minute));
    let mut day = after.to_zoned(zone.clone()).date().saturating_sub(1.day());
    loop {
        let night = zone.to_ambiguous_zoned(day.to_datetime(start)).compatible();
        match night {
            Ok(night) if night.timestamp() > after => {
                return Ok(u64::try_from(night.timestamp().as_millisecond()).unwrap_or(u64::MAX));
            }
            _ if day >= jiff::civil::Date::MAX => return Ok(u64::MAX),
            _ => day = day.saturating_add(1.day()),
        }
    }
}

fn instant(ms: u64) -> Timestamp {
    crate::instant::at(ms).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::{prop_assert, proptest};

    use super::{next_night_ms, time_zone};

    fn ms(text: &str) -> u64 {
        text.parse::<Timestamp>().unwrap().as_millisecond().unsigned_abs()
    }

    fn local_hour(at_ms: u64, zone: &str) -> i8 {
        let at = Timestamp::from_millisecond(at_ms.cast_signed()).unwrap();
        at.to_zoned(time_zone(zone).unwrap()).hour()
    }

    #[test]
    fn nights_are_nights_where_the_tenant_lives() {
        for zone in [
            "UTC",
            "America/New_York",
            "Australia/Sydney",
            "Pacific/Apia",
            "Pacific/Honolulu",
            "Asia/Kolkata",
        ] {
            let night = next_night_ms(ms("2026-11-22T12:00:00Z"), zone, "acme").unwrap();
            assert!((1..=3).contains(&local_hour(night, zone)), "{zone}");
        }
    }

    #[test]
    fn tenants_of_one_zone_do_not_all_begin_at_once() {
        let start = |n: u32| next_night_ms(ms("2026-11-22T12:00:00Z"), "UTC", &format!("t{n}")).unwrap();
        let starts: std::collections::BTreeSet<u64> = (0..100).map(start).collect();
        assert!(starts.len() > 60, "{}", starts.len());
    }

    #[test]
    fn a_night_that_summer_time_swallows_still_comes() {
        // In Berlin 02:00 to 03:00 does not exist on 2026-03-29.
        for n in 0..60 {
            let tenant = format!("t{n}");
            let first = next_night_ms(ms("2026-03-28T12:00:00Z"), "Europe/Berlin", &tenant).unwrap();
            let second = next_night_ms(first, "Europe/Berlin", &tenant).unwrap();
            assert!((22..=26).contains(&((second - first) / 3_600_000)));
        }
    }

    #[test]
    fn unknown_zones_are_named() {
        for bad in ["", "Mars/Base", "../etc/passwd", "Europe/Berlin\n", &"x".repeat(100)] {
            assert!(time_zone(bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn the_next_night_lies_ahead_and_within_26_hours(after in 0_u64..4_000_000_000_000, n in 0_u32..50) {
            let night = next_night_ms(after, "Europe/London", &format!("t{n}")).unwrap();
            prop_assert!(night > after && night - after <= 26 * 3_600_000);
        }
    }
}
