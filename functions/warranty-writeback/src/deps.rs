//! What this function works with.

use jiff::Timestamp;
use secrecy::SecretString;
use shared::api::{ApiError, ApiRequest, ClaimNames};
use shared::store::{Store, TenantId};
use shared::worker::Worker;
use shared_core::instant;

/// The outside world of this function.
#[derive(Clone, Debug)]
pub struct Deps {
    /// Answers doorbells; its sessions, clock and bell serve the API too.
    pub worker: Worker,
    /// Key of the hashes by which repeated requests are told.
    pub secret: SecretString,
    /// Names of the token's claims.
    pub names: ClaimNames,
}

impl Deps {
    pub(crate) fn now_ms(&self) -> u64 {
        self.worker.clock.now_ms()
    }

    pub(crate) fn now(&self) -> Timestamp {
        instant::at(self.now_ms()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The store of whoever calls.
    pub(crate) async fn open<'r>(&self, request: &'r ApiRequest) -> Result<(Store, &'r TenantId), ApiError> {
        let tenant = &request.caller.tenant;
        Ok((self.worker.sessions.open(tenant, None).await?.store, tenant))
    }
}
