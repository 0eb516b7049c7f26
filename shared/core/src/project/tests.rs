//! Tables of what a row becomes, and of what is refused.

use serde_json::value::RawValue;

use super::{Record, Rejected, decode, peek_id};
use crate::entity::Entity;

fn raw(json: &str) -> Box<RawValue> {
    serde_json::from_str(json).unwrap()
}

fn decode_text(entity: Entity, json: &str) -> Result<Record, Rejected> {
    decode(entity, &raw(json))
}

fn check_doc(entity: Entity, json: &str, expected: &str) {
    assert_eq!(decode_text(entity, json).unwrap().doc, expected, "{json}");
}

#[test]
fn an_asset_becomes_ours() {
    let json = r#"{"id":10421,"companyID":174,"productID":29685,"configurationItemType":3,"configurationItemCategoryID":2,
        "isActive":true,"referenceTitle":"ACME-LT-014","referenceNumber":"","serialNumber":"5CD1234XYZ",
        "installDate":"2022-03-01T00:00:00Z","warrantyExpirationDate":"2025-03-01T00:00:00Z","contactID":null,
        "rmmDeviceID":884213,"rmmDeviceAuditManufacturerID":12,"rmmDeviceAuditModelID":311,
        "rmmDeviceAuditMemoryBytes":17179869184,"createDate":"2022-03-01T14:02:11.02Z","monthlyCost":3.5000,
        "lastModifiedTime":"2026-10-30T22:15:07.413Z","notes":{"ignored":[1]},
        "userDefinedFields":[{"name":"Stage","value":"Replace"},{"name":"Key","value":"*****"},{"name":"Bin","value":""}]}"#;
    let expected = concat!(
        r#"{"id":10421,"company_id":174,"name":"ACME-LT-014","serial_number":"5CD1234XYZ","is_active":true,"type_id":3,"#,
        r#""category_id":2,"product_id":29685,"install_date":"2022-03-01","warranty_expiration_date":"2025-03-01","#,
        r#""created_at":"2022-03-01T14:02:11.02Z","last_modified_at":"2026-10-30T22:15:07.413Z","#,
        r#""user_defined_fields":{"Bin":null,"Key":null,"Stage":"Replace"},"manufacturer_id":12,"model_id":311,"#,
        r#""rmm_device_id":884213,"rmm_memory_bytes":17179869184,"monthly_cost":3.5}"#
    );
    check_doc(Entity::Assets, json, expected);
    let record = decode_text(Entity::Assets, json).unwrap();
    assert_eq!((record.id, record.company_id, record.hash.len()), (10421, Some(174), 12));
}

#[test]
fn companies_and_contacts_become_ours() {
    check_doc(
        Entity::Companies,
        r#"{"id":0,"companyName":" O'Hara & Söhne, LLC\r\n","companyType":1,"isActive":true,"classification":4,
            "lastTrackedModifiedDateTime":"2024-01-31T15:04:05.307","address1":"1 Way","parentCompanyID":null}"#,
        concat!(
            r#"{"id":0,"name":" O'Hara & Söhne, LLC\r\n","is_active":true,"type_id":1,"classification_id":4,"#,
            r#""address_1":"1 Way","last_modified_at":"2024-01-31T15:04:05.307Z"}"#
        ),
    );
    check_doc(
        Entity::Contacts,
        r#"{"id":7,"companyID":0,"firstName":"Jo","lastName":"","emailAddress":"jo@x.invalid","isActive":0,"primaryContact":true}"#,
        r#"{"id":7,"company_id":0,"first_name":"Jo","email":"jo@x.invalid","is_active":false,"is_primary":true}"#,
    );
}

#[test]
fn products_types_and_categories_become_ours() {
    let product = r#"{"id":5,"name":"Laptop","manufacturer":"HP","is_active":true,"sku":"S-1","msrp":99.5}"#;
    check_doc(
        Entity::Products,
        r#"{"id":5,"name":"Laptop","manufacturerName":"HP","sku":"S-1","msrp":99.5,"isActive":true}"#,
        product,
    );
    check_doc(
        Entity::Products,
        r#"{"id":5,"name":"Laptop","manufacturerName":"HP","sKU":"S-1","mSRP":99.5,"isActive":true}"#,
        product,
    );
    for entity in [Entity::AssetTypes, Entity::AssetCategories] {
        check_doc(
            entity,
            r#"{"id":3,"name":"Server","isActive":false}"#,
            r#"{"id":3,"name":"Server","is_active":false}"#,
        );
    }
}

