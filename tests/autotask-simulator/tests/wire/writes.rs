//! POST, PATCH, PUT and DELETE.

use crate::client::{World, world, world_with};
use autotask_simulator::{CallKind, Config, Entity};
use serde_json::{Value, json};

const CIS: Entity = Entity::ConfigurationItems;

async fn patch(world: &World, body: Value) -> (u16, String) {
    let reply = world.call("PATCH", "ConfigurationItems", Some(&body)).await;
    (reply.status, reply.text())
}

fn first(world: &World) -> i64 {
    world.control.ids(CIS)[0]
}

fn row(world: &World, id: i64) -> Value {
    world.control.record(CIS, id).unwrap()
}

#[tokio::test]
async fn patch_changes_what_was_sent_and_stamps_the_row() {
    let world = world().await;
    let id = first(&world);
    let before = row(&world, id);
    world.control.set_clock("2026-11-21T03:04:05.6Z").unwrap();
    world.control.freeze_clock(true);
    let now = world.control.now();
    let body = json!({"ID": id, "WarrantyExpirationDate": "2027-03-01T23:30:00-05:00"});
    assert_eq!(patch(&world, body).await, (200, format!("{{\"itemId\":{id}}}")));
    let after = row(&world, id);
    assert_eq!(after["warrantyExpirationDate"], "2027-03-01T00:00:00Z");
    assert_eq!(after["lastModifiedTime"], now);
    for (name, value) in before.as_object().unwrap() {
        if name != "warrantyExpirationDate" && name != "lastModifiedTime" {
            assert_eq!(&after[name], value, "{name}");
        }
    }
    patch(&world, json!({"id": id, "warrantyExpirationDate": null})).await;
    assert!(row(&world, id)["warrantyExpirationDate"].is_null());
    assert_eq!(world.control.version(CIS, id), Some(3));
    let counters = world.control.counters();
    assert_eq!(counters.patches_by_asset[&id], 2);
    assert_eq!(counters.writes[0].fields, ["ID", "WarrantyExpirationDate"]);
}

#[tokio::test]
async fn patch_refuses_what_does_not_fit() {
    let world = world().await;
    let id = first(&world);
    let before = row(&world, id);
    let udf =
        |name: &str, value: Value| json!({"id": id, "userDefinedFields": [{"name": name, "value": value}]});
    let cases = [
        (json!({"serialNumber": "x"}), "Missing Required Field: id"),
        (json!({"id": 1, "serialNumber": "x"}), "No matching records found"),
        (
            json!({"id": id, "configurationItemType": 99}),
            "Picklist value [99] does not exist for configurationItemType.",
        ),
        (
            json!({"id": id, "contactID": 5}),
            "Reference value on field: contactID of type: Contact does not exist or is invalid.",
        ),
        (json!({"id": id, "productID": null}), "Missing Required Field: productID"),
        (json!({"id": id, "productID": true}), "Unexpected character encountered while parsing value: t"),
        (json!({"id": id, "installDate": "not a date"}), "Could not convert value to DateTime"),
        (json!({"id": id, "serialNumber": "x".repeat(101)}), "maximum length of 100"),
        (udf("No Such", json!("1")), "Unable to find the user-defined field No Such"),
        (udf("BIOS Password", json!("1")), "protected"),
        (udf("Purchase Order", json!("*****")), "protected"),
        (udf("Lifecycle Stage", json!("9")), "Picklist value [9] does not exist"),
        (udf("Lifecycle Stage", json!(true)), "must be a text"),
    ];
    for (body, says) in cases {
        let (status, text) = patch(&world, body.clone()).await;
        assert_eq!(status, 500, "{body}");
        assert!(text.contains(says), "{body}: {text}");
    }
    assert_eq!(row(&world, id), before);
    assert_eq!(world.control.version(CIS, id), Some(1));
}

#[tokio::test]
async fn read_only_fields_are_ignored() {
    let world = world().await;
    let id = first(&world);
    let before = row(&world, id);
    let body = json!({"id": id, "companyID": 0, "createDate": "2001-01-01", "rmmDeviceAuditHostname": "x", "noSuchMember": 1});
    assert_eq!(patch(&world, body).await.0, 200);
    let after = row(&world, id);
    for name in ["companyID", "createDate", "rmmDeviceAuditHostname"] {
        assert_eq!(after[name], before[name], "{name}");
    }
}

#[tokio::test]
async fn user_defined_fields_are_written_by_name() {
    let world = world().await;
    let id = first(&world);
    let body = json!({"id": id, "userDefinedFields": [{"Name": "lifecycle stage", "Value": "3"}]});
    assert_eq!(patch(&world, body).await.0, 200);
    let fields = row(&world, id)["userDefinedFields"].clone();
    assert!(
        fields.as_array().unwrap().contains(&json!({"name": "Lifecycle Stage", "value": "3"})),
        "{fields}"
    );
}

