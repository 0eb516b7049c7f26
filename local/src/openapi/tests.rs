use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde_json::{Value, json};
use shared::api::{Method, Param, Role, Route, schema_of};

use super::{document, path_names};

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Gadget {
    /// Its parts.
    parts: Vec<Part>,
    note: Option<String>,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Part {
    n_screws: u32,
}

const READ: Route = Route {
    method: Method::Get,
    path: "/v1/shops/{shop}/gadgets/{id}",
    function: "gadgets",
    operation: "getGadget",
    about: "One gadget.",
    role: Role::Reader,
    query: &[Param { name: "depth", about: "How deep.", is_required: false, schema: schema_of::<u8> }],
    is_repeatable: false,
    request: None,
    response: (200, Some(schema_of::<Gadget>)),
};
const WRITE: Route = Route {
    method: Method::Put,
    operation: "putGadget",
    role: Role::Admin,
    query: &[],
    is_repeatable: true,
    request: Some(schema_of::<Gadget>),
    response: (204, None),
    ..READ
};
const EXPORT: Route =
    Route { path: "/v1/export", operation: "exportGadgets", query: &[], response: (200, None), ..READ };

/// What is wrong with a document.
fn faults(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut references = Vec::new();
    collect_references(document, &mut references);
    for reference in references {
        if document.pointer(reference.trim_start_matches('#')).is_none() {
            faults.push(format!("{reference} leads nowhere"));
        }
    }
    let mut operations = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            if !operations.insert(id) {
                faults.push(format!("operation {id} is there twice"));
            }
            let declared: BTreeSet<&str> = of_path(operation).collect();
            if declared != path_names(path).collect() {
                faults.push(format!("{id} declares {declared:?} for {path}"));
            }
            if operation["x-lci-function"].as_str().unwrap().is_empty() {
                faults.push(format!("{id} belongs to no function"));
            }
        }
    }
    faults
}

fn of_path(operation: &Value) -> impl Iterator<Item = &str> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters
        .filter(|parameter| parameter["in"] == "path")
        .filter_map(|parameter| parameter["name"].as_str())
}

fn collect_references<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect_references(value, references)),
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| collect_references(value, references));
        }
        _ => {}
    }
}

#[test]
fn routes_become_operations() {
    let document = document(&[&READ, &WRITE, &EXPORT]);
    assert_eq!(faults(&document), Vec::<String>::new());
    let (read, write) = {
        let of_path = &document["paths"][READ.path];
        (&of_path["get"], &of_path["put"])
    };
    assert_eq!(of_path(read).collect::<Vec<_>>(), ["shop", "id"]);
    assert_eq!(read["parameters"][2]["name"], "depth");
    assert_eq!(read["parameters"].as_array().unwrap().len(), 3);
    let reference = json!({"$ref": "#/components/schemas/Gadget"});
    assert_eq!(read["responses"]["200"]["content"]["application/json"]["schema"], reference);
    assert_eq!(write["requestBody"]["content"]["application/json"]["schema"], reference);
    assert_eq!(write["parameters"][2]["$ref"], "#/components/parameters/IdempotencyKey");
    assert_eq!((&write["x-lci-function"], &write["x-lci-role"]), (&json!("gadgets"), &json!("admin")));
    assert_eq!(write["responses"]["204"], json!({"description": "Done."}));
    assert!(document["paths"][EXPORT.path]["get"]["responses"]["200"]["content"]["text/csv"].is_object());
    assert_eq!(document["components"]["schemas"]["Part"]["required"], json!(["n_screws"]));
}

#[test]
fn every_code_is_documented() {
    let document = document(&[]);
    let error = &document["components"]["responses"]["Error"];
    for line in ["- 401 `unauthorized`", "- 409 `version_conflict`", "- 429 `held_off`"] {
        assert!(error["description"].as_str().unwrap().contains(line), "{line}");
    }
    let reference = &error["content"]["application/json"]["schema"]["anyOf"][0]["$ref"];
    assert_eq!(reference, "#/components/schemas/Envelope");
}

#[test]
fn faults_are_found() {
    let twice = document(&[&READ, &Route { path: "/v1/other", ..EXPORT }, &EXPORT]);
    assert_eq!(faults(&twice).len(), 1, "{:?}", faults(&twice));
    let mut broken = document(&[&READ]);
    broken["components"]["schemas"]["Gadget"]["properties"]["parts"]["items"]["$ref"] = json!("#/nowhere");
    broken["paths"][READ.path]["get"]["parameters"] = json!([]);
    assert_eq!(faults(&broken).len(), 2, "{:?}", faults(&broken));
}

#[test]
fn the_committed_document_is_that_of_the_routes() {
    let document = document(&crate::functions::routes());
    assert_eq!(faults(&document), Vec::<String>::new());
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../admin/openapi.json");
    let committed: Option<Value> =
        std::fs::read_to_string(file).ok().and_then(|text| serde_json::from_str(&text).ok());
    assert!(
        committed.as_ref() == Some(&document),
        "admin/openapi.json is not that of the routes; renew it: cargo run -- openapi > admin/openapi.json"
    );
}
