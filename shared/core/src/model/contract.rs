//! Contracts, their services, and what was billed of these.
//!
//! Never adds up anything: `rollups` does.

use jiff::Timestamp;
use jiff::civil::Date;

use super::record::model_record;
use super::text::Text;

model_record! {
    /// An agreement with a company.
    Contract<'a>, owner |contract| Some(contract.company_id),
    {
        /// Autotask's id.
        id: i64,
        /// The company that signed it.
        company_id: i64,
        /// Its name.
        name: Option<Text<'a>>,
        /// Recurring, block hours and so on, a picklist value.
        type_id: Option<i64>,
        /// Active or not, a picklist value.
        status_id: Option<i64>,
        /// Its first calendar date.
        start_date: Option<Date>,
        /// Its last calendar date.
        end_date: Option<Date>,
        /// A number that the MSP gave it.
        number: Option<Text<'a>>,
        /// The contract category, a picklist value.
        category_id: Option<i64>,
        /// The person who answers for it.
        contact_id: Option<i64>,
        /// True if the company's work is billed to it unless told otherwise.
        is_default: Option<bool>,
        /// The service level agreement, a picklist value.
        service_level_agreement_id: Option<i64>,
        /// What it is expected to cost.
        estimated_cost: Option<f64>,
        /// The hours that it is expected to take.
        estimated_hours: Option<f64>,
        /// What it is expected to bring.
        estimated_revenue: Option<f64>,
        /// What its set-up is billed at.
        setup_fee: Option<f64>,
        /// The opportunity from which it came.
        opportunity_id: Option<i64>,
        /// The contract that it renews.
        renewed_contract_id: Option<i64>,
        /// The company that pays.
        bill_to_company_id: Option<i64>,
        /// The customer's purchase order.
        purchase_order_number: Option<Text<'a>>,
        /// When the record was last edited, UTC; absent where the zone does not know it.
        last_modified_at: Option<Timestamp>,
    }
}

model_record! {
    /// A service that a contract includes.
    ContractService<'a>, owner |_| None,
    {
        /// Autotask's id.
        id: i64,
        /// The contract that includes it.
        contract_id: Option<i64>,
        /// The service of the MSP's catalogue.
        service_id: Option<i64>,
        /// What a unit is sold for, in the customer's currency.
        unit_price: Option<f64>,
        /// What a unit costs.
        unit_cost: Option<f64>,
        /// What a unit is sold for, in the MSP's currency.
        internal_unit_price: Option<f64>,
        /// The same after adjustments.
        internal_adjusted_price: Option<f64>,
        /// How an invoice describes it.
        invoice_description: Option<Text<'a>>,
        /// How the MSP describes it.
        internal_description: Option<Text<'a>>,
        /// The quote's line from which it came.
        quote_item_id: Option<i64>,
    }
}

model_record! {
    /// One billing period of a service: how many units it had, and what they were sold for together.
    ContractServiceUnit, owner |_| None,
    {
        /// Autotask's id.
        id: i64,
        /// The contract that includes the service.
        contract_id: Option<i64>,
        /// The service of the contract.
        contract_service_id: Option<i64>,
        /// The service of the MSP's catalogue.
        service_id: Option<i64>,
        /// The first calendar date of the period.
        start_date: Option<Date>,
        /// The last calendar date of the period.
        end_date: Option<Date>,
        /// How many there were.
        n_units: Option<i64>,
        /// What all of them were sold for in this period, in the customer's currency.
        price: Option<f64>,
        /// What all of them cost in this period.
        cost: Option<f64>,
        /// The price in the MSP's currency.
        internal_price: Option<f64>,
        /// The calendar date on which it was posted; absent until then.
        posted_date: Option<Date>,
        /// The vendor.
        vendor_company_id: Option<i64>,
    }
}
