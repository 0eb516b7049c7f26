//! Opportunities, as Autotask writes them.
//!
//! Never translates: `project` does. Used by `project`.

use jiff::Timestamp;
use jiff::civil::Date;

use super::record::wire_record;
use crate::model::Text;

wire_record! {
    /// A row of `Opportunities`; the edit stamp is oddly named `lastActivity`.
    Opportunity<'a> {
        id: i64 = "id",
        company_id: i64 = "companyID",
        contact_id: i64 = "contactID",
        owner_resource_id: i64 = "ownerResourceID",
        title: Text<'a> = "title",
        status: i64 = "status",
        stage: i64 = "stage",
        probability: i64 = "probability",
        amount: f64 = "amount",
        cost: f64 = "cost",
        projected_close_date: Date = "projectedCloseDate",
        opportunity_category_id: i64 = "opportunityCategoryID",
        product_id: i64 = "productID",
        onetime_revenue: f64 = "onetimeRevenue",
        onetime_cost: f64 = "onetimeCost",
        monthly_revenue: f64 = "monthlyRevenue",
        monthly_cost: f64 = "monthlyCost",
        quarterly_revenue: f64 = "quarterlyRevenue",
        quarterly_cost: f64 = "quarterlyCost",
        semiannual_revenue: f64 = "semiannualRevenue",
        semiannual_cost: f64 = "semiannualCost",
        yearly_revenue: f64 = "yearlyRevenue",
        yearly_cost: f64 = "yearlyCost",
        revenue_spread: i64 = "revenueSpread",
        revenue_spread_unit: Text<'a> = "revenueSpreadUnit",
        win_reason: i64 = "winReason",
        loss_reason: i64 = "lossReason",
        create_date: Timestamp = "createDate",
        closed_date: Timestamp = "closedDate",
        lost_date: Timestamp = "lostDate",
        last_activity: Timestamp = "lastActivity",
    }
}
