//! What queries answer.

use crate::client::{all, world, world_with};
use autotask_simulator::{Config, DateStyle, Entity};
use serde_json::{Value, json};

/// Ids of the rows of the truth that a predicate takes.
fn expected(rows: &[Value], takes: impl Fn(&Value) -> bool) -> Vec<i64> {
    rows.iter().filter(|row| takes(row)).map(|row| row["id"].as_i64().unwrap()).collect()
}

fn lower(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_lowercase()
}

#[tokio::test]
async fn operators_select_what_they_say() {
    let world = world().await;
    let rows = world.control.truth(Entity::ConfigurationItems);
    let cut = "2026-01-01T00:00:00Z";
    let title = "lt-0001";
    let is_text = |row: &Value| row["referenceTitle"].is_string();
    let cases: Vec<(Value, Vec<i64>)> = vec![
        (
            json!([{"op": "eq", "field": "ISACTIVE", "value": true}]),
            expected(&rows, |r| r["isActive"] == true),
        ),
        (
            json!([{"op": "noteq", "field": "isActive", "value": true}]),
            expected(&rows, |r| r["isActive"] == false),
        ),
        (json!([{"op": "exist", "field": "contactID"}]), expected(&rows, |r| !r["contactID"].is_null())),
        (json!([{"op": "notExist", "field": "contactID"}]), expected(&rows, |r| r["contactID"].is_null())),
        (
            json!([{"op": "gte", "field": "lastModifiedTime", "value": cut}]),
            expected(&rows, |r| r["lastModifiedTime"].as_str() >= Some(cut)),
        ),
        (
            json!([{"op": "contains", "field": "referenceTitle", "value": "pc"}]),
            expected(&rows, |r| lower(&r["referenceTitle"]).contains("pc")),
        ),
        (
            json!([{"op": "beginsWith", "field": "referenceTitle", "value": "LT-0001"}]),
            expected(&rows, |r| is_text(r) && lower(&r["referenceTitle"]).starts_with(title)),
        ),
        (
            json!([{"op": "endsWith", "field": "referenceTitle", "value": "9"}]),
            expected(&rows, |r| lower(&r["referenceTitle"]).ends_with('9')),
        ),
        (
            json!([{"op": "in", "field": "configurationItemType", "value": [1, "3"]}]),
            expected(&rows, |r| r["configurationItemType"] == 1 || r["configurationItemType"] == 3),
        ),
        (
            json!([{"op": "notIn", "field": "configurationItemType", "value": [1, 3]}]),
            expected(&rows, |r| r["configurationItemType"].as_i64().is_some_and(|t| t != 1 && t != 3)),
        ),
        (
            json!([{"op": "or", "items": [{"op": "eq", "field": "configurationItemType", "value": 2}, {"op": "and", "items": [{"op": "eq", "field": "isActive", "value": false}, {"op": "exist", "field": "installDate"}]}]}]),
            expected(&rows, |r| {
                r["configurationItemType"] == 2 || (r["isActive"] == false && !r["installDate"].is_null())
            }),
        ),
        (
            json!([{"op": "eq", "field": "lifecycle stage", "udf": true, "value": "2"}]),
            expected(&rows, |r| {
                r["userDefinedFields"]
                    .as_array()
                    .unwrap()
                    .contains(&json!({"name": "Lifecycle Stage", "value": "2"}))
            }),
        ),
    ];
    for (filter, ids) in cases {
        assert!(!ids.is_empty(), "{filter} tests nothing");
        assert_eq!(world.query("ConfigurationItems", filter.clone()).await.ids(), ids, "{filter}");
        assert_eq!(world.count("ConfigurationItems", filter.clone()).await, ids.len() as i64, "{filter}");
    }
}

#[tokio::test]
async fn text_is_compared_without_case() {
    let world = world().await;
    let id = world.control.insert(Entity::Companies, json!({"companyName": "ÉCOLE & Fils"})).unwrap();
    let filter = json!([{"op": "eq", "field": "companyname", "value": "école & FILS"}]);
    assert_eq!(world.query("companies", filter).await.ids(), [id]);
}

#[tokio::test]
async fn unknown_operator_answers_everything_and_is_noted() {
    let world = world().await;
    let filter = json!([{"op": "ne", "field": "isActive", "value": true}]);
    assert_eq!(world.query("Companies", filter).await.ids(), world.control.ids(Entity::Companies));
    let dropped = world.control.counters().dropped_operators;
    assert_eq!(dropped.len(), 1);
    assert_eq!(dropped[0].operators, ["ne"]);
}

#[tokio::test]
async fn paths_keys_and_fields_ignore_case_and_answers_are_canonical() {
    let world = world().await;
    let body = json!({"FILTER": [{"OP": "eq", "Field": "ID", "Value": 0}], "maxrecords": 1, "includefields": ["ID", "COMPANYNAME"]});
    let reply = world.post("/ATSERVICESREST//v1.0//companies/QUERY", body).await;
    let item = &reply.json()["items"][0];
    assert_eq!(item["id"], 0);
    assert!(item["companyName"].is_string());
    assert_eq!(item.as_object().unwrap().len(), 3, "{item}");
}

