//! How IT Glue is reached: region and API key, tried before they are saved.

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::api::{ApiError, ApiRequest, Code, Object, Reply};
use shared::doorbell::Queue;
use shared::itglue::{ItGlueClient, ItGlueError};
use shared::secrets::Login;
use shared::store::StoreError;
use shared::store::audit::AuditEntry;
use shared::store::itglue::ItGlueSettings;
use shared_core::instant::rfc3339;
use shared_core::itglue::{Reading, Region};
use shared_core::settings::PasswordNote;

use crate::Deps;
use crate::tenant::Tenant;
use crate::view::PasswordView;

const MAX_KEY_CHARS: usize = 200;

/// How IT Glue is to be reached.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItGlueDraft {
    /// Where the account lives; its keys are good there only.
    pub region: Region,
    /// API key, exactly as in IT Glue; absent or empty keeps the stored one.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub api_key: Option<SecretString>,
    /// Version that was read; 0 when nothing was saved before.
    pub version: u64,
}

/// How IT Glue is reached, and what it showed last.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ItGlueView {
    /// Version; 0 before the first save.
    pub version: u64,
    /// Where the account lives.
    pub region: Region,
    /// What is known of the API key; never the key.
    pub api_key: PasswordView,
    /// What the last reading of the organizations showed; none before the first.
    pub organizations: Option<Reading>,
    /// When it was saved, RFC 3339 UTC.
    pub saved_at: Option<String>,
    /// E-mail address of who saved it.
    pub saved_by: Option<String>,
}

/// Carries out `GET it-glue/settings`.
pub(crate) async fn get(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let tenant = deps.tenant(request).await?;
    Reply::ok(&view(&tenant).await?)
}

async fn view(tenant: &Tenant) -> Result<ItGlueView, StoreError> {
    let (stored, reading) =
        tokio::try_join!(tenant.store.load_it_glue(&tenant.id), tenant.store.load_reading(&tenant.id))?;
    let version = stored.as_ref().map_or(0, |(_, version)| *version);
    let settings = stored.map(|(settings, _)| settings);
    let key = settings.as_ref().map(|settings| settings.key.clone());
    Ok(ItGlueView {
        version,
        region: settings.as_ref().map(|settings| settings.region).unwrap_or_default(),
        api_key: PasswordView {
            stored: key.is_some(),
            changed_at: key.as_ref().map(|key| key.changed_at.clone()),
            changed_by: key.map(|key| key.changed_by),
        },
        organizations: reading.map(|(reading, _)| reading),
        saved_at: settings.as_ref().map(|settings| settings.saved_at.clone()),
        saved_by: settings.map(|settings| settings.saved_by),
    })
}

/// Carries out `PUT it-glue/settings`.
pub(crate) async fn save(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let Object(draft): Object<ItGlueDraft> = request.json()?;
    let tenant = deps.tenant(request).await?;
    let stored = tenant.store.load_it_glue(&tenant.id).await?;
    check_version(&stored, &draft)?;
    let (before, version) = stored.map_or((None, 0), |(settings, version)| (Some(settings), version));
    let key = key_to_store(&tenant, before.as_ref(), &draft).await?;
    try_key(deps, draft.region, &key).await?;
    let now_ms = deps.now_ms();
    let settings = settings(&tenant, request, &draft, (before.as_ref(), key), now_ms).await?;
    let entry = AuditEntry {
        at_ms: now_ms,
        by: request.caller.email.clone(),
        what: "it_glue.saved".to_owned(),
        version: version + 1,
        before: before.as_ref().map_or(Value::Null, |before| json!({"region": before.region})),
        after: json!({"region": settings.region, "key_changed_at": settings.key.changed_at}),
    };
    match tenant.store.save_it_glue(&tenant.id, (&settings, version), &entry).await {
        Err(StoreError::Fenced) => return Err(conflict()),
        other => other?,
    }
    tenant.secrets.it_glue().promote(&tenant.id, &settings.key.version).await?;
    bring_forward(deps, &tenant).await?;
    Reply::ok(&view(&tenant).await?)
}

