//! Which dates may be written, and what that would mean.

use serde_json::json;
use shared::api::{ApiError, ApiRequest, Code, Object, Reply};
use shared::store::audit::AuditEntry;
use shared::store::mappings::SaveError;
use shared::store::warranties::SavedPolicy;
use shared::writeback::survey::{Survey, day_of};
use shared_core::instant::rfc3339;
use shared_core::warranty::{Policy, simulate};

use crate::Deps;
use crate::view::{PolicyDraft, PolicyView, SimulationWish, VersionView};

/// Answers the policy.
pub(crate) async fn get(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let (store, tenant) = deps.open(request).await?;
    let SavedPolicy { version, policy, at, by } = store.load_policy(tenant).await?;
    Reply::ok(&PolicyView { version, policy, at, by })
}

/// Saves a policy over the version that was read.
pub(crate) async fn save(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let PolicyDraft { version: read, policy: Object(policy) } = request.json()?;
    checked(&policy)?;
    let (store, tenant) = deps.open(request).await?;
    let before = store.load_policy(tenant).await?;
    if read != before.version {
        return Err(conflict(before.version, &before.policy));
    }
    if policy == before.policy {
        return Reply::ok(&VersionView { version: before.version });
    }
    let (now_ms, by) = (deps.now_ms(), request.caller.email.clone());
    let version = before.version + 1;
    let saved = SavedPolicy { version, policy, at: rfc3339(now_ms), by: by.clone() };
    let what = "warranty_policy.saved".to_owned();
    let (before, after) = (json!(before.policy), json!(saved.policy));
    let audit = AuditEntry { at_ms: now_ms, by, what, version, before, after };
    match store.save_policy(tenant, &saved, &audit).await {
        Ok(()) => Reply::ok(&VersionView { version }),
        Err(SaveError::Newer) => {
            let present = store.load_policy(tenant).await?;
            Err(conflict(present.version, &present.policy))
        }
        Err(SaveError::Store(error)) => Err(error.into()),
        Err(error) => Err(ApiError::new(Code::TooLarge, error.to_string())),
    }
}

/// Counts what a policy would do with the present data.
pub(crate) async fn simulated(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let wish: SimulationWish = request.json()?;
    let (store, tenant) = deps.open(request).await?;
    let policy = match wish.policy {
        Some(Object(policy)) => policy,
        None => store.load_policy(tenant).await?.policy,
    };
    checked(&policy)?;
    let survey = Survey::load(&store, tenant).await?;
    Reply::ok(&simulate(survey.facts(), &policy, day_of(deps.now_ms())))
}

fn checked(policy: &Policy) -> Result<(), ApiError> {
    let outside = policy.check().err().and_then(|outside| outside.into_iter().next());
    outside.map_or(Ok(()), |outside| {
        let field = format!("policy.{}", outside.field);
        Err(ApiError::field(&field, outside))
    })
}

fn conflict(version: u64, present: &Policy) -> ApiError {
    let message =
        "somebody else saved since you read this: look at the policy and save again; nothing was stored";
    ApiError::new(Code::VersionConflict, message).with(json!({"version": version, "policy": present}))
}
