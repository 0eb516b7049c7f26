//! What tickets contribute: opened and closed by month, and the time that first answers and resolutions took.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Rollup;
use super::month::Month;
use super::sums::{add_to, sums};
use crate::model::Ticket;

sums! {
    /// What happened to tickets in one month.
    ///
    /// # Units
    /// Sums of durations are milliseconds; a mean is the sum by its count.
    TicketMonth {
        /// Tickets created in this month.
        n_opened: i64,
        /// Tickets completed in this month.
        n_closed: i64,
        /// First answers given in this month.
        n_answered: i64,
        /// From creation to these first answers.
        answer_ms: i64,
        /// Resolutions of this month.
        n_resolved: i64,
        /// From creation to these resolutions.
        resolve_ms: i64,
    }
}

sums! {
    /// What belongs to no month and no stage.
    Totals {
        /// Tickets.
        n_tickets: i64,
        /// Tickets that are not completed.
        n_open_tickets: i64,
        /// First answers and resolutions that the source dates before the ticket's creation; they are in no mean.
        n_odd_durations: i64,
        /// Contracts.
        n_contracts: i64,
        /// Billing periods and revenues that could not be laid out over months: no dates, too long, or no usable amount.
        n_unplaced_values: i64,
        /// Opportunities.
        n_opportunities: i64,
        /// Open opportunities whose amount is missing or unusable; they count, and bring nothing.
        n_without_amount: i64,
    }
}

/// What one ticket contributes.
pub(super) fn contribution(ticket: &Ticket<'_>, zone: &TimeZone) -> Rollup {
    let mut rollup = Rollup::default();
    rollup.totals.n_tickets = 1;
    rollup.totals.n_open_tickets = i64::from(ticket.completed_at.is_none());
    if let Some(created_at) = ticket.created_at {
        let opened = TicketMonth { n_opened: 1, ..TicketMonth::default() };
        add_to(&mut rollup.tickets, Month::of_instant(created_at, zone), &opened);
    }
    if let Some(completed_at) = ticket.completed_at {
        let closed = TicketMonth { n_closed: 1, ..TicketMonth::default() };
        add_to(&mut rollup.tickets, Month::of_instant(completed_at, zone), &closed);
    }
    let answered = |ms| TicketMonth { n_answered: 1, answer_ms: ms, ..TicketMonth::default() };
    add_duration(&mut rollup, ticket, ticket.first_response_at, zone, answered);
    let resolved = |ms| TicketMonth { n_resolved: 1, resolve_ms: ms, ..TicketMonth::default() };
    // Workflows that skip the state «resolved» leave its stamp empty.
    add_duration(&mut rollup, ticket, ticket.resolved_at.or(ticket.completed_at), zone, resolved);
    rollup
}

/// Adds the time from creation to an instant to the month of that instant.
fn add_duration(
    rollup: &mut Rollup,
    ticket: &Ticket<'_>,
    until: Option<Timestamp>,
    zone: &TimeZone,
    sums: impl FnOnce(i64) -> TicketMonth,
) {
    let (Some(created_at), Some(until)) = (ticket.created_at, until) else { return };
    let ms = until.as_millisecond() - created_at.as_millisecond();
    if ms < 0 {
        rollup.totals.n_odd_durations += 1;
    } else {
        add_to(&mut rollup.tickets, Month::of_instant(until, zone), &sums(ms));
    }
}
