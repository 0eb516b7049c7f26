//! What this function works with.

use std::sync::Arc;

use shared::api::{ApiError, ApiRequest, ClaimNames};
use shared::clock::Clock;
use shared::config::Config;
use shared::doorbell::{Bell, Queue};
use shared::probe::{DEADLINE, Probe};
use shared::secrets::Login;
use shared::session::Sessions;
use tokio::time::Instant;

use crate::login::Refusal;
use crate::tenant::Tenant;

/// The outside world of this function.
#[derive(Clone, Debug)]
pub struct Deps {
    /// Opens tenants' data.
    pub sessions: Sessions,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// How Autotask is reached.
    pub config: Config,
    /// Rings for workers.
    pub bell: Bell,
    /// Names of the token's claims.
    pub names: ClaimNames,
}

impl Deps {
    pub(crate) fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// One look at the caller's own tenant.
    pub(crate) async fn tenant(&self, request: &ApiRequest) -> Result<Tenant, ApiError> {
        let id = &request.caller.tenant;
        let session = self.sessions.open(id, None).await?;
        Ok(Tenant::load(id, session).await?)
    }

    /// Rings; a lost ring is the planner's to make good.
    pub(crate) async fn ring(&self, tenant: &Tenant, queue: Queue, atdb: Option<&str>) {
        let known = tenant.sync.atdb.as_deref().or(tenant.schedule.atdb.as_deref()).or(atdb);
        if let Err(error) = self.bell.ring(queue, &tenant.id, known, 0).await {
            tracing::warn!("{error}; the planner will ring");
        }
    }

    /// Tries credentials once; answers the Autotask database.
    pub(crate) async fn log_in(&self, tenant: &Tenant, login: &Login) -> Result<String, Refusal> {
        let probe = Probe { config: self.config.clone(), clock: Arc::clone(&self.clock) };
        let until = Instant::now() + DEADLINE;
        let attempt = probe.log_in(login, until);
        match probe.guarded(&tenant.store, &tenant.id, attempt).await {
            Ok(Ok(logged_in)) => Ok(logged_in.zone.database(&login.username)),
            Ok(Err(failure)) => Err(Refusal::new(&failure)),
            Err(no_attempt) => Err(Refusal::held_off(&ApiError::from(no_attempt))),
        }
    }
}
