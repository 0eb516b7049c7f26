//! The audit trail of the settings.

use shared::api::{ApiError, ApiRequest, Reply};
use shared::store::audit::AuditEntry;
use shared_core::instant::rfc3339;

use crate::Deps;
use crate::view::{AuditRow, AuditView};
use shared::api::lists::{Cursor, SHORT};

/// Carries out `GET settings/versions`.
pub(crate) async fn list(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let session = deps.sessions.open(&request.caller.tenant, None).await?;
    let after = Cursor::read(request)?;
    let limit = i32::try_from(SHORT.read(request)?).unwrap_or(i32::MAX);
    let after = after.as_ref().map(|cursor| cursor.0.as_str());
    let (entries, last) = session.store.audit_entries(&request.caller.tenant, after, limit).await?;
    let versions = entries.into_iter().map(row).collect();
    Reply::ok(&AuditView { versions, cursor: last.map(|last| Cursor(last).write()) })
}

fn row(entry: AuditEntry) -> AuditRow {
    let AuditEntry { at_ms, by, what, version, before, after } = entry;
    AuditRow { at: rfc3339(at_ms), by, what, version, before, after }
}
