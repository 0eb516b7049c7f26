//! Laws of roll-ups that hold for all records.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Amount, Rollup};
use crate::entity::Entity;

/// Around the turn of two months and of a year, and anywhere.
fn any_instant() -> impl Strategy<Value = Timestamp> {
    let ms = prop_oneof![
        1_764_547_200_000_i64 - 90_000_000..1_764_547_200_000 + 90_000_000,
        1_767_225_600_000_i64 - 90_000_000..1_767_225_600_000 + 90_000_000,
        -2_000_000_000_000_i64..4_000_000_000_000,
    ];
    ms.prop_map(|ms| Timestamp::from_millisecond(ms).unwrap())
}

fn any_date() -> impl Strategy<Value = Date> {
    (1990_i16..2060, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn any_amount() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (-1_000_000_i64..90_000_000).prop_map(|cents| cents as f64 / 100.0),
        1 => any::<f64>().prop_filter("JSON has no other numbers", |amount| amount.is_finite()),
    ]
}

fn maybe<T: serde::Serialize + std::fmt::Debug>(
    strategy: impl Strategy<Value = T>,
) -> impl Strategy<Value = Value> {
    prop::option::weighted(0.8, strategy).prop_map(|value| json!(value))
}

fn document(fields: Vec<(&str, Value)>) -> String {
    let known = fields.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(known.map(|(name, value)| (name.to_owned(), value)).collect()).to_string()
}

fn any_ticket() -> impl Strategy<Value = (Entity, String)> {
    let stamps = (maybe(any_instant()), maybe(any_instant()), maybe(any_instant()), maybe(any_instant()));
    stamps.prop_map(|(created_at, answered_at, resolved_at, completed_at)| {
        let fields = vec![
            ("id", json!(1)),
            ("company_id", json!(2)),
            ("created_at", created_at),
            ("first_response_at", answered_at),
            ("resolved_at", resolved_at),
            ("completed_at", completed_at),
        ];
        (Entity::Tickets, document(fields))
    })
}

fn any_contract() -> impl Strategy<Value = (Entity, String)> {
    (maybe(any_date()), maybe(any_date()), maybe(any_amount())).prop_map(|(start, end, revenue)| {
        let fields = vec![
            ("id", json!(1)),
            ("company_id", json!(2)),
            ("start_date", start),
            ("end_date", end),
            ("estimated_revenue", revenue),
        ];
        (Entity::Contracts, document(fields))
    })
}

fn any_unit() -> impl Strategy<Value = (Entity, String)> {
    (maybe(any_date()), maybe(any_date()), maybe(any_amount()), maybe(any_amount())).prop_map(
        |(start, end, price, cost)| {
            let fields = vec![
                ("id", json!(1)),
                ("start_date", start),
                ("end_date", end),
                ("price", price),
                ("cost", cost),
            ];
            (Entity::ContractServiceUnits, document(fields))
        },
    )
}

fn any_opportunity() -> impl Strategy<Value = (Entity, String)> {
    (maybe(0_i64..5), maybe(-20_i64..130), maybe(any_amount()), maybe(0_i64..6), maybe(any_instant()))
        .prop_map(|(stage, probability, amount, status, closed_at)| {
            let fields = vec![
                ("id", json!(1)),
                ("company_id", json!(2)),
                ("stage_id", stage),
                ("probability", probability),
                ("amount", amount),
                ("status_id", status),
                ("closed_at", closed_at),
            ];
            (Entity::Opportunities, document(fields))
        })
}

fn any_record() -> impl Strategy<Value = (Entity, String)> {
    prop_oneof![any_ticket(), any_contract(), any_unit(), any_opportunity()]
}

fn any_records() -> impl Strategy<Value = Vec<(Entity, String)>> {
    prop::collection::vec(any_record(), 0..12)
}

fn any_zone() -> impl Strategy<Value = TimeZone> {
    let names = ["UTC", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "America/Sao_Paulo"];
    prop::sample::select(names.to_vec()).prop_map(|name| TimeZone::get(name).unwrap())
}

