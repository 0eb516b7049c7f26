//! The OpenAPI 3.1 document, made from the tables of routes and the Rust types.
//!
//! `admin/openapi.json` is its committed copy; a test compares the two. Called by `lci openapi`.

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use shared::api::error::Envelope;
use shared::api::{Code, Param, Role, Route};

const SCHEMAS: &str = "/components/schemas";

/// The document of some routes.
pub(crate) fn document(routes: &[&Route]) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = SCHEMAS.into())
        .into_generator();
    let mut paths = Map::new();
    for route in routes {
        let of_path = paths.entry(route.path).or_insert_with(|| json!({}));
        of_path[route.method.as_str().to_lowercase()] = operation(route, &mut generator);
    }
    let error = error_response(&mut generator);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Autotask integration of Lifecycle Insights",
            "version": "1",
            "description": "Lists are paged by opaque cursors. Every function answers errors with one envelope.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "ID token of the OpenID Connect issuer, with the claims tenant, role and email.",
            }},
            "parameters": {"IdempotencyKey": idempotency_key()},
            "responses": {"Error": error},
            "schemas": generator.take_definitions(true),
        },
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let role = match route.role {
        Role::Reader => "reader",
        Role::Admin => "admin",
    };
    let mut operation = json!({
        "operationId": route.operation,
        "summary": route.about,
        "tags": [route.function],
        "x-lci-function": route.function,
        "x-lci-role": role,
        "responses": responses(route, generator),
    });
    let parameters = parameters(route, generator);
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(schema) = route.request {
        let schema = schema(generator);
        let required = has_required(&schema, generator);
        let content = json!({"application/json": {"schema": schema}});
        operation["requestBody"] = json!({"required": required, "content": content});
    }
    operation
}

/// Whether a body must say something: without a required field it may be left out.
fn has_required(schema: &Schema, generator: &SchemaGenerator) -> bool {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let told = name.and_then(|name| generator.definitions().get(name));
    told.is_none_or(|told| told.get("required").is_some())
}

fn parameters(route: &Route, generator: &mut SchemaGenerator) -> Vec<Value> {
    let mut parameters: Vec<Value> = path_names(route.path).map(path_parameter).collect();
    parameters.extend(route.query.iter().map(|param| query_parameter(param, generator)));
    if route.is_repeatable {
        parameters.push(json!({"$ref": "#/components/parameters/IdempotencyKey"}));
    }
    parameters
}

fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn path_parameter(name: &str) -> Value {
    json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}})
}

fn query_parameter(param: &Param, generator: &mut SchemaGenerator) -> Value {
    json!({
        "name": param.name,
        "in": "query",
        "required": param.is_required,
        "description": param.about,
        "schema": (param.schema)(generator),
    })
}

fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "Names this write: the same key with the same request is done once.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
    })
}

fn responses(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let (status, schema) = route.response;
    let mut success = json!({"description": "Done."});
    match schema {
        Some(schema) => success["content"] = json!({"application/json": {"schema": schema(generator)}}),
        None if status == 204 => {}
        None => success["content"] = json!({"text/csv": {"schema": {"type": "string"}}}),
    }
    json!({status.to_string(): success, "default": {"$ref": "#/components/responses/Error"}})
}

/// Errors of functions come in the envelope; the gateway has words of its own.
fn error_response(generator: &mut SchemaGenerator) -> Value {
    let mut codes: Vec<String> = Code::ALL.into_iter().map(code_line).collect();
    codes.sort();
    let envelope = generator.subschema_for::<Envelope>();
    let gateway = json!({
        "description": "An answer of the gateway itself: no token, no such route, too large, too slow.",
        "type": "object",
        "properties": {"message": {"type": "string"}},
        "required": ["message"],
    });
    json!({
        "description": format!("What went wrong. Codes by status:\n{}", codes.join("\n")),
        "content": {"application/json": {"schema": {"anyOf": [envelope, gateway]}}},
    })
}

fn code_line(code: Code) -> String {
    let name = serde_json::to_value(code).ok();
    let name = name.as_ref().and_then(Value::as_str).unwrap_or_default();
    format!("- {} `{name}`", code.status())
}

#[cfg(test)]
mod tests;
