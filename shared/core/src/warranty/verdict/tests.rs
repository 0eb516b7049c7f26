//! One case for every rule, and what the choice among several dates depends on.

use jiff::civil::Date;

use super::{Decision, Facts, verdict};
use crate::warranty::intake::ReadAs;
use crate::warranty::known::{Coverage, End, Known, Source, SourceKind};
use crate::warranty::policy::{Mode, Policy};
use crate::warranty::rule::Rule;
use crate::warranty::simulate::simulate;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(in crate::warranty) fn today() -> Date {
    day("2026-11-22")
}

pub(in crate::warranty) fn known(kind: SourceKind, name: &str, end: &str, fetched: &str) -> Known {
    Known {
        asset_id: 7,
        source: Source { kind, name: name.to_owned() },
        coverage: Coverage::Standard,
        end: End::On(day(end)),
        read_as: ReadAs::AsWritten,
        raw_value: None,
        serial_number: None,
        fetched_at: format!("{fetched}T00:00:00Z").parse().unwrap(),
    }
}

pub(in crate::warranty) fn dell(end: &str) -> Vec<Known> {
    vec![known(SourceKind::Vendor, "dell", end, "2026-11-20")]
}

pub(in crate::warranty) fn facts(known: &[Known]) -> Facts<'_> {
    Facts {
        asset_id: 7,
        company_id: 1,
        serial_number: Some("7GQ5K13"),
        is_active: true,
        is_gone: false,
        is_company_mapped: true,
        is_ignored: false,
        is_client_locked: false,
        is_asset_locked: false,
        is_contested: false,
        stopped_date: None,
        install_date: Some(day("2024-05-01")),
        held: Some(day("2026-05-01")),
        known,
    }
}

