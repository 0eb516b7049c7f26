//! What this function works with.

use std::sync::Arc;

use secrecy::SecretString;
use shared::api::ClaimNames;
use shared::clock::Clock;
use shared::session::Sessions;

/// The outside world of this function.
#[derive(Clone, Debug)]
pub struct Deps {
    /// Opens tenants' data.
    pub sessions: Sessions,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Key of the hashes by which repeated requests are told.
    pub secret: SecretString,
    /// Names of the token's claims.
    pub names: ClaimNames,
}

impl Deps {
    pub(crate) fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }
}
