//! The way of a call: counted, let in or refused, delayed, carried out, and perhaps spoilt.

use super::answer::Answer;
use super::call::{Call, Guard};
use super::route::Place;
use super::{metadata, read, writes};
use crate::config::{Config, Rights};
use crate::counters::{CallKind, Refusal};
use crate::faults::{Fault, FaultAction, garble};
use crate::gate::Verdict;
use crate::schema::Entity;
use crate::world::{World, lock};
use serde_json::{Value, json};
use std::time::Duration;

/// Answers a call to the simulated service.
pub(super) async fn serve(world: &World, call: &Call, guard: &mut Guard) -> Answer {
    let config = world.config();
    let answer = match call.route.place {
        Place::Zone | Place::Versions => {
            pause(config.latency_ms).await;
            open_place(world, call)
        }
        _ => match admit(world, &config, call, guard) {
            Ok(added_ms) => carry_out(world, &config, call, added_ms).await,
            Err(answer) => answer,
        },
    };
    record(world, call, &answer);
    answer
}

fn open_place(world: &World, call: &Call) -> Answer {
    match call.route.place {
        _ if call.method != "GET" => Answer::wrong_verb(&call.method),
        Place::Versions => Answer::value(&json!({"apiVersions": ["V1.0", "V2.0"]})),
        _ => metadata::zone(world, call),
    }
}

/// The gates, in the order of the real service as far as it is known; gives the latency to be added.
fn admit(world: &World, config: &Config, call: &Call, guard: &mut Guard) -> Result<u64, Answer> {
    if !call.route.zone_path.eq_ignore_ascii_case(config.zone_path.trim_matches('/')) {
        return Err(Answer::empty(401, "wrong zone"));
    }
    let verdict = lock(&world.logins).judge(config, &call.credentials);
    lock(&world.counters).login(&call.credentials.user, verdict == Verdict::Accepted);
    match verdict {
        Verdict::Accepted => {}
        Verdict::Unauthorized(reason) => return Err(Answer::empty(401, reason)),
        Verdict::Error(text) => return Err(Answer::error(text)),
    }
    let now_ms = world.now_ms();
    let added_ms = admit_to_the_hour(world, config, now_ms)?;
    if !guard.take_slot(&call.credentials.code, config.thread_limit) {
        lock(&world.counters).thread_rejections += 1;
        return Err(Answer::too_many_threads(config, now_ms));
    }
    Ok(added_ms)
}

fn admit_to_the_hour(world: &World, config: &Config, now_ms: i64) -> Result<u64, Answer> {
    let mut hourly = lock(&world.hourly);
    hourly.observe(now_ms, config.foreign_calls_per_hour);
    if !hourly.admit(now_ms, config.hourly_limit) {
        lock(&world.counters).hourly_rejections += 1;
        return Err(Answer::over_the_hour(config, now_ms));
    }
    Ok((hourly.added_latency_ms(config.hourly_limit) as f64 * config.latency_step_scale) as u64)
}

async fn carry_out(world: &World, config: &Config, call: &Call, added_ms: u64) -> Answer {
    let faults = lock(&world.faults).decide(config.seed, call.route.entity, call.kind);
    lock(&world.counters).faults_served += faults.len() as u64;
    let base_ms = match call.kind {
        CallKind::Count => config.count_latency_ms.unwrap_or(config.latency_ms),
        _ => config.latency_ms,
    };
    let slow_ms: u64 =
        faults.iter().map(|f| if let FaultAction::Slow { ms } = f.action { ms } else { 0 }).sum();
    let delay_ms = base_ms + added_ms + slow_ms;
    // A write takes effect although its caller may not wait for the answer.
    if call.kind.is_write() {
        let answer = answer_with_faults(world, config, call, &faults);
        pause(delay_ms).await;
        return answer;
    }
    pause(delay_ms).await;
    let answer = answer_with_faults(world, config, call, &faults);
    run_plans(world, call, &answer);
    answer
}

