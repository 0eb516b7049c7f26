//! The table as infra/template.yaml defines it, so that the embedded table cannot drift from the deployed one.

use anyhow::{Context, anyhow};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, TimeToLiveSpecification,
};
use serde_json::Value;

const TEMPLATE: &str = include_str!("../../infra/template.yaml");

/// What is needed to create the table.
#[derive(Debug)]
pub(crate) struct TableDefinition {
    attributes: Vec<AttributeDefinition>,
    keys: Vec<KeySchemaElement>,
    indexes: Vec<GlobalSecondaryIndex>,
    ttl_attribute: String,
}

impl TableDefinition {
    /// Reads the definition from the template.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let template: Value =
            serde_saphyr::from_str(TEMPLATE).context("infra/template.yaml cannot be read")?;
        let table = &template["Resources"]["Table"]["Properties"];
        let attributes =
            list(table, "AttributeDefinitions")?.iter().map(attribute).collect::<Result<_, _>>()?;
        let keys = list(table, "KeySchema")?.iter().map(key).collect::<Result<_, _>>()?;
        let indexes = list(table, "GlobalSecondaryIndexes")?.iter().map(index).collect::<Result<_, _>>()?;
        let ttl_attribute = text(&table["TimeToLiveSpecification"], "AttributeName")?.to_owned();
        Ok(Self { attributes, keys, indexes, ttl_attribute })
    }

    /// Creates the table; one that is there already stays as it is.
    pub(crate) async fn create(self, client: &aws_sdk_dynamodb::Client, name: &str) -> anyhow::Result<()> {
        let created = client
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(self.attributes))
            .set_key_schema(Some(self.keys))
            .set_global_secondary_indexes(Some(self.indexes))
            .send()
            .await;
        match created.map_err(aws_sdk_dynamodb::error::SdkError::into_service_error) {
            Ok(_) => {}
            Err(error) if error.is_resource_in_use_exception() => return Ok(()),
            Err(error) => return Err(error).context("failed to create the table"),
        }
        let ttl =
            TimeToLiveSpecification::builder().attribute_name(self.ttl_attribute).enabled(true).build()?;
        client
            .update_time_to_live()
            .table_name(name)
            .time_to_live_specification(ttl)
            .send()
            .await
            .context("failed to switch on expiry")?;
        Ok(())
    }
}

fn list<'a>(value: &'a Value, name: &str) -> anyhow::Result<&'a Vec<Value>> {
    value[name].as_array().ok_or_else(|| anyhow!("infra/template.yaml: the table has no list {name}"))
}

fn text<'a>(value: &'a Value, name: &str) -> anyhow::Result<&'a str> {
    value[name].as_str().ok_or_else(|| anyhow!("infra/template.yaml: the table has no text {name}"))
}

fn attribute(value: &Value) -> anyhow::Result<AttributeDefinition> {
    Ok(AttributeDefinition::builder()
        .attribute_name(text(value, "AttributeName")?)
        .attribute_type(ScalarAttributeType::from(text(value, "AttributeType")?))
        .build()?)
}

fn key(value: &Value) -> anyhow::Result<KeySchemaElement> {
    Ok(KeySchemaElement::builder()
        .attribute_name(text(value, "AttributeName")?)
        .key_type(KeyType::from(text(value, "KeyType")?))
        .build()?)
}

fn index(value: &Value) -> anyhow::Result<GlobalSecondaryIndex> {
    let projection = &value["Projection"];
    let attributes = list(projection, "NonKeyAttributes")?;
    let names = attributes.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let projection = Projection::builder()
        .projection_type(ProjectionType::from(text(projection, "ProjectionType")?))
        .set_non_key_attributes(Some(names));
    Ok(GlobalSecondaryIndex::builder()
        .index_name(text(value, "IndexName")?)
        .set_key_schema(Some(list(value, "KeySchema")?.iter().map(key).collect::<Result<_, _>>()?))
        .projection(projection.build())
        .build()?)
}

#[cfg(test)]
mod tests {
    use super::TableDefinition;

    #[test]
    fn the_template_defines_the_keys_that_the_store_spells() {
        let table = TableDefinition::read().unwrap();
        let names: Vec<_> = table.keys.iter().map(|key| key.attribute_name()).collect();
        assert_eq!(names, ["pk", "sk"]);
        assert_eq!(table.attributes.len(), 4);
        assert_eq!(table.indexes[0].index_name(), shared::store::due::DUE_INDEX);
        assert_eq!(table.ttl_attribute, "ttl");
    }
}
