//! Numbers, durations and names in words.

use shared_core::entity::Entity;

/// A number with a comma between thousands.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its noun.
pub(super) fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// A duration by its two largest units.
pub(super) fn duration(ms: u64) -> String {
    let s = ms / 1_000;
    let (days, hours, minutes) = (s / 86_400, s / 3_600 % 24, s / 60 % 60);
    let units = [
        (days, "day", "days"),
        (hours, "hour", "hours"),
        (minutes, "minute", "minutes"),
        (s % 60, "second", "seconds"),
    ];
    let first = units.iter().position(|(n, _, _)| *n > 0).unwrap_or(units.len() - 1);
    // Seconds beside minutes say nothing worth reading.
    let n_shown = if first == 2 { 1 } else { 2 };
    let shown = units.iter().skip(first).take(n_shown).filter(|(n, _, _)| *n > 0);
    let shown: Vec<String> = shown.map(|(n, one, many)| count(*n, one, many)).collect();
    if shown.is_empty() { "less than a second".to_owned() } else { shown.join(" ") }
}

/// An entity as people call it, Autotask's word beside ours where they differ.
pub(super) fn entity(entity: Entity) -> &'static str {
    match entity {
        Entity::Companies => "Companies",
        Entity::Assets => "Assets (Configuration Items)",
        Entity::Contacts => "Contacts",
        Entity::Products => "Products",
        Entity::AssetTypes => "Asset types",
        Entity::AssetCategories => "Asset categories",
        Entity::Contracts => "Contracts",
        Entity::ContractServices => "Contract services",
        Entity::ContractServiceUnits => "Contract service units",
        Entity::Tickets => "Tickets",
        Entity::Opportunities => "Opportunities",
    }
}

#[cfg(test)]
mod tests {
    use super::{count, duration, number};

    #[test]
    fn thousands_are_set_apart() {
        for (given, want) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(number(given), want);
        }
        assert_eq!(
            (count(1, "night", "nights"), count(2, "night", "nights")),
            ("1 night".into(), "2 nights".into())
        );
    }

    #[test]
    fn durations_are_told_by_their_two_largest_units() {
        let check = |s: u64, want: &str| assert_eq!(duration(s * 1_000), want);
        check(0, "less than a second");
        check(1, "1 second");
        check(59, "59 seconds");
        check(60, "1 minute");
        check(2_310, "38 minutes");
        check(3_600, "1 hour");
        check(3_725, "1 hour 2 minutes");
        check(90_000, "1 day 1 hour");
        check(3 * 86_400 + 120, "3 days");
    }
}
