//! Mappings: what assets are shown as, which companies are shown, which company is which; and what follows from them.
//!
//! Reading order: [`routes`]; `state` (what is read at one moment); `mapped` (what all areas have in common), `types`,
//! `statuses`, `companies`, `links` (the areas); `save`, `versions` (the same for every area); `why` (why something is not
//! shown), `inbox` (what waits for a decision), `data` and `rollups` (records of one company as the mappings show them, and their sums); [`view`] is what
//! clients see. Never calls Autotask, and no save rewrites a record.

mod companies;
mod data;
mod deps;
mod fill;
mod inbox;
mod links;
mod mapped;
mod rollups;
pub mod routes;
mod save;
mod state;
mod statuses;
mod types;
mod versions;
pub mod view;
mod why;

pub use deps::Deps;
pub use routes::ROUTES;

use companies::Companies;
use links::Links;
use serde_json::Value;
use shared::api::table::csv;
use shared::api::{ApiError, ApiRequest, Code, Reply, Route, idempotent, serve};
use shared::lambda::erased;
use statuses::Statuses;
use types::Types;

use crate::mapped::Mapped;

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
    let work = async || carry_out(deps, route, request).await;
    idempotent(&deps.sessions, deps.clock.as_ref(), &deps.secret, route, request, work).await
}

async fn carry_out(deps: &Deps, route: &Route, request: &ApiRequest) -> Result<Reply, ApiError> {
    match route.operation {
        "whyMissing" => why::why(deps, request).await,
        "getInbox" => inbox::inbox(deps, request).await,
        "getAsset" => data::asset(deps, request).await,
        "getRollupsOfCompany" => erased(rollups::rollups(deps, request)).await,
        "listAssetsOfCompany"
        | "listContactsOfCompany"
        | "listContractsOfCompany"
        | "listTicketsOfCompany"
        | "listOpportunitiesOfCompany" => data::of_company(deps, request, route).await,
        operation => match verb_and_area(operation) {
            Some((verb, "AssetTypes")) => erased(of_area::<Types>(deps, request, verb)).await,
            Some((verb, "AssetStatuses")) => erased(of_area::<Statuses>(deps, request, verb)).await,
            Some((verb, "Companies")) => erased(of_area::<Companies>(deps, request, verb)).await,
            Some((verb, "CompanyLinks")) => {
                let reply = erased(of_area::<Links>(deps, request, verb)).await?;
                if matches!(verb, "save" | "revert") {
                    erased(fill::bring_forward(deps, request)).await?;
                }
                Ok(reply)
            }
            _ => Err(ApiError::new(Code::Internal, format!("no code for operation {operation}"))),
        },
    }
}

fn verb_and_area(operation: &str) -> Option<(&'static str, &str)> {
    const VERBS: [&str; 6] = ["list", "save", "preview", "historyOf", "revert", "export"];
    VERBS.iter().find_map(|verb| Some((*verb, operation.strip_prefix(verb)?)))
}

async fn of_area<M: Mapped>(deps: &Deps, request: &ApiRequest, verb: &str) -> Result<Reply, ApiError> {
    match verb {
        "list" => M::list(&erased(M::load(deps, request)).await?, request),
        "export" => csv(M::table(&erased(M::load(deps, request)).await?)),
        "preview" => save::preview::<M>(deps, request).await,
        "historyOf" => versions::list::<M>(deps, request).await,
        "save" => save::save::<M>(deps, request).await,
        "revert" => save::revert::<M>(deps, request).await,
        other => Err(ApiError::new(Code::Internal, format!("no code for {other}"))),
    }
}
