//! Queries, counts, single rows and child collections.

use super::answer::Answer;
use super::call::Call;
use super::route::Place;
use crate::config::Config;
use crate::counters::DroppedOperator;
use crate::query::{Cursor, Links, Query, item as item_body, page};
use crate::schema::{Child, Entity, Schema};
use crate::view::View;
use crate::world::{World, lock};
use serde_json::Value;

/// Longest URL of a GET; longer ones are turned away by the web server before the service sees them.
const MAX_URL: usize = 2048;

fn schema_of(world: &World, entity: Entity) -> Result<&Schema, Answer> {
    world.schemas.get(entity).map_err(|error| Answer::error(error.to_string()))
}

/// Answers `query`, `query/count`, `query/next` and `query/previous`.
pub(super) fn query(world: &World, config: &Config, call: &Call, entity: Entity) -> Result<Answer, Answer> {
    let search = search_of(call)?;
    let schema = schema_of(world, entity)?;
    let body = parse_body(search.as_deref().map_or(&call.body, str::as_bytes))?;
    let query = Query::read(schema, config, &body).map_err(Answer::error)?;
    note_dropped(world, entity, &query, &body);
    let cursor = match call.route.place {
        Place::Turn => {
            let paging = call.argument("paging").unwrap_or_default();
            Cursor::parse(&paging).ok_or_else(|| Answer::error("The paging parameter is not valid."))?
        }
        _ => Cursor::first(query.page_size),
    };
    let lag = world.lag();
    let store = world.store();
    let view = View::new(&store, schema, &lag, config);
    if matches!(call.route.place, Place::Count) {
        let n_rows = view.count(query.range, &query.conditions);
        return Ok(Answer::json(format!("{{\"queryCount\":{n_rows}}}")));
    }
    let query_url = format!("{}/V1.0/{}/query", world.zone_url(), entity.route());
    let links = Links { query_url: &query_url, search: search.as_deref() };
    let (body, n_rows) = page(&view, &query, &cursor, links, config).map_err(Answer::error)?;
    Ok(Answer { n_rows, ..Answer::json(body) })
}

/// The filter of a GET; nothing for POST. The two kinds of paging URLs answer to their own verb only.
fn search_of(call: &Call) -> Result<Option<String>, Answer> {
    let search = call.argument("search");
    let is_turn = matches!(call.route.place, Place::Turn);
    match (call.method.as_str(), search) {
        ("GET", _) if call.url_length() > MAX_URL => {
            Err(Answer::html(404, "URL longer than 2048 characters"))
        }
        ("GET", Some(search)) => Ok(Some(search)),
        ("GET", None) if is_turn => Err(Answer::wrong_verb("GET")),
        ("GET", None) => Err(Answer::error("Invalid query syntax. The search parameter is missing.")),
        ("POST", Some(_)) if is_turn => Err(Answer::wrong_verb("POST")),
        ("POST", _) => Ok(None),
        (other, _) => Err(Answer::wrong_verb(other)),
    }
}

/// Reads the JSON of a filter.
fn parse_body(bytes: &[u8]) -> Result<Value, Answer> {
    let text = String::from_utf8_lossy(bytes);
    serde_json::from_str(&text)
        .map_err(|error| Answer::error(format!("Invalid query syntax. The body is not JSON: {error}")))
}

fn note_dropped(world: &World, entity: Entity, query: &Query, body: &Value) {
    if query.dropped.is_empty() {
        return;
    }
    let operators = query.dropped.clone();
    let dropped = DroppedOperator { entity, operators, body: body.to_string() };
    lock(&world.counters).dropped_operators.push(dropped);
}

/// Answers `{Entity}/{id}`.
pub(super) fn item(world: &World, config: &Config, entity: Entity, id: i64) -> Result<Answer, Answer> {
    let schema = schema_of(world, entity)?;
    let lag = world.lag();
    let store = world.store();
    let view = View::new(&store, schema, &lag, config);
    match item_body(&view, id, config) {
        Some(body) => Ok(Answer::json(body)),
        None if config.is_missing_item_404 => Err(Answer::empty(404, "no such row")),
        None => Ok(Answer::json("{\"item\":null}".to_owned())),
    }
}

/// Answers `{Parent}/{parentId}/{Child}`, with or without an id.
pub(super) fn children(
    world: &World,
    config: &Config,
    call: &Call,
    parent: (Entity, i64),
    child: Child,
    id: Option<i64>,
) -> Result<Answer, Answer> {
    let schema = schema_of(world, child.entity)?;
    let lag = world.lag();
    let store = world.store();
    if store.table(parent.0).get(parent.1).is_none() {
        return Err(Answer::empty(404, "no such parent"));
    }
    let view = View::new(&store, schema, &lag, config);
    let query = Query::children(schema, child.foreign_key, parent.1);
    if let Some(id) = id {
        let is_there = view.get(id).is_some_and(|row| {
            query.conditions.iter().all(|condition| condition.holds(row, schema, &store.texts))
        });
        let body = if is_there { item_body(&view, id, config) } else { None };
        return Ok(Answer::json(body.unwrap_or_else(|| "{\"item\":null}".to_owned())));
    }
    let paging = call.argument("paging").and_then(|paging| Cursor::parse(&paging));
    let cursor = paging.unwrap_or_else(|| Cursor::first(query.page_size));
    let query_url = format!("{}/V1.0/{}/query", world.zone_url(), child.entity.route());
    // The next page of a child collection is the same question put to the entity itself.
    let search = serde_json::json!({"filter": [{"op": "eq", "field": child.foreign_key, "value": parent.1}]});
    let search = search.to_string();
    let links = Links { query_url: &query_url, search: Some(&search) };
    let (body, n_rows) = page(&view, &query, &cursor, links, config).map_err(Answer::error)?;
    Ok(Answer { n_rows, ..Answer::json(body) })
}
