//! Tables of what records contribute and of what is shown.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{Rollup, view};
use crate::entity::Entity;

fn rollup(records: &[(Entity, Value)], zone: &str) -> Rollup {
    let zone = TimeZone::get(zone).unwrap();
    let mut rollup = Rollup::default();
    for (entity, doc) in records {
        rollup.add(&Rollup::of(*entity, &doc.to_string(), &zone).unwrap());
    }
    rollup
}

/// What is kept, compared with what it should be.
fn check(entity: Entity, doc: Value, want: Value) {
    let kept = serde_json::to_value(rollup(&[(entity, doc.clone())], "America/New_York")).unwrap();
    assert_eq!(kept, want, "{doc}");
}

#[test]
fn tickets_count_in_the_months_of_the_tenants_zone() {
    check(
        Entity::Tickets,
        json!({"id": 1, "company_id": 2, "created_at": "2026-11-01T03:00:00Z", "first_response_at": "2026-11-01T03:30:00Z",
            "resolved_at": "2026-11-01T05:00:00Z", "completed_at": "2026-12-02T00:00:00Z"}),
        json!({
            "tickets": {
                "2026-10": {"n_opened": 1, "n_answered": 1, "answer_ms": 1_800_000},
                "2026-11": {"n_resolved": 1, "resolve_ms": 7_200_000},
                "2026-12": {"n_closed": 1},
            },
            "totals": {"n_tickets": 1},
        }),
    );
    check(
        Entity::Tickets,
        json!({"id": 1, "company_id": 2, "created_at": "2026-11-02T12:00:00Z", "completed_at": "2026-11-02T13:00:00Z"}),
        json!({
            "tickets": {"2026-11": {"n_opened": 1, "n_closed": 1, "n_resolved": 1, "resolve_ms": 3_600_000}},
            "totals": {"n_tickets": 1},
        }),
    );
    check(
        Entity::Tickets,
        json!({"id": 1, "company_id": 2, "created_at": "2026-11-02T12:00:00Z", "first_response_at": "2026-11-02T11:00:00Z"}),
        json!({
            "tickets": {"2026-11": {"n_opened": 1}},
            "totals": {"n_tickets": 1, "n_open_tickets": 1, "n_odd_durations": 1},
        }),
    );
    check(
        Entity::Tickets,
        json!({"id": 1, "company_id": 2}),
        json!({"totals": {"n_tickets": 1, "n_open_tickets": 1}}),
    );
}

#[test]
fn contracts_and_billing_periods_are_laid_out_over_their_days() {
    check(
        Entity::Contracts,
        json!({"id": 1, "company_id": 2, "start_date": "2026-01-17", "end_date": "2026-02-14", "estimated_revenue": 290.0}),
        json!({
            "contracts": {
                "2026-01": {"n_begun": 1, "n_expected": 1, "expected": 1_500_000},
                "2026-02": {"n_ended": 1, "n_expected": 1, "expected": 1_400_000},
            },
            "totals": {"n_contracts": 1},
        }),
    );
    check(
        Entity::ContractServiceUnits,
        json!({"id": 1, "start_date": "2026-10-01", "end_date": "2026-10-31", "price": 301.2, "cost": 12.5, "n_units": 12}),
        json!({
            "contracts": {"2026-10": {"n_periods": 1, "billed": 3_012_000, "billed_cost": 125_000}},
            "totals": {},
        }),
    );
    let unplaced = json!({"totals": {"n_unplaced_values": 1}});
    for (start, end, price) in [
        (Value::Null, json!("2026-10-31"), json!(1.0)),
        (json!("2026-10-31"), Value::Null, json!(1.0)),
        (json!("2026-10-31"), json!("2026-10-30"), json!(1.0)),
        (json!("2026-10-01"), json!("2099-10-30"), json!(1.0)),
        (json!("2026-10-01"), json!("2026-10-30"), json!(1e15)),
    ] {
        let unit = json!({"id": 1, "start_date": start, "end_date": end, "price": price});
        check(Entity::ContractServiceUnits, unit, unplaced.clone());
    }
    check(
        Entity::Contracts,
        json!({"id": 1, "company_id": 2, "start_date": "2026-01-17", "end_date": "2026-01-16", "estimated_revenue": 0.0}),
        json!({"totals": {"n_contracts": 1}}),
    );
}