fn of((entity, doc): &(Entity, String), zone: &TimeZone) -> Rollup {
    Rollup::of(*entity, doc, zone).unwrap()
}

fn sum_of(records: &[(Entity, String)], zone: &TimeZone) -> Rollup {
    let mut rollup = Rollup::default();
    records.iter().for_each(|record| rollup.add(&of(record, zone)));
    rollup
}

proptest! {
    #[test]
    fn order_changes_nothing(records in any_records(), zone in any_zone(), by in 0_usize..12) {
        let mut others = records.clone();
        others.reverse();
        let n_records = others.len().max(1);
        others.rotate_left(by % n_records);
        prop_assert_eq!(sum_of(&records, &zone), sum_of(&others, &zone));
    }

    #[test]
    fn parts_may_be_added_up_apart(records in any_records(), cut in 0_usize..12, zone in any_zone()) {
        let (left, right) = records.split_at(cut.min(records.len()));
        let mut merged = sum_of(left, &zone);
        merged.add(&sum_of(right, &zone));
        prop_assert_eq!(merged, sum_of(&records, &zone));
    }

    #[test]
    fn taking_away_undoes_adding(records in any_records(), record in any_record(), zone in any_zone()) {
        let before = sum_of(&records, &zone);
        let mut after = before.clone();
        after.add(&of(&record, &zone));
        prop_assert_ne!(&after, &before, "every record counts somewhere");
        after.remove(&of(&record, &zone));
        prop_assert_eq!(&after, &before);
        after.remove(&of(&record, &zone));
        after.add(&of(&record, &zone));
        prop_assert_eq!(&after, &before, "in the other order, too");
    }

    #[test]
    fn edits_give_what_all_records_give_anew(
        records in any_records(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::option::of(any_record())), 0..8),
        zone in any_zone(),
    ) {
        let mut now = records.clone();
        let mut rollup = sum_of(&records, &zone);
        for (which, replacement) in edits {
            if now.is_empty() {
                break;
            }
            let old = now.swap_remove(which.index(now.len()));
            rollup.remove(&of(&old, &zone));
            if let Some(new) = replacement {
                rollup.add(&of(&new, &zone));
                now.push(new);
            }
        }
        prop_assert_eq!(&rollup, &sum_of(&now, &zone));
        now.iter().for_each(|record| rollup.remove(&of(record, &zone)));
        prop_assert!(rollup.is_empty());
    }

    #[test]
    fn what_is_kept_is_read_back(records in any_records(), zone in any_zone()) {
        let rollup = sum_of(&records, &zone);
        let text = serde_json::to_string(&rollup).unwrap();
        prop_assert_eq!(serde_json::from_str::<Rollup>(&text).unwrap(), rollup);
    }

    #[test]
    fn nothing_is_lost_when_a_period_is_laid_out(
        first in any_date(), n_days in 0_i32..7_000, cents in 0_i64..100_000_000_000,
    ) {
        let last = first.saturating_add(jiff::Span::new().days(n_days));
        let price = cents as f64 / 100.0;
        let unit = document(vec![
            ("id", json!(1)), ("start_date", json!(first)), ("end_date", json!(last)), ("price", json!(price)),
        ]);
        let rollup = Rollup::of(Entity::ContractServiceUnits, &unit, &TimeZone::UTC).unwrap();
        let total: i64 = rollup.contracts.iter().map(|(_, month)| month.billed.0).sum();
        prop_assert_eq!(Amount(total), Amount::from_units(price).unwrap());
        prop_assert!(rollup.contracts.iter().all(|(_, month)| month.billed.0 >= 0 && month.n_periods == 1));
        let months: Vec<_> = rollup.contracts.iter().map(|(month, _)| *month).collect();
        prop_assert!(months.windows(2).all(|pair| pair[0].next() == pair[1]), "without a gap");
    }
}
