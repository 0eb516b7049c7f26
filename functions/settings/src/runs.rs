//! Run now, one run.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use shared::api::{ApiError, ApiRequest, Code, Object, Reply};
use shared::doorbell::Queue;
use shared::store::StoreError;
use shared::store::audit::AuditEntry;
use shared::store::runs::expiry_s;
use shared::store::tenant::{Due, TenantChange};
use shared_core::entity::Entity;
use shared_core::health::Login;
use shared_core::instant::rfc3339;
use shared_core::ledger::Run;
use shared_core::mail::HeldEntity;
use shared_core::run::{Kind, State, Trigger};
use shared_core::settings::Settings;

use crate::Deps;
use crate::save::run_id;
use crate::tenant::Tenant;
use crate::view::RunView;

/// What is to be run.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunWish {
    /// `nightly` (what changed) by default; `initial` reads everything once more.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Only these entities; all that are switched on by default.
    #[serde(default)]
    #[schemars(length(min = 1, max = 11))]
    pub entities: Option<Vec<String>>,
    /// The last run, whose held deletions are real: they are carried out now, as far as Autotask proves each of them, and no
    /// more than it held. Takes no `kind` and no `entities`.
    #[serde(default)]
    pub confirm_deletions_of: Option<String>,
}

/// Carries out `GET runs/{id}`.
pub(crate) async fn one(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let tenant = deps.tenant(request).await?;
    let no_run = || ApiError::new(Code::NotFound, "there is no such run");
    let id = request.path_param("id")?;
    let is_id = id.len() <= 40 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    // The store forgets expired runs days later.
    let is_kept = expiry_s(id) > deps.now_ms() / 1_000;
    if !is_id || !is_kept {
        return Err(no_run());
    }
    let Some(run) = tenant.store.load_run(&tenant.id, id).await? else {
        return Reply::ok(&tenant.line_without_records(id).await?.ok_or_else(no_run)?);
    };
    let is_current = tenant.unfinished.as_ref().is_some_and(|current| current.id == run.id);
    let is_silent = is_current && tenant.is_silent(deps.now_ms());
    Reply::ok(&RunView::new(&run, is_silent).with_rejected(&run))
}

/// Carries out `POST runs`.
pub(crate) async fn start(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let Object(wish): Object<RunWish> = request.json()?;
    let tenant = deps.tenant(request).await?;
    let settings = runnable(&tenant)?;
    let confirmed = confirmed(&wish, &tenant)?;
    let entities = match confirmed {
        [] => entities(&wish, settings)?,
        held => held.iter().map(|held| held.entity).collect(),
    };
    let now_ms = deps.now_ms();
    let run = match &tenant.unfinished {
        Some(run) if matches!(run.state, State::Failed | State::Stalled) => run.clone(),
        Some(run) => {
            let message = "a run is under way: wait for its end, or look at it in the pull log";
            return Err(
                ApiError::new(Code::Conflict, message).with(json!({"reason": "run_active", "run": run.id}))
            );
        }
        None => {
            let is_loaded = tenant.sync.initial_run.is_some();
            let kind = if is_loaded { wish.kind.unwrap_or(Kind::Nightly) } else { Kind::Initial };
            let id = run_id(now_ms, tenant.schedule.revision + 1);
            let run = Run::queued(id, kind, Trigger::Manual, entities, rfc3339(now_ms));
            Run { confirmed: confirmed.to_vec(), ..run }
        }
    };
    let is_new = tenant.unfinished.is_none();
    let entry = AuditEntry {
        at_ms: now_ms,
        by: request.caller.email.clone(),
        what: "run.requested".to_owned(),
        version: tenant.schedule.revision + 1,
        before: serde_json::Value::Null,
        after: json!({"run": run.id, "kind": run.kind, "entities": run.entities, "confirmed": run.confirmed}),
    };
    let queue = Queue::for_run(run.kind);
    let change = TenantChange {
        audit: Some(&entry),
        queued: is_new.then_some(&run),
        due: Some(Due::At(now_ms, queue)),
        ..TenantChange::default()
    };
    match tenant.store.change_tenant(&tenant.id, change).await {
        Err(StoreError::Fenced) => {
            let message = "a run began at the same moment: look at it in the pull log";
            return Err(ApiError::new(Code::Conflict, message).with(json!({"reason": "run_active"})));
        }
        other => other?,
    }
    deps.ring(&tenant, queue, None).await;
    Reply::json(202, &RunView::new(&run, false))
}

/// The held deletions that a wish confirms; empty for a wish that confirms none.
fn confirmed<'t>(wish: &RunWish, tenant: &'t Tenant) -> Result<&'t [HeldEntity], ApiError> {
    let Some(run_id) = &wish.confirm_deletions_of else { return Ok(&[]) };
    if wish.kind.is_some() || wish.entities.is_some() {
        return Err(ApiError::field("confirm_deletions_of", "it goes with neither kind nor entities"));
    }
    match &tenant.last {
        Some(run) if run.id == *run_id && !run.held.is_empty() && tenant.unfinished.is_none() => {
            Ok(&run.held)
        }
        _ => {
            let message =
                "this is not the last run, or it holds nothing: look at the last one in the pull log";
            Err(ApiError::new(Code::Conflict, message).with(json!({"reason": "not_held"})))
        }
    }
}

fn runnable(tenant: &Tenant) -> Result<&Settings, ApiError> {
    let refuse = |reason: &str, message: &str| {
        Err(ApiError::new(Code::Conflict, message.to_owned()).with(json!({ "reason": reason })))
    };
    match &tenant.settings {
        None => refuse("not_set_up", "nothing is set up yet: save the API user name and password first"),
        Some((settings, _)) if !settings.is_active => refuse(
            "not_active",
            "the integration is not active: check \"Autotask Integration Active\" and save",
        ),
        Some(_) if tenant.health.0.login == Login::Refused => refuse(
            "credentials",
            "Autotask refused the login, and trying again could lock the API user: correct the credentials first",
        ),
        Some((settings, _)) => Ok(settings),
    }
}

fn entities(wish: &RunWish, settings: &Settings) -> Result<Vec<Entity>, ApiError> {
    let known = settings.entities();
    let Some(names) = &wish.entities else { return Ok(known) };
    let unknown = names.iter().position(|name| !known.iter().any(|entity| entity.name() == name));
    match unknown {
        Some(at) => {
            let names: Vec<&str> = known.iter().map(|entity| entity.name()).collect();
            Err(ApiError::field(&format!("entities[{at}]"), format!("switched on are: {}", names.join(", "))))
        }
        None if names.is_empty() => Err(ApiError::field("entities", "it is empty; leave it out for all")),
        None => {
            Ok(known.into_iter().filter(|entity| names.iter().any(|name| name == entity.name())).collect())
        }
    }
}
