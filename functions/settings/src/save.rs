//! Saving: test new credentials first, then write everything in one transaction, then ring.

use secrecy::SecretString;
use serde_json::{Value, json};
use shared::api::{ApiError, ApiRequest, Code, Object, Reply};
use shared::doorbell::Queue;
use shared::secrets::Login as StoredLogin;
use shared::store::StoreError;
use shared::store::audit::AuditEntry;
use shared::store::tenant::{Due, TenantChange};
use shared_core::instant::rfc3339;
use shared_core::ledger::Run;
use shared_core::run::{Kind, Trigger};
use shared_core::schedule::next_night_ms;
use shared_core::settings::{PasswordNote, Settings, Start, on_save};

use crate::Deps;
use crate::draft::Draft;
use crate::login::{Tried, try_login};
use crate::tenant::Tenant;

/// Tries when a worker changed something at the same moment.
const MAX_ATTEMPTS: u32 = 5;

/// Carries out `PUT settings`.
pub(crate) async fn save(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let Object(draft): Object<Draft> = request.json()?;
    draft.check()?;
    let mut before = deps.tenant(request).await?;
    check_version(&before, &draft, deps.now_ms())?;
    let plan = Plan::new(deps, request, &before, &draft).await?;
    for attempt in 1.. {
        match plan.carry_out(deps, &before).await {
            Ok(()) => break,
            Err(StoreError::Fenced) if attempt < MAX_ATTEMPTS => {
                // A worker settled something in between, unless it was another admin: the version tells.
                before = deps.tenant(request).await?;
                check_version(&before, &draft, deps.now_ms())?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    plan.finish(deps, &before).await?;
    let after = deps.tenant(request).await?;
    Reply::ok(&after.view(deps.now_ms(), plan.warnings))
}

fn check_version(before: &Tenant, draft: &Draft, now_ms: u64) -> Result<(), ApiError> {
    let stored = before.settings.as_ref();
    if stored.is_some_and(|(settings, _)| settings.is_closing) {
        let message = "the data of this account is being deleted: set it up again when that is done";
        return Err(ApiError::new(Code::Conflict, message).with(json!({"reason": "closing"})));
    }
    let version = stored.map_or(0, |(_, version)| *version);
    if draft.version == version {
        return Ok(());
    }
    Err(conflict(before, draft, now_ms))
}

/// Says which of the fields that were sent differ from what is stored now.
fn conflict(before: &Tenant, draft: &Draft, now_ms: u64) -> ApiError {
    let current = before.view(now_ms, Vec::new());
    let mut fields = Vec::new();
    let mut note = |name: &str, differs: bool| {
        if differs {
            fields.push(name.to_owned())
        }
    };
    note("active", draft.active != current.active);
    note("username", draft.username != current.username);
    note("pulls", json!(draft.pulls.0) != json!(current.pulls));
    note("primary_source", draft.primary_source != current.primary_source);
    note("lookback_months", draft.lookback_months != current.lookback_months);
    note("warranty_write_back", draft.warranty_write_back != current.warranty_write_back);
    note("time_zone", draft.time_zone != current.time_zone);
    note("recipients", draft.recipients != current.recipients);
    let message = format!(
        "the settings were changed since you read them (version {} is now {}): look at them again and save anew",
        draft.version, current.version
    );
    ApiError::new(Code::VersionConflict, message)
        .with(json!({"version": current.version, "fields": fields, "saved_by": current.saved_by}))
}

/// What saving is going to do, whatever the runs are doing meanwhile.
struct Plan {
    settings: Settings,
    tried: Tried,
    has_new_password: bool,
    warnings: Vec<String>,
}

impl Plan {
    async fn new(
        deps: &Deps,
        request: &ApiRequest,
        before: &Tenant,
        draft: &Draft,
    ) -> Result<Self, ApiError> {
        let now_ms = deps.now_ms();
        let stored = before.settings.as_ref().map(|(settings, _)| settings);
        let mut warnings = draft.warnings();
        let login = login_to_store(before, stored, draft).await?;
        let tried = match &login {
            Some(login) => try_login(deps, before, draft, login, is_new(stored, draft)).await?,
            None => Tried::not_needed(),
        };
        warnings.extend(tried.warning.clone());
        let has_new_password = login.is_some() && is_new(stored, draft);
        let password = match &login {
            Some(login) if has_new_password => {
                let version = before.secrets.stage(&before.id, login).await?;
                let (changed_at, changed_by) = (rfc3339(now_ms), request.caller.email.clone());
                Some(PasswordNote { changed_at, changed_by, version })
            }
            _ => stored.and_then(|settings| settings.password.clone()),
        };
        let settings = Settings {
            is_active: draft.active && tried.may_activate,
            username: draft.username.clone(),
            password,
            pulls: draft.pulls.0.into(),
            primary_source: draft.primary_source,
            lookback_months: draft.lookback_months,
            writes_warranties: draft.warranty_write_back,
            time_zone: draft.time_zone.clone(),
            recipients: draft.recipients.clone(),
            saved_at: rfc3339(now_ms),
            saved_by: request.caller.email.clone(),
            plan_limit: request.caller.plan_limit,
            is_closing: false,
        };
        Ok(Self { settings, tried, has_new_password, warnings })
    }

    async fn carry_out(&self, deps: &Deps, before: &Tenant) -> Result<(), StoreError> {
        let now_ms = deps.now_ms();
        let version = before.settings.as_ref().map_or(0, |(_, version)| *version);
        let old = before.settings.as_ref().map(|(settings, _)| settings);
        let (was, is) = changes(old, &self.settings);
        let entry = AuditEntry {
            at_ms: now_ms,
            by: self.settings.saved_by.clone(),
            what: "settings.saved".to_owned(),
            version: version + 1,
            before: was,
            after: is,
        };
        let health = self.tried.health(&before.health.0, self.settings.is_active, now_ms);
        let start = self.start(before);
        let queued = (start == Start::Initial).then(|| self.first_load(now_ms, version + 1));
        let next_night_ms = self.next_night_ms(before, now_ms);
        let change = TenantChange {
            settings: Some((&self.settings, version)),
            audit: Some(&entry),
            health: (health != before.health.0).then_some((&health, before.health.1)),
            queued: queued.as_ref(),
            stop: before.unfinished.as_ref().map(|run| (run.id.as_str(), !self.settings.is_active)),
            due: self.due(before, start, next_night_ms, now_ms),
            next_night_ms,
            atdb: self.tried.atdb.as_deref(),
            ..TenantChange::default()
        };
        before.store.change_tenant(&before.id, change).await
    }

    /// A night that came and was not begun yet stays due; of a paused integration none came.
    fn next_night_ms(&self, before: &Tenant, now_ms: u64) -> Option<u64> {
        let was_active = before.settings.as_ref().is_some_and(|(settings, _)| settings.is_active);
        let expected_ms = before.schedule.next_night_ms.filter(|_| was_active && self.settings.is_active);
        let overdue_ms = expected_ms.filter(|&expected_ms| expected_ms <= now_ms);
        overdue_ms.or_else(|| next_night_ms(now_ms, &self.settings.time_zone, before.id.as_str()).ok())
    }

    fn start(&self, before: &Tenant) -> Start {
        on_save(self.settings.is_active, before.runs())
    }

    fn first_load(&self, now_ms: u64, version: u64) -> Run {
        let entities = self.settings.entities();
        Run::queued(run_id(now_ms, version), Kind::Initial, Trigger::FirstSave, entities, rfc3339(now_ms))
    }

    /// What may be lost without harm: runs read the version that the settings name, and the planner rings.
    async fn finish(&self, deps: &Deps, before: &Tenant) -> Result<(), ApiError> {
        if let Some(note) = self.settings.password.as_ref().filter(|_| self.has_new_password) {
            before.secrets.promote(&before.id, &note.version).await?;
        }
        if self.start(before) != Start::Nothing {
            deps.ring(before, self.queue(before), self.tried.atdb.as_deref()).await;
        }
        Ok(())
    }

    fn queue(&self, before: &Tenant) -> Queue {
        match &before.unfinished {
            Some(run) => Queue::for_run(run.kind),
            None if self.start(before) == Start::Initial => Queue::Initial,
            None => Queue::Nightly,
        }
    }

    fn due(&self, before: &Tenant, start: Start, night_ms: Option<u64>, now_ms: u64) -> Option<Due> {
        match (start, night_ms) {
            (Start::Initial | Start::Resume | Start::Stop, _) => Some(Due::At(now_ms, self.queue(before))),
            // The worker then sees that it may rest, unless a mail still waits.
            (Start::Nothing, _) if !self.settings.is_active => Some(Due::At(now_ms, Queue::Nightly)),
            // A run under way has its own next look.
            (Start::Nothing, _) if before.unfinished.is_some() => None,
            (Start::Nothing, night_ms) => night_ms.map(|night_ms| Due::At(night_ms, Queue::Nightly)),
        }
    }
}

/// Names a run that waits for its first slice: ascending in time, unique by the version of the settings.
pub(crate) fn run_id(now_ms: u64, version: u64) -> String {
    format!("{now_ms:013}-q{:05}", version % 100_000)
}

fn is_new(stored: Option<&Settings>, draft: &Draft) -> bool {
    draft.new_password().is_some() || stored.is_none_or(|settings| settings.username != draft.username)
}

/// The login as it would be after saving; none while there is no password at all.
async fn login_to_store(
    before: &Tenant,
    stored: Option<&Settings>,
    draft: &Draft,
) -> Result<Option<StoredLogin>, ApiError> {
    let username = draft.username.clone();
    if let Some(password) = draft.new_password() {
        return Ok(Some(StoredLogin { username, password: password.clone() }));
    }
    let version = stored.and_then(|settings| settings.password.as_ref()).map(|note| note.version.as_str());
    let kept: Option<SecretString> = match version {
        Some(version) => before.secrets.load(&before.id, Some(version)).await?.map(|login| login.password),
        None => None,
    };
    match kept {
        Some(password) => Ok(Some(StoredLogin { username, password })),
        None if draft.active => {
            Err(ApiError::field("password", "none is stored yet: enter the API password"))
        }
        None => Ok(None),
    }
}

/// The fields that differ, before and after.
pub(crate) fn changes(before: Option<&Settings>, after: &Settings) -> (Value, Value) {
    let before = before.map_or(Value::Null, |settings| json!(settings));
    let after = json!(after);
    let (mut was, mut is) = (serde_json::Map::new(), serde_json::Map::new());
    for (name, value) in after.as_object().into_iter().flatten() {
        if before.get(name) != Some(value) && !matches!(name.as_str(), "saved_at" | "saved_by") {
            was.insert(name.clone(), before.get(name).cloned().unwrap_or(Value::Null));
            is.insert(name.clone(), value.clone());
        }
    }
    (Value::Object(was), Value::Object(is))
}
