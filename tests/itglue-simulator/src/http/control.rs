//! The control routes: everything that the in-process handle offers, for clients in other processes.

use crate::config::Config;
use crate::control::Control;
use crate::store::Edit;
use crate::world::World;
use anyhow::{Context, bail};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;

/// Answers a call to `/_control/{path}`.
pub(super) fn handle(world: &Arc<World>, method: &str, path: &str, body: &[u8]) -> Response {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
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

fn answer(control: &Control, method: &str, segments: &[&str], body: &[u8]) -> anyhow::Result<Option<Value>> {
    let value = match (method, segments) {
        ("GET", ["counters"]) => serde_json::to_value(control.counters())?,
        ("POST", ["counters", "reset"]) => done(|| control.reset_counters()),
        ("GET", ["config"]) => serde_json::to_value(control.config())?,
        ("PATCH" | "POST", ["config"]) => patch_config(control, body)?,
        ("GET", ["clock"]) => json!({"now": control.now()}),
        ("POST", ["clock"]) => move_clock(control, body)?,
        ("POST", ["key", "state"]) => with(body, |state| control.set_key_state(state))?,
        ("POST", ["key", "rights"]) => with(body, |rights| control.set_key_rights(rights))?,
        ("POST", ["limits", "reset"]) => done(|| control.reset_limits()),
        ("POST", ["faults"]) => json!({"id": control.add_fault(read(body)?)}),
        ("GET", ["faults", id]) => json!({"fired": control.fault_count(id.parse()?)}),
        ("DELETE", ["faults"]) => done(|| control.clear_faults()),
        ("POST", ["plans"]) => with(body, |plan| control.plan(plan))?,
        ("DELETE", ["plans"]) => done(|| control.clear_plans()),
        ("POST", ["edits"]) => edit(control, body)?,
        ("GET", ["truth"]) => json!(control.truth()),
        ("GET", ["origins"]) => serde_json::to_value(control.origins())?,
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
    let edits: Vec<Edit> = serde_json::from_value(edits)?;
    let ids: anyhow::Result<Vec<i64>> = edits.iter().map(|edit| control.apply(edit)).collect();
    Ok(json!({"ids": ids?}))
}
