//! Opportunities.
//!
//! Never decides what a value means. Used by `decode`.

use super::{Invalid, Project, required_company, required_id};
use crate::model;
use crate::wire;

impl<'a> Project for wire::Opportunity<'a> {
    type Model = model::Opportunity<'a>;

    fn project(self) -> Result<Self::Model, Invalid> {
        Ok(model::Opportunity {
            id: required_id(self.id)?,
            company_id: required_company(self.company_id)?,
            title: self.title,
            status_id: self.status,
            stage_id: self.stage,
            probability: self.probability,
            amount: self.amount,
            projected_close_date: self.projected_close_date,
            contact_id: self.contact_id,
            owner_resource_id: self.owner_resource_id,
            category_id: self.opportunity_category_id,
            product_id: self.product_id,
            cost: self.cost,
            onetime_revenue: self.onetime_revenue,
            onetime_cost: self.onetime_cost,
            monthly_revenue: self.monthly_revenue,
            monthly_cost: self.monthly_cost,
            quarterly_revenue: self.quarterly_revenue,
            quarterly_cost: self.quarterly_cost,
            semiannual_revenue: self.semiannual_revenue,
            semiannual_cost: self.semiannual_cost,
            yearly_revenue: self.yearly_revenue,
            yearly_cost: self.yearly_cost,
            revenue_spread: self.revenue_spread,
            revenue_spread_unit: self.revenue_spread_unit,
            win_reason_id: self.win_reason,
            loss_reason_id: self.loss_reason,
            created_at: self.create_date,
            closed_at: self.closed_date,
            lost_at: self.lost_date,
            last_activity_at: self.last_activity,
        })
    }
}
