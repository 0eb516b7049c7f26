//! The README names what an operator chooses, hears and finds left.

use crate::document::{resources, template};

const README: &str = include_str!("../../../../infra/README.md");

fn named(text: &str) -> bool {
    README.contains(&format!("`{text}`"))
}

#[test]
fn every_parameter_is_explained() {
    for name in template()["Parameters"].as_object().unwrap().keys() {
        assert!(named(name), "{name}");
    }
}

#[test]
fn every_alarm_has_its_meaning_and_what_to_do() {
    for (name, _) in resources("AWS::CloudWatch::Alarm") {
        let short = name.strip_suffix("Alarm").unwrap();
        // One row for those of all functions.
        assert!(named(short) || short.ends_with("Errors") && named("...Errors"), "{name}");
    }
}

#[test]
fn what_outlives_the_stack_is_told() {
    let (_, removal) = README.split_once("### Removal of the stack").unwrap();
    for (name, resource) in template()["Resources"].as_object().unwrap() {
        let is_kept = resource["DeletionPolicy"] == "Retain";
        assert_eq!(removal.contains(&format!("\n| `{name}` |")), is_kept, "{name}");
    }
}
