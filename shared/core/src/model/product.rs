//! Products: what assets are pieces of.
//!
//! Never priced here: amounts are the catalogue's, in the MSP's currency.

use super::record::model_record;
use super::text::Text;

model_record! {
    /// An article of the MSP's catalogue.
    Product<'a>, owner |_| None,
    {
        /// Autotask's id.
        id: i64,
        /// The MSP's name for it.
        name: Option<Text<'a>>,
        /// The manufacturer's name.
        manufacturer: Option<Text<'a>>,
        /// False once it is no longer sold.
        is_active: Option<bool>,
        /// The manufacturer's name for it.
        manufacturer_product_name: Option<Text<'a>>,
        /// The stock keeping unit.
        sku: Option<Text<'a>>,
        /// The vendor's number for it.
        vendor_product_number: Option<Text<'a>>,
        /// The product category, a picklist value.
        category_id: Option<i64>,
        /// The company from which it is bought by default.
        default_vendor_id: Option<i64>,
        /// What a piece costs; absent if the API user may not see costs.
        unit_cost: Option<f64>,
        /// What a piece is sold for.
        unit_price: Option<f64>,
        /// The manufacturer's suggested retail price.
        msrp: Option<f64>,
    }
}
