//! Manufacturer and model of an asset, as people call them.
//!
//! Never stored with the asset: a renamed label or product then rewrites no record. Used by `export` and by the readers
//! of assets.

use std::collections::BTreeMap;

use crate::model::Product;
use crate::wire::{
    ASSET_MANUFACTURER, ASSET_MODEL, COMPANY_TYPE, FieldInfo, OPPORTUNITY_STAGE, PicklistValue,
};

/// A picklist of assets that names what a product would name too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picklist {
    /// The manufacturers that the RMM's audit found.
    Manufacturer,
    /// The models that the RMM's audit found.
    Model,
}

/// The labels of one tenant, kept in memory while rows are written.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    manufacturers: BTreeMap<i64, Box<str>>,
    models: BTreeMap<i64, Box<str>>,
    products: BTreeMap<i64, Names>,
}

/// What a product says about its pieces.
#[derive(Clone, Debug)]
struct Names {
    manufacturer: Option<Box<str>>,
    model: Option<Box<str>>,
}

impl Catalogue {
    /// Adds a stored product, or replaces the one with its id.
    ///
    /// # Errors
    /// The document is not a product of ours.
    pub fn add_product(&mut self, doc: &str) -> Result<(), serde_json::Error> {
        let product: Product<'_> = serde_json::from_str(doc)?;
        let model = product.manufacturer_product_name.or(product.name);
        let names = Names {
            manufacturer: product.manufacturer.map(|name| Box::from(&*name)),
            model: model.map(|name| Box::from(&*name)),
        };
        self.products.insert(product.id, names);
        Ok(())
    }

    /// Replaces a picklist by these values, inactive ones included; a value that is no number can be no asset's.
    pub fn set_picklist(&mut self, picklist: Picklist, values: &[PicklistValue]) {
        let is_named = |value: &&PicklistValue| !value.label.is_empty();
        let labels = values.iter().filter(is_named);
        let labels =
            labels.filter_map(|value| Some((value.value.trim().parse().ok()?, Box::from(&*value.label))));
        match picklist {
            Picklist::Manufacturer => self.manufacturers = labels.collect(),
            Picklist::Model => self.models = labels.collect(),
        }
    }

    /// Takes both picklists from what Autotask says about the fields of its assets.
    pub fn set_picklists(&mut self, fields: &[FieldInfo]) {
        for field in fields {
            if field.name.eq_ignore_ascii_case(ASSET_MANUFACTURER) {
                self.set_picklist(Picklist::Manufacturer, &field.picklist);
            } else if field.name.eq_ignore_ascii_case(ASSET_MODEL) {
                self.set_picklist(Picklist::Model, &field.picklist);
            }
        }
    }

    /// The manufacturer and the model of an asset, each found on its own.
    ///
    /// # Shape
    /// The picklist's label, else what the product says; a product without the manufacturer's name for it gives its
    /// own name as the model.
    #[must_use]
    pub fn resolve(
        &self,
        manufacturer_id: Option<i64>,
        model_id: Option<i64>,
        product_id: Option<i64>,
    ) -> (Option<&str>, Option<&str>) {
        let product = product_id.and_then(|id| self.products.get(&id));
        let manufacturer = label(&self.manufacturers, manufacturer_id)
            .or_else(|| product.and_then(|names| names.manufacturer.as_deref()));
        let model =
            label(&self.models, model_id).or_else(|| product.and_then(|names| names.model.as_deref()));
        (manufacturer, model)
    }
}

/// Autotask's company types by id, inactive ones included, from what it says about the fields of companies.
#[must_use]
pub fn company_types(fields: &[FieldInfo]) -> BTreeMap<i64, String> {
    all_labels(fields, COMPANY_TYPE)
}

/// The stages of sales by id, likewise, from the fields of opportunities.
#[must_use]
pub fn stages(fields: &[FieldInfo]) -> BTreeMap<i64, String> {
    all_labels(fields, OPPORTUNITY_STAGE)
}

fn all_labels(fields: &[FieldInfo], name: &str) -> BTreeMap<i64, String> {
    let field = fields.iter().find(|field| field.name.eq_ignore_ascii_case(name));
    let values = field.map_or(&[][..], |field| field.picklist.as_slice());
    values.iter().filter_map(|value| Some((value.value.trim().parse().ok()?, value.label.clone()))).collect()
}

fn label(labels: &BTreeMap<i64, Box<str>>, id: Option<i64>) -> Option<&str> {
    labels.get(&id?).map(|label| &**label)
}

#[cfg(test)]
mod tests {
    use super::{Catalogue, Picklist};
    use crate::wire::PicklistValue;

    fn value(value: &str, label: &str) -> PicklistValue {
        let (value, label) = (value.to_owned(), label.to_owned());
        PicklistValue { value, label, is_active: false, parent_value: None }
    }

    fn catalogue() -> Catalogue {
        let mut catalogue = Catalogue::default();
        catalogue.set_picklist(
            Picklist::Manufacturer,
            &[value("12", "Dell Inc."), value("13", ""), value("x", "?")],
        );
        catalogue.set_picklist(Picklist::Model, &[value("311", "Latitude 5540")]);
        catalogue.add_product(r#"{"id":1,"name":"Laptop","manufacturer":"HP"}"#).unwrap();
        catalogue.add_product(r#"{"id":2,"name":"Laptop","manufacturer_product_name":"EliteBook"}"#).unwrap();
        catalogue
    }

    fn check(ids: [Option<i64>; 3], expected: (Option<&str>, Option<&str>)) {
        assert_eq!(catalogue().resolve(ids[0], ids[1], ids[2]), expected, "{ids:?}");
    }

    #[test]
    fn each_name_is_found_on_its_own() {
        check([Some(12), Some(311), Some(1)], (Some("Dell Inc."), Some("Latitude 5540")));
        check([Some(12), None, Some(1)], (Some("Dell Inc."), Some("Laptop")));
        check([Some(13), Some(9), Some(1)], (Some("HP"), Some("Laptop")));
        check([None, Some(311), Some(2)], (None, Some("Latitude 5540")));
        check([None, None, Some(2)], (None, Some("EliteBook")));
        check([Some(12), None, Some(3)], (Some("Dell Inc."), None));
        check([None, None, None], (None, None));
    }

    #[test]
    fn what_is_no_product_is_refused() {
        assert!(Catalogue::default().add_product(r#"{"name":"Laptop"}"#).is_err());
    }
}
