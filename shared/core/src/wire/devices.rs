//! Configuration items, their types and categories, and products, as Autotask writes them.
//!
//! Never translates: `project` does. Used by `project`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::record::wire_record;
use crate::model::Text;

wire_record! {
    /// A row of `ConfigurationItems`.
    ConfigurationItem<'a> {
        id: i64 = "id",
        company_id: i64 = "companyID",
        company_location_id: i64 = "companyLocationID",
        contact_id: i64 = "contactID",
        parent_configuration_item_id: i64 = "parentConfigurationItemID",
        product_id: i64 = "productID",
        vendor_id: i64 = "vendorID",
        configuration_item_type: i64 = "configurationItemType",
        configuration_item_category_id: i64 = "configurationItemCategoryID",
        reference_title: Text<'a> = "referenceTitle",
        reference_number: Text<'a> = "referenceNumber",
        serial_number: Text<'a> = "serialNumber",
        location: Text<'a> = "location",
        is_active: bool = "isActive",
        install_date: Date = "installDate",
        warranty_expiration_date: Date = "warrantyExpirationDate",
        create_date: Timestamp = "createDate",
        last_modified_time: Timestamp = "lastModifiedTime",
        contract_id: i64 = "contractID",
        contract_service_id: i64 = "contractServiceID",
        service_level_agreement_id: i64 = "serviceLevelAgreementID",
        monthly_cost: f64 = "monthlyCost",
        rmm_device_id: i64 = "rmmDeviceID",
        rmm_device_audit_manufacturer_id: i64 = "rmmDeviceAuditManufacturerID",
        rmm_device_audit_model_id: i64 = "rmmDeviceAuditModelID",
        rmm_device_audit_device_type_id: i64 = "rmmDeviceAuditDeviceTypeID",
        rmm_device_audit_hostname: Text<'a> = "rmmDeviceAuditHostname",
        rmm_device_audit_operating_system: Text<'a> = "rmmDeviceAuditOperatingSystem",
        rmm_device_audit_last_user: Text<'a> = "rmmDeviceAuditLastUser",
        rmm_device_audit_memory_bytes: i64 = "rmmDeviceAuditMemoryBytes",
        rmm_device_audit_storage_bytes: i64 = "rmmDeviceAuditStorageBytes",
        rmm_device_audit_missing_patch_count: i64 = "rmmDeviceAuditMissingPatchCount",
    }
    also {
        user_defined_fields: BTreeMap<Text<'a>, Option<Text<'a>>> = "userDefinedFields",
        with "super::user_defined::user_defined"
    }
}

wire_record! {
    /// A row of `ConfigurationItemTypes`.
    ConfigurationItemType<'a> {
        id: i64 = "id",
        name: Text<'a> = "name",
        is_active: bool = "isActive",
    }
}

wire_record! {
    /// A row of `ConfigurationItemCategories`.
    ConfigurationItemCategory<'a> {
        id: i64 = "id",
        name: Text<'a> = "name",
        is_active: bool = "isActive",
    }
}

wire_record! {
    /// A row of `Products`; the casing of `msrp` and `sku` differs between sources.
    Product<'a> {
        id: i64 = "id",
        name: Text<'a> = "name",
        sku: Text<'a> = "sku" or "sKU",
        manufacturer_name: Text<'a> = "manufacturerName",
        manufacturer_product_name: Text<'a> = "manufacturerProductName",
        vendor_product_number: Text<'a> = "vendorProductNumber",
        product_category: i64 = "productCategory",
        default_vendor_id: i64 = "defaultVendorID",
        unit_cost: f64 = "unitCost",
        unit_price: f64 = "unitPrice",
        msrp: f64 = "msrp" or "mSRP",
        is_active: bool = "isActive",
    }
}
