//! Tickets, as Autotask writes them.
//!
//! Never translates: `project` does. Used by `project`.

use jiff::Timestamp;

use super::record::wire_record;
use crate::model::Text;

wire_record! {
    /// A row of `Tickets`; `problemTicketId` breaks the casing rule.
    Ticket<'a> {
        id: i64 = "id",
        company_id: i64 = "companyID",
        company_location_id: i64 = "companyLocationID",
        contact_id: i64 = "contactID",
        configuration_item_id: i64 = "configurationItemID",
        contract_id: i64 = "contractID",
        contract_service_id: i64 = "contractServiceID",
        ticket_number: Text<'a> = "ticketNumber",
        title: Text<'a> = "title",
        status: i64 = "status",
        priority: i64 = "priority",
        queue_id: i64 = "queueID",
        ticket_type: i64 = "ticketType",
        ticket_category: i64 = "ticketCategory",
        issue_type: i64 = "issueType",
        sub_issue_type: i64 = "subIssueType",
        source: i64 = "source",
        assigned_resource_id: i64 = "assignedResourceID",
        service_level_agreement_id: i64 = "serviceLevelAgreementID",
        service_level_agreement_has_been_met: bool = "serviceLevelAgreementHasBeenMet",
        estimated_hours: f64 = "estimatedHours",
        create_date: Timestamp = "createDate",
        due_date_time: Timestamp = "dueDateTime",
        completed_date: Timestamp = "completedDate",
        first_response_date_time: Timestamp = "firstResponseDateTime",
        first_response_due_date_time: Timestamp = "firstResponseDueDateTime",
        resolution_plan_date_time: Timestamp = "resolutionPlanDateTime",
        resolution_plan_due_date_time: Timestamp = "resolutionPlanDueDateTime",
        resolved_date_time: Timestamp = "resolvedDateTime",
        resolved_due_date_time: Timestamp = "resolvedDueDateTime",
        last_activity_date: Timestamp = "lastActivityDate",
        last_tracked_modification_date_time: Timestamp = "lastTrackedModificationDateTime",
        project_id: i64 = "projectID",
        opportunity_id: i64 = "opportunityID",
        problem_ticket_id: i64 = "problemTicketId" or "problemTicketID",
        rmm_alert_id: Text<'a> = "rmmAlertID",
    }
}
