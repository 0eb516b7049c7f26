//! Companies.
//!
//! Never mapped or linked here: mappings apply when a record is read.

use jiff::Timestamp;

use super::record::model_record;
use super::text::Text;
use crate::facets::{CompanyFacet, Facet};

model_record! {
    /// A customer, vendor or other company of the MSP; id 0 is the MSP itself.
    Company<'a>, owner |_| None, facet |company| Facet::Company(Box::new(CompanyFacet::of(company))),
    {
        /// Autotask's id.
        id: i64,
        /// Its name.
        name: Option<Text<'a>>,
        /// False once the MSP no longer works with it.
        is_active: Option<bool>,
        /// Customer, lead, vendor and so on, a picklist value.
        type_id: Option<i64>,
        /// Its main telephone number.
        phone: Option<Text<'a>>,
        /// Its city.
        city: Option<Text<'a>>,
        /// Its postal code.
        postal_code: Option<Text<'a>>,
        /// Its web site.
        web_address: Option<Text<'a>>,
        /// A number that the MSP gave it.
        number: Option<Text<'a>>,
        /// The MSP's classification, a picklist value.
        classification_id: Option<i64>,
        /// The account manager.
        owner_resource_id: Option<i64>,
        /// The company of which it is a part.
        parent_id: Option<i64>,
        /// The market segment, a picklist value.
        market_segment_id: Option<i64>,
        /// The sales territory, a picklist value.
        territory_id: Option<i64>,
        /// The first line of its address.
        address_1: Option<Text<'a>>,
        /// The second line of its address.
        address_2: Option<Text<'a>>,
        /// Its state or province.
        state: Option<Text<'a>>,
        /// Its country.
        country_id: Option<i64>,
        /// When the record was created, UTC.
        created_at: Option<Timestamp>,
        /// When anything happened around it, notes and tickets included, UTC.
        last_activity_at: Option<Timestamp>,
        /// When one of its tracked fields was last edited, UTC.
        last_modified_at: Option<Timestamp>,
    }
}
