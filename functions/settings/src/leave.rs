//! Leaving: everything that is stored about the tenant is deleted.

use serde_json::{Value, json};
use shared::api::{ApiError, ApiRequest, Code, Reply};
use shared::doorbell::Queue;
use shared::store::audit::AuditEntry;
use shared::store::tenant::{Due, TenantChange};
use shared_core::settings::Settings;
use shared_core::status::Status;

use crate::Deps;
use crate::view::ClosingView;

/// Carries out `DELETE settings`.
pub(crate) async fn leave(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let tenant = deps.tenant(request).await?;
    if request.query_param("confirm") != Some(tenant.id.as_str()) {
        let why = format!("everything of this account will be deleted: confirm with its name, {}", tenant.id);
        return Err(ApiError::field("confirm", why));
    }
    let Some((settings, version)) = &tenant.settings else {
        return Err(ApiError::new(Code::NotFound, "nothing is set up, so there is nothing to delete"));
    };
    if !settings.is_closing {
        let closing = Settings { is_active: false, is_closing: true, password: None, ..settings.clone() };
        let now_ms = deps.now_ms();
        let entry = AuditEntry {
            at_ms: now_ms,
            by: request.caller.email.clone(),
            what: "settings.deleted".to_owned(),
            version: version + 1,
            before: Value::Null,
            after: json!({"is_closing": true}),
        };
        let change = TenantChange {
            settings: Some((&closing, *version)),
            audit: Some(&entry),
            stop: tenant.unfinished.as_ref().map(|run| (run.id.as_str(), true)),
            due: Some(Due::At(now_ms, Queue::Nightly)),
            ..TenantChange::default()
        };
        tenant.store.change_tenant(&tenant.id, change).await?;
    }
    tenant.secrets.delete(&tenant.id).await?;
    tenant.secrets.it_glue().delete(&tenant.id).await?;
    deps.ring(&tenant, Queue::Nightly, None).await;
    Reply::json(202, &ClosingView { status: Status::Closing })
}