#[test]
fn contracts_and_services_become_ours() {
    check_doc(
        Entity::Contracts,
        r#"{"id":9,"companyID":174,"contractName":"MSA","contractType":7,"status":1,"startDate":"2024-01-01T00:00:00Z",
            "endDate":"2026-12-31T00:00:00","isDefaultContract":true,"estimatedRevenue":12000,"contractPeriodType":"m"}"#,
        concat!(
            r#"{"id":9,"company_id":174,"name":"MSA","type_id":7,"status_id":1,"start_date":"2024-01-01","#,
            r#""end_date":"2026-12-31","is_default":true,"estimated_revenue":12000.0}"#
        ),
    );
    check_doc(
        Entity::ContractServices,
        r#"{"id":1,"contractID":9,"serviceID":4,"unitPrice":25.1000,"unitCost":null,"quoteItemID":3}"#,
        r#"{"id":1,"contract_id":9,"service_id":4,"unit_price":25.1,"quote_item_id":3}"#,
    );
    check_doc(
        Entity::ContractServiceUnits,
        r#"{"id":5,"contractID":9,"contractServiceID":1,"serviceID":4,"startDate":"2026-10-01T00:00:00Z","endDate":
            "2026-10-31T00:00:00Z","units":12,"price":301.2000,"cost":null,"organizationalLevelAssociationID":7}"#,
        concat!(
            r#"{"id":5,"contract_id":9,"contract_service_id":1,"service_id":4,"start_date":"2026-10-01","#,
            r#""end_date":"2026-10-31","n_units":12,"price":301.2}"#
        ),
    );
}

#[test]
fn tickets_and_opportunities_become_ours() {
    check_doc(
        Entity::Tickets,
        r#"{"id":2,"companyID":174,"ticketNumber":"T20240101.0001","title":"Disk","status":5,"priority":1,
            "configurationItemID":10421,"createDate":"2024-01-01T09:00:00.1Z","completedDate":"2024-01-02T09:00:00Z",
            "serviceLevelAgreementHasBeenMet":true,"problemTicketId":1}"#,
        concat!(
            r#"{"id":2,"company_id":174,"number":"T20240101.0001","title":"Disk","status_id":5,"priority_id":1,"#,
            r#""asset_id":10421,"created_at":"2024-01-01T09:00:00.1Z","completed_at":"2024-01-02T09:00:00Z","#,
            r#""is_service_level_agreement_met":true,"problem_ticket_id":1}"#
        ),
    );
    check_doc(
        Entity::Opportunities,
        r#"{"id":3,"companyID":174,"title":"Refresh","status":1,"stage":2,"probability":50.0,"amount":"1500.25",
            "projectedCloseDate":"2027-01-31T00:00:00Z","lastActivity":"2026-01-01T00:00:00Z"}"#,
        concat!(
            r#"{"id":3,"company_id":174,"title":"Refresh","status_id":1,"stage_id":2,"probability":50,"#,
            r#""amount":1500.25,"projected_close_date":"2027-01-31","last_activity_at":"2026-01-01T00:00:00Z"}"#
        ),
    );
}

