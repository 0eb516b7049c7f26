//! Serial numbers that are none: what firmware and people write where there is no serial number.
//!
//! A vendor that is asked for one of them answers with somebody else's warranty.

/// Fewer letters and digits than that name no device.
const MIN_LEN: usize = 4;

/// What stands there instead, in capitals and without anything but letters and digits.
///
/// # Source
/// The defaults of BIOS vendors (AMI, Phoenix, Insyde) and what public inventory scripts ignore.
const STAND_INS: &[&str] = &[
    "BASEBOARDSERIALNUMBER",
    "CHASSISSERIALNUMBER",
    "DEFAULT",
    "DEFAULTSTRING",
    "EMPTY",
    "INVALID",
    "MISSING",
    "NONE",
    "NOSERIAL",
    "NOSERIALNUMBER",
    "NOTAPPLICABLE",
    "NOTAVAILABLE",
    "NOTDEFINED",
    "NOTPROVIDED",
    "NOTSET",
    "NOTSPECIFIED",
    "NULL",
    "SERIAL",
    "SERIALNUMBER",
    "SYSTEMSERIALNUMBER",
    "TEST",
    "TOBEDETERMINED",
    "TOBEFILLEDBYOEM",
    "UNDEFINED",
    "UNKNOWN",
    "VIRTUALMACHINE",
];

/// Keys pressed in a row.
const RUNS: [&str; 3] = ["0123456789", "1234567890", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/// What hypervisors give their guests.
const VIRTUAL: [&str; 2] = ["VMWARE", "PARALLELS"];

/// Whether no vendor can know a device by it.
///
/// # Shape
/// Blank; under four letters and digits; one character over and over (`00000000`); keys in a row (`12345678`); what a
/// hypervisor gives (`VMware-56 4d …`); one of the stand-ins, whatever its case, blanks and punctuation.
#[must_use]
pub fn is_junk(serial_number: Option<&str>) -> bool {
    let bare = folded(serial_number.unwrap_or_default());
    let is_one_character = bare.chars().all(|letter| bare.starts_with(letter));
    bare.chars().count() < MIN_LEN
        || is_one_character
        || RUNS.iter().any(|run| run.contains(&bare))
        || VIRTUAL.iter().any(|start| bare.starts_with(start))
        || STAND_INS.contains(&bare.as_str())
}

/// Whether both name one device: case, blanks and punctuation do not count.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

fn folded(serial_number: &str) -> String {
    serial_number.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_junk, is_same};

    #[test]
    fn junk_is_known_in_every_spelling() {
        let junk = [
            "",
            "   ",
            "N/A",
            "n.a.",
            "-",
            "0",
            "00000000",
            "XXXXXXX",
            "0000-0000-0000",
            "To Be Filled By O.E.M.",
            "to be filled by OEM",
            "Default string",
            "System Serial Number",
            "Chassis Serial Number",
            "Not Specified",
            "NOT AVAILABLE",
            "none",
            "Unknown",
            "123456789",
            "0123456789",
            "12345678",
            "1234",
            "VMware-56 4d 8a 11 22 33 44 55-66 77 88 99 aa bb cc dd",
            "TBD",
        ];
        for serial_number in junk {
            assert!(is_junk(Some(serial_number)), "{serial_number}");
        }
        assert!(is_junk(None));
    }

    #[test]
    fn serial_numbers_are_not_junk() {
        for serial_number in
            ["5CD1234XYZ", "7GQ5K13", "C02XK0AAJG5H", "PF-1A2B3C", "12345679", "MXL0000001", "TEST1234"]
        {
            assert!(!is_junk(Some(serial_number)), "{serial_number}");
        }
    }

    #[test]
    fn spelling_does_not_make_another_device() {
        assert!(is_same(" 5cd-1234xyz", "5CD1234XYZ"));
        assert!(!is_same("5CD1234XYZ", "5CD1234XYY"));
    }
}
