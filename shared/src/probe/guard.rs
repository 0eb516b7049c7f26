//! The pause after refused logins, held around an attempt.

use shared_core::login::{Held, Outcome};

use super::{NotLoggedIn, Probe};
use crate::api::{ApiError, Code};
use crate::store::login::NoAttempt;
use crate::store::{Store, StoreError, TenantId};

impl Probe {
    /// Makes an attempt if one may be made now, and notes how it ended.
    ///
    /// # Errors
    /// [`NoAttempt`] when none was made.
    pub async fn guarded<T>(
        &self,
        store: &Store,
        tenant: &TenantId,
        attempt: impl Future<Output = Result<T, NotLoggedIn>>,
    ) -> Result<Result<T, NotLoggedIn>, NoAttempt> {
        let reserved = store.begin_login_attempt(tenant, self.clock.now_ms()).await?;
        let result = attempt.await;
        let outcome = result.as_ref().map_or_else(|failure| failure.outcome, |_| Outcome::Accepted);
        let ended = store.end_login_attempt(tenant, &reserved, outcome, self.clock.now_ms()).await;
        if let Err(error) = ended {
            // The result is worth more than the note; without it the attempt counts as refused for a while.
            tracing::warn!("the end of a login attempt could not be noted: {error}");
        }
        Ok(result)
    }
}

impl From<NoAttempt> for ApiError {
    fn from(error: NoAttempt) -> Self {
        match error {
            NoAttempt::Held(held) => held_off(&held),
            NoAttempt::Store(error @ StoreError::Damaged { .. }) => {
                Self::new(Code::Internal, error.to_string())
            }
            NoAttempt::Store(error) => Self::new(Code::Unavailable, error.to_string()),
        }
    }
}

fn held_off(held: &Held) -> ApiError {
    let retry_after_s = held.retry_after_ms.div_ceil(1_000);
    let message = if held.is_under_way {
        format!("another login attempt is under way: try again in {retry_after_s} s")
    } else {
        format!(
            "the last login was refused or got no answer, and a few more in a row would lock the API user in Autotask: \
             check user name and password there and try again in {retry_after_s} s"
        )
    };
    ApiError::new(Code::HeldOff, message).with(serde_json::json!({ "retry_after_s": retry_after_s }))
}