fn check_asset(change: impl FnOnce(&mut Facts<'_>), want: Rule) {
    let dates = dell("2027-05-01");
    let mut changed = facts(&dates);
    change(&mut changed);
    assert_eq!(verdict(&changed, &Policy::default(), today()).rule, want);
}

#[test]
fn each_rule_of_the_asset_decides() {
    check_asset(|_| (), Rule::Lengthens);
    check_asset(|facts| facts.is_gone = true, Rule::Gone);
    check_asset(|facts| facts.is_active = false, Rule::Inactive);
    check_asset(|facts| facts.is_company_mapped = false, Rule::Unmapped);
    check_asset(|facts| facts.is_ignored = true, Rule::Ignored);
    check_asset(|facts| facts.is_client_locked = true, Rule::ClientLocked);
    check_asset(|facts| facts.is_asset_locked = true, Rule::AssetLocked);
    check_asset(|facts| facts.is_contested = true, Rule::TugOfWar);
    check_asset(|facts| facts.serial_number = Some("To be filled by O.E.M."), Rule::JunkSerial);
    check_asset(|facts| facts.serial_number = None, Rule::JunkSerial);
    check_asset(|facts| facts.known = &[], Rule::NothingKnown);
    check_asset(|facts| facts.held = None, Rule::FillsBlank);
    check_asset(|facts| facts.stopped_date = Some(day("2027-05-01")), Rule::WrittenInVain);
    check_asset(|facts| facts.stopped_date = Some(day("2027-05-02")), Rule::Lengthens);
}

#[test]
fn the_first_rule_that_applies_decides() {
    check_asset(
        |facts| (facts.is_gone, facts.is_active, facts.is_asset_locked) = (true, false, true),
        Rule::Gone,
    );
    check_asset(|facts| (facts.is_asset_locked, facts.is_client_locked) = (true, true), Rule::ClientLocked);
    check_asset(|facts| (facts.is_contested, facts.serial_number) = (true, None), Rule::TugOfWar);
}

fn check_date(change: impl FnOnce(&mut Known), want: Rule) {
    let mut dates = dell("2027-05-01");
    change(&mut dates[0]);
    assert_eq!(verdict(&facts(&dates), &Policy::default(), today()).rule, want, "{dates:?}");
}

#[test]
fn each_rule_of_a_date_decides() {
    check_date(|known| known.source.kind = SourceKind::Manual, Rule::NotVendorSourced);
    check_date(|known| known.source.kind = SourceKind::Integration, Rule::NotVendorSourced);
    check_date(|known| known.serial_number = Some("7GQ5K14".to_owned()), Rule::SerialDiffers);
    check_date(|known| known.serial_number = Some("7gq-5k13".to_owned()), Rule::Lengthens);
    check_date(|known| known.end = End::Never, Rule::Lifetime);
    check_date(|known| known.end = End::On(day("2041-11-22")), Rule::Lengthens);
    check_date(|known| known.end = End::On(day("2041-11-23")), Rule::FarFuture);
    check_date(|known| known.end = End::On(day("2024-05-01")), Rule::NotAfterInstall);
    check_date(|known| known.end = End::On(day("2024-05-02")), Rule::WouldShorten);
    check_date(|known| known.end = End::On(day("2026-05-01")), Rule::AlreadyThere);
    check_date(|known| known.end = End::On(day("2026-05-02")), Rule::WithinTolerance);
    check_date(|known| known.end = End::On(day("2026-04-30")), Rule::WithinTolerance);
    check_date(|known| known.end = End::On(day("2026-05-03")), Rule::Lengthens);
}

fn check_mode(mode: Mode, end: &str, want: Rule) {
    let dates = dell(end);
    let policy = Policy { mode, ..Policy::default() };
    assert_eq!(verdict(&facts(&dates), &policy, today()).rule, want, "{mode:?} {end}");
}

#[test]
fn each_mode_lets_through_what_it_says() {
    for (mode, earlier, later) in [
        (Mode::FillBlanksOnly, Rule::NotBlank, Rule::NotBlank),
        (Mode::NeverShorten, Rule::WouldShorten, Rule::Lengthens),
        (Mode::PreferLatest, Rule::WouldShorten, Rule::Lengthens),
        (Mode::Always, Rule::Shortens, Rule::Lengthens),
    ] {
        check_mode(mode, "2025-05-01", earlier);
        check_mode(mode, "2027-05-01", later);
        check_mode(mode, "2026-05-02", Rule::WithinTolerance);
    }
}

#[test]
fn a_day_is_never_written_whatever_the_setting() {
    let policy = Policy { mode: Mode::Always, tolerance_days: 0, ..Policy::default() };
    assert_eq!(verdict(&facts(&dell("2026-05-02")), &policy, today()).rule, Rule::WithinTolerance);
}

#[test]
fn among_several_dates_foundation_or_the_latest_end_decides() {
    let dates = [
        known(SourceKind::Manual, "jane", "2029-01-01", "2026-11-21"),
        known(SourceKind::Vendor, "dell", "2027-01-01", "2026-11-20"),
        known(SourceKind::Vendor, "reseller", "2028-01-01", "2026-11-10"),
    ];
    let check = |mode, vendor_sourced_only, want: &str| {
        let policy = Policy { mode, vendor_sourced_only, ..Policy::default() };
        let judged = verdict(&facts(&dates), &policy, today());
        let (from, to) = (Some(day("2026-05-01")), day(want));
        assert_eq!(judged.decision, Decision::Write { from, to }, "{mode:?} {vendor_sourced_only}");
    };
    check(Mode::NeverShorten, true, "2027-01-01");
    check(Mode::NeverShorten, false, "2027-01-01");
    check(Mode::PreferLatest, true, "2028-01-01");
    check(Mode::PreferLatest, false, "2029-01-01");
}

#[test]
fn a_forbidden_date_leaves_the_choice_to_the_others() {
    let mut dates = dell("2027-05-01");
    dates.push(known(SourceKind::Vendor, "dell parts", "2027-05-01", "2026-11-21"));
    dates[1].end = End::Never;
    let judged = verdict(&facts(&dates), &Policy::default(), today());
    assert_eq!((judged.rule, judged.chosen_idx), (Rule::Lengthens, Some(0)));
}

#[test]
fn simulating_counts_each_asset_once() {
    let (longer, same) = (dell("2027-05-01"), dell("2026-05-01"));
    let assets = || [facts(&longer), facts(&same), facts(&longer), facts(&[]), facts(&longer)];
    let policy = Policy { cap_rows: 2, ..Policy::default() };
    let simulation = simulate(assets(), &policy, today());
    assert_eq!((simulation.n_assets, simulation.n_writes, simulation.n_over_cap), (5, 2, 1));
    let counts: Vec<_> = simulation.rules.iter().map(|count| (count.rule, count.n_rows)).collect();
    assert_eq!(counts, [(Rule::NothingKnown, 1), (Rule::AlreadyThere, 1), (Rule::Lengthens, 3)]);
}
