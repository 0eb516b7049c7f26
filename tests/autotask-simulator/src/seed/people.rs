//! Resources, companies and contacts.

use super::maker::Maker;
use super::words::{COMPANY_HEADS, COMPANY_TAILS, FIRST_NAMES, LAST_NAMES};

/// The account managers; id 4 is the system account, as everywhere.
pub(super) fn resources(make: &mut Maker<'_>, n_resources: usize) -> Vec<i64> {
    resource(make, "Autotask", "Administrator");
    let mut ids = vec![make.finish_as(4)];
    for _ in 0..n_resources {
        let first = make.rng.pick(FIRST_NAMES);
        let last = make.rng.pick(LAST_NAMES);
        resource(make, first, last);
        ids.push(make.finish());
    }
    ids
}

fn resource(make: &mut Maker<'_>, first: &str, last: &str) {
    let serial = make.rng.below(90_000);
    make.shared("firstName", first);
    make.shared("lastName", last);
    make.text("userName", &format!("user{serial}"));
    make.text("email", &format!("user{serial}@msp.example.invalid"));
    let is_active = make.rng.chance(85);
    make.flag("isActive", is_active);
    make.shared("resourceType", "Employee");
    make.number("licenseType", 1);
    make.number("userType", 2);
    make.maybe("title", 70, "Account Manager");
}

/// The customers, and the MSP itself under id 0.
pub(super) fn companies(make: &mut Maker<'_>, n_companies: usize, resources: &[i64]) -> Vec<i64> {
    company(make, "The MSP Itself & Friends", resources);
    make.flag("isActive", true);
    let mut ids = vec![make.finish_as(0)];
    for n in 0..n_companies {
        let head = make.rng.pick(COMPANY_HEADS);
        let tail = make.rng.pick(COMPANY_TAILS);
        let name = match make.rng.below(20) {
            0 => format!(" {head} {tail} {n} "),
            1 => format!("{head} {tail}"),
            _ => format!("{head} {tail} {n}"),
        };
        company(make, &name, resources);
        ids.push(make.finish());
    }
    ids
}

fn company(make: &mut Maker<'_>, name: &str, resources: &[i64]) {
    make.text("companyName", name);
    let number = format!("C-{:05}", make.rng.below(99_999));
    make.maybe("companyNumber", 40, &number);
    let company_type = make.rng.pick(&[1_i64, 1, 1, 1, 1, 2, 3, 4, 6]).max(1);
    make.number("companyType", company_type);
    let is_active = make.rng.chance(88);
    make.flag("isActive", is_active);
    let owner = make.rng.pick(resources);
    make.number("ownerResourceID", owner);
    let phone = format!("+1 555 {:04}", make.rng.below(9_999));
    make.text("phone", &phone);
    make.maybe("address1", 70, "1 Main St.\r\nSuite 4");
    make.maybe("city", 80, "Zürich");
    make.maybe("state", 40, "NY");
    make.maybe("webAddress", 50, "https://example.invalid/?a=1&b=2");
    if make.rng.chance(60) {
        let classification = make.rng.between(1, 4);
        make.number("classification", classification);
    }
    make.money("assetValue", 0, 50_000);
    make.flag("isTaxExempt", false);
    let created_ms = make.past_ms(3650);
    make.number("createDate", created_ms);
    let active_ms = make.since_ms(created_ms);
    make.number("lastActivityDate", active_ms);
    if make.rng.chance(90) {
        let modified_ms = make.since_ms(created_ms);
        make.number("lastTrackedModifiedDateTime", modified_ms);
    }
    if make.rng.chance(15) {
        make.udf("Account Tier", "1");
    }
    if make.rng.chance(10) {
        make.udf("Portal Key", "s3cret");
    }
}

/// The people at the customers, with the company of each.
pub(super) fn contacts(make: &mut Maker<'_>, n_contacts: usize, companies: &[i64]) -> Vec<(i64, i64)> {
    let mut made = Vec::with_capacity(n_contacts);
    for n in 0..n_contacts {
        let company_id = super::skewed(&mut make.rng, companies);
        contact(make, n, company_id);
        made.push((make.finish(), company_id));
    }
    made
}

fn contact(make: &mut Maker<'_>, n: usize, company_id: i64) {
    make.number("companyID", company_id);
    let first = make.rng.pick(FIRST_NAMES);
    let last = make.rng.pick(LAST_NAMES);
    make.shared("firstName", first);
    make.shared("lastName", last);
    let mail = format!("person{n}+x@customer.example.invalid");
    make.maybe("emailAddress", 85, &mail);
    let is_active = make.rng.chance(85);
    make.number("isActive", i64::from(is_active));
    let is_primary = make.rng.chance(10);
    make.flag("primaryContact", is_primary);
    make.maybe("phone", 50, "555-0100");
    make.maybe("title", 50, "Office Manager & Buyer");
    make.maybe("note", 10, "prefers\r\ne-mail");
    let created_ms = make.past_ms(3000);
    make.number("createDate", created_ms);
    if make.rng.chance(92) {
        let modified_ms = make.since_ms(created_ms);
        make.number("lastModifiedDate", modified_ms);
        make.number("lastActivityDate", modified_ms);
    }
    if make.rng.chance(5) {
        make.udf("Badge Number", " 007 ");
    }
}
