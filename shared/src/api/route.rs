//! The table of routes that functions, gateway and openapi.json share.

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::caller::Role;

/// HTTP methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Starts something.
    Post,
    /// Sets something.
    Put,
    /// Takes something away.
    Delete,
}

impl Method {
    /// As it stands in a request.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Gives the schema of a type; made by [`schema_of`].
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// The schema of `T`, as a plain function that a table can hold.
pub fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// A parameter of the query string.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// The route refuses a request without it.
    pub is_required: bool,
    /// Its schema.
    pub schema: SchemaOf,
}

impl Param {
    /// A parameter that may be left out.
    #[must_use]
    pub const fn new(name: &'static str, about: &'static str, schema: SchemaOf) -> Self {
        Self { name, about, is_required: false, schema }
    }

    /// The same, but the route refuses a request without it.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }
}

/// One route.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// HTTP method.
    pub method: Method,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// Function that owns the route; the name of its package.
    pub function: &'static str,
    /// Name of the operation, unique in the API.
    pub operation: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// The least role that may use it.
    pub role: Role,
    /// Parameters of the query string.
    pub query: &'static [Param],
    /// It heeds `Idempotency-Key`.
    pub is_repeatable: bool,
    /// Body of the request, if it takes one.
    pub request: Option<SchemaOf>,
    /// Status and body of success; none for a body that is no JSON.
    pub response: (u16, Option<SchemaOf>),
}

impl Route {
    /// A route that takes neither parameters nor a body and answers 200 without JSON, until more is said of it.
    #[must_use]
    pub const fn new(
        function: &'static str,
        method: Method,
        path: &'static str,
        operation: &'static str,
        role: Role,
        about: &'static str,
    ) -> Self {
        let (query, request, response) = (&[], None, (200, None));
        Self {
            method,
            path,
            function,
            operation,
            about,
            role,
            query,
            is_repeatable: false,
            request,
            response,
        }
    }

    /// With parameters in the query string.
    #[must_use]
    pub const fn query(self, query: &'static [Param]) -> Self {
        Self { query, ..self }
    }

    /// Heeding `Idempotency-Key`.
    #[must_use]
    pub const fn repeatable(self) -> Self {
        Self { is_repeatable: true, ..self }
    }

    /// With a body.
    #[must_use]
    pub const fn takes(self, request: SchemaOf) -> Self {
        Self { request: Some(request), ..self }
    }

    /// With this status and body of success.
    #[must_use]
    pub const fn answers(self, status: u16, body: Option<SchemaOf>) -> Self {
        Self { response: (status, body), ..self }
    }

    /// Values of the path's parameters, if a path belongs to this route.
    #[must_use]
    pub fn matches(&self, path: &str) -> Option<Vec<(String, String)>> {
        let (mut wanted, mut given) = (self.path.split('/'), path.split('/'));
        let mut values = Vec::new();
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return Some(values),
                (Some(part), Some(value)) => {
                    match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                        Some(_) if value.is_empty() => return None,
                        Some(name) => values.push((name.to_owned(), value.to_owned())),
                        None if part == value => {}
                        None => return None,
                    }
                }
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Method, Route};
    use crate::api::Role;

    #[test]
    fn paths_are_matched_part_by_part() {
        let route = Route {
            method: Method::Get,
            path: "/v1/runs/{id}",
            function: "settings",
            operation: "getRun",
            about: "",
            role: Role::Reader,
            query: &[],
            is_repeatable: false,
            request: None,
            response: (200, None),
        };
        assert_eq!(route.matches("/v1/runs/7"), Some(vec![("id".to_owned(), "7".to_owned())]));
        for other in ["/v1/runs", "/v1/runs/", "/v1/runs/7/x", "/v2/runs/7", ""] {
            assert_eq!(route.matches(other), None, "{other}");
        }
    }
}