async fn pause(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

fn answer_with_faults(world: &World, config: &Config, call: &Call, faults: &[Fault]) -> Answer {
    let instead = faults.iter().find(|fault| fault.action.is_instead());
    if let Some(fault) = instead {
        if fault.is_performed {
            let _ = perform(world, config, call);
        }
        return replacement(&fault.action, world.now_ms());
    }
    let mut answer = perform(world, config, call).unwrap_or_else(|refusal| refusal);
    if answer.status == 200 {
        for fault in faults {
            spoil(&mut answer, &fault.action);
        }
    }
    answer
}

fn replacement(action: &FaultAction, now_ms: i64) -> Answer {
    match action {
        FaultAction::Html { status } => Answer::html(*status, "fault: html"),
        FaultAction::Status { status } => Answer::empty(*status, "fault: status"),
        FaultAction::Errors { message } => Answer::error(message.clone()),
        FaultAction::Body { status, content_type, body } => Answer {
            status: *status,
            content_type: content_type.clone(),
            body: body.clone(),
            reason: "fault: body".to_owned(),
            ..Answer::default()
        },
        FaultAction::TooMany { retry_after } => {
            Answer::too_many("fault: too many requests", *retry_after, now_ms)
        }
        _ => Answer::html(200, "fault: html"),
    }
}

fn spoil(answer: &mut Answer, action: &FaultAction) {
    match action {
        FaultAction::TruncatedJson => {
            let mut half = answer.body.len() / 2;
            while !answer.body.is_char_boundary(half) {
                half -= 1;
            }
            answer.body.truncate(half);
        }
        FaultAction::DropConnection => answer.is_cut = true,
        FaultAction::Garble { garble: kind, row_idx } => answer.body = garble(&answer.body, kind, *row_idx),
        FaultAction::CountOff { by } => {
            let counted = serde_json::from_str::<Value>(&answer.body).ok();
            let counted = counted.and_then(|body| body.get("queryCount")?.as_i64());
            if let Some(counted) = counted {
                answer.body = json!({ "queryCount": (counted + by).max(0) }).to_string();
            }
        }
        _ => {}
    }
}

/// Carries the call out; both sides are answers, the second one a refusal.
fn perform(world: &World, config: &Config, call: &Call) -> Result<Answer, Answer> {
    let Some(entity) = call.route.entity else {
        return metadata::global(world, config, call);
    };
    match call.route.place {
        Place::Information | Place::Fields | Place::UserDefinedFields => {
            metadata::of_entity(world, config, call, entity)
        }
        _ => {
            refuse_without_rights(config, call, entity)?;
            match call.route.place {
                Place::Query | Place::Turn | Place::Count => read::query(world, config, call, entity),
                Place::Item(id) if call.method == "GET" => read::item(world, config, entity, id),
                Place::Child(parent, parent_id, child, id) if call.method == "GET" => {
                    read::children(world, config, call, (parent, parent_id), child, id)
                }
                _ => writes::write(world, call, entity),
            }
        }
    }
}

fn refuse_without_rights(config: &Config, call: &Call, entity: Entity) -> Result<(), Answer> {
    let text = format!(
        "The logged in Resource does not have the adequate permissions to access the {} entity.",
        entity.legacy()
    );
    match config.rights_of(entity) {
        Rights::Forbidden => Err(Answer::errors(403, &[text])),
        Rights::Denied500 => Err(Answer::error(text)),
        Rights::ReadOnly | Rights::Empty if call.kind.is_write() => Err(Answer::error(text)),
        _ => Ok(()),
    }
}

fn run_plans(world: &World, call: &Call, answer: &Answer) {
    let Some(entity) = call.route.entity.filter(|_| call.kind == CallKind::Query) else {
        return;
    };
    if answer.status != 200 {
        return;
    }
    let due = lock(&world.plans).page_served(entity);
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
    counters.rows_served += answer.n_rows as u64;
    if answer.status >= 400 {
        let request = format!("{} {}", call.method, call.path);
        counters.refuse(Refusal { status: answer.status, request, reason: answer.reason.clone() });
    }
}
