//! Every variable that the functions read is set, and none that they do not.

use std::collections::BTreeSet;

use crate::document::template;

/// Where the functions name variables.
const SOURCES: [&str; 3] = [
    include_str!("../../../../shared/src/lambda.rs"),
    include_str!("../../../../shared/src/config.rs"),
    include_str!("../../../../shared/src/telemetry.rs"),
];

/// Texts between quotes that look like names of variables.
fn named(source: &str) -> impl Iterator<Item = &str> {
    let is_name = |text: &&str| {
        text.len() > 3
            && text.contains('_')
            && text
                .chars()
                .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
    };
    // What follows the tests is not the functions'.
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    code.split('"').skip(1).step_by(2).filter(is_name)
}

#[test]
fn functions_find_every_variable_and_none_is_idle() {
    let read: BTreeSet<&str> = SOURCES.iter().flat_map(|source| named(source)).collect();
    let template = template();
    let variables = template["Globals"]["Function"]["Environment"]["Variables"].as_object().unwrap();
    let set: BTreeSet<&str> = variables.keys().map(String::as_str).collect();
    assert!(read.len() > 10, "the names were not found: {read:?}");
    assert_eq!(set, read);
}
