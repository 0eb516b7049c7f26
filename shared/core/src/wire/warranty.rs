//! The warranty date of a configuration item as Autotask reads and writes it.
//!
//! The one body that the product ever sends to change something is made here.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::lenient::lenient;

/// The field that is written.
pub const WARRANTY_EXPIRATION_DATE: &str = "warrantyExpirationDate";

/// The picklist field of `ConfigurationItems` whose labels are the vendors of integrations.
pub const ASSET_API_VENDOR: &str = "apiVendorID";

/// The picklist field of `ConfigurationItems` whose labels are the kinds of persons that edit.
pub const ASSET_PERSON_TYPE: &str = "lastActivityPersonType";

/// What Autotask itself sets on a configuration item whenever somebody edits it.
///
/// # Source
/// The fields of `ConfigurationItems` in the public swagger that are read-only and tell of the last edit.
pub const ASSET_STAMPS: [&str; 3] = ["lastModifiedTime", "lastActivityPersonID", ASSET_PERSON_TYPE];

/// The fields to ask for around a write, `id` first.
pub const HELD_FIELDS: &[&str] = &[
    "id",
    "companyID",
    WARRANTY_EXPIRATION_DATE,
    "lastModifiedTime",
    "lastActivityPersonID",
    ASSET_PERSON_TYPE,
    ASSET_API_VENDOR,
];

/// What a configuration item says of its warranty date and of its last edit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, expecting = "an object")]
pub struct HeldDate {
    /// Autotask's id.
    #[serde(deserialize_with = "lenient")]
    pub id: Option<i64>,
    /// The company that owns it.
    #[serde(rename = "companyID", deserialize_with = "lenient")]
    pub company_id: Option<i64>,
    /// The warranty date; none is a blank.
    #[serde(rename = "warrantyExpirationDate", deserialize_with = "lenient")]
    pub warranty_expiration_date: Option<Date>,
    /// When it was last edited.
    #[serde(rename = "lastModifiedTime", deserialize_with = "lenient")]
    pub last_modified_time: Option<Timestamp>,
    /// Who edited it last.
    #[serde(rename = "lastActivityPersonID", deserialize_with = "lenient")]
    pub last_activity_person_id: Option<i64>,
    /// What kind of person that is, a picklist value.
    #[serde(rename = "lastActivityPersonType", deserialize_with = "lenient")]
    pub last_activity_person_type: Option<i64>,
    /// The integration that looks after it, a picklist value.
    #[serde(rename = "apiVendorID", deserialize_with = "lenient")]
    pub api_vendor_id: Option<i64>,
}

/// Reads one row of an answer.
///
/// # Errors
/// The reason, if a field cannot be read or is missing: a row without a warranty field is not a row with a blank one.
pub fn parse_held(row: &str) -> Result<HeldDate, String> {
    let fields: serde_json::Map<String, Value> =
        serde_json::from_str(row).map_err(|error| error.to_string())?;
    for field in ["id", WARRANTY_EXPIRATION_DATE] {
        if !fields.contains_key(field) {
            return Err(format!("{field} is missing"));
        }
    }
    serde_json::from_str(row).map_err(|error| error.to_string())
}

/// The body of the PATCH that sets a warranty date, or blanks it; nothing else is in it.
///
/// # Source
/// PATCH leaves unnamed fields alone, and a null clears. Date-only fields keep the date that is given, whatever the time:
/// it is sent as midnight with `Z`, the form in which Autotask answers.
#[must_use]
pub fn warranty_patch(id: i64, date: Option<Date>) -> String {
    let value = date.map(|date| format!("{date}T00:00:00Z"));
    json!({ "id": id, WARRANTY_EXPIRATION_DATE: value }).to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use proptest::prelude::*;

    use super::{HELD_FIELDS, HeldDate, parse_held, warranty_patch};

    #[test]
    fn the_body_holds_the_id_and_the_date_alone() {
        let check = |date: Option<Date>, want: &str| assert_eq!(warranty_patch(7, date), want);
        let day = "2024-02-29".parse().unwrap();
        check(Some(day), r#"{"id":7,"warrantyExpirationDate":"2024-02-29T00:00:00Z"}"#);
        check(None, r#"{"id":7,"warrantyExpirationDate":null}"#);
    }

    #[test]
    fn a_row_is_read_and_a_missing_field_is_no_blank() {
        let row = r#"{"id":7,"companyID":"3","warrantyExpirationDate":"2025-03-01T00:00:00Z",
            "lastModifiedTime":"2026-10-30T22:15:07.413","lastActivityPersonID":4,"lastActivityPersonType":1,"apiVendorID":""}"#;
        let want = HeldDate {
            id: Some(7),
            company_id: Some(3),
            warranty_expiration_date: Some("2025-03-01".parse().unwrap()),
            last_modified_time: Some("2026-10-30T22:15:07.413Z".parse().unwrap()),
            last_activity_person_id: Some(4),
            last_activity_person_type: Some(1),
            api_vendor_id: None,
        };
        assert_eq!(parse_held(row), Ok(want));
        assert_eq!(
            parse_held(r#"{"id":7,"warrantyExpirationDate":null}"#).unwrap().warranty_expiration_date,
            None
        );
        assert_eq!(parse_held(r#"{"id":7}"#), Err("warrantyExpirationDate is missing".to_owned()));
        assert!(parse_held(r#"{"id":7,"warrantyExpirationDate":"soon"}"#).is_err());
        assert_eq!(HELD_FIELDS.len(), 7);
    }

    proptest! {
        #[test]
        fn the_date_that_is_sent_is_the_date_that_is_read(day in 0_i32..50_000) {
            let date = "1990-01-01".parse::<Date>().unwrap().checked_add(jiff::Span::new().days(day)).unwrap();
            let read = parse_held(&warranty_patch(7, Some(date))).unwrap();
            prop_assert_eq!(read.warranty_expiration_date, Some(date));
        }
    }
}
