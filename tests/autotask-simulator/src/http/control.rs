//! The control routes: everything that the in-process handle offers, for clients in other processes.

use super::body::TruthBody;
use super::call::argument;
use crate::config::{Config, Rights};
use crate::control::Control;
use crate::schema::Entity;
use crate::truth::Filter;
use crate::world::World;
use anyhow::{Context, bail};
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Answers a call to `/_control/{path}`.
pub(super) fn handle(world: &Arc<World>, method: &str, path: &str, query: &str, body: &[u8]) -> Response {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if let ("GET", ["truth", entity]) = (method, segments.as_slice()) {
        return truth(world, entity, query);
    }
    let control = Control::new(Arc::clone(world));
    match answer(&control, method, &segments, body) {
        Ok(Some(value)) => json_response(StatusCode::OK, &value),
        Ok(None) => json_response(
            StatusCode::NOT_FOUND,
            &json!({"error": format!("no control route {method} {path}")}),
        ),
        Err(error) => json_response(StatusCode::BAD_REQUEST, &json!({"error": format!("{error:#}")})),
    }
}

fn json_response(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

fn truth(world: &Arc<World>, entity: &str, query: &str) -> Response {
    let Some(entity) = Entity::parse(entity) else {
        return json_response(StatusCode::NOT_FOUND, &json!({"error": "no such entity"}));
    };
    let fields = argument(query, "fields").map(|names| names.split(',').map(str::to_owned).collect());
    let is_visible_only = argument(query, "visible").is_some_and(|value| value == "true");
    let body = TruthBody::new(Arc::clone(world), entity, Filter { fields, is_visible_only });
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::new(body)).into_response()
}

fn answer(control: &Control, method: &str, segments: &[&str], body: &[u8]) -> anyhow::Result<Option<Value>> {
    let value = match (method, segments) {
        ("GET", ["counters"]) => serde_json::to_value(control.counters())?,
        ("POST", ["counters", "reset"]) => done(|| control.reset_counters()),
        ("GET", ["config"]) => serde_json::to_value(control.config())?,
        ("PATCH" | "POST", ["config"]) => patch_config(control, body)?,
        ("POST", ["rights"]) => set_rights(control, body)?,
        ("POST", ["zone"]) => with(body, |order: ZoneOrder| control.move_zone(&order.path))?,
        ("GET", ["clock"]) => json!({"now": control.now()}),
        ("POST", ["clock"]) => move_clock(control, body)?,
        ("POST", ["unlock"]) => done(|| control.unlock()),
        ("GET", ["hourly"]) => json!({"calls": control.hourly_calls()}),
        ("POST", ["hourly"]) => with(body, |order: Calls| control.add_foreign_calls(order.calls))?,
        ("POST", ["hourly", "reset"]) => done(|| control.reset_hourly()),
        _ => return answer_about_records(control, method, segments, body),
    };
    Ok(Some(value))
}

fn answer_about_records(
    control: &Control,
    method: &str,
    segments: &[&str],
    body: &[u8],
) -> anyhow::Result<Option<Value>> {
    let value = match (method, segments) {
        ("POST", ["faults"]) => json!({"id": control.add_fault(read(body)?)}),
        ("GET", ["faults", id]) => json!({"fired": control.fault_count(id.parse()?)}),
        ("DELETE", ["faults", id]) => json!({"removed": control.remove_fault(id.parse()?)}),
        ("DELETE", ["faults"]) => done(|| control.clear_faults()),
        ("POST", ["plans"]) => with(body, |plan| control.plan(plan))?,
        ("DELETE", ["plans"]) => done(|| control.clear_plans()),
        ("POST", ["edits"]) => edit(control, body)?,
        ("GET", ["ids", entity]) => json!(control.ids(entity_of(entity)?)),
        ("GET", ["record", entity, id]) => json!(control.record(entity_of(entity)?, id.parse()?)),
        ("GET", ["version", entity, id]) => {
            json!({"version": control.version(entity_of(entity)?, id.parse()?)})
        }
        _ => return Ok(None),
    };
    Ok(Some(value))
}

fn done(work: impl FnOnce()) -> Value {
    work();
    json!({"ok": true})
}

fn read<T: DeserializeOwned>(body: &[u8]) -> anyhow::Result<T> {
    serde_json::from_slice(body).context("cannot read the body")
}

fn with<T: DeserializeOwned>(body: &[u8], work: impl FnOnce(T)) -> anyhow::Result<Value> {
    work(read(body)?);
    Ok(json!({"ok": true}))
}

fn entity_of(name: &str) -> anyhow::Result<Entity> {
    Entity::parse(name).with_context(|| format!("no entity {name}"))
}

#[derive(Deserialize)]
struct ZoneOrder {
    path: String,
}

#[derive(Deserialize)]
struct Calls {
    calls: u64,
}

#[derive(Deserialize)]
struct ClockOrder {
    set: Option<String>,
    advance_ms: Option<i64>,
    freeze: Option<bool>,
}

fn move_clock(control: &Control, body: &[u8]) -> anyhow::Result<Value> {
    let order: ClockOrder = read(body)?;
    if let Some(is_frozen) = order.freeze {
        control.freeze_clock(is_frozen);
    }
    if let Some(instant) = &order.set {
        control.set_clock(instant)?;
    }
    control.advance_clock_ms(order.advance_ms.unwrap_or(0));
    Ok(json!({"now": control.now()}))
}

fn set_rights(control: &Control, body: &[u8]) -> anyhow::Result<Value> {
    let rights: BTreeMap<Entity, Rights> = read(body)?;
    for (entity, rights) in rights {
        control.set_rights(entity, rights);
    }
    Ok(json!({"ok": true}))
}

/// Top-level keys of the body replace those of the configuration.
fn patch_config(control: &Control, body: &[u8]) -> anyhow::Result<Value> {
    let patch: Value = read(body)?;
    let mut merged = serde_json::to_value(control.config())?;
    let (Some(target), Some(patch)) = (merged.as_object_mut(), patch.as_object()) else {
        bail!("a JSON object is needed");
    };
    target.extend(patch.clone());
    let config: Config = serde_json::from_value(merged)?;
    control.configure(|slot| *slot = config);
    Ok(json!({"ok": true}))
}

fn edit(control: &Control, body: &[u8]) -> anyhow::Result<Value> {
    let edits: Value = read(body)?;
    let edits = if edits.is_array() { edits } else { json!([edits]) };
    let edits: Vec<crate::write::Edit> = serde_json::from_value(edits)?;
    let ids: anyhow::Result<Vec<i64>> = edits.iter().map(|edit| control.apply(edit)).collect();
    Ok(json!({"ids": ids?}))
}
