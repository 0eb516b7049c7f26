//! Reads filters from JSON.
//!
//! Unknown fields are errors while unknown operators are dropped without a word: that is what the real
//! service does, and why a typing error in an operator answers every row.

use super::{Compare, Condition, Test, values};
use crate::config::Config;
use crate::schema::{Column, Kind, Schema};
use serde_json::{Map, Value};

const MAX_ORS: usize = 500;

/// A filter that was read.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// What every row must meet.
    pub(crate) conditions: Vec<Condition>,
    /// The operators that were not known and whose conditions are gone.
    pub(crate) dropped: Vec<String>,
}

struct Parser<'a> {
    schema: &'a Schema,
    config: &'a Config,
    n_udf: usize,
    n_or: usize,
    dropped: Vec<String>,
}

/// The value under a key of an object, whatever the key's case.
pub(crate) fn key<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .get(name)
        .or_else(|| object.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// Reads the array of a query's filter.
///
/// # Errors
/// The text of the 500 that the real service answers.
pub(crate) fn parse(schema: &Schema, config: &Config, filter: &[Value]) -> Result<Parsed, String> {
    if filter.is_empty() {
        return Err("Invalid query syntax. At least one filter is required.".to_owned());
    }
    let mut parser = Parser { schema, config, n_udf: 0, n_or: 0, dropped: Vec::new() };
    let conditions = parser.all(filter)?;
    if parser.n_or > MAX_ORS {
        return Err("Invalid query syntax. Queries are limited to 500 or fewer 'OR' conditions.".to_owned());
    }
    if parser.n_udf > 1 {
        return Err("Invalid query syntax. Queries are limited to one user-defined field.".to_owned());
    }
    Ok(Parsed { conditions, dropped: parser.dropped })
}

impl Parser<'_> {
    fn all(&mut self, items: &[Value]) -> Result<Vec<Condition>, String> {
        let mut conditions = Vec::with_capacity(items.len());
        for item in items {
            let object = item.as_object().ok_or("Invalid query syntax. A filter must be an object.")?;
            conditions.extend(self.one(object)?);
        }
        Ok(conditions)
    }

    fn one(&mut self, object: &Map<String, Value>) -> Result<Option<Condition>, String> {
        let op = key(object, "op").and_then(Value::as_str).unwrap_or_default().to_owned();
        let lower_op = op.to_ascii_lowercase();
        match lower_op.as_str() {
            "and" | "or" => self.group(&lower_op, object),
            "exist" | "notexist" => {
                let (column, _, _) = self.column(object)?;
                Ok(Some(column.with(Test::Exists(lower_op == "exist"))))
            }
            "in" | "notin" => self.list(lower_op == "notin", object).map(Some),
            other => match compare(other) {
                Some(compare) => self.comparison(compare, object).map(Some),
                None => {
                    self.dropped.push(op);
                    Ok(None)
                }
            },
        }
    }

    fn group(&mut self, op: &str, object: &Map<String, Value>) -> Result<Option<Condition>, String> {
        let items = key(object, "items")
            .and_then(Value::as_array)
            .ok_or("Invalid query syntax. A group needs items.")?;
        let conditions = self.all(items)?;
        if op == "or" {
            self.n_or += items.len();
        }
        // A group whose every operator was unknown vanishes as its conditions did.
        if conditions.is_empty() {
            return Ok(None);
        }
        Ok(Some(if op == "or" { Condition::Or(conditions) } else { Condition::And(conditions) }))
    }

    fn list(&mut self, is_negated: bool, object: &Map<String, Value>) -> Result<Condition, String> {
        let (column, kind, name) = self.column(object)?;
        let list = key(object, "value")
            .and_then(Value::as_array)
            .ok_or_else(|| format!("Invalid query syntax. A list of values is required for {name}."))?;
        self.n_or += list.len();
        values::list(kind, is_negated, &name, list).map(|test| column.with(test))
    }

    fn comparison(&mut self, compare: Compare, object: &Map<String, Value>) -> Result<Condition, String> {
        let (column, kind, name) = self.column(object)?;
        let value = key(object, "value").unwrap_or(&Value::Null);
        values::comparison(kind, compare, &name, value).map(|test| column.with(test))
    }

    fn column(&mut self, object: &Map<String, Value>) -> Result<(Target, Kind, String), String> {
        let name = key(object, "field").and_then(Value::as_str).unwrap_or_default();
        if key(object, "udf").and_then(Value::as_bool).unwrap_or(false) {
            return self.udf(name).map(|target| (target, Kind::Text, name.to_owned()));
        }
        let (target, kind) = match self.schema.column(name) {
            Some(Column::Id) => (Target::Id, Kind::Long),
            Some(Column::Field(idx)) => {
                let kind = self.schema.fields.get(idx).map_or(Kind::Text, |field| field.kind);
                (Target::Field(idx), kind)
            }
            None => return Err(unable_to_find(self.schema, name)),
        };
        if !self.config.is_queryable(self.schema.entity, name) {
            return Err(format!("Invalid query syntax. The field {name} cannot be queried."));
        }
        Ok((target, kind, name.to_owned()))
    }

    fn udf(&mut self, name: &str) -> Result<Target, String> {
        self.n_udf += 1;
        let idx = self.schema.udf_index(name).ok_or_else(|| unable_to_find(self.schema, name))?;
        if self.schema.udfs.get(idx).is_some_and(|udf| udf.is_protected) {
            return Err(format!(
                "Invalid query syntax. The protected user-defined field {name} cannot be queried."
            ));
        }
        Ok(Target::Udf(idx))
    }
}

#[derive(Debug, Clone, Copy)]
enum Target {
    Id,
    Field(usize),
    Udf(usize),
}

impl Target {
    fn with(self, test: Test) -> Condition {
        match self {
            Self::Id => Condition::Id(test),
            Self::Field(idx) => Condition::Field(idx, test),
            Self::Udf(idx) => Condition::Udf(idx, test),
        }
    }
}

fn compare(op: &str) -> Option<Compare> {
    Some(match op {
        "eq" => Compare::Eq,
        "noteq" => Compare::NotEq,
        "gt" => Compare::Gt,
        "gte" => Compare::Gte,
        "lt" => Compare::Lt,
        "lte" => Compare::Lte,
        "beginswith" => Compare::BeginsWith,
        "endswith" => Compare::EndsWith,
        "contains" => Compare::Contains,
        _ => return None,
    })
}

/// The text for a name that the entity does not have.
pub(crate) fn unable_to_find(schema: &Schema, name: &str) -> String {
    format!("Unable to find {name} in the {} Entity", schema.entity.legacy())
}