#[tokio::test]
async fn put_clears_every_writable_field_left_out() {
    let world = world().await;
    let id = first(&world);
    let before = row(&world, id);
    let short = json!({"id": id, "serialNumber": "S"});
    assert_eq!(
        world.call("PUT", "ConfigurationItems", Some(&short)).await.status,
        500,
        "required fields are missing"
    );
    let full = json!({"id": id, "serialNumber": "S", "productID": before["productID"], "isActive": true});
    assert_eq!(world.call("PUT", "ConfigurationItems", Some(&full)).await.status, 200);
    let after = row(&world, id);
    assert_eq!(after["serialNumber"], "S");
    for name in ["referenceTitle", "installDate", "warrantyExpirationDate", "location"] {
        assert!(after[name].is_null(), "{name}");
    }
    for name in ["companyID", "createDate", "rmmDeviceAuditHostname"] {
        assert_eq!(after[name], before[name], "{name}");
    }
}

#[tokio::test]
async fn create_needs_its_fields_and_gives_a_higher_id() {
    let world = world().await;
    let product = world.control.ids(Entity::Products)[0];
    let highest = *world.control.ids(CIS).last().unwrap();
    let reply = world.post("ConfigurationItems", json!({"companyID": 0})).await;
    assert_eq!(
        reply.json()["errors"].as_array().unwrap().len(),
        2,
        "productID and isActive: {}",
        reply.text()
    );
    let body =
        json!({"id": 0, "companyID": 0, "productID": product, "isActive": true, "referenceTitle": "new"});
    let created = world.post("ConfigurationItems", body).await.json();
    let id = created["itemId"].as_i64().unwrap();
    assert!(id > highest);
    let row = row(&world, id);
    assert!(row["createDate"].is_string() && row["lastModifiedTime"].is_null(), "{row}");
    assert_eq!(row["configurationItemCategoryID"], 2, "the global default");
    let company = world.post("Companies", json!({"companyName": "New"})).await;
    assert_eq!(company.json()["errors"].as_array().unwrap().len(), 3, "{}", company.text());
}

#[tokio::test]
async fn contacts_are_written_under_their_company() {
    let world = world().await;
    let company = world.control.ids(Entity::Companies)[1];
    let path = format!("Companies/{company}/Contacts");
    let truth = json!({"firstName": "A", "lastName": "B", "isActive": true});
    let reply = world.post(&path, truth).await;
    assert!(
        reply.text().contains("Unexpected character encountered while parsing value: t"),
        "{}",
        reply.text()
    );
    let body = json!({"firstName": "A", "lastName": "B", "isActive": 1});
    let id = world.post(&path, body).await.json()["itemId"].as_i64().unwrap();
    let row = world.control.record(Entity::Contacts, id).unwrap();
    assert_eq!((&row["companyID"], &row["isActive"]), (&json!(company), &json!(1)));
    let patch = json!({"id": id, "title": "Boss"});
    assert_eq!(
        world.call("PATCH", "Companies/0/Contacts", Some(&patch)).await.status,
        500,
        "another company"
    );
    assert_eq!(world.call("PATCH", &path, Some(&patch)).await.status, 200);
    assert_eq!(world.call("DELETE", &format!("Contacts/{id}"), None).await.status, 405);
    assert_eq!(world.call("DELETE", &format!("{path}/{id}"), None).await.status, 200);
    let again = world.call("DELETE", &format!("{path}/{id}"), None).await;
    assert_eq!(again.status, 500);
    assert!(again.text().contains("No matching records found"));
    assert_eq!(world.control.counters().by_kind[&CallKind::Delete], 3);
}

#[tokio::test]
async fn reads_may_lag_behind_writes() {
    let world = world_with(Config { read_after_write_lag_ms: 300, ..Config::small() }).await;
    let id = first(&world);
    let old = row(&world, id)["serialNumber"].clone();
    patch(&world, json!({"id": id, "serialNumber": "NEW"})).await;
    let path = format!("ConfigurationItems/{id}");
    assert_eq!(world.get(&path).await.json()["item"]["serialNumber"], old);
    assert_eq!(row(&world, id)["serialNumber"], "NEW");
    tokio::time::sleep(std::time::Duration::from_millis(320)).await;
    assert_eq!(world.get(&path).await.json()["item"]["serialNumber"], "NEW");
}

#[tokio::test]
async fn rows_that_point_at_inactive_contacts_may_be_frozen() {
    let world = world_with(Config { refuse_inactive_references: true, ..Config::small() }).await;
    let contact = world.control.ids(Entity::Contacts)[0];
    world.control.update(Entity::Contacts, contact, json!({"isActive": 0})).unwrap();
    let id = first(&world);
    world.control.update(CIS, id, json!({"contactID": contact})).unwrap();
    let (status, text) = patch(&world, json!({"id": id, "serialNumber": "x"})).await;
    assert_eq!(status, 500);
    assert!(text.contains("contactID of type: Contact does not exist or is invalid"), "{text}");
}
