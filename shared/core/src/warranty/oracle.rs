//! A second reading of the rules, as a table over day numbers, against which the verdicts are compared.
//!
//! It is written from the issue and from the stated order of the rules, and shares nothing with `policy`, `verdict`,
//! `serial` or the intake: dates are three numbers, calendars are reckoned here, a text is made from a day in a zone.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::intake::WarrantyRow;
use super::known::{Coverage, Known, Source, SourceKind};
use super::plan::{Plan, PlanRow};
use super::policy::{Mode, Policy};
use super::verdict::{Facts, verdict};

const N_ASSETS: u64 = 60_000;
const TODAY: Day = (2028, 2, 29);
/// Every rule must decide so many of the assets, or the comparison is no comparison.
const N_AT_LEAST: u64 = 100;

type Day = (i64, i64, i64);

/// Days since 1970-01-01, after Howard Hinnant's reckoning of eras of 400 years.
fn number((year, month, day): Day) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn day(number: i64) -> Day {
    let shifted = number + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

fn text((year, month, day): Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

struct RawDate {
    /// 3 vendor, 2 manual, 1 integration, 0 estimate.
    rank: i64,
    name: String,
    fetched: i64,
    given: String,
    is_lifetime: bool,
    /// The day that is meant; none: no end.
    meant: Option<i64>,
    looked_up: Option<&'static str>,
}

struct RawAsset {
    id: i64,
    company_id: i64,
    is_gone: bool,
    is_active: bool,
    is_mapped: bool,
    is_ignored: bool,
    is_client_locked: bool,
    is_asset_locked: bool,
    is_contested: bool,
    stopped: Option<i64>,
    serial: Option<&'static str>,
    is_junk: bool,
    installed: Option<i64>,
    held: Option<i64>,
    dates: Vec<RawDate>,
}

struct RawPolicy {
    /// 0 blanks, 1 never shorten, 2 latest, 3 always.
    mode: u64,
    tolerance: i64,
    is_vendor_only: bool,
    far_years: i64,
    skips_inactive: bool,
    skips_junk: bool,
}

/// What the table says: rule and what happens; the day is what would be written.
#[derive(Debug, PartialEq)]
struct Told {
    rule: &'static str,
    writes: Option<i64>,
    holds: bool,
}

const HOLDS: &str =
    "client_locked asset_locked tug_of_war serial_differs not_blank would_shorten written_in_vain";

fn told(rule: &'static str, writes: Option<i64>) -> Told {
    Told { rule, writes, holds: HOLDS.split(' ').any(|holds| holds == rule) }
}

fn first(table: &[(&'static str, bool)]) -> Option<&'static str> {
    table.iter().find(|row| row.1).map(|row| row.0)
}

fn oracle(asset: &RawAsset, policy: &RawPolicy) -> Told {
    let of_asset = [
        ("gone", asset.is_gone),
        ("inactive", policy.skips_inactive && !asset.is_active),
        ("unmapped", !asset.is_mapped),
        ("ignored", asset.is_ignored),
        ("client_locked", asset.is_client_locked),
        ("asset_locked", asset.is_asset_locked),
        ("tug_of_war", asset.is_contested),
        ("junk_serial", policy.skips_junk && asset.is_junk),
        ("nothing_known", asset.dates.is_empty()),
    ];
    if let Some(rule) = first(&of_asset) {
        return told(rule, None);
    }
    let (year, month, of_month) = TODAY;
    let limit = (year + policy.far_years, month, of_month);
    let forbidden = |date: &RawDate| {
        let end = date.meant;
        first(&[
            ("not_vendor_sourced", policy.is_vendor_only && date.rank != 3),
            ("serial_differs", date.looked_up.is_some() && date.looked_up != asset.serial),
            ("lifetime", end.is_none()),
            // As three numbers, so that a 29th of February that does not exist needs no rule.
            ("far_future", end.is_some_and(|end| day(end) > limit)),
            ("not_after_install", end.zip(asset.installed).is_some_and(|(end, installed)| end <= installed)),
        ])
    };
    let standing =
        |date: &&RawDate| (date.rank, date.fetched, date.meant, std::cmp::Reverse(date.name.clone()));
    let usable = asset.dates.iter().filter(|date| forbidden(date).is_none());
    let best = match policy.mode {
        2 => usable.max_by_key(|date| (date.meant, standing(date))),
        _ => usable.max_by_key(standing),
    };
    let Some(end) = best.and_then(|date| date.meant) else {
        let best = asset.dates.iter().max_by_key(standing).unwrap();
        return told(forbidden(best).unwrap(), None);
    };
    match compare(asset.held, end, policy) {
        Told { writes: Some(day), .. } if asset.stopped == Some(day) => told("written_in_vain", None),
        told => told,
    }
}

fn compare(held: Option<i64>, end: i64, policy: &RawPolicy) -> Told {
    let Some(held) = held else { return told("fills_blank", Some(end)) };
    let longer = end - held;
    let table = [
        ("already_there", longer == 0),
        ("within_tolerance", longer.abs() <= policy.tolerance.max(1)),
        ("not_blank", policy.mode == 0),
        ("lengthens", longer > 0),
        ("shortens", policy.mode == 3),
        ("would_shorten", true),
    ];
    let rule = first(&table).unwrap();
    told(rule, ["lengthens", "shortens"].contains(&rule).then_some(end))
}

/// Days on which calendars and clocks go wrong, and days near others that matter.
fn awkward(dice: &mut Dice, near: &[Option<i64>]) -> i64 {
    const DAYS: [Day; 20] = [
        (2024, 2, 28),
        (2024, 2, 29),
        (2024, 3, 1),
        (2028, 2, 29),
        (2027, 2, 28),
        (2027, 12, 31),
        (2028, 1, 1),
        (2025, 3, 9),
        (2025, 3, 30),
        (2025, 10, 26),
        (2025, 11, 2),
        (2026, 4, 5),
        (2026, 9, 27),
        (2029, 2, 28),
        (2033, 2, 28),
        (2033, 3, 1),
        (2043, 2, 28),
        (2043, 3, 1),
        (2098, 12, 31),
        (1990, 1, 1),
    ];
    let near: Vec<i64> = near.iter().flatten().copied().collect();
    match dice.below(4) {
        0 if !near.is_empty() => near[dice.below(near.len() as u64) as usize] + dice.below(9) as i64 - 4,
        1 => number((2015 + dice.below(20) as i64, 1 + dice.below(12) as i64, 1 + dice.below(28) as i64)),
        _ => number(DAYS[dice.below(DAYS.len() as u64) as usize]) + dice.below(3) as i64 - 1,
    }
    .clamp(number((1990, 1, 1)), number((2098, 12, 31)))
}

/// A text in which a vendor somewhere would mean this day.
fn spelled(end: i64, dice: &mut Dice) -> String {
    const OFFSETS_MIN: [i64; 11] = [-600, -480, -360, -300, -210, 0, 60, 120, 330, 720, 780];
    let offset_min = OFFSETS_MIN[dice.below(11) as usize];
    let midnight_min = (end + 1) * 1_440 - offset_min;
    let last_min = midnight_min - 1;
    let last = format!(
        "{}T{:02}:{:02}:59",
        text(day(last_min.div_euclid(1_440))),
        last_min.rem_euclid(1_440) / 60,
        last_min.rem_euclid(60)
    );
    match dice.below(8) {
        0 => format!("{last}.999Z"),
        1 => format!("{last}Z"),
        2 => format!("{last}.999"),
        3 if end > number((2002, 1, 1)) => (midnight_min * 60_000 - 1).to_string(),
        4 => format!("{}T00:00:00Z", text(day(end))),
        5 => format!("{}T23:59:59.999+13:00", text(day(end))),
        6 => text(day(end)).replace('-', ""),
        _ => text(day(end)),
    }
}

fn any_date(dice: &mut Dice, at: usize, near: &[Option<i64>], serial: Option<&'static str>) -> RawDate {
    let is_lifetime = dice.falls(6);
    let stands_for_lifetime = !is_lifetime && dice.falls(4);
    let end = awkward(dice, near);
    let meant = (!is_lifetime && !stands_for_lifetime).then_some(end);
    let given = if stands_for_lifetime { "9999-12-31T23:59:59Z".to_owned() } else { spelled(end, dice) };
    let looked_up = match dice.below(12) {
        0 => Some("9ZZ8YY7"),
        1..6 => serial,
        _ => None,
    };
    let rank = if dice.falls(70) { 3 } else { dice.below(4) as i64 };
    let (name, fetched) = (format!("source {}", (at + 2) % 4), number((2028, 2, 20)) + dice.below(4) as i64);
    RawDate { rank, name, fetched, given, is_lifetime, meant, looked_up }
}

fn any_asset(id: i64, dice: &mut Dice) -> RawAsset {
    const SERIALS: [&str; 4] = ["7GQ5K13", "5CD1234XYZ", "PF1A2B3C", "C02XK0AAJG5H"];
    const JUNK: [Option<&str>; 8] = [
        None,
        Some(""),
        Some("To be filled by O.E.M."),
        Some("Default string"),
        Some("00000000"),
        Some("N/A"),
        Some("123456789"),
        Some("System Serial Number"),
    ];
    let is_junk = dice.falls(8);
    let serial = if is_junk { JUNK[dice.below(8) as usize] } else { Some(SERIALS[dice.below(4) as usize]) };
    let installed = (!dice.falls(30)).then(|| awkward(dice, &[]));
    let held = (!dice.falls(25)).then(|| awkward(dice, &[installed]));
    let n_dates = [0, 1, 1, 1, 2, 3][dice.below(6) as usize];
    let limit = Some(number((2043, 2, 28)));
    let near = [held, held, installed, limit];
    let dates: Vec<_> = (0..n_dates).map(|at| any_date(dice, at, &near, serial)).collect();
    let one = dates.first().and_then(|date| date.meant);
    let stopped = one.filter(|_| dice.falls(4)).map(|day| day + i64::from(dice.falls(25)));
    RawAsset {
        id,
        company_id: dice.below(400) as i64,
        is_gone: dice.falls(2),
        is_active: !dice.falls(4),
        is_mapped: !dice.falls(3),
        is_ignored: dice.falls(3),
        is_client_locked: dice.falls(2),
        is_asset_locked: dice.falls(2),
        is_contested: dice.falls(2),
        stopped,
        serial,
        is_junk,
        installed,
        held,
        dates,
    }
}

fn any_policy(dice: &mut Dice) -> RawPolicy {
    RawPolicy {
        mode: dice.below(4),
        tolerance: [0, 1, 1, 2, 30][dice.below(5) as usize],
        is_vendor_only: dice.falls(60),
        far_years: [1, 5, 15, 50][dice.below(4) as usize],
        skips_inactive: dice.falls(80),
        skips_junk: dice.falls(80),
    }
}

fn product_policy(raw: &RawPolicy) -> Policy {
    let modes = [Mode::FillBlanksOnly, Mode::NeverShorten, Mode::PreferLatest, Mode::Always];
    Policy {
        mode: modes[raw.mode as usize],
        tolerance_days: raw.tolerance as u16,
        vendor_sourced_only: raw.is_vendor_only,
        far_future_years: raw.far_years as u16,
        skips_inactive: raw.skips_inactive,
        skips_junk_serials: raw.skips_junk,
        cap_rows: 50_000,
    }
}

/// Each date goes the whole way: as a row of a request, through the intake.
fn product_dates(asset: &RawAsset) -> Vec<Known> {
    let kinds = [SourceKind::Estimate, SourceKind::Integration, SourceKind::Manual, SourceKind::Vendor];
    let row = |date: &RawDate| WarrantyRow {
        asset_id: asset.id,
        date: None,
        source: Source { kind: kinds[date.rank as usize], name: date.name.clone() },
        raw_value: Some(date.given.clone()),
        fetched_at: format!("{}T03:00:00Z", text(day(date.fetched))),
        coverage: if date.is_lifetime { Coverage::Lifetime } else { Coverage::Standard },
        serial_number: date.looked_up.map(str::to_owned),
    };
    let now = "2028-02-29T09:00:00Z".parse().unwrap();
    asset.dates.iter().map(|date| row(date).check(now).unwrap()).collect()
}

fn product_row(asset: &RawAsset, policy: &Policy) -> PlanRow {
    let known = product_dates(asset);
    let date = |number: Option<i64>| number.map(|number| text(day(number)).parse().unwrap());
    let facts = Facts {
        asset_id: asset.id,
        company_id: asset.company_id,
        serial_number: asset.serial,
        is_active: asset.is_active,
        is_gone: asset.is_gone,
        is_company_mapped: asset.is_mapped,
        is_ignored: asset.is_ignored,
        is_client_locked: asset.is_client_locked,
        is_asset_locked: asset.is_asset_locked,
        is_contested: asset.is_contested,
        stopped_date: date(asset.stopped),
        install_date: date(asset.installed),
        held: date(asset.held),
        known: &known,
    };
    PlanRow::of(&facts, &verdict(&facts, policy, text(TODAY).parse().unwrap()))
}

fn check(row: &PlanRow, want: &Told) -> bool {
    let writes = row.change().and_then(|change| change.to).map(|date| date.to_string());
    let holds = row.rule.kind() == super::DecisionKind::Hold;
    (row.rule.name(), writes, holds) == (want.rule, want.writes.map(|end| text(day(end))), want.holds)
}

#[test]
fn verdicts_equal_an_independent_table_on_60_000_awkward_assets() {
    let mut dice = Dice(0x5eed);
    let mut n_by_rule: BTreeMap<&str, u64> = BTreeMap::new();
    for id in 1..=N_ASSETS as i64 {
        let (asset, policy) = (any_asset(id, &mut dice), any_policy(&mut dice));
        let (row, want) = (product_row(&asset, &product_policy(&policy)), oracle(&asset, &policy));
        let given: Vec<_> = asset.dates.iter().map(|date| (&date.given, date.meant.map(day))).collect();
        assert!(check(&row, &want), "{row:?}\n{want:?}\n{given:?}");
        *n_by_rule.entry(want.rule).or_default() += 1;
    }
    let rare: Vec<_> = n_by_rule.iter().filter(|(_, n_rows)| **n_rows < N_AT_LEAST).collect();
    assert!(rare.is_empty() && n_by_rule.len() == super::Rule::ALL.len() - 1, "{n_by_rule:?}");
}

#[test]
fn the_cap_holds_what_the_table_would_hold() {
    let mut dice = Dice(0xcab);
    let policy = RawPolicy {
        mode: 3,
        tolerance: 1,
        is_vendor_only: false,
        far_years: 15,
        skips_inactive: true,
        skips_junk: true,
    };
    let assets: Vec<RawAsset> = (1..=2_000).map(|id| any_asset(id, &mut dice)).collect();
    let rows = assets.iter().map(|asset| product_row(asset, &product_policy(&policy))).collect();
    let plan = Plan::new(rows, 300);
    let mut wanted: Vec<_> =
        assets.iter().map(|asset| ((asset.company_id, asset.id), oracle(asset, &policy))).collect();
    wanted.sort_by_key(|(place, _)| *place);
    let mut n_writes = 0;
    for (row, ((company_id, id), want)) in plan.rows.iter().zip(wanted) {
        assert_eq!((row.company_id, row.asset_id), (company_id, id));
        n_writes += u64::from(want.writes.is_some());
        let is_over = want.writes.is_some() && n_writes > 300;
        assert!(
            if is_over { row.rule == super::Rule::OverCap } else { check(row, &want) },
            "{row:?} {want:?}"
        );
    }
    assert!(n_writes > 400);
}

#[test]
fn the_calendar_of_the_table_is_the_calendar() {
    for (date, want) in
        [((1970, 1, 1), 0), ((2000, 3, 1), 11_017), ((2024, 2, 29), 19_782), ((1969, 12, 31), -1)]
    {
        assert_eq!((number(date), day(want)), (want, date));
    }
}
