//! Pages, orders and filters.

use crate::client::{Reply, World, world, world_with};
use itglue_simulator::{Config, Edit, Plan};
use serde_json::{Value, json};

/// Follows `links.next` to the end.
async fn walk(world: &World, first: &str) -> Vec<Reply> {
    let mut pages = vec![world.get(first).await];
    while let Some(next) = pages.last().unwrap().json()["links"]["next"].as_str() {
        let reply = world.get(next).await;
        assert_eq!(reply.status, 200, "{next}");
        pages.push(reply);
    }
    pages
}

#[tokio::test]
async fn pages_say_where_they_are_and_together_they_are_everything() {
    let world = world_with(Config { n_own: 122, ..Config::small() }).await;
    let pages = walk(&world, "/organizations?sort=id&page[size]=50").await;
    let ids: Vec<i64> = pages.iter().flat_map(Reply::ids).collect();
    assert_eq!(ids, world.control.ids());
    let sizes: Vec<usize> = pages.iter().map(|page| page.ids().len()).collect();
    assert_eq!(sizes, [50, 50, 23]);
    let meta: Vec<Value> = pages.iter().map(|page| page.json()["meta"].clone()).collect();
    let expected = |number: i64, next: Value, previous: Value| json!({"current-page": number, "next-page": next, "prev-page": previous, "total-pages": 3, "total-count": 123, "filters": {}});
    assert_eq!(meta[0], expected(1, json!(2), Value::Null));
    assert_eq!(meta[1], expected(2, json!(3), json!(1)));
    assert_eq!(meta[2], expected(3, Value::Null, json!(2)));
    assert_eq!(pages[0].header("content-type").as_deref(), Some("application/vnd.api+json; charset=utf-8"));
    let beyond = world.get("/organizations?page[number]=9&page[size]=1000").await;
    assert_eq!((beyond.status, beyond.ids().len()), (200, 0));
}

#[tokio::test]
async fn fifty_rows_are_a_page_and_a_thousand_the_largest() {
    let world = world_with(Config { n_own: 1_200, ..Config::small() }).await;
    assert_eq!(world.get("/organizations").await.ids().len(), 50);
    assert_eq!(world.get("/organizations?page[size]=1000").await.ids().len(), 1_000);
}

#[tokio::test]
async fn a_record_is_as_on_the_fact_sheet() {
    let world = world().await;
    let id = world.control.ids()[3];
    let reply = world.get(&format!("/organizations/{id}")).await.json();
    let data = &reply["data"];
    assert_eq!((data["id"].clone(), data["type"].clone()), (json!(id.to_string()), json!("organizations")));
    let attributes = data["attributes"].as_object().unwrap();
    for name in [
        "name",
        "description",
        "organization-type-id",
        "organization-type-name",
        "organization-status-id",
        "organization-status-name",
        "primary",
        "quick-notes",
        "short-name",
        "alert",
        "psa-integration",
        "my-glue",
        "created-at",
        "updated-at",
    ] {
        assert!(attributes.contains_key(name), "{name}");
    }
    assert!(attributes["updated-at"].as_str().unwrap().ends_with("Z"));
}

#[tokio::test]
async fn orders_and_filters_do_what_they_say() {
    let world = world_with(Config { n_own: 60, ..Config::small() }).await;
    let column = async |query: &str, name: &str| -> Vec<String> {
        let rows = world.get(&format!("/organizations?page[size]=1000&{query}")).await.json();
        let rows = rows["data"].as_array().unwrap().clone();
        rows.iter().map(|row| row["attributes"][name].as_str().unwrap_or("null").to_owned()).collect()
    };
    let n_all = world.control.ids().len();
    for (sort, name) in [("name", "name"), ("created_at", "created-at"), ("updated-at", "updated-at")] {
        let ascending = column(&format!("sort={sort}"), name).await;
        assert!(ascending.is_sorted() && ascending.len() == n_all, "{sort}");
        let descending = column(&format!("sort=-{sort}"), name).await;
        assert!(descending.iter().rev().is_sorted(), "{sort}");
    }
    let ids = world.control.ids();
    let by_id = async |query: String| world.get(&format!("/organizations?{query}")).await.ids();
    assert_eq!(by_id("sort=-id&page[size]=1".to_owned()).await, [*ids.last().unwrap()]);
    assert_eq!(by_id(format!("filter[id]={},{}&sort=id", ids[2], ids[5])).await, [ids[2], ids[5]]);
    assert_eq!(by_id(format!("filter[exclude][id]={}&page[size]=1000", ids[2])).await.len(), n_all - 1);
    let active = column("filter[organization_status_id]=15", "organization-status-name").await;
    let rest = column("filter[exclude][organization_status_id]=15", "organization-status-name").await;
    assert!(!active.is_empty() && active.iter().all(|name| name == "Active"));
    assert_eq!(active.len() + rest.len(), n_all);
    assert!(rest.contains(&"null".to_owned()) && rest.contains(&"Inactive".to_owned()));
    let name = world.control.record(ids[4]).unwrap()["attributes"]["name"].as_str().unwrap().to_owned();
    let part = name.split(' ').next().unwrap().replace('&', "%26");
    assert!(column(&format!("filter[name]={part}"), "name").await.contains(&name));
    world.control.set_clock("2027-01-01T00:00:00Z").unwrap();
    world.control.rename(ids[4], "Renamed").unwrap();
    assert_eq!(by_id("filter[updated_at]=2026-12-31,*".to_owned()).await, [ids[4]]);
    assert_eq!(
        by_id("filter[updated-at]=*,2026-12-31&page[size]=1000&sort=id".to_owned()).await.len(),
        n_all - 1
    );
}

#[tokio::test]
async fn types_and_statuses_are_lists_too() {
    let world = world().await;
    for (path, kind, n_rows) in [
        ("/organization_types", "organization-types", 5),
        ("/organization_statuses", "organization-statuses", 3),
    ] {
        let list = world.get(path).await.json();
        assert_eq!(list["meta"]["total-count"], n_rows);
        assert_eq!(list["data"][0]["type"], kind);
        let id = list["data"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(world.get(&format!("{path}/{id}")).await.json()["data"], list["data"][0]);
    }
}

#[tokio::test]
async fn pages_shift_when_rows_come_and_go_between_them() {
    let world = world_with(Config { n_own: 8, ..Config::small() }).await;
    let ids = world.control.ids();
    let removed = Plan { after_page: 1, edits: vec![Edit::Remove { id: ids[0] }] };
    world.control.plan(removed);
    let pages = walk(&world, "/organizations?sort=id&page[size]=3").await;
    let seen: Vec<i64> = pages.iter().flat_map(Reply::ids).collect();
    assert!(!seen.contains(&ids[3]), "the row that slipped to the first page is not seen");
    let first_name = Edit::Add { id: Some(1), attributes: json!({"name": "A"}).as_object().unwrap().clone() };
    world.control.plan(Plan { after_page: 1, edits: vec![first_name] });
    let pages = walk(&world, "/organizations?sort=id&page[size]=3").await;
    let seen: Vec<i64> = pages.iter().flat_map(Reply::ids).collect();
    assert_eq!(seen.iter().filter(|id| **id == ids[3]).count(), 2, "{seen:?}");
    assert!(world.control.counters().refusals.is_empty());
}
