//! Companies and contacts.
//!
//! Never decides what a value means. Used by `decode`.

use super::{Invalid, Project, required_company, required_id};
use crate::model;
use crate::wire;

impl<'a> Project for wire::Company<'a> {
    type Model = model::Company<'a>;

    fn project(self) -> Result<Self::Model, Invalid> {
        Ok(model::Company {
            id: required_id(self.id)?,
            name: self.company_name,
            is_active: self.is_active,
            type_id: self.company_type,
            phone: self.phone,
            city: self.city,
            postal_code: self.postal_code,
            web_address: self.web_address,
            number: self.company_number,
            classification_id: self.classification,
            owner_resource_id: self.owner_resource_id,
            parent_id: self.parent_company_id,
            market_segment_id: self.market_segment_id,
            territory_id: self.territory_id,
            address_1: self.address_1,
            address_2: self.address_2,
            state: self.state,
            country_id: self.country_id,
            created_at: self.create_date,
            last_activity_at: self.last_activity_date,
            last_modified_at: self.last_tracked_modified_date_time,
        })
    }
}

impl<'a> Project for wire::Contact<'a> {
    type Model = model::Contact<'a>;

    fn project(self) -> Result<Self::Model, Invalid> {
        Ok(model::Contact {
            id: required_id(self.id)?,
            company_id: required_company(self.company_id)?,
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email_address,
            is_active: self.is_active,
            phone: self.phone,
            extension: self.extension,
            mobile: self.mobile_phone,
            title: self.title,
            is_primary: self.primary_contact,
            company_location_id: self.company_location_id,
            created_at: self.create_date,
            last_activity_at: self.last_activity_date,
            last_modified_at: self.last_modified_date,
        })
    }
}
