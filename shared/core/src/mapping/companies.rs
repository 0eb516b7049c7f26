//! Which companies are shown.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facets::CompanyFacet;

/// Autotask's company type of customers, as it ships; a tenant may rename it, not renumber it.
const CUSTOMER_TYPE_ID: i64 = 1;

/// What was chosen for a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// It is shown, with its assets.
    Active,
    /// It is not.
    Inactive,
}

/// Whether a company can be a client: one that is inactive in Autotask cannot.
#[must_use]
pub fn is_candidate(company: &CompanyFacet) -> bool {
    company.is_active != Some(false)
}

/// What the first load chooses (acceptance criterion CM1): active customers, those with most active assets first, as many as
/// the plan allows; where nobody is marked as a customer, every active company counts as one. All others are inactive.
///
/// `companies` are the live ones, each with its number of active assets; id 0 is the MSP itself and never a client.
#[must_use]
pub fn first_choice(
    companies: &[(i64, &CompanyFacet, u64)],
    limit: Option<u32>,
) -> BTreeMap<i64, Activation> {
    let is_customer = |company: &CompanyFacet| company.type_id == Some(CUSTOMER_TYPE_ID);
    let has_customers = companies.iter().any(|(_, company, _)| is_candidate(company) && is_customer(company));
    let mut clients: Vec<(Reverse<u64>, i64)> = companies
        .iter()
        .filter(|(id, company, _)| {
            *id != 0 && is_candidate(company) && (!has_customers || is_customer(company))
        })
        .map(|&(id, _, n_active)| (Reverse(n_active), id))
        .collect();
    clients.sort_unstable();
    clients.truncate(limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX)));
    let mut choice: BTreeMap<i64, Activation> =
        companies.iter().map(|&(id, _, _)| (id, Activation::Inactive)).collect();
    choice.extend(clients.into_iter().map(|(_, id)| (id, Activation::Active)));
    choice
}

#[cfg(test)]
mod tests {
    use super::{Activation, first_choice};
    use crate::facets::CompanyFacet;

    fn active(companies: &[(i64, Option<i64>, Option<bool>, u64)], limit: Option<u32>) -> Vec<i64> {
        let facets: Vec<CompanyFacet> = companies
            .iter()
            .map(|&(_, type_id, is_active, _)| CompanyFacet { type_id, is_active, ..CompanyFacet::default() })
            .collect();
        let rows: Vec<_> = companies.iter().zip(&facets).map(|(row, facet)| (row.0, facet, row.3)).collect();
        let choice = first_choice(&rows, limit);
        assert_eq!(choice.len(), companies.len());
        choice.into_iter().filter(|(_, choice)| *choice == Activation::Active).map(|(id, _)| id).collect()
    }

    #[test]
    fn the_first_choice_is_active_customers_with_most_assets() {
        let customer = |id, n_active| (id, Some(1), Some(true), n_active);
        let companies = [
            customer(0, 900),
            customer(5, 10),
            customer(6, 30),
            customer(7, 10),
            (8, Some(1), Some(false), 99),
            (9, Some(6), Some(true), 99),
        ];
        assert_eq!(active(&companies, None), [5, 6, 7]);
        assert_eq!(active(&companies, Some(2)), [5, 6]);
        assert_eq!(active(&companies, Some(0)), Vec::<i64>::new());
        assert_eq!(active(&[(3, None, None, 0), (4, Some(6), Some(true), 0)], None), [3, 4]);
    }
}