#[tokio::test]
async fn user_defined_fields_come_masked_and_by_switch() {
    let world = world().await;
    let body = || json!({"filter": all(), "IncludeFields": ["id"]});
    let with_values = world.post("ConfigurationItems/query", body()).await;
    assert!(with_values.text().contains("Lifecycle Stage"));
    assert!(with_values.text().contains("{\"name\":\"BIOS Password\",\"value\":\"*****\"}"));
    assert!(!with_values.text().contains("hunter2"));
    world.control.configure(|config| config.udf_only_when_included = true);
    assert!(!world.post("ConfigurationItems/query", body()).await.text().contains("Lifecycle Stage"));
    let listed = json!({"filter": all(), "IncludeFields": ["id", "userDefinedFields"]});
    assert!(world.post("ConfigurationItems/query", listed).await.text().contains("Lifecycle Stage"));
}

#[tokio::test]
async fn collection_is_left_out_when_no_row_has_a_value() {
    let world = world().await;
    let without = json!([{"op": "notExist", "field": "Lifecycle Stage", "udf": true}]);
    assert!(!world.query("ConfigurationItems", without).await.text().contains("userDefinedFields"));
    assert!(!world.query("Products", all()).await.text().contains("userDefinedFields"));
}

#[tokio::test]
async fn whole_rows_carry_every_field_of_the_table() {
    let world = world().await;
    let fields = world.get("ConfigurationItems/entityInformation/fields").await.json();
    let names: Vec<&str> =
        fields["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    let reply = world.query("ConfigurationItems", all()).await.json();
    for item in reply["items"].as_array().unwrap() {
        assert!(names.iter().all(|name| item.get(name).is_some()));
    }
    assert_eq!(names.len(), 112);
}

#[tokio::test]
async fn picklist_values_are_texts_and_inactive_ones_stay_listed() {
    let world = world().await;
    let reply = world.get("ConfigurationItems/entityInformation/fields").await.json();
    let fields = reply["fields"].as_array().unwrap();
    let kind = fields.iter().find(|field| field["name"] == "configurationItemType").unwrap();
    let values = kind["picklistValues"].as_array().unwrap();
    assert!(values.iter().all(|value| value["value"].is_string()));
    assert!(values.iter().any(|value| value["isActive"] == false));
    let udfs = world.get("ConfigurationItems/entityInformation/userDefinedFields").await.json();
    assert_eq!(udfs["fields"][0]["type"], "string");
}

#[tokio::test]
async fn dates_come_with_and_without_zone() {
    let world = world_with(Config { date_style: DateStyle::Zoneless, ..Config::small() }).await;
    let reply = world.query("ConfigurationItems", all()).await.json();
    for item in reply["items"].as_array().unwrap() {
        assert!(!item["createDate"].as_str().unwrap().ends_with('Z'));
        assert!(item["installDate"].as_str().is_none_or(|date| date.ends_with("T00:00:00")));
    }
}

#[tokio::test]
async fn a_missing_id_is_null_or_404() {
    let world = world().await;
    let reply = world.get("ConfigurationItems/1").await;
    assert_eq!((reply.status, reply.text().as_str()), (200, "{\"item\":null}"));
    world.control.configure(|config| config.is_missing_item_404 = true);
    assert_eq!(world.get("ConfigurationItems/1").await.status, 404);
    assert_eq!(world.get("Companies/0").await.json()["item"]["id"], 0);
}

#[tokio::test]
async fn answers_are_compressed_on_request() {
    let mut world = world().await;
    let plain = world.query("Companies", all()).await;
    assert_eq!(plain.header("content-encoding"), None);
    "deflate, gzip".clone_into(&mut world.accept_encoding);
    let packed = world.query("Companies", all()).await;
    assert_eq!(packed.header("content-encoding").as_deref(), Some("gzip"));
    assert_eq!(packed.body, plain.body);
}

#[tokio::test]
async fn a_field_that_cannot_be_queried_says_so() {
    let unqueryable = vec!["ConfigurationItems.lastModifiedTime".to_owned()];
    let world = world_with(Config { unqueryable, ..Config::small() }).await;
    let filter = json!([{"op": "exist", "field": "lastmodifiedtime"}]);
    assert_eq!(world.query("ConfigurationItems", filter).await.status, 500);
    let fields = world.get("ConfigurationItems/entityInformation/fields").await.json();
    let fields = fields["fields"].as_array().unwrap();
    let stamp = fields.iter().find(|field| field["name"] == "lastModifiedTime").unwrap();
    assert_eq!(stamp["isQueryable"], false);
}
