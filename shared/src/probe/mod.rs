//! «Test Settings» carried out: one zone look-up, one login, then a look at the rights.
//!
//! Reading order: `login` (at most one attempt, and the cause when it fails), `rights` (what each entity
//! tells), `guard` (the pause after refused logins, held around an attempt).
//! Stores nothing but that pause and never writes to Autotask. Called by the functions `test-settings` and `settings`.

mod guard;
mod login;
mod rights;

use std::sync::Arc;
use std::time::Duration;

use shared_core::rights::{Wanted, XRay, x_ray};
use tokio::time::Instant;

pub use login::{LoggedIn, NotLoggedIn};

use crate::clock::Clock;
use crate::config::Config;
use crate::secrets::Login;

/// How long a whole test may take: its answer is promised within 10 s.
pub const DEADLINE: Duration = Duration::from_secs(9);

/// Tests logins against the Autotask that a deployment talks to.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Settings of the deployment.
    pub config: Config,
    /// Our clock.
    pub clock: Arc<dyn Clock>,
}

/// A login that works, and what it may do.
#[derive(Debug)]
pub struct Tested {
    /// The login.
    pub login: LoggedIn,
    /// Its rights.
    pub rights: XRay,
}

impl Probe {
    /// Finds the zone and sends the credentials once.
    ///
    /// # Errors
    /// [`NotLoggedIn`] with the cause, at the deadline at the latest.
    pub async fn log_in(&self, login: &Login, until: Instant) -> Result<LoggedIn, NotLoggedIn> {
        login::log_in(&self.config, &self.clock, login, until).await
    }

    /// Logs in once and, that done, looks at the rights; what is not answered by the deadline counts as not tested.
    ///
    /// # Errors
    /// As [`Probe::log_in`].
    pub async fn test(&self, login: &Login, wanted: &Wanted, until: Instant) -> Result<Tested, NotLoggedIn> {
        let login = self.log_in(login, until).await?;
        let seen = rights::look(&login.client, wanted, until).await;
        Ok(Tested { login, rights: x_ray(wanted, &seen) })
    }
}
