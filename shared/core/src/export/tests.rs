//! Tables of whole rows, and the laws of the columns.

use super::{columns, row};
use crate::catalogue::{Catalogue, Picklist};
use crate::entity::Entity;
use crate::model::Asset;
use crate::wire::PicklistValue;

/// The columns that the contract of `lci export` names, in its order.
fn promised(entity: Entity) -> &'static str {
    match entity {
        Entity::Companies => "id,name,is_active,type_id,phone,city,postal_code,web_address",
        Entity::Contacts => "id,company_id,first_name,last_name,email,is_active",
        Entity::Assets => {
            "id,company_id,name,serial_number,is_active,type_id,category_id,product_id,contact_id,install_date,\
             warranty_expiration_date,manufacturer,model,created_at,last_modified_at,user_defined_fields"
        }
        Entity::Products => "id,name,manufacturer,is_active",
        Entity::Contracts => "id,company_id,name,type_id,status_id,start_date,end_date",
        Entity::Tickets => {
            "id,company_id,number,title,status_id,priority_id,asset_id,contract_id,created_at,completed_at,due_at"
        }
        Entity::Opportunities => {
            "id,company_id,title,status_id,stage_id,probability,amount,projected_close_date"
        }
        Entity::AssetTypes | Entity::AssetCategories => "id,name,is_active",
        Entity::ContractServices => "id,contract_id,service_id,unit_price,unit_cost",
        Entity::ContractServiceUnits => "id,contract_id,contract_service_id",
    }
}

#[test]
fn promised_columns_come_first() {
    for entity in Entity::ALL {
        assert!(columns(entity).join(",").starts_with(promised(entity)), "{entity}: {:?}", columns(entity));
    }
}

#[test]
fn asset_columns_are_the_fields_and_the_two_labels() {
    let is_stored = |column: &&&str| **column != "manufacturer" && **column != "model";
    let stored: Vec<_> = columns(Entity::Assets).iter().filter(is_stored).copied().collect();
    assert_eq!(stored, Asset::FIELDS);
}

fn catalogue() -> Catalogue {
    let label = |value: &str, label: &str| {
        let (value, label) = (value.to_owned(), label.to_owned());
        PicklistValue { value, label, is_active: true, parent_value: None }
    };
    let mut catalogue = Catalogue::default();
    catalogue.set_picklist(Picklist::Manufacturer, &[label("12", "Dell \"Inc.\"")]);
    catalogue.add_product(r#"{"id":5,"name":"Laptop","manufacturer":"HP"}"#).unwrap();
    catalogue
}

fn check(entity: Entity, doc: &str, expected_start: &str, expected_end: &str) {
    let row = row(entity, doc, &catalogue()).unwrap();
    assert!(row.starts_with(expected_start), "{row}");
    assert!(row.ends_with(expected_end), "{row}");
}

#[test]
fn rows_hold_every_column_in_order() {
    check(
        Entity::AssetTypes,
        r#"{"id":3,"is_active":false}"#,
        r#"{"id":3,"name":null,"is_active":false}"#,
        "}",
    );
    check(
        Entity::Contacts,
        r#"{"id":7,"company_id":0,"email":"a\u0007\"b","is_primary":true}"#,
        r#"{"id":7,"company_id":0,"first_name":null,"last_name":null,"email":"a\u0007\"b","is_active":null,"phone":null,"#,
        r#""is_primary":true,"company_location_id":null,"created_at":null,"last_activity_at":null,"last_modified_at":null}"#,
    );
}

#[test]
fn assets_carry_their_labels_and_their_user_defined_fields() {
    check(
        Entity::Assets,
        r#"{"id":1,"company_id":2,"product_id":5,"created_at":"2024-01-01T00:00:00Z","manufacturer_id":12}"#,
        concat!(
            r#"{"id":1,"company_id":2,"name":null,"serial_number":null,"is_active":null,"type_id":null,"#,
            r#""category_id":null,"product_id":5,"contact_id":null,"install_date":null,"warranty_expiration_date":null,"#,
            r#""manufacturer":"Dell \"Inc.\"","model":"Laptop","created_at":"2024-01-01T00:00:00Z","#,
            r#""last_modified_at":null,"user_defined_fields":{},"#
        ),
        r#""monthly_cost":null}"#,
    );
    check(
        Entity::Assets,
        r#"{"id":1,"company_id":2,"user_defined_fields":{"a":null,"b":"x"}}"#,
        r#"{"id":1,"company_id":2,"#,
        r#""monthly_cost":null}"#,
    );
    let with_fields = r#"{"id":1,"company_id":2,"user_defined_fields":{"a":null,"b":"x"}}"#;
    assert!(
        row(Entity::Assets, with_fields, &catalogue())
            .unwrap()
            .contains(r#""user_defined_fields":{"a":null,"b":"x"},"#)
    );
}

#[test]
fn columns_are_found_in_any_order() {
    check(
        Entity::AssetTypes,
        r#"{"is_active":true,"name":"b","old":1,"id":2}"#,
        r#"{"id":2,"name":"b","is_active":true}"#,
        "",
    );
}

#[test]
fn what_is_no_document_is_refused() {
    for doc in ["", "{}", "[]", "null", r#"{"id":1"#] {
        assert!(row(Entity::Companies, doc, &catalogue()).is_err(), "{doc}");
    }
}
