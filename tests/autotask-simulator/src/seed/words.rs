//! Words that have caused trouble somewhere: ampersands, apostrophes, accents, line breaks, blanks.

/// First halves of company names.
pub(super) const COMPANY_HEADS: &[&str] = &[
    "Smith & Sons",
    "O'Brien",
    "Müller, Groß",
    "Acme",
    "Contoso",
    "東京 Systems",
    "Nordic \"Blue\"",
    "Café Zoë",
    "A+B #1",
    "Björk\\Berg",
    "Ünïted 100%",
    "Hill <Valley>",
];

/// Second halves of company names.
pub(super) const COMPANY_TAILS: &[&str] =
    &["Dental", "Legal & Co.", "Logistics", "Schools", "Farms", "Clinic", "Holdings, Inc.", "Works"];

/// First names.
pub(super) const FIRST_NAMES: &[&str] =
    &["Ana", "Björn", "Chloé", "D'Arcy", "Eve", "Farid", "Grace", "Hiro", "Inés", "Jo & Jim", "Kai", " Lee "];

/// Last names.
pub(super) const LAST_NAMES: &[&str] =
    &["O'Neill", "Smith", "García", "van der Berg", "Łukasz", "李", "Jones-Baker", "Nguyễn", "Brown", "Kim"];

/// Operating systems as audits report them.
pub(super) const SYSTEMS: &[&str] = &[
    "Microsoft Windows 11 Pro 10.0.22631",
    "Microsoft Windows 10 Pro 10.0.19045",
    "Microsoft Windows Server 2019 Standard",
    "Mac OS X 14.5",
    "Ubuntu 22.04.4 LTS",
    "Cisco IOS XE",
];

/// Places of devices.
pub(super) const PLACES: &[&str] =
    &["Front desk", "Server room", "2nd floor, \"west\"", "Home office", "Lager & Versand"];

/// Notes on devices.
pub(super) const NOTES: &[&str] = &[
    "Replaced PSU\r\nsee ticket T20250101.0001",
    "&lt;b&gt;Do not reboot&lt;/b&gt;",
    "  leased, return by Q4  ",
    "Überholt\tund geprüft",
];
