//! Configuration items: what the whole integration is about, and the oddest rows of all.

use super::Ids;
use super::maker::Maker;
use super::words::{NOTES, PLACES, SYSTEMS};
use crate::schema::{N_MANUFACTURERS, N_MODELS};
use std::collections::HashMap;

/// The configuration items, with the company of each.
pub(super) fn assets(make: &mut Maker<'_>, n_assets: usize, ids: &Ids) -> Vec<(i64, i64)> {
    let contacts = by_company(&ids.contacts);
    let contracts = by_company(&ids.contracts);
    let mut made = Vec::with_capacity(n_assets);
    for n in 0..n_assets {
        let company_id = super::skewed(&mut make.rng, &ids.companies);
        make.number("companyID", company_id);
        if make.rng.chance(60) {
            one_of(make, "contactID", contacts.get(&company_id));
        }
        if make.rng.chance(30) {
            one_of(make, "contractID", contracts.get(&company_id));
        }
        core_fields(make, n, ids);
        dates(make);
        if make.rng.chance(65) {
            audit_fields(make, n, company_id);
        }
        udfs(make);
        made.push((make.finish(), company_id));
    }
    made
}

fn by_company(pairs: &[(i64, i64)]) -> HashMap<i64, Vec<i64>> {
    let mut map: HashMap<i64, Vec<i64>> = HashMap::new();
    for (id, company_id) in pairs {
        map.entry(*company_id).or_default().push(*id);
    }
    map
}

fn one_of(make: &mut Maker<'_>, field: &str, ids: Option<&Vec<i64>>) {
    if let Some(ids) = ids {
        let id = make.rng.pick(ids);
        make.number(field, id);
    }
}

fn core_fields(make: &mut Maker<'_>, n: usize, ids: &Ids) {
    let product_id = make.rng.pick(&ids.products);
    if product_id != 0 {
        make.number("productID", product_id);
    }
    if make.rng.chance(92) {
        let item_type = make.rng.between(1, 8);
        make.number("configurationItemType", item_type);
    }
    let category = make.rng.pick(&ids.categories);
    make.number("configurationItemCategoryID", category);
    let is_active = make.rng.chance(86);
    make.flag("isActive", is_active);
    let title = match make.rng.below(40) {
        0 => format!(" LT-{n:06} "),
        1 => format!("Zoë's \"PC\" & {n}"),
        _ => format!("LT-{n:06}"),
    };
    make.text("referenceTitle", &title);
    let serial = format!("5CD{:07X}", (n as u64).wrapping_mul(2_654_435_761) & 0xFFF_FFFF);
    if make.rng.chance(93) {
        make.text("serialNumber", &serial);
    } else {
        make.maybe("serialNumber", 50, "To be filled by O.E.M.");
    }
    make.maybe("referenceNumber", 20, "AT-REF");
    let place = make.rng.pick(PLACES);
    make.maybe("location", 30, place);
    if make.rng.chance(8) {
        let note = make.rng.pick(NOTES);
        make.shared("notes", note);
    }
    for cost in ["hourlyCost", "dailyCost", "monthlyCost", "setupFee"] {
        make.number(cost, 0);
    }
}

fn dates(make: &mut Maker<'_>) {
    if make.rng.chance(75) {
        let install_ms = make.day_ms(-2500, -1);
        make.number("installDate", install_ms);
    }
    if make.rng.chance(65) {
        let warranty_ms = make.day_ms(-900, 1200);
        make.number("warrantyExpirationDate", warranty_ms);
    }
    let created_ms = make.past_ms(2500);
    make.number("createDate", created_ms);
    make.number("createdByPersonID", 4);
    // Rows that were never edited after an import have no stamp at all.
    if make.rng.chance(88) {
        let modified_ms = make.since_ms(created_ms);
        make.number("lastModifiedTime", modified_ms);
        make.number("lastActivityPersonID", 4);
        make.number("lastActivityPersonType", 1);
    }
}

fn audit_fields(make: &mut Maker<'_>, n: usize, company_id: i64) {
    make.number("rmmDeviceID", 800_000 + n as i64);
    let bits = make.rng.next();
    let uid = format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{n:012x}",
        bits >> 32,
        bits >> 16 & 0xFFFF,
        bits & 0xFFF,
        bits >> 4 & 0xFFF
    );
    make.text("rmmDeviceUID", &uid);
    make.text("rmmDeviceAuditHostname", &format!("LT-{n:06}"));
    make.text("rmmDeviceAuditIPAddress", &format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255));
    make.shared("rmmDeviceAuditExternalIPAddress", &format!("203.0.113.{}", company_id.rem_euclid(250)));
    let tail = bits & 0xFF_FFFF;
    make.text(
        "rmmDeviceAuditMacAddress",
        &format!("00:1A:2B:{:02X}:{:02X}:{:02X}", tail >> 16, tail >> 8 & 255, tail & 255),
    );
    make.shared("rmmDeviceAuditLastUser", &format!("CORP\\user{}", bits % 5_000));
    let system = make.rng.pick(SYSTEMS);
    make.shared("rmmDeviceAuditOperatingSystem", system);
    let memory_bytes = make.rng.between(1, 8) * 8_589_934_592;
    make.number("rmmDeviceAuditMemoryBytes", memory_bytes);
    let storage_bytes = make.rng.between(1, 16) * 256_060_514_304;
    make.number("rmmDeviceAuditStorageBytes", storage_bytes);
    let n_missing = make.rng.between(0, 30);
    make.number("rmmDeviceAuditMissingPatchCount", n_missing);
    make.number("rmmOpenAlertCount", 0);
    if make.rng.chance(85) {
        let manufacturer = make.rng.between(1, N_MANUFACTURERS);
        make.number("rmmDeviceAuditManufacturerID", manufacturer);
        let model = make.rng.between(1, N_MODELS);
        make.number("rmmDeviceAuditModelID", model);
    }
    for field in ["rmmDeviceAuditDeviceTypeID", "rmmDeviceAuditPatchStatusID", "rmmDeviceAuditProcessorID"] {
        let value = make.rng.between(1, 4);
        make.number(field, value);
    }
}

fn udfs(make: &mut Maker<'_>) {
    if !make.rng.chance(30) {
        return;
    }
    let stage = make.rng.pick(&["1", "2", "3", "1"]);
    make.udf("Lifecycle Stage", stage);
    if make.rng.chance(20) {
        make.udf("Purchase Order", "PO & 'quote' 77");
    }
    if make.rng.chance(10) {
        make.udf("BIOS Password", "hunter2");
    }
}
