//! Opportunities: sales that may come.
//!
//! Never forecasts: amounts and probabilities are the MSP's own.

use jiff::Timestamp;
use jiff::civil::Date;

use super::record::model_record;
use super::text::Text;

model_record! {
    /// A sale that may come.
    Opportunity<'a>, owner |opportunity| Some(opportunity.company_id),
    {
        /// Autotask's id.
        id: i64,
        /// The company that may buy.
        company_id: i64,
        /// Its title.
        title: Option<Text<'a>>,
        /// Active, lost, closed and so on, a picklist value.
        status_id: Option<i64>,
        /// The stage of the sale, a picklist value.
        stage_id: Option<i64>,
        /// The chance of a sale, in percent.
        probability: Option<i64>,
        /// What it would bring.
        amount: Option<f64>,
        /// The calendar date on which it should close.
        projected_close_date: Option<Date>,
        /// The person who decides.
        contact_id: Option<i64>,
        /// The seller.
        owner_resource_id: Option<i64>,
        /// The opportunity category, a picklist value.
        category_id: Option<i64>,
        /// The product that would be sold.
        product_id: Option<i64>,
        /// What it would cost.
        cost: Option<f64>,
        /// What it would bring once.
        onetime_revenue: Option<f64>,
        /// What it would cost once.
        onetime_cost: Option<f64>,
        /// What it would bring a month.
        monthly_revenue: Option<f64>,
        /// What it would cost a month.
        monthly_cost: Option<f64>,
        /// What it would bring a quarter.
        quarterly_revenue: Option<f64>,
        /// What it would cost a quarter.
        quarterly_cost: Option<f64>,
        /// What it would bring half a year.
        semiannual_revenue: Option<f64>,
        /// What it would cost half a year.
        semiannual_cost: Option<f64>,
        /// What it would bring a year.
        yearly_revenue: Option<f64>,
        /// What it would cost a year.
        yearly_cost: Option<f64>,
        /// Over how many units of time the revenue is spread.
        revenue_spread: Option<i64>,
        /// The unit of that spread, in Autotask's words.
        revenue_spread_unit: Option<Text<'a>>,
        /// Why it was won, a picklist value.
        win_reason_id: Option<i64>,
        /// Why it was lost, a picklist value.
        loss_reason_id: Option<i64>,
        /// When it was created, UTC.
        created_at: Option<Timestamp>,
        /// When it was closed, UTC.
        closed_at: Option<Timestamp>,
        /// When it was lost, UTC.
        lost_at: Option<Timestamp>,
        /// When anything happened around it, UTC.
        last_activity_at: Option<Timestamp>,
    }
}
