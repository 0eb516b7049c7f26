//! The stated table of readings, the law of day edges in many zones, and what rows are refused for.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use proptest::prelude::*;

use super::{Fault, MAX_ROWS, ReadAs, Unreadable, WarrantyRow, read_end, take_in};
use crate::warranty::known::{Coverage, End, Source, SourceKind};

/// West to east, with odd offsets and with zones whose clocks change at midnight.
const ZONES: [&str; 20] = [
    "Pacific/Honolulu",
    "Pacific/Marquesas",
    "America/Los_Angeles",
    "America/Chicago",
    "America/New_York",
    "America/Havana",
    "America/St_Johns",
    "America/Sao_Paulo",
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Tongatapu",
    "Pacific/Chatham",
];

fn now() -> Timestamp {
    "2026-11-22T09:00:00Z".parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn check_date(text: &str, want: &str) {
    assert_eq!(read_end(text).map(|reading| reading.end), Ok(End::On(date(want))), "{text}");
}

#[test]
fn values_are_read_by_the_stated_table() {
    for text in ["2025-08-31", "2025/08/31", "20250831", " 2025-08-31 ", "2025-08-31T00:00:00Z"] {
        check_date(text, "2025-08-31");
    }
    check_date("2025-08-31T00:00:00", "2025-08-31");
    check_date("2025-08-31 00:00:00.000", "2025-08-31");
    check_date("2025-08-31T23:59:59.999Z", "2025-08-31");
    check_date("2025-08-31T23:59:59.9999999", "2025-08-31");
    check_date("2025-08-31T23:59:00Z", "2025-08-31");
    check_date("2025-08-31T04:59:59.999Z", "2025-08-30");
    check_date("2025-08-31T04:59:59.999", "2025-08-30");
    check_date("2025-08-31T04:59:59.997+00:00", "2025-08-30");
    check_date("2020-01-02T05:59:59.999Z", "2020-01-01");
    check_date("2019-03-25T04:59:59.999Z", "2019-03-24");
    check_date("2016-03-24T05:00:00Z", "2016-03-24");
    check_date("2025-08-30T21:59:59Z", "2025-08-30");
    check_date("2025-08-30T22:00:00Z", "2025-08-31");
    check_date("2025-12-30T23:00:00Z", "2025-12-31");
    check_date("2025-12-31T22:59:59.999Z", "2025-12-31");
    check_date("2025-08-30T10:59:59.999Z", "2025-08-30");
    check_date("2025-08-30T11:00:00Z", "2025-08-31");
    check_date("2025-08-31T09:59:59.999Z", "2025-08-30");
    check_date("2025-08-30T23:59:59.999-05:00", "2025-08-30");
    check_date("2025-08-31T00:00:00+02:00", "2025-08-31");
    check_date("2025-08-31T06:59:59.999+02:00", "2025-08-30");
    check_date("2025-08-31T12:00:00Z", "2025-08-31");
    check_date("2025-08-31T14:23:07Z", "2025-08-31");
    check_date("1756616399999", "2025-08-30");
    check_date("1756616399", "2025-08-30");
    check_date("1756598400000", "2025-08-31");
    check_date("2024-03-01T04:59:59.999Z", "2024-02-29");
    check_date("2025-01-01T04:59:59.999Z", "2024-12-31");
}

#[test]
fn stand_ins_for_lifetime_never_end() {
    for text in
        ["9999-12-31", "9999-12-31T23:59:59.9999999", "2099-12-31", "2099-01-01T00:00:00Z", "2999-01-01"]
    {
        assert_eq!(read_end(text).map(|reading| reading.end), Ok(End::Never), "{text}");
    }
    check_date("2099-01-01T04:59:59.999Z", "2098-12-31");
}

#[test]
fn what_nobody_can_tell_is_refused() {
    let check = |text: &str, want| assert_eq!(read_end(text).map(|_| ()), Err(want), "{text}");
    for text in ["08/31/2025", "31/08/2025", "01/02/2025", "1/2/2025 12:00:00 AM", "01.02.2025", "1-2-2025"] {
        check(text, Unreadable::Ambiguous);
    }
    for text in ["0001-01-01T00:00:00", "1900-01-01", "1970-01-01T00:00:00Z", "1969-12-31", "0"] {
        check(text, Unreadable::NoDate);
    }
    let unknown =
        ["", "  ", "soon", "2025-02-29", "2025-13-01", "2025-08", "31 Aug 2025", "2025/8/31", "12345678901"];
    for text in unknown.into_iter().chain([
        "2025-08-31T04:59:59Z[America/Chicago]",
        "2025-08-31T25:00:00Z",
        "20251301",
    ]) {
        check(text, Unreadable::Unknown);
    }
}

#[test]
fn how_a_date_was_read_is_told() {
    let check = |text: &str, want| assert_eq!(read_end(text).unwrap().read_as, want, "{text}");
    check("2025-08-31", ReadAs::AsWritten);
    check("2025-08-31T04:59:59.999Z", ReadAs::DayEnd { offset_min: -300 });
    check("2025-08-30T22:00:00Z", ReadAs::DayStart { offset_min: 120 });
    check("2025-08-30T18:29:59.999Z", ReadAs::DayEnd { offset_min: 330 });
    check("2025-08-31T14:23:07Z", ReadAs::Moment);
    assert_eq!(ReadAs::DayEnd { offset_min: -570 }.words(), "the end of the day at UTC-09:30");
}

/// The last moment of a day, or its first, in a zone, as the vendor's program would write it.
fn edges(day: Date, zone: &TimeZone) -> [Timestamp; 2] {
    let start = |day: Date| day.to_zoned(zone.clone()).unwrap().timestamp();
    [start(day.checked_add(Span::new().days(1)).unwrap()) - Span::new().milliseconds(1), start(day)]
}

fn check_edges(day: Date, zone: &str) {
    for (at, instant) in edges(day, &TimeZone::get(zone).unwrap()).into_iter().enumerate() {
        let is_noon = at == 1 && instant.to_string().ends_with("T12:00:00Z");
        for text in [instant.to_string(), instant.as_millisecond().to_string()] {
            // Midnight of a zone at +12:00 is noon at UTC, which the table reads as the day at UTC.
            let want = if is_noon { day.checked_sub(Span::new().days(1)).unwrap() } else { day };
            assert_eq!(
                read_end(&text).map(|reading| reading.end),
                Ok(End::On(want)),
                "{text} for {day} in {zone}"
            );
        }
        if at == 0 {
            let local = instant.to_zoned(TimeZone::get(zone).unwrap());
            let text = local.strftime("%Y-%m-%dT%H:%M:%S.999%:z").to_string();
            assert_eq!(read_end(&text).map(|reading| reading.end), Ok(End::On(day)), "{text} in {zone}");
        }
    }
}

#[test]
fn a_day_is_the_same_day_from_hawaii_to_chatham_on_every_awkward_date() {
    let awkward = [
        "2024-02-28",
        "2024-02-29",
        "2024-03-01",
        "2025-02-28",
        "2025-03-01",
        "2024-12-31",
        "2025-01-01",
        "2025-03-08",
        "2025-03-09",
        "2025-03-10",
        "2025-03-29",
        "2025-03-30",
        "2025-03-31",
        "2025-10-25",
        "2025-10-26",
        "2025-11-01",
        "2025-11-02",
        "2025-11-03",
        "2025-04-05",
        "2025-04-06",
        "2025-09-27",
        "2025-09-28",
        "2018-11-03",
        "2018-11-04",
        "2096-02-29",
        "2098-12-31",
    ];
    for zone in ZONES {
        awkward.into_iter().for_each(|day| check_edges(date(day), zone));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    // From 2018 on: before, Tonga's summers were at UTC+14:00, which the table leaves to Hawaii.
    fn a_day_is_the_same_day_in_every_zone(day in 17_532_i32..47_000, zone in prop::sample::select(ZONES.to_vec())) {
        check_edges(date("1970-01-01").checked_add(Span::new().days(day)).unwrap(), zone);
    }

    #[test]
    fn reading_never_breaks(text in "[0-9TZ:/.+ -]{0,32}") {
        let _ = read_end(&text);
    }
}

fn row(asset_id: i64) -> WarrantyRow {
    WarrantyRow {
        asset_id,
        date: Some("2027-05-31".to_owned()),
        source: Source { kind: SourceKind::Vendor, name: "dell".to_owned() },
        raw_value: None,
        fetched_at: "2026-11-20T03:00:00Z".to_owned(),
        coverage: Coverage::Standard,
        serial_number: None,
    }
}

#[test]
fn a_row_is_refused_with_its_reason() {
    let check = |change: &dyn Fn(&mut WarrantyRow), want: Fault| {
        let mut wrong = row(7);
        change(&mut wrong);
        assert_eq!(wrong.check(now()).unwrap_err(), want);
    };
    let ambiguous = |field| Fault::Date { field, reason: Unreadable::Ambiguous };
    check(&|row| row.asset_id = 0, Fault::AssetId);
    check(&|row| row.source.name = " ".to_owned(), Fault::SourceName);
    check(&|row| row.source.name = "x".repeat(61), Fault::SourceName);
    check(&|row| row.fetched_at = "2026-11-20".to_owned(), Fault::FetchedAt);
    check(&|row| row.fetched_at = "2026-11-24T00:00:00Z".to_owned(), Fault::FetchedAt);
    check(&|row| row.date = None, Fault::NoDate);
    check(&|row| row.date = Some("03/04/2027".to_owned()), ambiguous("date"));
    check(&|row| (row.date, row.raw_value) = (None, Some("03/04/2027".to_owned())), ambiguous("raw_value"));
    check(&|row| row.raw_value = Some("2024-05-31T04:59:59Z".to_owned()), Fault::Contradiction);
    check(&|row| row.raw_value = Some("9999-12-31".to_owned()), Fault::Contradiction);
    check(&|row| row.serial_number = Some("x".repeat(201)), Fault::TooLong { field: "serial_number" });
}

#[test]
fn the_vendors_own_value_corrects_a_date_that_lost_its_zone() {
    let mut cut = row(7);
    (cut.date, cut.raw_value) = (Some("2025-08-31".to_owned()), Some("2025-08-31T04:59:59.999Z".to_owned()));
    assert_eq!(cut.check(now()).unwrap().date(), Some(date("2025-08-30")));
    cut.raw_value = Some("31/08/2025".to_owned());
    assert_eq!(cut.check(now()).unwrap().date(), Some(date("2025-08-31")));
    (cut.date, cut.coverage) = (None, Coverage::Lifetime);
    assert_eq!(cut.check(now()).unwrap().end, End::Never);
}

#[test]
fn of_two_rows_with_one_key_the_newest_is_taken_and_contradictions_are_refused() {
    let (mut newer, mut other, mut wrong) = (row(7), row(8), row(9));
    newer.fetched_at = "2026-11-21T03:00:00Z".to_owned();
    newer.date = Some("2028-05-31".to_owned());
    other.date = Some("2029-01-01".to_owned());
    wrong.asset_id = -1;
    let intake = take_in(&[row(7), newer, row(8), other, wrong, row(10), row(10)], now()).unwrap();
    let accepted: Vec<_> =
        intake.accepted.iter().map(|known| (known.asset_id, known.date().unwrap())).collect();
    assert_eq!(accepted, [(7, date("2028-05-31")), (10, date("2027-05-31"))]);
    let refused: Vec<_> =
        intake.refused.iter().map(|refused| (refused.row_idx, refused.field.as_str())).collect();
    assert_eq!(refused, [(2, "fetched_at"), (3, "fetched_at"), (4, "asset_id")]);
}

#[test]
fn a_request_of_too_many_rows_is_refused_as_a_whole() {
    let rows = vec![row(7); MAX_ROWS + 1];
    assert_eq!(take_in(&rows, now()).unwrap_err().n_rows, MAX_ROWS + 1);
    assert_eq!(take_in(&rows[1..], now()).unwrap().accepted.len(), 1);
}

#[test]
fn what_is_sent_twice_or_late_replaces_nothing() {
    let stored = row(7).check(now()).unwrap();
    let mut newer = stored.clone();
    newer.fetched_at = now();
    assert!(newer.replaces(&stored) && !stored.replaces(&newer) && !stored.replaces(&stored.clone()));
}

#[test]
fn a_row_is_read_from_json_and_knows_no_other_field() {
    let json = r#"{"asset_id":7,"date":"2027-05-31","source":{"kind":"vendor","name":"dell"},"fetched_at":"2026-11-20T03:00:00Z"}"#;
    let read: WarrantyRow = serde_json::from_str(json).unwrap();
    assert_eq!(read.coverage, Coverage::Unknown);
    assert!(serde_json::from_str::<WarrantyRow>(&json.replace("\"date\"", "\"end\"")).is_err());
}
