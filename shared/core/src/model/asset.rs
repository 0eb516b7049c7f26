//! Assets with their types and categories.
//!
//! Never holds a resolved label: `catalogue` finds manufacturer and model when a record is read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::record::model_record;
use super::text::Text;
use crate::facets::{AssetFacet, Facet};

model_record! {
    /// A device or another installed product of a company.
    Asset<'a>, owner |asset| Some(asset.company_id), facet |asset| Facet::Asset(AssetFacet::of(asset)),
    {
        /// Autotask's id.
        id: i64,
        /// The company that owns it.
        company_id: i64,
        /// Its name, which Autotask calls reference title.
        name: Option<Text<'a>>,
        /// The maker's serial number.
        serial_number: Option<Text<'a>>,
        /// False once it is retired.
        is_active: Option<bool>,
        /// The configuration item type.
        type_id: Option<i64>,
        /// The configuration item category.
        category_id: Option<i64>,
        /// The product of which it is a piece.
        product_id: Option<i64>,
        /// The person who uses it.
        contact_id: Option<i64>,
        /// The calendar date of its installation, which stands for its purchase too.
        install_date: Option<Date>,
        /// The calendar date on which its warranty ends.
        warranty_expiration_date: Option<Date>,
        /// When the record was created, UTC.
        created_at: Option<Timestamp>,
        /// When the record was last edited, UTC; absent if it never was.
        last_modified_at: Option<Timestamp>,
        /// User-defined fields by name; a masked or empty value is null.
        #[serde(default)]
        user_defined_fields: BTreeMap<Text<'a>, Option<Text<'a>>>,
        /// A number that the MSP gave it.
        reference_number: Option<Text<'a>>,
        /// Where it stands, in the MSP's words.
        location: Option<Text<'a>>,
        /// The asset of which it is a part.
        parent_asset_id: Option<i64>,
        /// The company's site.
        company_location_id: Option<i64>,
        /// The contract that covers it.
        contract_id: Option<i64>,
        /// The service of that contract.
        contract_service_id: Option<i64>,
        /// The service level agreement, a picklist value.
        service_level_agreement_id: Option<i64>,
        /// The company that sold it.
        vendor_id: Option<i64>,
        /// The manufacturer's picklist value, from the RMM's audit.
        manufacturer_id: Option<i64>,
        /// The model's picklist value, from the RMM's audit.
        model_id: Option<i64>,
        /// The device in the RMM.
        rmm_device_id: Option<i64>,
        /// The device's kind, a picklist value, from the RMM's audit.
        rmm_device_type_id: Option<i64>,
        /// The host name, from the RMM's audit.
        rmm_hostname: Option<Text<'a>>,
        /// The operating system, from the RMM's audit.
        rmm_operating_system: Option<Text<'a>>,
        /// The last user, from the RMM's audit.
        rmm_last_user: Option<Text<'a>>,
        /// The memory in bytes, from the RMM's audit.
        rmm_memory_bytes: Option<i64>,
        /// The storage in bytes, from the RMM's audit.
        rmm_storage_bytes: Option<i64>,
        /// How many patches are missing, from the RMM's audit.
        rmm_missing_patch_count: Option<i64>,
        /// What it costs a month, in the customer's currency.
        monthly_cost: Option<f64>,
    }
}

model_record! {
    /// A kind of asset.
    AssetType<'a>, owner |_| None,
    {
        /// Autotask's id.
        id: i64,
        /// Its label.
        name: Option<Text<'a>>,
        /// False once it is no longer offered.
        is_active: Option<bool>,
    }
}

model_record! {
    /// A group of assets that share a form.
    AssetCategory<'a>, owner |_| None,
    {
        /// Autotask's id.
        id: i64,
        /// Its label.
        name: Option<Text<'a>>,
        /// False once it is no longer offered.
        is_active: Option<bool>,
    }
}
