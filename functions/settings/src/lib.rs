//! Settings and pull log: save, look, leave, run now.
//!
//! Reading order: [`routes`], [`draft`] (what may be saved), `save` and `login` (how), `runs`, `leave`, `usage`; [`it_glue`] (region and key of IT Glue);
//! [`view`] is what clients see.
//! Never calls Autotask but for one login before credentials are saved, and one reading of the hourly limit.

mod deps;
pub mod draft;
pub mod it_glue;
mod leave;
mod log;
mod login;
pub mod routes;
mod run_view;
pub mod runs;
mod save;
mod tenant;
mod usage;
mod versions;
pub mod view;

pub use deps::Deps;
pub use routes::ROUTES;

use serde_json::Value;
use shared::api::{ApiError, ApiRequest, Code, Reply, Route, idempotent, serve};
use shared::lambda::erased;

/// Answers one event of the HTTP API.
pub async fn handle(event: Value, deps: &Deps) -> Value {
    serve(event, &deps.names, ROUTES, |route, request| {
        erased(async move { answer(deps, route, &request).await })
    })
    .await
}

async fn answer(deps: &Deps, route: &'static Route, request: &ApiRequest) -> Result<Reply, ApiError> {
    if !route.is_repeatable {
        return carry_out(deps, route, request).await;
    }
    let (clock, secret) = (deps.clock.as_ref(), &deps.config.integration_code);
    let work = async || carry_out(deps, route, request).await;
    idempotent(&deps.sessions, clock, secret, route, request, work).await
}

async fn carry_out(deps: &Deps, route: &Route, request: &ApiRequest) -> Result<Reply, ApiError> {
    match route.operation {
        "getSettings" => {
            deps.tenant(request).await.and_then(|tenant| Reply::ok(&tenant.view(deps.now_ms(), Vec::new())))
        }
        "saveSettings" => save::save(deps, request).await,
        "deleteSettings" => leave::leave(deps, request).await,
        "listSettingsVersions" => versions::list(deps, request).await,
        "listRuns" => log::list(deps, request).await,
        "startRun" => runs::start(deps, request).await,
        "getRun" => runs::one(deps, request).await,
        "getItGlueSettings" => it_glue::get(deps, request).await,
        "saveItGlueSettings" => it_glue::save(deps, request).await,
        "getUsage" => usage::usage(deps, request).await,
        other => Err(ApiError::new(Code::Internal, format!("no code for operation {other}"))),
    }
}