#[test]
fn only_open_opportunities_are_in_the_pipeline() {
    let open =
        json!({"id": 1, "company_id": 2, "stage_id": 3, "status_id": 1, "probability": 25, "amount": 1000.0});
    check(
        Entity::Opportunities,
        open.clone(),
        json!({
            "pipeline": {"3": {"n_open": 1, "amount": 10_000_000, "weighted": 2_500_000}},
            "totals": {"n_opportunities": 1},
        }),
    );
    let with = |name: &str, value: Value| {
        let mut doc = open.clone();
        doc[name] = value;
        doc
    };
    let over = json!({"totals": {"n_opportunities": 1}});
    for (name, value) in [
        ("status_id", json!(2)),
        ("status_id", json!(3)),
        ("status_id", json!(4)),
        ("closed_at", json!("2026-01-01T00:00:00Z")),
        ("lost_at", json!("2026-01-01T00:00:00Z")),
    ] {
        check(Entity::Opportunities, with(name, value), over.clone());
    }
    check(
        Entity::Opportunities,
        json!({"id": 1, "company_id": 2}),
        json!({"pipeline": {"none": {"n_open": 1}}, "totals": {"n_opportunities": 1, "n_without_amount": 1}}),
    );
}

#[test]
fn other_entities_contribute_nothing_and_foreign_documents_are_errors() {
    let zone = TimeZone::UTC;
    assert!(Rollup::of(Entity::Assets, "{\"id\":1}", &zone).unwrap().is_empty());
    assert!(Rollup::of(Entity::ContractServices, "{\"id\":1,\"unit_price\":5.0}", &zone).unwrap().is_empty());
    assert!(Rollup::of(Entity::Tickets, "{\"title\":\"x\"}", &zone).is_err());
}

#[test]
fn what_is_shown_has_every_month_and_means_by_month() {
    let ticket = |created: &str, answered: &str| {
        let doc = json!({"id": 1, "company_id": 2, "created_at": created, "first_response_at": answered});
        (Entity::Tickets, doc)
    };
    let records = [
        ticket("2026-08-10T08:00:00Z", "2026-08-10T08:10:00Z"),
        ticket("2026-08-10T08:00:00Z", "2026-08-10T08:21:00Z"),
        ticket("2026-10-10T08:00:00Z", "2026-10-10T09:00:00Z"),
        (Entity::Contracts, json!({"id": 1, "company_id": 2, "start_date": "2025-01-01"})),
        (
            Entity::Contracts,
            json!({"id": 2, "company_id": 2, "start_date": "2025-02-01", "end_date": "2026-09-01"}),
        ),
        (
            Entity::ContractServiceUnits,
            json!({"id": 1, "start_date": "2026-09-01", "end_date": "2026-09-30", "price": 99.95}),
        ),
        (
            Entity::Opportunities,
            json!({"id": 1, "company_id": 2, "stage_id": 3, "amount": 10.5, "probability": 50}),
        ),
        (Entity::Opportunities, json!({"id": 2, "company_id": 2, "amount": 1.0})),
    ];
    let months = ("2026-08".parse().unwrap(), "2026-10".parse().unwrap());
    let stages = BTreeMap::from([(3, "Proposal".to_owned())]);
    let shown =
        serde_json::to_value(view::show(&rollup(&records, "UTC"), "UTC", months, &stages, Vec::new()))
            .unwrap();
    let ticket_month = |month: &str, opened: i64, mean: Option<f64>| json!({"month": month, "opened": opened, "closed": 0, "mean_first_response_min": mean, "mean_resolve_min": null});
    let contract_month = |month: &str, running: i64, billed: f64| json!({"month": month, "running": running, "billed": billed, "billed_cost": 0.0, "expected": 0.0});
    assert_eq!(
        shown,
        json!({
            "time_zone": "UTC",
            "tickets": [
                ticket_month("2026-08", 2, Some(15.5)),
                ticket_month("2026-09", 0, None),
                ticket_month("2026-10", 1, Some(60.0)),
            ],
            "ticket_totals": {"tickets": 3, "open": 3, "mean_first_response_min": 30.33, "mean_resolve_min": null},
            "contracts": [
                contract_month("2026-08", 2, 0.0),
                contract_month("2026-09", 2, 99.95),
                contract_month("2026-10", 1, 0.0),
            ],
            "pipeline": [
                {"stage_id": null, "stage": null, "count": 1, "amount": 1.0, "weighted_amount": 0.0},
                {"stage_id": 3, "stage": "Proposal", "count": 1, "amount": 10.5, "weighted_amount": 5.25},
            ],
            "pipeline_total": {"count": 2, "amount": 11.5, "weighted_amount": 5.25},
            "left_out": {"odd_durations": 0, "unplaced_values": 0, "opportunities_without_amount": 0},
            "freshness": [],
        })
    );
}
