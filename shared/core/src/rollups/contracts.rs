//! What contracts contribute: what was billed, and what is expected, by month.
//!
//! Two numbers that are never added up: billed services come from their billing periods, expected revenue from the
//! contract itself. A contract of services often has both, a fixed price only the second.

use jiff::civil::Date;

use super::Rollup;
use super::amount::Amount;
use super::month::Month;
use super::sums::{add_to, sums};
use crate::model::{Contract, ContractServiceUnit};

/// The longest stretch that is laid out over months, in months: 20 years. Longer ones mean «without end».
const MAX_MONTHS: i32 = 240;

sums! {
    /// What contracts bring in one month.
    ContractMonth {
        /// Contracts that begin in this month.
        n_begun: i64,
        /// Contracts whose last day lies in this month.
        n_ended: i64,
        /// Billing periods of services that touch this month.
        n_periods: i64,
        /// What those services were billed at, each period laid out over its days.
        billed: Amount,
        /// What the periods' units cost the MSP, laid out likewise.
        billed_cost: Amount,
        /// Contracts with an expected revenue that touch this month.
        n_expected: i64,
        /// What the contracts are expected to bring, each laid out over its days.
        expected: Amount,
    }
}

/// What one contract contributes.
pub(super) fn of_contract(contract: &Contract<'_>) -> Rollup {
    let mut rollup = Rollup::default();
    rollup.totals.n_contracts = 1;
    add_run(&mut rollup, contract);
    // No revenue is no expectation, and nothing that would have to be laid out.
    let Some(revenue) = contract.estimated_revenue.filter(|revenue| *revenue != 0.0) else { return rollup };
    let days = days(contract.start_date, contract.end_date);
    match (days, Amount::from_units(revenue)) {
        (Some((first, last)), Some(revenue)) => {
            for (month, expected) in laid_out(first, last, revenue) {
                let sums = ContractMonth { n_expected: 1, expected, ..ContractMonth::default() };
                add_to(&mut rollup.contracts, month, &sums);
            }
        }
        _ => rollup.totals.n_unplaced_values = 1,
    }
    rollup
}

/// Adds first and last month; a contract without a first day, or that ends before it, runs in no month.
fn add_run(rollup: &mut Rollup, contract: &Contract<'_>) {
    let (start, end) = (contract.start_date, contract.end_date);
    let Some(start) = start.filter(|start| end.is_none_or(|end| end >= *start)) else { return };
    let begun = ContractMonth { n_begun: 1, ..ContractMonth::default() };
    add_to(&mut rollup.contracts, Month::of_date(start), &begun);
    if let Some(end) = end {
        let ended = ContractMonth { n_ended: 1, ..ContractMonth::default() };
        add_to(&mut rollup.contracts, Month::of_date(end), &ended);
    }
}

/// What one billing period contributes.
///
/// # Source
/// Clients at work on live tenants take a period's price as what the service brings in that period: it is the price of
/// all its units together.
pub(super) fn of_unit(unit: &ContractServiceUnit) -> Rollup {
    let mut rollup = Rollup::default();
    let days = days(unit.start_date, unit.end_date);
    let price = Amount::from_units(unit.price.unwrap_or(0.0));
    let cost = Amount::from_units(unit.cost.unwrap_or(0.0));
    let (Some((first, last)), Some(price), Some(cost)) = (days, price, cost) else {
        rollup.totals.n_unplaced_values = 1;
        return rollup;
    };
    for ((month, billed), (_, billed_cost)) in
        laid_out(first, last, price).into_iter().zip(laid_out(first, last, cost))
    {
        let sums = ContractMonth { n_periods: 1, billed, billed_cost, ..ContractMonth::default() };
        add_to(&mut rollup.contracts, month, &sums);
    }
    rollup
}

/// First and last day of a stretch that can be laid out.
fn days(start: Option<Date>, end: Option<Date>) -> Option<(Date, Date)> {
    let (first, last) = (start?, end?);
    let n_months = Month::of_date(last).months_since(Month::of_date(first));
    (first <= last && n_months < MAX_MONTHS).then_some((first, last))
}

/// An amount laid out over the months of a stretch by their days.
///
/// # Shape
/// Every month from the first to the last; the parts add up to the amount exactly.
fn laid_out(first: Date, last: Date, amount: Amount) -> Vec<(Month, Amount)> {
    let n_days = i128::from(days_between(first, last)) + 1;
    let mut parts = Vec::new();
    let mut laid = 0;
    let mut month = Month::of_date(first);
    loop {
        let until = month.last_day().min(last);
        let n_so_far = i128::from(days_between(first, until)) + 1;
        // Cut, not rounded, and never more than the amount: the last month takes what is left.
        let so_far = i64::try_from(i128::from(amount.0) * n_so_far / n_days).unwrap_or(amount.0);
        parts.push((month, Amount(so_far - laid)));
        laid = so_far;
        if until == last {
            return parts;
        }
        month = month.next();
    }
}

fn days_between(first: Date, last: Date) -> i32 {
    (last - first).get_days()
}
