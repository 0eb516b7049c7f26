//! Auto-mapping: which IT Glue organization is which Autotask company, by name. Proposes; never stores.
//!
//! Reading order: [`routes`], `lists` (what is compared), `propose`, `suggest`; [`view`] is what clients see. The rules are
//! in `shared_core::matching`.

mod lists;
mod propose;
pub mod routes;
mod suggest;
pub mod view;

pub use routes::ROUTES;

use serde_json::Value;
use shared::api::{ApiError, ApiRequest, ClaimNames, Code, Reply, Route, serve};
use shared::lambda::erased;
use shared::session::Sessions;

/// The outside world of this function.
#[derive(Clone, Debug)]
pub struct Deps {
    /// Opens tenants' data.
    pub sessions: Sessions,
    /// Names of the token's claims.
    pub names: ClaimNames,
}

/// Answers one event of the HTTP API.
pub async fn handle(event: Value, deps: &Deps) -> Value {
    serve(event, &deps.names, ROUTES, |route, request| {
        erased(async move { answer(deps, route, &request).await })
    })
    .await
}

async fn answer(deps: &Deps, route: &'static Route, request: &ApiRequest) -> Result<Reply, ApiError> {
    match route.operation {
        "autoMapCompanyLinks" => propose::propose(deps, request).await,
        "suggestCompanies" => suggest::suggest(deps, request).await,
        other => Err(ApiError::new(Code::Internal, format!("no code for operation {other}"))),
    }
}