/// One field of an asset: Autotask's JSON in, our JSON out; `None` is left out.
fn check_field(field: &str, value: &str, ours: &str, expected: Option<&str>) {
    let record =
        decode_text(Entity::Assets, &format!(r#"{{"id":1,"companyID":2,"{field}":{value}}}"#)).unwrap();
    let doc: serde_json::Value = serde_json::from_str(&record.doc).unwrap();
    assert_eq!(doc.get(ours).map(ToString::to_string).as_deref(), expected, "{field}: {value}");
}

#[test]
fn scalars_are_read_as_loosely_as_autotask_writes_them() {
    for seven in ["7", "7.0", r#""7""#, "7e0"] {
        check_field("productID", seven, "product_id", Some("7"));
    }
    for nothing in ["null", r#""""#] {
        check_field("productID", nothing, "product_id", None);
        check_field("isActive", nothing, "is_active", None);
        check_field("location", nothing, "location", None);
        check_field("installDate", nothing, "install_date", None);
        check_field("createDate", nothing, "created_at", None);
        check_field("monthlyCost", nothing, "monthly_cost", None);
    }
    for (value, expected) in
        [("true", "true"), ("1", "true"), (r#""True""#, "true"), ("0", "false"), (r#""0""#, "false")]
    {
        check_field("isActive", value, "is_active", Some(expected));
    }
    check_field("monthlyCost", "123456789012.34567", "monthly_cost", Some("123456789012.34567"));
    check_field("location", r#"" \u00e9\r\n<b>\t\u0007""#, "location", Some(r#"" é\r\n<b>\t\u0007""#));
}

#[test]
fn the_sentinel_date_is_absent() {
    check_field("warrantyExpirationDate", r#""0001-01-01T00:00:00Z""#, "warranty_expiration_date", None);
    check_field("lastModifiedTime", r#""0001-01-01T00:00:00""#, "last_modified_at", None);
}

#[test]
fn user_defined_fields_are_a_sorted_map() {
    check_field("userDefinedFields", "null", "user_defined_fields", None);
    check_field("userDefinedFields", "[]", "user_defined_fields", None);
    check_field(
        "userDefinedFields",
        r#"[{"name":"b","value":7,"x":[]},{"value":" * ","name":"a\"é"},{"name":"c"}]"#,
        "user_defined_fields",
        Some(r#"{"a\"é":" * ","b":"7","c":null}"#),
    );
}

fn check_rejected(entity: Entity, json: &str, id: Option<i64>, field: Option<&str>, reason: &str) {
    let rejected = decode_text(entity, json).unwrap_err();
    assert_eq!((rejected.entity, rejected.id, rejected.field.as_deref()), (entity, id, field), "{json}");
    assert!(rejected.reason.contains(reason), "{json}: {}", rejected.reason);
    assert!(rejected.reason.len() <= 200 && !rejected.reason.contains(" at line "), "{}", rejected.reason);
}

#[test]
fn a_wrong_type_is_refused_by_the_fields_name() {
    let check = |field: &str, value: &str, reason: &str| {
        let json = format!(r#"{{"id":1,"companyID":2,"{field}":{value}}}"#);
        check_rejected(Entity::Assets, &json, Some(1), Some(field), reason);
    };
    check("productID", r#""abc""#, r#"invalid value: string "abc", expected an integer"#);
    check("productID", "7.5", "expected an integer");
    check("productID", "18446744073709551615", "expected an integer");
    check("installDate", r#""not a date""#, "expected a calendar date");
    check("installDate", "20250301", "expected a calendar date");
    check("createDate", r#""2025-02-30T00:00:00Z""#, "expected an instant");
    check("serialNumber", "{}", "expected a text");
    check("serialNumber", "[1]", "expected a text");
    check("serialNumber", "12", "expected a text");
    check("isActive", "2", "expected a boolean");
    check("monthlyCost", r#""NaN""#, "expected an amount");
    check("userDefinedFields", r#"[{"name":"a","value":{}}]"#, "expected a text");
    check("userDefinedFields", r#"[{"value":"x"}]"#, "missing field");
    check("userDefinedFields", "7", "invalid type");
    check("location", r#""\ud800""#, "");
}

#[test]
fn ids_and_companies_are_required() {
    for (id, reason) in
        [("null", "missing"), ("-1", "negative"), (r#""""#, "missing"), ("[]", "expected an integer")]
    {
        check_rejected(Entity::Companies, &format!(r#"{{"id":{id}}}"#), None, Some("id"), reason);
    }
    check_rejected(Entity::Companies, "{}", None, Some("id"), "missing");
    for entity in
        [Entity::Assets, Entity::Contacts, Entity::Contracts, Entity::Tickets, Entity::Opportunities]
    {
        check_rejected(entity, r#"{"id":1}"#, Some(1), Some("companyID"), "missing");
        check_rejected(entity, r#"{"id":1,"companyID":"abc"}"#, Some(1), Some("companyID"), "\"abc\"");
        check_rejected(entity, r#"{"id":1,"companyID":-5}"#, Some(1), Some("companyID"), "negative");
        assert_eq!(decode_text(entity, r#"{"id":1,"companyID":0}"#).unwrap().company_id, Some(0));
    }
}

#[test]
fn what_is_no_object_is_refused() {
    for json in ["null", "7", r#""x""#, "[]", r#"[1,2,"x"]"#] {
        for entity in Entity::ALL {
            check_rejected(entity, json, None, None, "not a JSON object");
        }
    }
}

#[test]
fn reasons_are_short_and_quote_no_more_than_the_scalar() {
    let long = "é".repeat(500);
    let json = format!(r#"{{"id":1,"companyID":2,"referenceTitle":"secret","isActive":"{long}"}}"#);
    let rejected = decode_text(Entity::Assets, &json).unwrap_err();
    assert!(rejected.reason.len() <= 200 && !rejected.reason.contains("secret"), "{}", rejected.reason);
}

#[test]
fn an_id_is_found_in_a_row_that_is_otherwise_unreadable() {
    assert_eq!(peek_id(&raw(r#"{"companyID":{},"id":"12"}"#)), Some(12));
    assert_eq!(peek_id(&raw(r#"{"id":-1}"#)), None);
    assert_eq!(peek_id(&raw("[12]")), None);
}
