//! What the service refuses, one line each.

use crate::client::world;
use serde_json::{Value, json};

/// Verb, path, body, status, and what the answer must say.
type Case = (&'static str, &'static str, Option<Value>, u16, &'static str);

fn arguments() -> Vec<Case> {
    let number = "Must be a number.";
    let list = |path, status, says| ("GET", path, None, status, says);
    vec![
        list("/organizations?page[size]=1001", 422, "less than or equal to 1000"),
        list("/organizations?page[size]=0", 422, "greater than 0"),
        list("/organizations?page[size]=all", 400, number),
        list("/organizations?page[number]=0", 422, "greater than 0"),
        list("/organizations?page[number]=-1", 400, number),
        list("/organizations?page%5Bnumber%5D=x", 400, number),
        list("/organizations?sort=status", 400, "Must be one of: `name`, `id`"),
        list("/organizations?sort=--id", 400, "Must be one of: `name`, `id`"),
        list("/organizations?filter[id]=one", 400, number),
        list("/organizations?filter[organization_type_id]=Customer", 400, number),
        list("/organizations?filter[updated_at]=2026-01-01", 400, "Must be a range"),
        list("/organizations?filter[nope]=1", 400, "is not a filter"),
        list("/organization_types?page[size]=5000", 422, "less than or equal to 1000"),
    ]
}

fn routes() -> Vec<Case> {
    let body = || Some(json!({"data": {"type": "organizations", "attributes": {"name": "X"}}}));
    vec![
        ("GET", "/", None, 404, "Resource not found"),
        ("GET", "/v2/organizations", None, 404, "Resource not found"),
        ("GET", "/organizations/1/locations", None, 404, "Resource not found"),
        ("GET", "/passwords", None, 404, "Resource not found"),
        ("GET", "/organizations/999", None, 404, "Record not found"),
        ("GET", "/organizations/nobody", None, 404, "Record not found"),
        ("GET", "/organization_types/1", None, 404, "Record not found"),
        ("DELETE", "/organizations", None, 404, "Resource not found"),
        ("PUT", "/organizations/1", body(), 404, "Resource not found"),
        ("PATCH", "/organizations/999", body(), 404, "Record not found"),
        ("POST", "/organization_types", body(), 404, "Resource not found"),
        ("POST", "/organizations", Some(json!([1])), 400, "data[type]"),
        ("POST", "/organizations", Some(json!({"data": {"type": "companies"}})), 400, "data[type]"),
        ("POST", "/organizations", Some(json!({"data": {"type": "organizations"}})), 400, "Must be a Hash"),
        (
            "POST",
            "/organizations",
            Some(json!({"data": {"type": "organizations", "attributes": {"alert": "x"}}})),
            422,
            "can't be blank",
        ),
        (
            "POST",
            "/organizations",
            Some(json!({"data": {"type": "organizations", "attributes": {"name": "x", "shoe-size": 4}}})),
            422,
            "shoe-size",
        ),
        (
            "POST",
            "/organizations",
            Some(
                json!({"data": {"type": "organizations", "attributes": {"name": "x", "organization-type-id": 1}}}),
            ),
            422,
            "does not exist",
        ),
    ]
}

#[tokio::test]
async fn everything_that_is_refused_says_so() {
    let world = world().await;
    let n_before = world.control.ids().len();
    for (method, path, body, status, says) in arguments().into_iter().chain(routes()) {
        let reply = world.call(method, path, body.as_ref()).await;
        let text = reply.text();
        assert_eq!(reply.status, status, "{method} {path} {body:?}: {text}");
        assert!(text.contains(says), "{method} {path} {body:?}: {text}");
        let error = &reply.json()["errors"][0];
        assert_eq!(error["status"], status.to_string(), "{text}");
        assert!(error["title"].is_string() && error["detail"].is_string(), "{text}");
    }
    assert_eq!(world.control.ids().len(), n_before);
}

#[tokio::test]
async fn refusals_are_logged_with_their_reason() {
    let world = world().await;
    world.get("/organizations/999?x=1").await;
    let refusals = world.control.counters().refusals;
    assert_eq!(refusals.len(), 1);
    assert_eq!((refusals[0].status, refusals[0].request.as_str()), (404, "GET /organizations/999"));
}

#[tokio::test]
async fn the_status_within_an_error_may_be_a_number() {
    let world = world().await;
    world.control.configure(|config| config.is_error_status_text = false);
    assert_eq!(world.get("/organizations/999").await.json()["errors"][0]["status"], 404);
}

#[tokio::test]
async fn writes_need_their_media_type_and_leave_synced_records_alone() {
    let mut world = world().await;
    let body = json!({"data": {"type": "organizations", "attributes": {"name": "Written"}}});
    let created = world.post("/organizations", body.clone()).await;
    assert_eq!(created.status, 201);
    let id = created.json()["data"]["id"].as_str().unwrap().to_owned();
    let path = format!("/organizations/{id}");
    assert_eq!(world.call("PATCH", &path, Some(&body)).await.status, 200);
    let is_synced = |row: &&Value| row["attributes"]["psa-integration"] == "enabled";
    let synced = world.control.truth().iter().find(is_synced).unwrap()["id"].as_str().unwrap().to_owned();
    let reply = world.call("PATCH", &format!("/organizations/{synced}"), Some(&body)).await;
    assert_eq!((reply.status, reply.text().contains("synced with a PSA")), (422, true));
    world.content_type = "application/json";
    assert_eq!(world.post("/organizations", body).await.status, 415);
    assert_eq!(world.control.counters().writes, 4);
}
