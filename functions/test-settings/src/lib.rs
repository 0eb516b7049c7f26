//! Function test-settings: «Test Settings».
//!
//! Reading order: [`request`] (what may be asked), `flow` (which login is tested, the pause after refusals, the test),
//! [`answer`] (what is told), `words` (how it is put); [`it_glue`] (the same for a key of IT Glue).
//! Stores nothing but that pause, starts no sync, and makes at most one login attempt per call.

pub mod answer;
mod flow;
pub mod it_glue;
pub mod request;
mod words;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use shared::api::{ClaimNames, Method, Role, Route, schema_of, serve};
use shared::clock::Clock;
use shared::config::Config;
use shared::lambda::erased;
use shared::session::Sessions;

use crate::answer::TestAnswer;
use crate::it_glue::{ItGlueTestAnswer, ItGlueTestRequest};
use crate::request::TestRequest;

/// What this function answers. Repeated, it tests again: nothing is stored that could be done twice.
pub const ROUTES: &[Route] = &[
    Route::new(
        "test-settings",
        Method::Post,
        "/v1/integrations/autotask/test",
        "testSettings",
        Role::Admin,
        "Tests a login with Autotask, stored or not yet saved, and what it may do; \
            stores nothing.",
    )
    .takes(schema_of::<TestRequest>)
    .answers(200, Some(schema_of::<TestAnswer>)),
    Route::new(
        "test-settings",
        Method::Post,
        "/v1/integrations/it-glue/test",
        "testItGlueSettings",
        Role::Admin,
        "Tests an API key of IT Glue, stored or not yet saved; stores nothing.",
    )
    .takes(schema_of::<ItGlueTestRequest>)
    .answers(200, Some(schema_of::<ItGlueTestAnswer>)),
];

/// What the function works with.
#[derive(Clone, Debug)]
pub struct Deps {
    /// Opens tenants' data: the pause after refused logins, the stored login.
    pub sessions: Sessions,
    /// Settings of the deployment.
    pub config: Config,
    /// Our clock.
    pub clock: Arc<dyn Clock>,
    /// Names of the token's claims.
    pub names: ClaimNames,
    /// How long a test may take; see [`shared::probe::DEADLINE`].
    pub deadline: Duration,
}

/// Answers one event of the HTTP API, payload 2.0.
pub async fn handle(event: Value, deps: &Deps) -> Value {
    serve(event, &deps.names, ROUTES, |route, request| {
        erased(async move {
            match route.operation {
                "testItGlueSettings" => it_glue::test(&request, deps).await,
                _ => flow::test(&request, deps).await,
            }
        })
    })
    .await
}
