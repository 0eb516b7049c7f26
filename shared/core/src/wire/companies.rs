//! Companies and contacts, as Autotask writes them.
//!
//! Never translates: `project` does. Used by `project`.

use jiff::Timestamp;

use super::record::wire_record;
use crate::model::Text;

wire_record! {
    /// A row of `Companies`; id 0 is the MSP itself.
    Company<'a> {
        id: i64 = "id",
        company_name: Text<'a> = "companyName",
        company_number: Text<'a> = "companyNumber",
        company_type: i64 = "companyType",
        is_active: bool = "isActive",
        classification: i64 = "classification",
        market_segment_id: i64 = "marketSegmentID",
        territory_id: i64 = "territoryID",
        owner_resource_id: i64 = "ownerResourceID",
        parent_company_id: i64 = "parentCompanyID",
        phone: Text<'a> = "phone",
        address_1: Text<'a> = "address1",
        address_2: Text<'a> = "address2",
        city: Text<'a> = "city",
        state: Text<'a> = "state",
        postal_code: Text<'a> = "postalCode",
        country_id: i64 = "countryID",
        web_address: Text<'a> = "webAddress",
        create_date: Timestamp = "createDate",
        last_activity_date: Timestamp = "lastActivityDate",
        last_tracked_modified_date_time: Timestamp = "lastTrackedModifiedDateTime",
    }
}

wire_record! {
    /// A row of `Contacts`; `isActive` is an integer here.
    Contact<'a> {
        id: i64 = "id",
        company_id: i64 = "companyID",
        company_location_id: i64 = "companyLocationID",
        first_name: Text<'a> = "firstName",
        last_name: Text<'a> = "lastName",
        email_address: Text<'a> = "emailAddress",
        phone: Text<'a> = "phone",
        extension: Text<'a> = "extension",
        mobile_phone: Text<'a> = "mobilePhone",
        title: Text<'a> = "title",
        is_active: bool = "isActive",
        primary_contact: bool = "primaryContact",
        create_date: Timestamp = "createDate",
        last_activity_date: Timestamp = "lastActivityDate",
        last_modified_date: Timestamp = "lastModifiedDate",
    }
}
