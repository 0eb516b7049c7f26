//! Tickets, some of them about devices.

use super::Ids;
use super::maker::Maker;

/// The tickets.
pub(super) fn tickets(make: &mut Maker<'_>, n_tickets: usize, ids: &Ids) {
    for n in 0..n_tickets {
        let about = make.rng.pick(&ids.assets);
        if about.0 != 0 && make.rng.chance(50) {
            make.number("configurationItemID", about.0);
            make.number("companyID", about.1);
        } else {
            let company_id = super::skewed(&mut make.rng, &ids.companies);
            make.number("companyID", company_id);
        }
        fields(make, n);
        make.finish();
    }
}

fn fields(make: &mut Maker<'_>, n: usize) {
    make.text("ticketNumber", &format!("T20261001.{n:04}"));
    make.text("title", &format!("Can't print & scan, floor {}", n % 7));
    make.maybe("description", 60, "Hello,\r\n\r\nit does not work.\r\n-- \r\nSent from my phone");
    let status = make.rng.pick(&[1_i64, 5, 5, 5, 7, 8]).max(1);
    make.number("status", status);
    let priority = make.rng.between(1, 4);
    make.number("priority", priority);
    let queue = make.rng.between(1, 4);
    make.number("queueID", queue);
    let issue = make.rng.between(1, 4);
    make.number("issueType", issue);
    make.number("subIssueType", issue);
    let created_ms = make.past_ms(700);
    make.number("createDate", created_ms);
    make.number("dueDateTime", created_ms + 86_400_000);
    let active_ms = make.since_ms(created_ms);
    make.number("lastActivityDate", active_ms);
    // On live tenants this stamp was seen to stay at the creation while the ticket moved on.
    make.number("lastTrackedModificationDateTime", created_ms);
    if status == 5 {
        make.number("completedDate", active_ms);
        let is_met = make.rng.chance(90);
        make.flag("serviceLevelAgreementHasBeenMet", is_met);
    }
}
