//! Contracts, their services and the units of these, as Autotask writes them.
//!
//! Never translates: `project` does. Used by `project`.

use jiff::Timestamp;
use jiff::civil::Date;

use super::record::wire_record;
use crate::model::Text;

wire_record! {
    /// A row of `Contracts`; there is no `isActive`, only `status`.
    Contract<'a> {
        id: i64 = "id",
        company_id: i64 = "companyID",
        contract_name: Text<'a> = "contractName",
        contract_number: Text<'a> = "contractNumber",
        contract_type: i64 = "contractType",
        contract_category: i64 = "contractCategory",
        status: i64 = "status",
        start_date: Date = "startDate",
        end_date: Date = "endDate",
        contact_id: i64 = "contactID",
        is_default_contract: bool = "isDefaultContract",
        service_level_agreement_id: i64 = "serviceLevelAgreementID",
        estimated_cost: f64 = "estimatedCost",
        estimated_hours: f64 = "estimatedHours",
        estimated_revenue: f64 = "estimatedRevenue",
        setup_fee: f64 = "setupFee",
        opportunity_id: i64 = "opportunityID",
        renewed_contract_id: i64 = "renewedContractID",
        bill_to_company_id: i64 = "billToCompanyID",
        purchase_order_number: Text<'a> = "purchaseOrderNumber",
        last_modified_date_time: Timestamp = "lastModifiedDateTime",
    }
}

wire_record! {
    /// A row of `ContractServices`; the quantity lives in another entity.
    ContractService<'a> {
        id: i64 = "id",
        contract_id: i64 = "contractID",
        service_id: i64 = "serviceID",
        unit_price: f64 = "unitPrice",
        unit_cost: f64 = "unitCost",
        internal_currency_unit_price: f64 = "internalCurrencyUnitPrice",
        internal_currency_adjusted_price: f64 = "internalCurrencyAdjustedPrice",
        invoice_description: Text<'a> = "invoiceDescription",
        internal_description: Text<'a> = "internalDescription",
        quote_item_id: i64 = "quoteItemID",
    }
}

wire_record! {
    /// A row of `ContractServiceUnits`: one billing period of one service.
    ContractServiceUnit {
        id: i64 = "id",
        contract_id: i64 = "contractID",
        contract_service_id: i64 = "contractServiceID",
        service_id: i64 = "serviceID",
        start_date: Date = "startDate",
        end_date: Date = "endDate",
        units: i64 = "units",
        price: f64 = "price",
        cost: f64 = "cost",
        internal_currency_price: f64 = "internalCurrencyPrice",
        approve_and_post_date: Date = "approveAndPostDate",
        vendor_company_id: i64 = "vendorCompanyID",
    }
}
