//! Both kinds of paging URLs.

use crate::client::{World, all, world, world_with};
use autotask_simulator::{Config, Entity, Sizes};
use serde_json::{Value, json};

fn next(page: &Value) -> Option<String> {
    page["pageDetails"]["nextPageUrl"].as_str().map(str::to_owned)
}

async fn walk_by_post(world: &World, body: &Value) -> Vec<i64> {
    let mut reply = world.post("ConfigurationItems/query", body.clone()).await;
    let mut ids = reply.ids();
    while let Some(url) = next(&reply.json()) {
        reply = world.post(&url, body.clone()).await;
        ids.extend(reply.ids());
    }
    ids
}

#[tokio::test]
async fn post_pages_are_walked_with_the_same_body() {
    let world = world().await;
    let body = json!({"MaxRecords": 7, "filter": all()});
    assert_eq!(walk_by_post(&world, &body).await, world.control.ids(Entity::ConfigurationItems));
}

#[tokio::test]
async fn get_on_the_next_page_of_a_post_is_405() {
    let world = world().await;
    let page = world.post("Companies/query", json!({"MaxRecords": 2, "filter": all()})).await.json();
    let url = next(&page).unwrap();
    let reply = world.get(&url).await;
    assert_eq!(reply.status, 405);
    assert_eq!(reply.json()["Message"], "The requested resource does not support http method 'GET'.");
    assert_eq!(world.post(&url, json!({})).await.status, 500, "the body is needed again");
}

#[tokio::test]
async fn get_pages_are_walked_with_get() {
    let world = world().await;
    let search = "%7B%22MaxRecords%22%3A5%2C%22filter%22%3A%5B%7B%22op%22%3A%22gte%22%2C%22field%22%3A%22id%22%2C%22value%22%3A0%7D%5D%7D";
    let mut reply = world.get(&format!("Companies/query?search={search}")).await;
    let mut ids = reply.ids();
    while let Some(url) = next(&reply.json()) {
        assert_eq!(world.post(&url, json!({"filter": all()})).await.status, 405);
        reply = world.get(&url).await;
        ids.extend(reply.ids());
    }
    assert_eq!(ids, world.control.ids(Entity::Companies));
    let count = world.get(&format!("Companies/query/count?search={search}")).await.json();
    assert_eq!(count["queryCount"], ids.len());
}

#[tokio::test]
async fn page_details_count_the_page_and_lead_back() {
    let world = world().await;
    let body = json!({"MaxRecords": 4, "filter": all()});
    let first = world.post("Companies/query", body.clone()).await;
    let page = first.json();
    assert_eq!(page["pageDetails"]["count"], 4);
    assert_eq!(page["pageDetails"]["requestCount"], 4);
    assert!(page["pageDetails"]["prevPageUrl"].is_null());
    let second = world.post(&next(&page).unwrap(), body.clone()).await.json();
    let back = second["pageDetails"]["prevPageUrl"].as_str().unwrap().to_owned();
    assert_eq!(world.post(&back, body).await.ids(), first.ids());
}

#[tokio::test]
async fn keyset_by_id_sees_every_row_once() {
    let world = world().await;
    let (mut ids, mut last): (Vec<i64>, i64) = (Vec::new(), -1);
    loop {
        let filter = json!([{"op": "gt", "field": "id", "value": last}]);
        let page =
            world.post("ConfigurationItems/query", json!({"MaxRecords": 9, "filter": filter})).await.ids();
        ids.extend(&page);
        if page.len() < 9 {
            break;
        }
        last = *ids.last().unwrap();
    }
    assert_eq!(ids, world.control.ids(Entity::ConfigurationItems));
}

#[tokio::test]
async fn more_than_500_rows_need_the_id() {
    let sizes = Sizes { assets: 501, ..Config::small().sizes };
    let world = world_with(Config { sizes, ..Config::small() }).await;
    let body = |fields: Value| json!({"filter": all(), "IncludeFields": fields});
    assert_eq!(world.post("ConfigurationItems/query", body(json!(["companyID"]))).await.status, 500);
    assert_eq!(world.post("ConfigurationItems/query", body(json!(["companyID", "id"]))).await.status, 200);
    assert_eq!(world.post("Companies/query", body(json!(["companyName"]))).await.status, 200);
    let page = world.query("ConfigurationItems", all()).await;
    assert_eq!(page.ids().len(), 500);
    assert!(next(&page.json()).is_some());
}

#[tokio::test]
async fn children_are_those_of_the_parent() {
    let world = world().await;
    let rows = world.control.truth(Entity::Contacts);
    let company = rows[0]["companyID"].as_i64().unwrap();
    let expected: Vec<i64> = rows
        .iter()
        .filter(|row| row["companyID"] == company)
        .map(|row| row["id"].as_i64().unwrap())
        .collect();
    assert_eq!(world.get(&format!("Companies/{company}/contacts")).await.ids(), expected);
    let one = world.get(&format!("Companies/{company}/Contacts/{}", expected[0])).await.json();
    assert_eq!(one["item"]["id"], expected[0]);
}
