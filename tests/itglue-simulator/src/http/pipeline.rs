//! The way of a call: counted, let in or refused, delayed, carried out, and perhaps spoilt.

use super::answer::Answer;
use super::{lists, writes};
use crate::config::Config;
use crate::counters::Refusal;
use crate::faults::{FaultAction, garble};
use crate::key::{self, KeyRights};
use crate::query::Resource;
use crate::world::{World, lock};
use axum::body::Bytes;
use axum::http::request::Parts;
use serde_json::json;
use std::time::Duration;

/// What a call brought.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) content_type: String,
    pub(super) body: Bytes,
    key: String,
    pub(super) resource: Resource,
    /// What follows the resource in the path.
    pub(super) id: Option<String>,
}

impl Call {
    /// Reads the head of a call.
    pub(super) fn new(parts: &Parts, body: Bytes) -> Self {
        let header = |name: &str| {
            let value = parts.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
            value.unwrap_or_default().into_owned()
        };
        let path = parts.uri.path().to_owned();
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let resource = match segments.next() {
            Some("organizations") => Resource::Organizations,
            Some("organization_types") => Resource::OrganizationTypes,
            Some("organization_statuses") => Resource::OrganizationStatuses,
            _ => Resource::Other,
        };
        let id = segments.next().map(str::to_owned);
        let resource = if segments.next().is_some() { Resource::Other } else { resource };
        Self {
            method: parts.method.as_str().to_ascii_uppercase(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            content_type: header("content-type"),
            key: header("x-api-key"),
            path,
            body,
            resource,
            id,
        }
    }

    fn is_write(&self) -> bool {
        self.method != "GET"
    }
}

/// The place that a call holds until its answer is made or its caller is gone.
struct Place<'a>(&'a World);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        lock(&self.0.counters).leave();
    }
}

/// Answers a call to the simulated service.
pub(super) async fn serve(world: &World, call: &Call) -> Answer {
    let config = world.config();
    lock(&world.counters).arrive(call.resource, call.is_write());
    let _place = Place(world);
    let answer = match admit(world, &config, call) {
        Ok(()) => carry_out(world, &config, call).await,
        Err(answer) => answer,
    };
    record(world, call, &answer);
    answer
}

fn admit(world: &World, config: &Config, call: &Call) -> Result<(), Answer> {
    if let Some(reason) = key::refusal(config, &call.key) {
        lock(&world.counters).key_refusals += 1;
        return Err(Answer::bad_key(config, reason));
    }
    let now_ms = world.now_ms();
    if !lock(&world.limits).admit(&call.key, now_ms, config.limit, config.window_s) {
        lock(&world.counters).limit_rejections += 1;
        return Err(Answer::too_many(config, config.retry_after, now_ms));
    }
    let refused = |status, detail| Err(Answer::error(config, status, detail, json!({"pointer": "id"})));
    match key::rights(config, &call.key) {
        KeyRights::OtherAddress => refused(403, "Your IP address is not allowed"),
        KeyRights::None => refused(401, "Unauthorized resource access"),
        KeyRights::ReadOnly if call.is_write() => refused(403, "This API key may only read"),
        _ => Ok(()),
    }
}

async fn carry_out(world: &World, config: &Config, call: &Call) -> Answer {
    let faults = lock(&world.faults).decide(call.resource);
    lock(&world.counters).faults_served += faults.len() as u64;
    let slow_ms: u64 = faults.iter().map(|f| if let FaultAction::Slow { ms } = f { *ms } else { 0 }).sum();
    let delay_ms = config.latency_ms + slow_ms;
    if delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    }
    if let Some(answer) = faults.iter().find_map(|action| instead(world, config, action)) {
        return answer;
    }
    let mut answer = perform(world, config, call).unwrap_or_else(|refusal| refusal);
    if answer.status == 200 {
        faults.iter().for_each(|action| spoil(&mut answer, action));
        run_plans(world, call);
    }
    answer
}

/// The answer to a call that a fault keeps from being carried out.
fn instead(world: &World, config: &Config, action: &FaultAction) -> Option<Answer> {
    let answer = match action {
        FaultAction::Html { status } => Answer::html(*status),
        FaultAction::Errors { status, detail } => Answer::error(config, *status, detail, json!(null)),
        FaultAction::TooMany { retry_after } => Answer::too_many(config, *retry_after, world.now_ms()),
        FaultAction::Body { status, content_type, body } => Answer {
            status: *status,
            content_type: content_type.clone(),
            body: body.clone(),
            ..Answer::default()
        },
        FaultAction::Redirect { location } => {
            Answer { status: 302, header: Some(("location", location.clone())), ..Answer::default() }
        }
        _ => return None,
    };
    Some(Answer { reason: "fault".to_owned(), ..answer })
}

fn spoil(answer: &mut Answer, action: &FaultAction) {
    match action {
        FaultAction::TruncatedJson => {
            let half = answer.body.floor_char_boundary(answer.body.len() / 2);
            answer.body.truncate(half);
        }
        FaultAction::CutOff => answer.is_cut = true,
        FaultAction::Garble { garble: kind, row_idx } => answer.body = garble(&answer.body, kind, *row_idx),
        _ => {}
    }
}

/// Carries the call out; both sides are answers, the second one a refusal.
fn perform(world: &World, config: &Config, call: &Call) -> Result<Answer, Answer> {
    match (call.method.as_str(), call.resource, &call.id) {
        (_, Resource::Other, _) => Err(Answer::not_found(config, "Resource")),
        ("GET", resource, None) => lists::list(world, config, call, resource),
        ("GET", resource, Some(id)) => lists::item(world, config, resource, id),
        ("POST", Resource::Organizations, None) => writes::create(world, config, call),
        ("PATCH", Resource::Organizations, Some(id)) => writes::update(world, config, call, id),
        // The service routes by verb and path together: an unknown pair is an unknown place.
        _ => Err(Answer::not_found(config, "Resource")),
    }
}

fn run_plans(world: &World, call: &Call) {
    if call.resource != Resource::Organizations || call.id.is_some() || call.is_write() {
        return;
    }
    let due = lock(&world.plans).page_served();
    for edit in due {
        if let Err(error) = world.apply(&edit) {
            let reason = format!("planned edit failed: {error:#}");
            lock(&world.counters).refuse(Refusal { status: 0, request: "plan".to_owned(), reason });
        }
    }
}

fn record(world: &World, call: &Call, answer: &Answer) {
    let mut counters = lock(&world.counters);
    counters.bytes_served += answer.body.len() as u64;
    counters.rows_served += u64::from(answer.n_rows);
    if answer.status >= 400 {
        let request = format!("{} {}", call.method, call.path);
        counters.refuse(Refusal { status: answer.status, request, reason: answer.reason.clone() });
    }
}
