//! Tickets.
//!
//! Never holds a description: reports count tickets, they do not quote them.

use jiff::Timestamp;

use super::record::model_record;
use super::text::Text;

model_record! {
    /// A request or incident of a company.
    Ticket<'a>, owner |ticket| Some(ticket.company_id),
    {
        /// Autotask's id.
        id: i64,
        /// The company that raised it.
        company_id: i64,
        /// The number that people quote.
        number: Option<Text<'a>>,
        /// Its title.
        title: Option<Text<'a>>,
        /// The status, a picklist value.
        status_id: Option<i64>,
        /// The priority, a picklist value.
        priority_id: Option<i64>,
        /// The asset that it is about.
        asset_id: Option<i64>,
        /// The contract that it is billed to.
        contract_id: Option<i64>,
        /// When it was created, UTC.
        created_at: Option<Timestamp>,
        /// When it was completed, UTC.
        completed_at: Option<Timestamp>,
        /// When it is due, UTC.
        due_at: Option<Timestamp>,
        /// The queue, a picklist value.
        queue_id: Option<i64>,
        /// Incident, request and so on, a picklist value.
        type_id: Option<i64>,
        /// The ticket category, a picklist value.
        category_id: Option<i64>,
        /// The issue type, a picklist value.
        issue_type_id: Option<i64>,
        /// The issue type below it, a picklist value.
        sub_issue_type_id: Option<i64>,
        /// Telephone, e-mail, monitoring and so on, a picklist value.
        source_id: Option<i64>,
        /// The person who raised it.
        contact_id: Option<i64>,
        /// The company's site.
        company_location_id: Option<i64>,
        /// The service of the contract.
        contract_service_id: Option<i64>,
        /// The technician.
        assigned_resource_id: Option<i64>,
        /// The service level agreement, a picklist value.
        service_level_agreement_id: Option<i64>,
        /// True if that agreement was kept.
        is_service_level_agreement_met: Option<bool>,
        /// The hours that it is expected to take.
        estimated_hours: Option<f64>,
        /// When somebody first answered, UTC.
        first_response_at: Option<Timestamp>,
        /// When somebody had to answer, UTC.
        first_response_due_at: Option<Timestamp>,
        /// When a plan stood, UTC.
        resolution_plan_at: Option<Timestamp>,
        /// When a plan had to stand, UTC.
        resolution_plan_due_at: Option<Timestamp>,
        /// When it was resolved, UTC.
        resolved_at: Option<Timestamp>,
        /// When it had to be resolved, UTC.
        resolved_due_at: Option<Timestamp>,
        /// When anything happened around it, UTC.
        last_activity_at: Option<Timestamp>,
        /// When one of its tracked fields was last edited, UTC; known to lag behind.
        last_modified_at: Option<Timestamp>,
        /// The project to which it belongs.
        project_id: Option<i64>,
        /// The opportunity to which it belongs.
        opportunity_id: Option<i64>,
        /// The problem of which it is an incident.
        problem_ticket_id: Option<i64>,
        /// The RMM's alert that raised it.
        rmm_alert_id: Option<Text<'a>>,
    }
}
