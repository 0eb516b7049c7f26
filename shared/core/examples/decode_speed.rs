//! Prints how many rows of `ConfigurationItems` one core splits and decodes per second, and how large they are.
//!
//! Run with `cargo run --release -p shared-core --example decode_speed`.
#![expect(clippy::print_stdout, reason = "printing the figures is what it is for")]
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock; core itself still has none")]

use std::error::Error;
use std::fmt::Write as _;
use std::time::Instant;

use serde_json::value::RawValue;
use shared_core::catalogue::Catalogue;
use shared_core::entity::Entity;
use shared_core::export::row;
use shared_core::project::{Record, decode};
use shared_core::wire::parse_page;

const N_PAGES: usize = 100;
const PAGE_SIZE_RECORDS: usize = 500;

/// The fields that most tenants leave empty, and that we do not keep.
const NULLS: &str = "apiVendorID contactID contractServiceBundleID contractServiceID createdByPersonID dailyCost \
    dattoAvailableKilobytes dattoDeviceMemoryMegabytes dattoDrivesErrors dattoHostname dattoInternalIP \
    dattoKernelVersionID dattoLastCheckInDateTime dattoNICSpeedKilobitsPerSecond dattoNumberOfAgents \
    dattoNumberOfDrives dattoNumberOfVolumes dattoOffsiteUsedBytes dattoOSVersionID dattoPercentageUsed \
    dattoProtectedKilobytes dattoRemoteIP dattoSerialNumber dattoUptimeSeconds dattoUsedKilobytes dattoZFSVersionID \
    deviceNetworkingID hourlyCost impersonatorCreatorResourceID installedByContactID installedByID \
    lastActivityPersonID lastActivityPersonType notes numberOfUsers parentConfigurationItemID perUseCost \
    rmmDeviceAuditAntivirusStatusID rmmDeviceAuditArchitectureID rmmDeviceAuditBackupStatusID \
    rmmDeviceAuditDescription rmmDeviceAuditDisplayAdaptorID rmmDeviceAuditDomainID rmmDeviceAuditExternalIPAddress \
    rmmDeviceAuditMobileNetworkOperatorID rmmDeviceAuditMobileNumber rmmDeviceAuditMotherboardID \
    rmmDeviceAuditPatchStatusID rmmDeviceAuditProcessorID rmmDeviceAuditServicePackID rmmDeviceAuditSNMPContact \
    rmmDeviceAuditSNMPLocation rmmDeviceAuditSNMPName rmmDeviceAuditSoftwareStatusID rmmOpenAlertCount serviceBundleID \
    serviceID serviceLevelAgreementID setupFee sourceChargeID sourceChargeType vendorID";

fn main() -> Result<(), Box<dyn Error>> {
    let pages: Vec<_> = (0..N_PAGES).map(page).collect();
    let n_records = (N_PAGES * PAGE_SIZE_RECORDS) as f64;
    let n_bytes = pages.iter().map(String::len).sum::<usize>() as f64;

    let start = Instant::now();
    let mut records: Vec<Record> = Vec::with_capacity(N_PAGES * PAGE_SIZE_RECORDS);
    for page in &pages {
        let items = parse_page(page.as_bytes())?.items;
        records.extend(items.into_iter().map(decoded).collect::<Result<Vec<_>, _>>()?);
    }
    report("parse_page + decode", n_records, start);
    let n_doc_bytes = records.iter().map(|record| record.doc.len()).sum::<usize>() as f64;
    println!("row {:.0} bytes, document {:.0} bytes", n_bytes / n_records, n_doc_bytes / n_records);

    let start = Instant::now();
    for page in &pages {
        parse_page(page.as_bytes())?;
    }
    report("parse_page alone", n_records, start);

    let (catalogue, start) = (Catalogue::default(), Instant::now());
    for record in &records {
        row(Entity::Assets, &record.doc, &catalogue)?;
    }
    report("export rows", n_records, start);
    println!("{}", records.first().map_or("", |record| &record.doc));
    Ok(())
}

fn decoded(raw: &RawValue) -> Result<Record, Box<dyn Error>> {
    Ok(decode(Entity::Assets, raw)?)
}

fn report(what: &str, n_records: f64, start: Instant) {
    println!("{what}: {:.0} records/s", n_records / start.elapsed().as_secs_f64());
}

fn page(page_idx: usize) -> String {
    let ids = (0..PAGE_SIZE_RECORDS).map(|idx| page_idx * PAGE_SIZE_RECORDS + idx);
    let rows: Vec<_> = ids.map(device).collect();
    format!(r#"{{"items":[{}],"pageDetails":{{"count":500,"nextPageUrl":null}}}}"#, rows.join(","))
}

fn device(id: usize) -> String {
    let mut row = format!(
        r#"{{"id":{id},"companyID":{company},"companyLocationID":12,"configurationItemType":3,
"configurationItemCategoryID":2,"contractID":88123,"createDate":"2022-03-01T14:02:11.02Z","installDate":"2022-03-01T00:00:00Z",
"isActive":true,"lastModifiedTime":"2026-10-30T22:15:07.413Z","location":"","monthlyCost":3.5000,"productID":29685,
"referenceNumber":"","referenceTitle":"ACME-LT-{id:05}","rmmDeviceAuditDeviceTypeID":2,"rmmDeviceAuditHostname":"ACME-LT-{id:05}",
"rmmDeviceAuditIPAddress":"10.12.3.44","rmmDeviceAuditLastUser":"ACME\\jane.doe","rmmDeviceAuditMacAddress":"[00:1A:2B:3C:4D:5E]",
"rmmDeviceAuditManufacturerID":12,"rmmDeviceAuditMemoryBytes":17179869184,"rmmDeviceAuditMissingPatchCount":4,
"rmmDeviceAuditModelID":311,"rmmDeviceAuditOperatingSystem":"Microsoft Windows 11 Pro 10.0.22631","rmmDeviceAuditStorageBytes":512110190592,
"rmmDeviceID":{id},"rmmDeviceUID":"6b1c3f0e-0d6e-4f6a-9c77-2b8f6f0d{id:04}","serialNumber":"5CD{id:07}",
"warrantyExpirationDate":"2025-03-01T00:00:00Z","userDefinedFields":[{{"name":"Lifecycle Stage","value":"Replace 2027"}},
{{"name":"Asset Owner","value":null}}]"#,
        company = 174 + id % 300
    )
    .replace('\n', "");
    for field in NULLS.split_whitespace() {
        let _ = write!(row, r#","{field}":null"#);
    }
    row.push('}');
    row
}
