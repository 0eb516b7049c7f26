//! The sums of a company once more, straight from the source's rows and day by day: another way to the same numbers.

use std::collections::BTreeMap;

use autotask_simulator::{Control, Entity as Source};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

/// Sums by the name of a month (`2026-11`) or the number of a stage, each number under the name that the API gives it.
pub(super) type Sums = BTreeMap<String, BTreeMap<&'static str, f64>>;

/// Everything that one company's sums are made from.
pub(super) struct Rows {
    tickets: Vec<Value>,
    contracts: Vec<Value>,
    units: Vec<Value>,
    opportunities: Vec<Value>,
}

impl Rows {
    pub(super) fn of(control: &Control, company_id: i64) -> Self {
        let own = |entity| -> Vec<Value> {
            let rows = control.truth(entity).into_iter();
            rows.filter(|row| row["companyID"] == company_id).collect()
        };
        let contracts = own(Source::Contracts);
        let is_own = |unit: &Value| contracts.iter().any(|contract| contract["id"] == unit["contractID"]);
        let units = control.truth(Source::ContractServiceUnits).into_iter().filter(is_own).collect();
        Self { tickets: own(Source::Tickets), units, opportunities: own(Source::Opportunities), contracts }
    }

    pub(super) fn n_tickets(&self) -> usize {
        self.tickets.len()
    }

    /// Numbers and mean times of tickets by month.
    pub(super) fn tickets(&self, zone: &TimeZone) -> Sums {
        let (mut sums, mut times) = (Sums::new(), BTreeMap::<(String, &'static str), Vec<f64>>::new());
        for ticket in &self.tickets {
            let at = |name: &str| ticket[name].as_str().map(instant);
            let (created, completed) = (at("createDate"), at("completedDate"));
            for (at, name) in [(created, "opened"), (completed, "closed")] {
                if let Some(at) = at {
                    add(&mut sums, month(at.to_zoned(zone.clone()).date()), name, 1.0);
                }
            }
            let answered = at("firstResponseDateTime");
            let resolved = at("resolvedDateTime").or(completed);
            for (until, name) in [(answered, "mean_first_response_min"), (resolved, "mean_resolve_min")] {
                let (Some(created), Some(until)) = (created, until) else { continue };
                let minutes = (until.as_millisecond() - created.as_millisecond()) as f64 / 60_000.0;
                if minutes >= 0.0 {
                    times
                        .entry((month(until.to_zoned(zone.clone()).date()), name))
                        .or_default()
                        .push(minutes);
                }
            }
        }
        for ((month, name), times) in times {
            add(&mut sums, month, name, times.iter().sum::<f64>() / times.len() as f64);
        }
        sums
    }

    /// What contracts bring by month, each amount spread evenly over its days.
    pub(super) fn contracts(&self) -> Sums {
        let mut sums = Sums::new();
        for contract in &self.contracts {
            let (first, last) = (day(&contract["startDate"]), day(&contract["endDate"]));
            let Some(first) = first else { continue };
            // Beyond what any check looks at.
            let until = last.unwrap_or(Date::constant(2030, 12, 31));
            let mut months: Vec<String> = days(first, until).map(month).collect();
            months.dedup();
            months.into_iter().for_each(|month| add(&mut sums, month, "running", 1.0));
            if let Some(last) = last {
                spread(&mut sums, (first, last), "expected", contract["estimatedRevenue"].as_f64());
            }
        }
        for unit in &self.units {
            let (Some(first), Some(last)) = (day(&unit["startDate"]), day(&unit["endDate"])) else {
                continue;
            };
            spread(&mut sums, (first, last), "billed", unit["price"].as_f64());
            spread(&mut sums, (first, last), "billed_cost", unit["cost"].as_f64());
        }
        sums
    }

    /// Open opportunities by stage.
    pub(super) fn pipeline(&self) -> Sums {
        let mut sums = Sums::new();
        for row in &self.opportunities {
            let is_over = !row["closedDate"].is_null() || !row["lostDate"].is_null();
            if is_over || matches!(row["status"].as_i64(), Some(2..=4)) {
                continue;
            }
            let amount = row["amount"].as_f64().unwrap_or(0.0);
            let share = row["probability"].as_f64().unwrap_or(0.0).clamp(0.0, 100.0) / 100.0;
            let stage = row["stage"].to_string();
            add(&mut sums, stage.clone(), "count", 1.0);
            add(&mut sums, stage.clone(), "amount", amount);
            add(&mut sums, stage, "weighted_amount", amount * share);
        }
        sums
    }
}

/// Whether what the API shows is what was added up; a cent is nothing.
pub(super) fn check(shown: &Value, key: &str, wanted: &Sums, about: &str) {
    let rows = shown.as_array().unwrap();
    assert!(!rows.is_empty() || wanted.is_empty(), "{about}: nothing is shown");
    let nothing = BTreeMap::new();
    for row in rows {
        let name = row[key].as_str().map_or_else(|| row[key].to_string(), str::to_owned);
        let wanted = wanted.get(&name).unwrap_or(&nothing);
        let numbers = row.as_object().unwrap().iter().filter(|(name, value)| {
            !matches!(name.as_str(), "month" | "stage" | "stage_id") && !value.is_null()
        });
        let mut n_seen = 0;
        for (field, value) in numbers {
            let (shown, wanted) =
                (value.as_f64().unwrap(), wanted.get(field.as_str()).copied().unwrap_or(0.0));
            n_seen += usize::from(wanted != 0.0);
            assert!((shown - wanted).abs() < 0.011, "{about}, {name}, {field}: {shown} in place of {wanted}");
        }
        assert_eq!(n_seen, wanted.values().filter(|number| **number != 0.0).count(), "{about}, {name}");
    }
}

fn spread(sums: &mut Sums, (first, last): (Date, Date), name: &'static str, amount: Option<f64>) {
    let Some(amount) = amount.filter(|amount| *amount != 0.0) else { return };
    let n_days = days(first, last).count() as f64;
    days(first, last).for_each(|day| add(sums, month(day), name, amount / n_days));
}

fn add(sums: &mut Sums, key: String, name: &'static str, number: f64) {
    *sums.entry(key).or_default().entry(name).or_default() += number;
}

fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(1.day()).take_while(move |day| *day <= last)
}

fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn day(value: &Value) -> Option<Date> {
    value.as_str()?.get(..10)?.parse().ok()
}

/// Instants come with or without the letter that says that they are UTC.
fn instant(text: &str) -> Timestamp {
    text.parse().or_else(|_| format!("{text}Z").parse()).unwrap()
}
