//! Reads the body of a query.

use crate::config::Config;
use crate::filter::{self, Condition, integer, key, unable_to_find};
use crate::schema::{Column, Schema};
use crate::store::IdRange;
use serde_json::{Map, Value};

/// The largest page.
pub(crate) const MAX_PAGE: usize = 500;

/// A query that was read and found valid.
#[derive(Debug)]
pub(crate) struct Query {
    /// The ids asked for.
    pub(crate) range: IdRange,
    /// What rows must meet besides.
    pub(crate) conditions: Vec<Condition>,
    /// Rows per page.
    pub(crate) page_size: usize,
    /// The fields asked for, ascending by index; all when absent.
    pub(crate) fields: Option<Vec<usize>>,
    /// True when `userDefinedFields` stood in `IncludeFields`.
    pub(crate) lists_udfs: bool,
    /// Operators that were dropped.
    pub(crate) dropped: Vec<String>,
    lists_id: bool,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// The text of the 500 that the real service answers.
    pub(crate) fn read(schema: &Schema, config: &Config, body: &Value) -> Result<Self, String> {
        let body = body.as_object().ok_or("Invalid query syntax. A JSON object is required.")?;
        let filter = key(body, "filter")
            .and_then(Value::as_array)
            .ok_or("Invalid query syntax. The filter is missing.")?;
        let parsed = filter::parse(schema, config, filter)?;
        let (range, conditions) = filter::split_id_range(parsed.conditions);
        let mut query = Self {
            range,
            conditions,
            page_size: page_size(body)?,
            fields: None,
            lists_udfs: false,
            dropped: parsed.dropped,
            lists_id: false,
        };
        query.read_fields(schema, config, body)?;
        Ok(query)
    }

    /// A query for all rows of which a field has a value; for child collections.
    pub(crate) fn children(schema: &Schema, foreign_key: &str, parent_id: i64) -> Self {
        let test = filter::Test::Number(filter::Compare::Eq, parent_id);
        let conditions =
            schema.index(foreign_key).map(|idx| Condition::Field(idx, test)).into_iter().collect();
        Self {
            range: IdRange::default(),
            conditions,
            page_size: MAX_PAGE,
            fields: None,
            lists_udfs: false,
            dropped: Vec::new(),
            lists_id: true,
        }
    }

    fn read_fields(
        &mut self,
        schema: &Schema,
        config: &Config,
        body: &Map<String, Value>,
    ) -> Result<(), String> {
        let Some(names) =
            key(body, "IncludeFields").and_then(Value::as_array).filter(|names| !names.is_empty())
        else {
            return Ok(());
        };
        let mut indices = Vec::with_capacity(names.len());
        for name in names {
            let name = name.as_str().ok_or("Invalid query syntax. IncludeFields must hold texts.")?;
            match schema.column(name) {
                Some(Column::Id) => self.lists_id = true,
                Some(Column::Field(idx)) => indices.push(idx),
                None if config.udf_only_when_included && name.eq_ignore_ascii_case("userDefinedFields") => {
                    self.lists_udfs = true;
                }
                None => return Err(unable_to_find(schema, name)),
            }
        }
        indices.sort_unstable();
        indices.dedup();
        self.fields = Some(indices);
        Ok(())
    }

    /// True when answers carry the id by right.
    pub(crate) fn includes_id(&self) -> bool {
        self.fields.is_none() || self.lists_id
    }

    /// About how long a row will be.
    pub(crate) fn row_bytes(&self) -> usize {
        self.fields.as_ref().map_or(3_400, |fields| fields.len() * 40 + 80)
    }
}

fn page_size(body: &Map<String, Value>) -> Result<usize, String> {
    let Some(value) = key(body, "MaxRecords").filter(|value| !value.is_null()) else {
        return Ok(MAX_PAGE);
    };
    integer(value)
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| (1..=MAX_PAGE).contains(size))
        .ok_or_else(|| "The value of maxCountOfRecordsToReturn must be between 1 and 500.".to_owned())
}
