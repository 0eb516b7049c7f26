//! Configuration items, their types and categories, and products.
//!
//! Never decides what a value means. Used by `decode`.

use super::{Invalid, Project, required_company, required_id};
use crate::model;
use crate::wire;

impl<'a> Project for wire::ConfigurationItem<'a> {
    type Model = model::Asset<'a>;

    fn project(self) -> Result<Self::Model, Invalid> {
        Ok(model::Asset {
            id: required_id(self.id)?,
            company_id: required_company(self.company_id)?,
            name: self.reference_title,
            serial_number: self.serial_number,
            is_active: self.is_active,
            type_id: self.configuration_item_type,
            category_id: self.configuration_item_category_id,
            product_id: self.product_id,
            contact_id: self.contact_id,
            install_date: self.install_date,
            warranty_expiration_date: self.warranty_expiration_date,
            created_at: self.create_date,
            last_modified_at: self.last_modified_time,
            user_defined_fields: self.user_defined_fields,
            reference_number: self.reference_number,
            location: self.location,
            parent_asset_id: self.parent_configuration_item_id,
            company_location_id: self.company_location_id,
            contract_id: self.contract_id,
            contract_service_id: self.contract_service_id,
            service_level_agreement_id: self.service_level_agreement_id,
            vendor_id: self.vendor_id,
            manufacturer_id: self.rmm_device_audit_manufacturer_id,
            model_id: self.rmm_device_audit_model_id,
            rmm_device_id: self.rmm_device_id,
            rmm_device_type_id: self.rmm_device_audit_device_type_id,
            rmm_hostname: self.rmm_device_audit_hostname,
            rmm_operating_system: self.rmm_device_audit_operating_system,
            rmm_last_user: self.rmm_device_audit_last_user,
            rmm_memory_bytes: self.rmm_device_audit_memory_bytes,
            rmm_storage_bytes: self.rmm_device_audit_storage_bytes,
            rmm_missing_patch_count: self.rmm_device_audit_missing_patch_count,
            monthly_cost: self.monthly_cost,
        })
    }
}

impl<'a> Project for wire::ConfigurationItemType<'a> {
    type Model = model::AssetType<'a>;

    fn project(self) -> Result<Self::Model, Invalid> {
        Ok(model::AssetType { id: required_id(self.id)?, name: self.name, is_active: self.is_active })
    }
}

impl<'a> Project for wire::ConfigurationItemCategory<'a> {
    type Model = model::AssetCategory<'a>;

    fn project(self) -> Result<Self::Model, Invalid> {
        Ok(model::AssetCategory { id: required_id(self.id)?, name: self.name, is_active: self.is_active })
    }
}

impl<'a> Project for wire::Product<'a> {
    type Model = model::Product<'a>;

    fn project(self) -> Result<Self::Model, Invalid> {
        Ok(model::Product {
            id: required_id(self.id)?,
            name: self.name,
            manufacturer: self.manufacturer_name,
            is_active: self.is_active,
            manufacturer_product_name: self.manufacturer_product_name,
            sku: self.sku,
            vendor_product_number: self.vendor_product_number,
            category_id: self.product_category,
            default_vendor_id: self.default_vendor_id,
            unit_cost: self.unit_cost,
            unit_price: self.unit_price,
            msrp: self.msrp,
        })
    }
}