fn check_version(stored: &Option<(ItGlueSettings, u64)>, draft: &ItGlueDraft) -> Result<(), ApiError> {
    let version = stored.as_ref().map_or(0, |(_, version)| *version);
    if draft.version == version { Ok(()) } else { Err(conflict()) }
}

fn conflict() -> ApiError {
    ApiError::new(Code::VersionConflict, "somebody else saved meanwhile: look at it again and save anew")
}

/// The key as it was entered, or the stored one.
async fn key_to_store(
    tenant: &Tenant,
    before: Option<&ItGlueSettings>,
    draft: &ItGlueDraft,
) -> Result<SecretString, ApiError> {
    if let Some(key) = new_key(draft) {
        check_key(key)?;
        return Ok(key.clone());
    }
    let missing = || ApiError::field("api_key", "none is stored yet: enter the API key");
    let before = before.ok_or_else(missing)?;
    let kept = tenant.secrets.it_glue().load(&tenant.id, Some(&before.key.version)).await?;
    kept.map(|login| login.password).ok_or_else(missing)
}

fn new_key(draft: &ItGlueDraft) -> Option<&SecretString> {
    draft.api_key.as_ref().filter(|key| !key.expose_secret().is_empty())
}

/// Refuses what cannot be sent as a header.
fn check_key(key: &SecretString) -> Result<(), ApiError> {
    let key = key.expose_secret();
    if key.chars().count() > MAX_KEY_CHARS {
        return Err(ApiError::field("api_key", format!("it must have at most {MAX_KEY_CHARS} characters")));
    }
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let why = "keys have no blanks, line breaks or other such characters: perhaps one came along when it was copied";
        return Err(ApiError::field("api_key", why));
    }
    Ok(())
}

async fn try_key(deps: &Deps, region: Region, key: &SecretString) -> Result<(), ApiError> {
    let config = deps.config.it_glue(region, shared::autotask::Patience::Probe);
    let counted = match ItGlueClient::new(key.clone(), config, deps.clock.clone()) {
        Ok(client) => client.count_organizations().await,
        Err(error) => Err(error),
    };
    match counted {
        Ok(_) => Ok(()),
        Err(ItGlueError::Key(fault)) => {
            let details = json!({"reason": "key_refused", "fault": fault});
            Err(ApiError::new(Code::Conflict, format!("{fault}; nothing was saved")).with(details))
        }
        Err(error) => Err(ApiError::new(Code::Unavailable, format!("{error}; nothing was saved"))),
    }
}

async fn settings(
    tenant: &Tenant,
    request: &ApiRequest,
    draft: &ItGlueDraft,
    (before, key): (Option<&ItGlueSettings>, SecretString),
    now_ms: u64,
) -> Result<ItGlueSettings, ApiError> {
    let (at, by) = (rfc3339(now_ms), request.caller.email.clone());
    let note = match before.filter(|_| new_key(draft).is_none()) {
        Some(before) => before.key.clone(),
        None => {
            let login = Login { username: draft.region.label().to_owned(), password: key };
            let version = tenant.secrets.it_glue().stage(&tenant.id, &login).await?;
            PasswordNote { changed_at: at.clone(), changed_by: by.clone(), version }
        }
    };
    Ok(ItGlueSettings { region: draft.region, key: note, saved_at: at, saved_by: by })
}

/// The organizations are read by a run: by one at once, unless one is under way or the first load is still to come.
async fn bring_forward(deps: &Deps, tenant: &Tenant) -> Result<(), ApiError> {
    let is_active = tenant.settings.as_ref().is_some_and(|(settings, _)| settings.is_active);
    if !is_active || tenant.sync.initial_run.is_none() || tenant.unfinished.is_some() {
        return Ok(());
    }
    tenant.store.bring_night_forward(&tenant.id, deps.now_ms()).await?;
    deps.ring(tenant, Queue::Nightly, None).await;
    Ok(())
}
