//! The template as JSON; short forms such as `!Ref X` are read as their text.

use serde_json::Value;

const TEMPLATE: &str = include_str!("../../../../infra/template.yaml");

/// The whole template.
pub(crate) fn template() -> Value {
    serde_saphyr::from_str(TEMPLATE).unwrap()
}

/// Names and properties of all resources of a type.
pub(crate) fn resources(kind: &str) -> Vec<(String, Value)> {
    let template = template();
    let all = template["Resources"].as_object().unwrap();
    let found = all.iter().filter(|(_, resource)| resource["Type"] == kind);
    found.map(|(name, resource)| (name.clone(), resource["Properties"].clone())).collect()
}

/// The properties of one resource.
pub(crate) fn properties(name: &str) -> Value {
    template()["Resources"][name]["Properties"].clone()
}

/// The default of a parameter, as a number.
pub(crate) fn default_number(parameter: &str) -> u64 {
    template()["Parameters"][parameter]["Default"].as_u64().unwrap()
}

/// The texts of a list, or the one text that stands in its place.
pub(crate) fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map_or_else(
        || value.as_str().into_iter().collect(),
        |list| list.iter().filter_map(Value::as_str).collect(),
    )
}
