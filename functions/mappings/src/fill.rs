//! After links were saved: companies that are newly linked are filled at once.

use shared::api::{ApiError, ApiRequest};
use shared::mappings::scope;
use shared_core::scope::SCOPED;

use crate::Deps;

/// Brings the next night forward if companies wait to be filled; a run under way does so itself when it ends.
pub(crate) async fn bring_forward(deps: &Deps, request: &ApiRequest) -> Result<(), ApiError> {
    let tenant = &request.caller.tenant;
    let store = deps.sessions.open(tenant, None).await?.store;
    let Some((settings, _)) = store.load_settings(tenant).await? else { return Ok(()) };
    let (sync, unfinished) = store.sync_state(tenant).await?;
    let scope = scope(&store, tenant, &settings).await?;
    let Some(scope) = scope.filter(|_| settings.is_active && sync.initial_run.is_some()) else {
        return Ok(());
    };
    let pulled = settings.entities();
    let mut is_due = false;
    for entity in SCOPED.into_iter().filter(|entity| pulled.contains(entity)) {
        is_due |= !scope.unfilled(&store.load_filled(tenant, entity).await?).is_empty();
    }
    if !is_due || unfinished.is_some() {
        return Ok(());
    }
    Ok(store.bring_night_forward(tenant, deps.now_ms()).await?)
}
