//! Manufacturer and model of an asset: the RMM's label, else what the product says.

use anyhow::Context;
use serde_json::Value;
use std::collections::HashMap;

/// The labels of the two lists that the RMM's audit fills, by the value as the wire spells it.
#[derive(Debug, Clone, Default)]
pub struct Picklists {
    manufacturers: HashMap<String, String>,
    models: HashMap<String, String>,
}

impl Picklists {
    /// Reads the answer of `ConfigurationItems/entityInformation/fields`.
    ///
    /// # Errors
    /// One of the two fields is not there.
    pub fn read(answer: &Value) -> anyhow::Result<Self> {
        Ok(Self {
            manufacturers: list(answer, "rmmDeviceAuditManufacturerID")?,
            models: list(answer, "rmmDeviceAuditModelID")?,
        })
    }
}

fn list(answer: &Value, field: &str) -> anyhow::Result<HashMap<String, String>> {
    let fields = answer.get("fields").and_then(Value::as_array).context("no fields")?;
    let is_wanted = |info: &&Value| info.get("name").and_then(Value::as_str) == Some(field);
    let info = fields.iter().find(is_wanted).with_context(|| format!("no field {field}"))?;
    let values = info.get("picklistValues").and_then(Value::as_array).context("no picklist")?;
    Ok(values.iter().filter_map(|value| Some((text(value, "value")?, text(value, "label")?))).collect())
}

/// Names of one moment: the picklists, and the products as they are.
#[derive(Debug, Clone)]
pub struct Labels {
    picklists: Picklists,
    products: HashMap<i64, [Option<String>; 2]>,
}

impl Labels {
    /// Puts the picklists and the rows of the products together.
    #[must_use]
    pub fn new(picklists: &Picklists, products: &[Value]) -> Self {
        let names = |product: &Value| {
            let model = text(product, "manufacturerProductName").or_else(|| text(product, "name"));
            Some((product.get("id")?.as_i64()?, [text(product, "manufacturerName"), model]))
        };
        Self { picklists: picklists.clone(), products: products.iter().filter_map(names).collect() }
    }

    /// The manufacturer of an asset.
    pub(super) fn manufacturer(&self, asset: &Value) -> Option<&str> {
        let label = label(&self.picklists.manufacturers, asset, "rmmDeviceAuditManufacturerID");
        label.or_else(|| self.product(asset)?[0].as_deref())
    }

    /// The model of an asset.
    pub(super) fn model(&self, asset: &Value) -> Option<&str> {
        let label = label(&self.picklists.models, asset, "rmmDeviceAuditModelID");
        label.or_else(|| self.product(asset)?[1].as_deref())
    }

    fn product(&self, asset: &Value) -> Option<&[Option<String>; 2]> {
        self.products.get(&asset.get("productID")?.as_i64()?)
    }
}

fn label<'l>(list: &'l HashMap<String, String>, asset: &Value, field: &str) -> Option<&'l str> {
    list.get(&asset.get(field)?.as_i64()?.to_string()).map(String::as_str)
}

/// A text of an object; nothing when it is empty.
fn text(object: &Value, name: &str) -> Option<String> {
    let text = object.get(name)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Labels, Picklists};
    use serde_json::json;

    #[test]
    fn each_name_comes_from_its_list_or_else_from_the_product() {
        let list = |name, label| json!({"name": name, "picklistValues": [{"value": "3", "label": label}, {"value": "4", "label": ""}]});
        let fields = [list("rmmDeviceAuditManufacturerID", "Dell Inc."), list("rmmDeviceAuditModelID", "X1")];
        let picklists = Picklists::read(&json!({ "fields": fields })).unwrap();
        let products = [
            json!({"id": 1, "name": "Laptop", "manufacturerName": "", "manufacturerProductName": ""}),
            json!({"id": 2, "name": "Laptop", "manufacturerName": "HP", "manufacturerProductName": "PN-1"}),
        ];
        let labels = Labels::new(&picklists, &products);
        let check = |maker: Option<i64>, product: i64, expected| {
            let asset = json!({
                "rmmDeviceAuditManufacturerID": maker, "rmmDeviceAuditModelID": null, "productID": product,
            });
            assert_eq!((labels.manufacturer(&asset), labels.model(&asset)), expected);
        };
        check(Some(3), 1, (Some("Dell Inc."), Some("Laptop")));
        check(Some(4), 2, (Some("HP"), Some("PN-1")));
        check(None, 1, (None, Some("Laptop")));
        check(None, 9, (None, None));
    }
}
