//! The values of the picklists: some inactive, ids not dense, labels with odd characters.

use super::Entity;

/// One value of a picklist.
#[derive(Debug, Clone)]
pub(crate) struct PickValue {
    /// The value as the wire spells it: text, even where the field holds numbers.
    pub(crate) value: String,
    /// What people read.
    pub(crate) label: String,
    /// False for a value that is kept for old rows only.
    pub(crate) is_active: bool,
    /// The value of the parent field that this one belongs to.
    pub(crate) parent: String,
}

/// How many values the list of device models holds.
pub(crate) const N_MODELS: i64 = 240;
/// How many values the list of manufacturers holds.
pub(crate) const N_MANUFACTURERS: i64 = 24;

const MANUFACTURERS: [&str; 12] = [
    "Dell Inc.",
    "HP",
    "Hewlett-Packard",
    "LENOVO",
    "Apple Inc.",
    "Microsoft Corporation",
    "Cisco & Meraki",
    "Ubiquiti Networks",
    "VMware, Inc.",
    "ASUSTeK COMPUTER INC.",
    "Fujitsu «Client»",
    "Acme O'Neill",
];

/// The values of a field's list; a short made-up list where nothing better is known.
pub(super) fn values(entity: Entity, field: &str) -> Vec<PickValue> {
    match field {
        "rmmDeviceAuditManufacturerID" => numbered(N_MANUFACTURERS, |n| {
            let name = MANUFACTURERS.get((n as usize - 1) % 12).copied().unwrap_or_default();
            if n <= 12 { name.to_owned() } else { format!("{name} (old entry {n})") }
        }),
        "rmmDeviceAuditModelID" => {
            numbered(N_MODELS, |n| format!("Model {}-{n:03} \"Gen {}\"", n % 7, n % 11))
        }
        "subIssueType" => sub_issues(),
        "resourceType" => {
            named(&[("Employee", "Employee"), ("Contractor", "Contractor"), ("API", "API User")])
        }
        "configurationItemType" => labels(&[
            "Workstation",
            "Server",
            "Laptop",
            "Network Switch",
            "Firewall",
            "Printer & Copier",
            "Phone (do not use)",
            "Virtual Machine",
        ]),
        "companyType" => {
            labels(&["Customer", "Lead", "Prospect", "Dead", "Cancelation", "Vendor", "Partner"])
        }
        "contractType" => {
            labels(&["Time & Materials", "Fixed Price", "Block Hours", "Retainer", "Recurring", "Incident"])
        }
        "priority" => labels(&["High", "Medium", "Low", "Critical"]),
        "stage" => labels(&["Qualifying", "Proposal", "Negotiation", "Won"]),
        "queueID" => labels(&["Level I Support", "Level II Support", "Monitoring Alert", "Post Sale"]),
        "status" => statuses(entity),
        other => labels(&[
            &format!("{other} A"),
            &format!("{other} B & C"),
            &format!("{other} 'quoted'"),
            &format!("{other} (inactive)"),
        ]),
    }
}

/// The field that a dependent list hangs on.
pub(super) fn parent(field: &str) -> &'static str {
    if field == "subIssueType" { "issueType" } else { "" }
}

fn statuses(entity: Entity) -> Vec<PickValue> {
    match entity {
        Entity::Contracts => named(&[("0", "Inactive"), ("1", "Active")]),
        Entity::Tickets => {
            named(&[("1", "New"), ("5", "Complete"), ("7", "Waiting Customer"), ("8", "In Progress")])
        }
        _ => named(&[("0", "Not Ready To Buy"), ("1", "Active"), ("2", "Lost"), ("3", "Closed")]),
    }
}

fn sub_issues() -> Vec<PickValue> {
    let mut values = numbered(12, |n| format!("Sub issue {n}"));
    for (idx, value) in values.iter_mut().enumerate() {
        value.parent = (idx % 4 + 1).to_string();
    }
    values
}

fn numbered(n_values: i64, label: impl Fn(i64) -> String) -> Vec<PickValue> {
    (1..=n_values).map(|n| value(n.to_string(), label(n), n % 9 != 0)).collect()
}

fn labels(labels: &[&str]) -> Vec<PickValue> {
    (1..)
        .zip(labels)
        .map(|(n, label): (i64, _)| {
            value(
                n.to_string(),
                (*label).to_owned(),
                !label.ends_with("(inactive)") && !label.ends_with("use)"),
            )
        })
        .collect()
}

fn named(pairs: &[(&str, &str)]) -> Vec<PickValue> {
    pairs.iter().map(|(id, label)| value((*id).to_owned(), (*label).to_owned(), true)).collect()
}

fn value(value: String, label: String, is_active: bool) -> PickValue {
    PickValue { value, label, is_active, parent: String::new() }
}
