//! Writes, so that a client that should never write can be seen to write.

use super::answer::Answer;
use super::pipeline::Call;
use crate::config::Config;
use crate::store::Edit;
use crate::world::{World, lock};
use serde_json::{Map, Value, json};

/// Creates an organization.
pub(super) fn create(world: &World, config: &Config, call: &Call) -> Result<Answer, Answer> {
    let attributes = attributes(config, call)?;
    if attributes.get("name").and_then(Value::as_str).unwrap_or_default().is_empty() {
        return Err(unprocessable(config, "Name can't be blank", "name"));
    }
    carry_out(world, config, &Edit::Add { id: None, attributes }, 201)
}

/// Changes an organization, unless a PSA owns it.
pub(super) fn update(world: &World, config: &Config, call: &Call, id: &str) -> Result<Answer, Answer> {
    let id: i64 = id.parse().map_err(|_| Answer::not_found(config, "Record"))?;
    let is_synced = match lock(&world.store).get(id) {
        None => return Err(Answer::not_found(config, "Record")),
        Some(row) => row.is_synced(),
    };
    let attributes = attributes(config, call)?;
    if is_synced {
        return Err(unprocessable(config, "A record that is synced with a PSA cannot be changed", "name"));
    }
    carry_out(world, config, &Edit::Change { id, attributes }, 200)
}

fn carry_out(world: &World, config: &Config, edit: &Edit, status: u16) -> Result<Answer, Answer> {
    let id = world.apply(edit).map_err(|error| unprocessable(config, &format!("{error:#}"), ""))?;
    let record = lock(&world.store).get(id).map(|row| row.render());
    Ok(Answer::document(status, &json!({ "data": record })))
}

fn attributes(config: &Config, call: &Call) -> Result<Map<String, Value>, Answer> {
    if !call.content_type.starts_with("application/vnd.api+json") {
        let detail = "Content-Type must be application/vnd.api+json";
        return Err(Answer::error(config, 415, detail, Value::Null));
    }
    let bad = |detail: &str| Answer::error(config, 400, detail, json!({"pointer": "/data"}));
    let body: Value = serde_json::from_slice(&call.body).map_err(|_| bad("the body is not JSON"))?;
    if body["data"]["type"] != "organizations" {
        return Err(bad("data[type]: Must be one of: `organizations`."));
    }
    let attributes = body["data"]["attributes"].as_object().cloned();
    attributes.ok_or_else(|| bad("data[attributes]: Must be a Hash"))
}

fn unprocessable(config: &Config, detail: &str, attribute: &str) -> Answer {
    Answer::error(config, 422, detail, json!({"pointer": format!("/data/attributes/{attribute}")}))
}
