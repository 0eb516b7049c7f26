//! Contracts, their services and the units of these.
//!
//! Never decides what a value means. Used by `decode`.

use super::{Invalid, Project, required_company, required_id};
use crate::model;
use crate::wire;

impl<'a> Project for wire::Contract<'a> {
    type Model = model::Contract<'a>;

    fn project(self) -> Result<Self::Model, Invalid> {
        Ok(model::Contract {
            id: required_id(self.id)?,
            company_id: required_company(self.company_id)?,
            name: self.contract_name,
            type_id: self.contract_type,
            status_id: self.status,
            start_date: self.start_date,
            end_date: self.end_date,
            number: self.contract_number,
            category_id: self.contract_category,
            contact_id: self.contact_id,
            is_default: self.is_default_contract,
            service_level_agreement_id: self.service_level_agreement_id,
            estimated_cost: self.estimated_cost,
            estimated_hours: self.estimated_hours,
            estimated_revenue: self.estimated_revenue,
            setup_fee: self.setup_fee,
            opportunity_id: self.opportunity_id,
            renewed_contract_id: self.renewed_contract_id,
            bill_to_company_id: self.bill_to_company_id,
            purchase_order_number: self.purchase_order_number,
            last_modified_at: self.last_modified_date_time,
        })
    }
}

impl<'a> Project for wire::ContractService<'a> {
    type Model = model::ContractService<'a>;

    fn project(self) -> Result<Self::Model, Invalid> {
        Ok(model::ContractService {
            id: required_id(self.id)?,
            contract_id: self.contract_id,
            service_id: self.service_id,
            unit_price: self.unit_price,
            unit_cost: self.unit_cost,
            internal_unit_price: self.internal_currency_unit_price,
            internal_adjusted_price: self.internal_currency_adjusted_price,
            invoice_description: self.invoice_description,
            internal_description: self.internal_description,
            quote_item_id: self.quote_item_id,
        })
    }
}

impl Project for wire::ContractServiceUnit {
    type Model = model::ContractServiceUnit;

    fn project(self) -> Result<Self::Model, Invalid> {
        Ok(model::ContractServiceUnit {
            id: required_id(self.id)?,
            contract_id: self.contract_id,
            contract_service_id: self.contract_service_id,
            service_id: self.service_id,
            start_date: self.start_date,
            end_date: self.end_date,
            n_units: self.units,
            price: self.price,
            cost: self.cost,
            internal_price: self.internal_currency_price,
            posted_date: self.approve_and_post_date,
            vendor_company_id: self.vendor_company_id,
        })
    }
}
