//! What the service refuses, one line each.

use crate::client::{all, world};
use serde_json::{Value, json};

/// Verb, path, body, status, and what the answer must say.
type Case = (&'static str, String, Option<Value>, u16, &'static str);

fn query_cases() -> Vec<Case> {
    let ci = |filter: Value| Some(json!({ "filter": filter }));
    let many: Vec<i64> = (0..501).collect();
    let ors: Vec<Value> = (0..501).map(|n| json!({"op": "eq", "field": "id", "value": n})).collect();
    let mut cases: Vec<Case> = Vec::new();
    let mut add = |body: Option<Value>, says: &'static str| {
        for route in ["query", "query/count"] {
            cases.push(("POST", format!("ConfigurationItems/{route}"), body.clone(), 500, says));
        }
    };
    add(
        ci(json!([{"op": "eq", "field": "nope", "value": 1}])),
        "Unable to find nope in the InstalledProduct Entity",
    );
    add(
        ci(json!([{"op": "eq", "field": "userDefinedFields", "value": 1}])),
        "Unable to find userDefinedFields",
    );
    add(ci(json!([{"op": "eq", "field": "isActive", "value": 1}])), "must be true or false");
    add(ci(json!([{"op": "eq", "field": "isActive", "value": "true"}])), "must be true or false");
    add(ci(json!([{"op": "eq", "field": "isActive", "value": null}])), "use exist or notExist");
    add(ci(json!([{"op": "eq", "field": "contactID", "value": null}])), "use exist or notExist");
    add(ci(json!([{"op": "eq", "field": "contactID", "value": "abc"}])), "not valid");
    add(ci(json!([{"op": "eq", "field": "companyID", "value": 3_000_000_000_i64}])), "Int32");
    add(ci(json!([{"op": "gt", "field": "lastModifiedTime", "value": "soon"}])), "not valid");
    add(ci(json!([{"op": "in", "field": "id", "value": 5}])), "list of values");
    add(ci(json!([{"op": "in", "field": "id", "value": many}])), "limited to 500 or fewer 'OR' conditions");
    add(ci(json!([{"op": "or", "items": ors}])), "limited to 500 or fewer 'OR' conditions");
    add(ci(json!([])), "filter");
    add(Some(json!({"MaxRecords": 5})), "filter is missing");
    add(ci(json!([{"op": "eq", "field": "No Such", "udf": true, "value": "1"}])), "Unable to find No Such");
    add(ci(json!([{"op": "eq", "field": "BIOS Password", "udf": true, "value": "1"}])), "cannot be queried");
    let two = json!([{"op": "eq", "field": "Purchase Order", "udf": true, "value": "1"}, {"op": "exist", "field": "Lifecycle Stage", "udf": true}]);
    add(ci(two), "one user-defined field");
    for size in [json!(0), json!(501), json!(-1), json!("many")] {
        add(Some(json!({"MaxRecords": size, "filter": all()})), "must be between 1 and 500");
    }
    add(
        Some(json!({"filter": all(), "IncludeFields": ["id", "nope"]})),
        "Unable to find nope in the InstalledProduct",
    );
    add(
        Some(json!({"filter": all(), "IncludeFields": ["id", "userDefinedFields"]})),
        "Unable to find userDefinedFields",
    );
    cases
}

fn route_cases() -> Vec<Case> {
    let verb = "The requested resource does not support http method";
    let row = || Some(json!({"id": 10_421, "serialNumber": "x"}));
    vec![
        ("GET", "Companies".to_owned(), None, 405, verb),
        ("DELETE", "ConfigurationItems/10421".to_owned(), None, 405, verb),
        ("DELETE", "Companies/174".to_owned(), None, 405, verb),
        ("PATCH", "ConfigurationItems/10421".to_owned(), row(), 405, verb),
        ("PUT", "ConfigurationItems/query".to_owned(), row(), 405, verb),
        ("POST", "ConfigurationItems/entityInformation/fields".to_owned(), row(), 405, verb),
        ("POST", "ContractServiceUnits".to_owned(), row(), 405, verb),
        ("DELETE", "Contracts/105/Services/101".to_owned(), None, 405, verb),
        ("POST", "Contacts".to_owned(), row(), 404, "No HTTP resource"),
        ("PATCH", "Contacts".to_owned(), row(), 404, "No HTTP resource"),
        ("PUT", "Contacts".to_owned(), row(), 404, "No HTTP resource"),
        ("PATCH", "ContractServices".to_owned(), row(), 404, "No HTTP resource"),
        ("GET", "Nonsense/1".to_owned(), None, 404, "No HTTP resource"),
        ("GET", "/atservicesrest/V2.0/zoneInformation?user=x".to_owned(), None, 404, "No HTTP resource"),
        (
            "GET",
            "zoneInformation?user=nobody".to_owned(),
            None,
            500,
            "Zone information could not be determined",
        ),
        ("GET", "zoneInformation".to_owned(), None, 500, "Zone information could not be determined"),
        ("GET", "Companies/999999/Contacts".to_owned(), None, 404, ""),
        ("GET", "Companies/query".to_owned(), None, 500, "search parameter"),
        ("GET", format!("Companies/query?search={}", "x".repeat(2048)), None, 404, "<html>"),
        (
            "POST",
            "Companies/query/next?paging=nonsense".to_owned(),
            Some(json!({"filter": all()})),
            500,
            "paging",
        ),
    ]
}

#[tokio::test]
async fn everything_that_is_refused_says_so() {
    let world = world().await;
    for (method, path, body, status, says) in query_cases().into_iter().chain(route_cases()) {
        let reply = world.call(method, &path, body.as_ref()).await;
        let text = reply.text();
        assert_eq!(reply.status, status, "{method} {path} {body:?}: {text}");
        assert!(text.contains(says), "{method} {path} {body:?}: {text}");
    }
}

#[tokio::test]
async fn refusals_are_logged_with_their_reason() {
    let world = world().await;
    world.get("Companies").await;
    let refusals = world.control.counters().refusals;
    assert_eq!(refusals.len(), 1);
    assert_eq!(
        (refusals[0].status, refusals[0].request.as_str()),
        (405, "GET /atservicesrest/v1.0/Companies")
    );
}
