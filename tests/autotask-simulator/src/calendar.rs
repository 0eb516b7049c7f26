//! Dates without a library: milliseconds since 1970 in UTC, both ways.
//!
//! Never knows a time zone other than the offset written in a text. Called by everything that stamps.

/// Milliseconds of one day.
pub(crate) const DAY_MS: i64 = 86_400_000;

const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Days since 1970-01-01 of a civil date.
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_idx = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_idx + 2) / 5 + 1;
    let month = if month_idx < 10 { month_idx + 3 } else { month_idx - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Appends `2026-11-20T02:00:00.12` (trailing zeros of the fraction cut), with `Z` when asked.
pub(crate) fn write_instant(out: &mut String, at_ms: i64, zulu: bool) {
    let (year, month, day) = civil_from_days(at_ms.div_euclid(DAY_MS));
    let within_ms = at_ms.rem_euclid(DAY_MS);
    push_padded(out, year, 4);
    out.push('-');
    push_padded(out, month, 2);
    out.push('-');
    push_padded(out, day, 2);
    out.push('T');
    push_padded(out, within_ms / 3_600_000, 2);
    out.push(':');
    push_padded(out, within_ms / 60_000 % 60, 2);
    out.push(':');
    push_padded(out, within_ms / 1000 % 60, 2);
    write_fraction(out, within_ms % 1000);
    if zulu {
        out.push('Z');
    }
}

fn write_fraction(out: &mut String, fraction_ms: i64) {
    if fraction_ms == 0 {
        return;
    }
    out.push('.');
    match fraction_ms {
        f if f % 100 == 0 => push_padded(out, f / 100, 1),
        f if f % 10 == 0 => push_padded(out, f / 10, 2),
        f => push_padded(out, f, 3),
    }
}

fn push_padded(out: &mut String, value: i64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut rest = value.unsigned_abs();
    for slot in digits.iter_mut().take(width.min(20)).rev() {
        *slot = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    for digit in digits.iter().take(width.min(20)) {
        out.push(char::from(*digit));
    }
}

/// An instant as Autotask writes it by default.
pub(crate) fn instant_text(at_ms: i64) -> String {
    let mut out = String::with_capacity(24);
    write_instant(&mut out, at_ms, true);
    out
}

/// An instant in the form of the HTTP `Date` header.
pub(crate) fn http_date(at_ms: i64) -> String {
    let days = at_ms.div_euclid(DAY_MS);
    let (year, month, day) = civil_from_days(days);
    let within_s = at_ms.rem_euclid(DAY_MS) / 1000;
    let weekday = WEEKDAYS.get(days.rem_euclid(7) as usize).copied().unwrap_or("Thu");
    let month_name = MONTHS.get((month - 1) as usize).copied().unwrap_or("Jan");
    let (hour, minute, second) = (within_s / 3600, within_s / 60 % 60, within_s % 60);
    format!("{weekday}, {day:02} {month_name} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// Reads a date, or a date and a time with an optional fraction and offset; no offset means UTC.
pub(crate) fn parse_instant(text: &str) -> Option<i64> {
    let text = text.trim();
    let date_ms = parse_date(text.get(..10)?)?;
    let rest = text.get(10..)?;
    if rest.is_empty() {
        return Some(date_ms);
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, offset_ms) = split_offset(rest)?;
    Some(date_ms + parse_clock(clock)? - offset_ms)
}

fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = digits(parts.next()?, 2)?;
    let day = digits(parts.next()?, 2)?;
    let days = days_from_civil(year, month, day);
    (civil_from_days(days) == (year, month, day)).then_some(days * DAY_MS)
}

fn split_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let Some(sign_at) = text.rfind(['+', '-']) else {
        return Some((text, 0));
    };
    let offset = text.get(sign_at + 1..)?;
    let (hours, minutes) = offset.split_once(':').unwrap_or((offset, "00"));
    let offset_ms = digits(hours, 2)? * 3_600_000 + digits(minutes, 2)? * 60_000;
    let sign = if text.get(sign_at..=sign_at)? == "-" { -1 } else { 1 };
    Some((text.get(..sign_at)?, sign * offset_ms))
}

fn parse_clock(text: &str) -> Option<i64> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let second = digits(parts.next().unwrap_or("00"), 2)?;
    if hour > 23 || minute > 59 || second > 59 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut fraction_ms = 0;
    for place in 0..3 {
        let digit = fraction.as_bytes().get(place).map_or(0, |b| i64::from(b - b'0'));
        fraction_ms = fraction_ms * 10 + digit;
    }
    Some(hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction_ms)
}

fn digits(text: &str, width: usize) -> Option<i64> {
    (text.len() == width && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::{http_date, instant_text, parse_instant};

    #[test]
    fn instants_survive_a_round_trip() {
        for text in [
            "2026-11-20T02:00:00Z",
            "1969-12-31T23:59:59.5Z",
            "2024-02-29T13:07:45.02Z",
            "2100-03-01T00:00:00.307Z",
        ] {
            assert_eq!(parse_instant(text).map(instant_text).as_deref(), Some(text));
        }
    }

    #[test]
    fn odd_forms_are_read_or_refused() {
        assert_eq!(parse_instant("2026-11-20"), parse_instant("2026-11-20T00:00:00"));
        assert_eq!(parse_instant("2026-11-20T02:00:00+02:00"), parse_instant("2026-11-20T00:00:00Z"));
        for text in ["not a date", "2026-13-01", "2026-02-30", "2026-11-20T25:00:00Z", ""] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }

    #[test]
    fn the_date_header_has_its_form() {
        let at_ms = parse_instant("2026-11-20T02:00:00Z").unwrap();
        assert_eq!(http_date(at_ms), "Fri, 20 Nov 2026 02:00:00 GMT");
    }
}
