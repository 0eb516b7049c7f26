//! Contracts with their services and units, and opportunities.

use super::maker::Maker;

/// The contracts, with the company of each.
pub(super) fn contracts(make: &mut Maker<'_>, n_contracts: usize, companies: &[i64]) -> Vec<(i64, i64)> {
    let mut made = Vec::with_capacity(n_contracts);
    for n in 0..n_contracts {
        let company_id = super::skewed(&mut make.rng, companies);
        make.number("companyID", company_id);
        make.text("contractName", &format!("Managed Services & Support #{n}"));
        make.maybe("contractNumber", 50, "MS/2026");
        let contract_type = make.rng.between(1, 6);
        make.number("contractType", contract_type);
        let category = make.rng.between(1, 4);
        make.number("contractCategory", category);
        let status = make.rng.between(0, 1);
        make.number("status", status);
        let start_ms = make.day_ms(-1500, -10);
        make.number("startDate", start_ms);
        let end_ms = make.day_ms(-5, 1200);
        make.number("endDate", end_ms);
        make.money("estimatedRevenue", 0, 90_000);
        make.flag("isDefaultContract", n % 9 == 0);
        make.number("timeReportingRequiresStartAndStopTimes", 0);
        if make.rng.chance(85) {
            let modified_ms = make.past_ms(900);
            make.number("lastModifiedDateTime", modified_ms);
        }
        if make.rng.chance(10) {
            make.udf("Renewal Owner", "D'Arcy & Team");
        }
        made.push((make.finish(), company_id));
    }
    made
}

/// One to three services of each contract: id of the service and of its contract.
pub(super) fn services(make: &mut Maker<'_>, contracts: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut made = Vec::new();
    for (contract_id, _) in contracts {
        for _ in 0..make.rng.between(1, 3) {
            make.number("contractID", *contract_id);
            let service = make.rng.between(1, 40);
            make.number("serviceID", service);
            make.money("unitPrice", 5, 200);
            make.money("unitCost", 1, 90);
            make.maybe("invoiceDescription", 60, "Backup & Recovery – per device");
            made.push((make.finish(), *contract_id));
        }
    }
    made
}

/// One to three periods of each service.
pub(super) fn units(make: &mut Maker<'_>, services: &[(i64, i64)]) {
    for (service_id, contract_id) in services {
        for _ in 0..make.rng.between(1, 3) {
            make.number("contractID", *contract_id);
            make.number("contractServiceID", *service_id);
            let service = make.rng.between(1, 40);
            make.number("serviceID", service);
            let units = make.rng.between(0, 80);
            make.number("units", units);
            make.money("price", 5, 900);
            make.money("cost", 1, 500);
            let start_ms = make.day_ms(-400, -31);
            make.number("startDate", start_ms);
            let end_ms = make.day_ms(-30, 30);
            make.number("endDate", end_ms);
            make.finish();
        }
    }
}

/// Deals that may replace devices.
pub(super) fn opportunities(
    make: &mut Maker<'_>,
    n_opportunities: usize,
    companies: &[i64],
    resources: &[i64],
) {
    for n in 0..n_opportunities {
        let company_id = super::skewed(&mut make.rng, companies);
        make.number("companyID", company_id);
        make.text("title", &format!("Refresh 2027, wave {n} <draft>"));
        let owner = make.rng.pick(resources);
        make.number("ownerResourceID", owner);
        let status = make.rng.between(0, 3);
        make.number("status", status);
        let stage = make.rng.between(1, 4);
        make.number("stage", stage);
        let probability = make.rng.between(0, 100);
        make.number("probability", probability);
        make.money("amount", 500, 80_000);
        make.money("cost", 100, 60_000);
        make.flag("useQuoteTotals", false);
        let close_ms = make.day_ms(-100, 300);
        make.number("projectedCloseDate", close_ms);
        let created_ms = make.past_ms(700);
        make.number("createDate", created_ms);
        if make.rng.chance(90) {
            let active_ms = make.since_ms(created_ms);
            make.number("lastActivity", active_ms);
        }
        make.finish();
    }
}
