//! From an event to an answer: every failure on the way becomes the envelope, never an error of the function.

use std::collections::HashMap;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use serde_json::Value;
use tracing::Instrument;

use super::caller::{Caller, ClaimNames};
use super::error::{ApiError, Code, Envelope, EnvelopeError};
use super::reply::{Reply, payload};
use super::request::{ApiRequest, body_of};
use super::route::Route;
use crate::lambda::Erased;

type PathValues = Vec<(String, String)>;

/// Answers one event with the route that it belongs to.
///
/// # Shape
/// The answer is always an object of payload 2.0 with `statusCode`, `headers` and `body`.
pub async fn serve<'a>(
    event: Value,
    names: &ClaimNames,
    routes: &'static [Route],
    handle: impl FnOnce(&'static Route, ApiRequest) -> Erased<'a, Result<Reply, ApiError>>,
) -> Value {
    let parsed: Result<ApiGatewayV2httpRequest, _> = serde_json::from_value(event);
    let Ok(event) = parsed else {
        let error = ApiError::new(Code::InvalidRequest, "the event is not one of an HTTP API, payload 2.0");
        return refused(&error, "");
    };
    let request_id = event.request_context.request_id.clone().unwrap_or_default();
    let (route, request) = match understood(event, names, routes) {
        Ok(understood) => understood,
        Err(error) => return refused(&error, &request_id),
    };
    let tenant = request.caller.tenant.clone();
    let span = tracing::info_span!("request", request.id = %request_id, operation = route.operation, tenant = %tenant);
    let answered = handle(route, request).instrument(span.clone()).await;
    answered.map_or_else(|error| span.in_scope(|| refused(&error, &request_id)), |reply| reply.to_payload())
}

fn understood(
    event: ApiGatewayV2httpRequest,
    names: &ClaimNames,
    routes: &'static [Route],
) -> Result<(&'static Route, ApiRequest), ApiError> {
    let caller = Caller::from_claims(&claims_of(&event), names)?;
    let method = event.request_context.http.method.as_str();
    let path = event.raw_path.as_deref().or(event.request_context.http.path.as_deref()).unwrap_or_default();
    let (route, values) = find(routes, method, path)?;
    if caller.role < route.role {
        return Err(ApiError::new(Code::Forbidden, "this needs the role admin; your token is a reader's"));
    }
    let idempotency_key = idempotency_key(&event)?;
    let body = body_of(&event)?;
    let request = ApiRequest {
        caller,
        // The gateway gives the path decoded already.
        path: values.into_iter().collect(),
        query: joined(event.query_string_parameters.iter()),
        idempotency_key,
        body,
        request_id: event.request_context.request_id.unwrap_or_default(),
    };
    check_query(route, &request.query)?;
    Ok((route, request))
}

/// Payload 2.0 writes several values of one parameter with commas between them, and a comma may as well be the value's own.
fn joined<'v>(values: impl Iterator<Item = (&'v str, &'v str)>) -> HashMap<String, String> {
    let mut query: HashMap<String, String> = HashMap::new();
    for (name, value) in values {
        let text = query.entry(name.to_owned()).and_modify(|text| text.push(',')).or_default();
        text.push_str(value);
    }
    query
}

fn claims_of(event: &ApiGatewayV2httpRequest) -> HashMap<String, String> {
    let jwt = event.request_context.authorizer.as_ref().and_then(|authorizer| authorizer.jwt.as_ref());
    jwt.map(|jwt| jwt.claims.clone()).unwrap_or_default()
}

fn find(
    routes: &'static [Route],
    method: &str,
    path: &str,
) -> Result<(&'static Route, PathValues), ApiError> {
    let fitting = || routes.iter().filter_map(|route| Some((route, route.matches(path)?)));
    let of_method = fitting().filter(|(route, _)| route.method.as_str() == method);
    // The gateway prefers the route with the fewest parameters, and so do we.
    if let Some(found) = of_method.min_by_key(|(_, values)| values.len()) {
        return Ok(found);
    }
    let knows_path = fitting().next().is_some();
    Err(if knows_path {
        ApiError::new(
            Code::MethodNotAllowed,
            format!("this path does not take {}", method.chars().take(10).collect::<String>()),
        )
    } else {
        ApiError::new(Code::NotFound, "there is no such path")
    })
}

fn check_query(route: &Route, query: &HashMap<String, String>) -> Result<(), ApiError> {
    let is_known = |name: &String| route.query.iter().any(|param| param.name == name);
    match query.keys().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => {
            let known: Vec<&str> = route.query.iter().map(|param| param.name).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            Err(ApiError::field(
                &name.chars().take(60).collect::<String>(),
                format!("parameters of this route: {known}"),
            ))
        }
    }
}

fn idempotency_key(event: &ApiGatewayV2httpRequest) -> Result<Option<String>, ApiError> {
    let Some(value) = event.headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    let is_fit = (1..=128).contains(&key.len()) && key.chars().all(|c| c.is_ascii_graphic());
    if is_fit {
        Ok(Some(key.to_owned()))
    } else {
        Err(ApiError::field("Idempotency-Key", "it must be 1 to 128 visible ASCII characters"))
    }
}

fn refused(error: &ApiError, request_id: &str) -> Value {
    if error.code.status() >= 500 {
        tracing::error!(code = ?error.code, request.id = request_id, "request failed: {}", error.message);
    } else {
        tracing::info!(code = ?error.code, request.id = request_id, "request refused");
    }
    let ApiError { code, message, details } = error.clone();
    let error = EnvelopeError { code, message, request_id: request_id.to_owned(), details };
    let body = serde_json::to_string(&Envelope { error }).unwrap_or_else(|_| "{}".to_owned());
    payload(code.status(), &body, "application/json")
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn a_comma_belongs_to_what_somebody_typed() {
        let query = joined([("search", "Smith"), ("limit", "3"), ("search", " Jones")].into_iter());
        assert_eq!((query["search"].as_str(), query["limit"].as_str()), ("Smith, Jones", "3"));
    }
}
