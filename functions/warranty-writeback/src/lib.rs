//! Warranty write-back: dates come in, a policy judges them, a plan is shown, approved, applied, journalled, taken back.
//!
//! Reading order: [`routes`]; `intake` (dates), `policy`, `locks`, `plans` (made and shown), `apply` (approved, taken back),
//! `journal`, `card` (one asset); [`view`] is what clients see. Doorbells of the queue `writeback` are
//! [`shared::writeback`]'s.

mod apply;
mod card;
mod deps;
mod intake;
mod journal;
mod locks;
mod plans;
mod policy;
pub mod routes;
pub mod view;

pub use deps::Deps;
pub use routes::ROUTES;

use serde_json::Value;
use shared::api::{ApiError, ApiRequest, Code, Reply, Route, idempotent, serve};
use shared::lambda::erased;
use shared::worker::Turn;

/// Answers one event: a request of the HTTP API, or a batch of doorbells.
///
/// # Errors
/// A text that says why the event is none of SQS.
pub async fn handle(event: Value, deps: &Deps, turn: &Turn) -> Result<Value, String> {
    if event.get("Records").is_some() {
        return deps.worker.write_back_batch(event, turn).await;
    }
    let answer = serve(event, &deps.names, ROUTES, |route, request| {
        erased(async move { answer(deps, route, &request).await })
    });
    Ok(answer.await)
}

async fn answer(deps: &Deps, route: &'static Route, request: &ApiRequest) -> Result<Reply, ApiError> {
    if !route.is_repeatable {
        return carry_out(deps, route, request).await;
    }
    let work = async || carry_out(deps, route, request).await;
    idempotent(&deps.worker.sessions, deps.worker.clock.as_ref(), &deps.secret, route, request, work).await
}

async fn carry_out(deps: &Deps, route: &Route, request: &ApiRequest) -> Result<Reply, ApiError> {
    match route.operation {
        "putWarranties" => erased(intake::put(deps, request)).await,
        "getWarrantyPolicy" => erased(policy::get(deps, request)).await,
        "saveWarrantyPolicy" => erased(policy::save(deps, request)).await,
        "simulateWarrantyPolicy" => erased(policy::simulated(deps, request)).await,
        "getWarrantyLocks" => erased(locks::get(deps, request)).await,
        "saveWarrantyLocks" => erased(locks::save(deps, request)).await,
        "makeWarrantyPlan" => erased(plans::make(deps, request)).await,
        "listWarrantyPlans" => erased(plans::list(deps, request)).await,
        "getWarrantyPlan" => erased(plans::get(deps, request)).await,
        "applyWarrantyPlan" => erased(apply::apply(deps, request)).await,
        "undoWarrantyPlan" => erased(apply::undo(deps, request)).await,
        "getWarrantyJournal" => erased(journal::get(deps, request)).await,
        "exportWarrantyJournal" => erased(journal::export(deps, request)).await,
        "getAssetWarranty" => erased(card::get(deps, request)).await,
        operation => Err(ApiError::new(Code::Internal, format!("no code for operation {operation}"))),
    }
}
