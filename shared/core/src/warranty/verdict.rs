//! The verdict about one asset: write, hold or skip, and the one rule that decided.
//!
//! Rules are asked in the order of [`Rule`]. First the asset's own, then those of its dates, then the chosen date is
//! compared with what Autotask holds. A date that a rule forbids leaves the choice to the others; where all are
//! forbidden, the best-founded one says why.

use jiff::Span;
use jiff::civil::Date;

use super::known::{End, Known};
use super::policy::{Mode, Policy};
use super::rule::{DecisionKind, Rule};
use super::serial;

/// What decides about an asset besides the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Autotask's id.
    pub asset_id: i64,
    /// The company that owns it.
    pub company_id: i64,
    /// Its serial number in Autotask.
    pub serial_number: Option<&'a str>,
    /// Autotask calls it active; an asset that does not say is not.
    pub is_active: bool,
    /// It is tombstoned.
    pub is_gone: bool,
    /// Its company is mapped.
    pub is_company_mapped: bool,
    /// A mapping of types or statuses leaves it out.
    pub is_ignored: bool,
    /// A person locked its company.
    pub is_client_locked: bool,
    /// A person locked it.
    pub is_asset_locked: bool,
    /// Somebody keeps changing our date.
    pub is_contested: bool,
    /// A date that is no longer written, because Autotask did not take it.
    pub stopped_date: Option<Date>,
    /// When it was installed.
    pub install_date: Option<Date>,
    /// The warranty date that Autotask holds.
    pub held: Option<Date>,
    /// What we know, in any order.
    pub known: &'a [Known],
}

/// What is to be done with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The date is to be written.
    Write {
        /// What Autotask holds.
        from: Option<Date>,
        /// What it is to hold.
        to: Date,
    },
    /// A person has to look at it first.
    Hold,
    /// There is nothing to write.
    Skip,
}

/// A decision and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What is to be done.
    pub decision: Decision,
    /// The one rule that decided.
    pub rule: Rule,
    /// The place, among the known dates, of the one that was judged; none where no date was looked at.
    pub chosen_idx: Option<usize>,
}

/// Judges an asset.
#[must_use]
pub fn verdict(facts: &Facts<'_>, policy: &Policy, today: Date) -> Verdict {
    if let Some(rule) = asset_rule(facts, policy) {
        return Verdict::of(rule, None);
    }
    let judged = facts.known.iter().enumerate().map(|(idx, known)| {
        let obstacle = obstacle(known, facts, policy, today);
        (idx, known, obstacle)
    });
    let (usable, forbidden): (Vec<_>, Vec<_>) = judged.partition(|(_, _, obstacle)| obstacle.is_none());
    let chosen = usable.into_iter().max_by(|(_, one, _), (_, other, _)| match policy.mode {
        Mode::PreferLatest => one.date().cmp(&other.date()).then_with(|| one.compare_foundation(other)),
        Mode::FillBlanksOnly | Mode::NeverShorten | Mode::Always => one.compare_foundation(other),
    });
    if let Some((idx, Known { end: End::On(to), .. }, _)) = chosen {
        let compared = compared(facts.held, *to, policy, idx);
        let is_stopped = facts.stopped_date == Some(*to) && compared.rule.kind() == DecisionKind::Write;
        return if is_stopped { Verdict::of(Rule::WrittenInVain, Some(idx)) } else { compared };
    }
    let best = forbidden.into_iter().max_by(|(_, one, _), (_, other, _)| one.compare_foundation(other));
    match best {
        Some((idx, _, Some(rule))) => Verdict::of(rule, Some(idx)),
        _ => Verdict::of(Rule::NothingKnown, None),
    }
}

/// Why a known date may not be written, whatever Autotask holds; none if it may.
#[must_use]
pub fn obstacle(known: &Known, facts: &Facts<'_>, policy: &Policy, today: Date) -> Option<Rule> {
    if policy.vendor_sourced_only && known.source.kind != super::SourceKind::Vendor {
        return Some(Rule::NotVendorSourced);
    }
    let looked_up = known.serial_number.as_deref();
    if looked_up.is_some_and(|looked_up| !serial::is_same(looked_up, facts.serial_number.unwrap_or_default()))
    {
        return Some(Rule::SerialDiffers);
    }
    let Some(date) = known.date() else { return Some(Rule::Lifetime) };
    // A limit beyond the calendar forbids nothing.
    let limit = today.checked_add(Span::new().years(policy.far_future_years)).unwrap_or(Date::MAX);
    if date > limit {
        return Some(Rule::FarFuture);
    }
    facts.install_date.filter(|installed| date <= *installed).map(|_| Rule::NotAfterInstall)
}

fn asset_rule(facts: &Facts<'_>, policy: &Policy) -> Option<Rule> {
    let asked = [
        (Rule::Gone, facts.is_gone),
        (Rule::Inactive, policy.skips_inactive && !facts.is_active),
        (Rule::Unmapped, !facts.is_company_mapped),
        (Rule::Ignored, facts.is_ignored),
        (Rule::ClientLocked, facts.is_client_locked),
        (Rule::AssetLocked, facts.is_asset_locked),
        (Rule::TugOfWar, facts.is_contested),
        (Rule::JunkSerial, policy.skips_junk_serials && serial::is_junk(facts.serial_number)),
    ];
    asked.into_iter().find(|(_, applies)| *applies).map(|(rule, _)| rule)
}

fn compared(held: Option<Date>, to: Date, policy: &Policy, idx: usize) -> Verdict {
    let Some(from) = held else { return Verdict::write(Rule::FillsBlank, held, to, idx) };
    let n_days = from.duration_until(to).as_hours() / 24;
    let is_within = n_days.unsigned_abs() <= u64::from(policy.tolerance_days.max(1));
    match policy.mode {
        _ if n_days == 0 => Verdict::of(Rule::AlreadyThere, Some(idx)),
        _ if is_within => Verdict::of(Rule::WithinTolerance, Some(idx)),
        Mode::FillBlanksOnly => Verdict::of(Rule::NotBlank, Some(idx)),
        _ if n_days > 0 => Verdict::write(Rule::Lengthens, held, to, idx),
        Mode::Always => Verdict::write(Rule::Shortens, held, to, idx),
        Mode::NeverShorten | Mode::PreferLatest => Verdict::of(Rule::WouldShorten, Some(idx)),
    }
}

impl Verdict {
    fn write(rule: Rule, from: Option<Date>, to: Date, idx: usize) -> Self {
        Self { decision: Decision::Write { from, to }, rule, chosen_idx: Some(idx) }
    }

    /// A verdict that writes nothing.
    fn of(rule: Rule, chosen_idx: Option<usize>) -> Self {
        let is_hold = rule.kind() == DecisionKind::Hold;
        Self { decision: if is_hold { Decision::Hold } else { Decision::Skip }, rule, chosen_idx }
    }
}

#[cfg(test)]
pub(super) mod tests;
