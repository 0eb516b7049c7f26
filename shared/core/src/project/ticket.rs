//! Tickets.
//!
//! Never decides what a value means. Used by `decode`.

use super::{Invalid, Project, required_company, required_id};
use crate::model;
use crate::wire;

impl<'a> Project for wire::Ticket<'a> {
    type Model = model::Ticket<'a>;

    fn project(self) -> Result<Self::Model, Invalid> {
        Ok(model::Ticket {
            id: required_id(self.id)?,
            company_id: required_company(self.company_id)?,
            number: self.ticket_number,
            title: self.title,
            status_id: self.status,
            priority_id: self.priority,
            asset_id: self.configuration_item_id,
            contract_id: self.contract_id,
            created_at: self.create_date,
            completed_at: self.completed_date,
            due_at: self.due_date_time,
            queue_id: self.queue_id,
            type_id: self.ticket_type,
            category_id: self.ticket_category,
            issue_type_id: self.issue_type,
            sub_issue_type_id: self.sub_issue_type,
            source_id: self.source,
            contact_id: self.contact_id,
            company_location_id: self.company_location_id,
            contract_service_id: self.contract_service_id,
            assigned_resource_id: self.assigned_resource_id,
            service_level_agreement_id: self.service_level_agreement_id,
            is_service_level_agreement_met: self.service_level_agreement_has_been_met,
            estimated_hours: self.estimated_hours,
            first_response_at: self.first_response_date_time,
            first_response_due_at: self.first_response_due_date_time,
            resolution_plan_at: self.resolution_plan_date_time,
            resolution_plan_due_at: self.resolution_plan_due_date_time,
            resolved_at: self.resolved_date_time,
            resolved_due_at: self.resolved_due_date_time,
            last_activity_at: self.last_activity_date,
            last_modified_at: self.last_tracked_modification_date_time,
            project_id: self.project_id,
            opportunity_id: self.opportunity_id,
            problem_ticket_id: self.problem_ticket_id,
            rmm_alert_id: self.rmm_alert_id,
        })
    }
}
