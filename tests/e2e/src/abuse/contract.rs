//! The HTTP API as its document tells it.

use anyhow::Context;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The document.
#[derive(Debug, Clone)]
pub struct Contract {
    document: Value,
    /// Every code with its status.
    pub codes: BTreeMap<String, u16>,
}

/// A route.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its name.
    pub name: String,
    /// Upper case.
    pub method: String,
    /// With `{parameters}`.
    pub path: String,
    /// `admin` or `reader`: the least role.
    pub role: String,
    /// Statuses of success.
    pub successes: Vec<u16>,
    /// Parameters of the query: name and schema.
    pub query: Vec<(String, Value)>,
    /// Whether the path has one.
    pub has_path_parameter: bool,
    /// Schema of the body, without references.
    pub body: Option<Value>,
}

impl Contract {
    /// Reads the committed copy.
    ///
    /// # Errors
    /// It is not there, or not what it should be.
    pub fn committed() -> anyhow::Result<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../admin/openapi.json");
        let document: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
        let table = document["components"]["responses"]["Error"]["description"].as_str();
        let lines = table.context("no table of codes")?.lines();
        let code = |line: &str| {
            let (status, name) = line.strip_prefix("- ")?.split_once(' ')?;
            Some((name.trim_matches('`').to_owned(), status.parse().ok()?))
        };
        Ok(Self { codes: lines.filter_map(code).collect(), document })
    }

    /// Every route.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        paths
            .flat_map(|(path, of_path)| {
                let methods = of_path.as_object().into_iter().flatten();
                methods.map(move |(method, told)| self.operation(path, method, told))
            })
            .collect()
    }

    fn operation(&self, path: &str, method: &str, told: &Value) -> Operation {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let parameters = || told["parameters"].as_array().into_iter().flatten().map(|one| self.plain(one));
        let query = parameters().filter(|one| one["in"] == "query");
        let body = &told["requestBody"]["content"]["application/json"]["schema"];
        let statuses = told["responses"].as_object().into_iter().flatten();
        Operation {
            name: text(&told["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            role: text(&told["x-lci-role"]),
            successes: statuses
                .filter_map(|(status, _)| status.parse().ok())
                .filter(|status| *status < 400)
                .collect(),
            query: query.map(|one| (text(&one["name"]), one["schema"].clone())).collect(),
            has_path_parameter: parameters().any(|one| one["in"] == "path"),
            body: (!body.is_null()).then(|| self.plain(body)),
        }
    }

    /// A schema with its references replaced by what they stand for; none of ours refers to itself.
    fn plain(&self, schema: &Value) -> Value {
        match schema {
            Value::Object(fields) => {
                if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
                    let mut told =
                        self.document.pointer(name.trim_start_matches('#')).map(|told| self.plain(told));
                    // What stands beside a reference adds to it.
                    if let Some(Value::Object(told)) = &mut told {
                        told.extend(fields.clone().into_iter().filter(|(name, _)| name != "$ref"));
                    }
                    return told.unwrap_or_default();
                }
                fields.iter().map(|(name, value)| (name.clone(), self.plain(value))).collect()
            }
            Value::Array(items) => items.iter().map(|item| self.plain(item)).collect(),
            other => other.clone(),
        }
    }
}

impl Operation {
    /// Its path with a name for each parameter.
    #[must_use]
    pub fn path_with(&self, parameter: &str) -> String {
        let part = |part: &str| if part.starts_with('{') { parameter.to_owned() } else { part.to_owned() };
        self.path.split('/').map(part).collect::<Vec<_>>().join("/")
    }
}

/// The types that a schema allows, `anyOf` and `oneOf` included.
#[must_use]
pub fn types(schema: &Value) -> Vec<String> {
    let own: Vec<String> = match &schema["type"] {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().filter_map(|one| Some(one.as_str()?.to_owned())).collect(),
        _ => Vec::new(),
    };
    let others = ["anyOf", "oneOf"].iter().flat_map(|name| schema[*name].as_array().into_iter().flatten());
    own.into_iter().chain(others.flat_map(types)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Contract, types};
    use serde_json::json;

    #[test]
    fn the_document_is_understood() {
        let contract = Contract::committed().unwrap();
        let operations = contract.operations();
        let find = |name: &str| operations.iter().find(|operation| operation.name == name).unwrap();
        assert_eq!((operations.len(), contract.codes.len()), (61, 13));
        assert_eq!(contract.codes["version_conflict"], 409);
        let save = find("saveSettings");
        assert_eq!(
            (save.method.as_str(), save.role.as_str(), &save.successes[..]),
            ("PUT", "admin", &[200][..])
        );
        assert_eq!(save.body.as_ref().unwrap()["properties"]["pulls"]["additionalProperties"], false);
        assert_eq!(find("getRun").path_with("7"), "/v1/integrations/autotask/runs/7");
        assert_eq!(find("listRuns").query.len(), 8);
    }

    #[test]
    fn types_are_those_of_all_alternatives() {
        assert_eq!(types(&json!({"anyOf": [{"type": "object"}, {"type": "null"}]})), ["object", "null"]);
        assert_eq!(types(&json!({"type": ["string", "null"]})), ["string", "null"]);
    }
}
