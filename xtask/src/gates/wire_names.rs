//! Only `shared_core::wire` spells the names of Autotask's fields.
//!
//! A field name elsewhere is a second reading of the wire, and the two will differ one day. Tests and the
//! simulators may spell them; comments may as well.

use super::sources::{Source, Sources};
use std::collections::BTreeSet;

/// The product's own crates.
const CHECKED: &[&str] = &["shared/", "functions/", "local/"];
/// The demo edits the simulator's rows, in the words of the wire.
const STEERS_THE_SIMULATOR: &str = "local/src/demo";
/// Events of SES call an address as Autotask does.
const SPEAKS_OF_SES: &str = "shared/src/mail/settle.rs";
/// Where the names belong.
const HOME: &str = "shared/core/src/wire";
/// Names that nobody writes by chance; names that end in `ID` are recognised by that.
const NAMES: &[&str] = &[
    "actualCost",
    "address1",
    "companyName",
    "companyNumber",
    "companyType",
    "configurationItemType",
    "contractName",
    "contractType",
    "createDate",
    "createDateTime",
    "dueDateTime",
    "emailAddress",
    "estimatedRevenue",
    "firstName",
    "installDate",
    "lastActivityDate",
    "lastActivityPersonType",
    "lastModifiedDate",
    "lastModifiedDateTime",
    "lastModifiedTime",
    "lastName",
    "lastTrackedModificationDateTime",
    "lastTrackedModifiedDateTime",
    "manufacturerName",
    "postalCode",
    "projectedCloseDate",
    "referenceNumber",
    "referenceTitle",
    "serialNumber",
    "ticketNumber",
    "userDefinedFields",
    "warrantyExpirationDate",
    "webAddress",
];

/// Complains about every line of the product that spells one outside its home.
pub(super) fn check(sources: &Sources) -> Vec<String> {
    let tests = test_modules(sources);
    let is_checked = |file: &&Source| {
        file.has_ending(&["rs"])
            && CHECKED.iter().any(|folder| file.path.starts_with(folder))
            && file.path.contains("/src/")
            && !file.path.starts_with(HOME)
            && !file.path.starts_with(STEERS_THE_SIMULATOR)
            && file.path != SPEAKS_OF_SES
            && !tests
                .iter()
                .any(|stem| file.path == format!("{stem}.rs") || file.path.starts_with(&format!("{stem}/")))
    };
    sources.files.iter().filter(is_checked).flat_map(check_file).collect()
}

fn check_file(file: &Source) -> Vec<String> {
    let code = file.text.lines().enumerate().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
    let code = code.filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.filter_map(|(index, line)| Some(format!("{}:{} spells {}", file.path, index + 1, wire_name(line)?)))
        .collect()
}

fn wire_name(line: &str) -> Option<&str> {
    line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .find(|word| NAMES.contains(word) || is_reference(word))
}

/// `companyID`, `rmmDeviceID` and so on.
fn is_reference(word: &str) -> bool {
    word.strip_suffix("ID").is_some_and(|start| {
        start.starts_with(|letter: char| letter.is_ascii_lowercase())
            && start.ends_with(|letter: char| letter.is_ascii_lowercase())
    })
}

/// Paths, without ending, of the modules that a `#[cfg(test)] mod name;` declares.
fn test_modules(sources: &Sources) -> BTreeSet<String> {
    sources.files.iter().filter(|file| file.has_ending(&["rs"])).flat_map(test_modules_of).collect()
}

fn test_modules_of(file: &Source) -> Vec<String> {
    let stem = file.path.trim_end_matches(".rs");
    let is_root = ["/mod.rs", "/lib.rs", "/main.rs"].iter().any(|name| file.path.ends_with(name));
    let folder = if is_root { file.folder() } else { stem };
    let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
    let pairs = lines.iter().zip(lines.iter().skip(1));
    pairs
        .filter(|(first, _)| **first == "#[cfg(test)]")
        .filter_map(|(_, second)| {
            second.trim_start_matches("pub(crate) ").strip_prefix("mod ")?.strip_suffix(';')
        })
        .map(|name| format!("{folder}/{name}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::gates::sources::Sources;

    fn n_complaints(path: &str, text: &str) -> usize {
        check(&Sources::of(&[(path, text)])).len()
    }

    #[test]
    fn a_name_outside_its_home_is_found() {
        assert_eq!(n_complaints("shared/src/store/keys.rs", "let f = \"warrantyExpirationDate\";"), 1);
        assert_eq!(n_complaints("shared/core/src/plan.rs", "json![{\"companyID\": 1}]"), 1);
        assert_eq!(n_complaints("functions/mappings/src/lib.rs", "x[\"lastModifiedTime\"]"), 1);
    }

    #[test]
    fn home_tests_comments_and_our_own_names_pass() {
        let name = "const F: &str = \"companyID\";\n";
        assert_eq!(n_complaints("shared/core/src/wire/devices.rs", name), 0);
        assert_eq!(n_complaints("tests/autotask-simulator/src/schema/entity.rs", name), 0);
        assert_eq!(n_complaints("shared/src/a.rs", &format!("#[cfg(test)]\nmod tests {{ {name} }}")), 0);
        assert_eq!(n_complaints("shared/src/a.rs", "/// Autotask's companyID.\nlet company_id = 1;"), 0);
    }

    #[test]
    fn a_module_that_only_tests_see_passes() {
        let files = [
            ("shared/core/src/project/mod.rs", "#[cfg(test)]\nmod laws;\n"),
            ("shared/core/src/project/laws.rs", "\"companyID\""),
            ("shared/core/src/project/other.rs", "\"companyID\""),
        ];
        let found = check(&Sources::of(&files));
        assert_eq!(found, ["shared/core/src/project/other.rs:1 spells companyID"]);
    }
}
