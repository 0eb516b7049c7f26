//! What an asset may be shown as, and what its type's name suggests.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Choice that hides.
pub const IGNORE: &str = "ignore";
/// Where types go that nobody chose for and whose name says nothing: shown, never dropped.
pub const DEFAULT_TYPE: &str = "other";
/// Most targets that a tenant may add.
pub const MAX_OWN: usize = 100;

/// One way to show an asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// Stable id.
    pub id: String,
    /// What people read.
    pub name: String,
    /// Added by the tenant.
    #[serde(default)]
    pub is_own: bool,
}

/// Types that every tenant has.
const TYPES: [(&str, &str); 11] = [
    ("workstation", "Workstation"),
    ("laptop", "Laptop"),
    ("server", "Server"),
    ("network", "Network"),
    ("printer", "Printer"),
    ("storage", "Storage"),
    ("mobile", "Mobile"),
    ("phone", "Phone"),
    ("peripheral", "Peripheral"),
    ("software", "Software"),
    (DEFAULT_TYPE, "Other"),
];

/// Words of type names and what they mean. The last word that is known decides, as it does in English: a backup server is
/// a server, a server backup a backup.
const WORDS: [(&str, &[&str]); 10] = [
    (
        "workstation",
        &[
            "workstation",
            "workstations",
            "desktop",
            "desktops",
            "pc",
            "pcs",
            "computer",
            "computers",
            "imac",
            "kiosk",
        ],
    ),
    (
        "laptop",
        &["laptop", "laptops", "notebook", "notebooks", "macbook", "macbooks", "chromebook", "ultrabook"],
    ),
    (
        "server",
        &[
            "server",
            "servers",
            "hypervisor",
            "host",
            "vm",
            "vms",
            "esx",
            "esxi",
            "hyperv",
            "virtualmachine",
            "virtualmachines",
            "domaincontroller",
            "dc",
        ],
    ),
    (
        "network",
        &[
            "network",
            "firewall",
            "firewalls",
            "switch",
            "switches",
            "router",
            "routers",
            "wireless",
            "wifi",
            "ap",
            "aps",
            "wap",
            "waps",
            "accesspoint",
            "accesspoints",
            "utm",
            "vpn",
            "gateway",
            "gateways",
            "modem",
            "modems",
            "sdwan",
        ],
    ),
    (
        "printer",
        &["printer", "printers", "mfp", "mfps", "copier", "copiers", "scanner", "scanners", "plotter"],
    ),
    ("storage", &["storage", "nas", "san", "backup", "backups", "tape", "disk", "array", "bdr"]),
    (
        "mobile",
        &[
            "mobile",
            "mobiles",
            "tablet",
            "tablets",
            "ipad",
            "ipads",
            "iphone",
            "iphones",
            "smartphone",
            "smartphones",
            "mobilephone",
            "cellphone",
        ],
    ),
    (
        "phone",
        &["phone", "phones", "voip", "handset", "handsets", "pbx", "telephone", "telephones", "phonesystem"],
    ),
    (
        "peripheral",
        &[
            "peripheral",
            "peripherals",
            "monitor",
            "monitors",
            "ups",
            "dock",
            "docks",
            "display",
            "displays",
            "projector",
            "projectors",
            "camera",
            "cameras",
        ],
    ),
    (
        "software",
        &[
            "software",
            "license",
            "licence",
            "licenses",
            "licences",
            "saas",
            "subscription",
            "subscriptions",
            "domain",
            "domains",
            "ssl",
            "certificate",
            "certificates",
            "application",
            "applications",
        ],
    ),
];

/// All targets of types: those that every tenant has, and its own.
#[must_use]
pub fn types(own: &[Target]) -> Vec<Target> {
    all(&TYPES, own)
}

pub(super) fn all(common: &[(&str, &str)], own: &[Target]) -> Vec<Target> {
    let common =
        common.iter().map(|&(id, name)| Target { id: id.to_owned(), name: name.to_owned(), is_own: false });
    common.chain(own.iter().cloned()).collect()
}

/// The target that a type's name suggests.
#[must_use]
pub fn suggested(type_name: &str) -> Option<&'static str> {
    let lower = type_name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    (0..words.len()).rev().find_map(|at| {
        // "Access Point", "Hyper-V", "Mobile Phone": two words may be one.
        let joined = at.checked_sub(1).map(|before| format!("{}{}", words[before], words[at]));
        joined.and_then(|joined| meaning(&joined)).or_else(|| meaning(words[at]))
    })
}

fn meaning(word: &str) -> Option<&'static str> {
    WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(target, _)| *target)
}

/// A target of the tenant's own, with an id that none of `taken` has.
///
/// # Errors
/// Why the name cannot be used.
pub fn own(name: &str, taken: &[Target]) -> Result<Target, String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        return Err("a name is 1 to 60 characters".to_owned());
    }
    if name.eq_ignore_ascii_case(IGNORE)
        || taken.iter().any(|target| target.name.to_lowercase() == name.to_lowercase())
    {
        return Err(format!("{name:?} is there already"));
    }
    let slug: String =
        name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let base = format!("own-{}", slug.trim_matches('-'));
    let is_free = |id: &String| taken.iter().all(|target| target.id != *id);
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let id = std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or(base.clone());
    Ok(Target { id, name: name.to_owned(), is_own: true })
}

#[cfg(test)]
mod tests {
    use super::{own, suggested, types};

    #[test]
    fn names_of_types_suggest_targets() {
        let cases = [
            ("Server", Some("server")),
            ("Firewall", Some("network")),
            ("Backup Server", Some("server")),
            ("Network Printer", Some("printer")),
            ("Wireless Access Points", Some("network")),
            ("Hyper-V Host", Some("server")),
            ("Virtual Machine", Some("server")),
            ("Mobile Phone", Some("mobile")),
            ("VoIP Phone System", Some("phone")),
            ("Desktops/Workstations (managed)", Some("workstation")),
            ("SSL Certificate", Some("software")),
            ("Coffee machine", None),
            ("", None),
        ];
        for (name, want) in cases {
            assert_eq!(suggested(name), want, "{name}");
        }
        let ids: Vec<String> = types(&[]).into_iter().map(|target| target.id).collect();
        assert!(super::WORDS.iter().all(|(target, _)| ids.iter().any(|id| id == target)));
    }

    #[test]
    fn own_targets_have_ids_of_their_own() {
        let mut all = types(&[]);
        let kiosk = own(" Kiosk ", &all).unwrap();
        assert_eq!((kiosk.id.as_str(), kiosk.name.as_str()), ("own-kiosk", "Kiosk"));
        all.push(kiosk);
        assert!(own("KIOSK", &all).is_err() && own("server", &all).is_err() && own("Ignore", &all).is_err());
        assert!(own("", &all).is_err() && own(&"x".repeat(61), &all).is_err());
        assert_eq!(own("kiosk!", &all).unwrap().id, "own-kiosk-2");
    }
}
