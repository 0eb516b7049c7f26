//! What all functions share on their way from the environment to their first event.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::api::ClaimNames;
use crate::aws;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::doorbell::Bell;
use crate::mail::{AppUrl, Mailer};
use crate::secrets::Secrets;
use crate::session::{Session, Sessions};
use crate::store::Store;
use crate::worker::Worker;
use crate::worker::planner::Planner;

/// Time that a slice leaves for its end: the page in hand, the settling, the mails.
const RESERVE: Duration = Duration::from_secs(100);

/// A future without its type.
pub type Erased<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Takes the type off a future: the SDK's are deep, and so are those of the runtime around them.
pub fn erased<'a, T>(future: impl Future<Output = T> + Send + 'a) -> Erased<'a, T> {
    Box::pin(future)
}

/// The event of an invocation.
///
/// The runtime hands it over unread: its own reading follows the path to every value for its errors, at a fiftieth of a
/// program's size.
///
/// # Errors
/// It is no JSON.
pub fn read(event: &RawValue) -> Result<Value, serde_json::Error> {
    serde_json::from_str(event.get())
}

/// Everything that functions are wired from.
#[derive(Debug)]
pub struct Wiring {
    sdk: SdkConfig,
    /// How Autotask is reached.
    pub config: Config,
    /// The machine's clock.
    pub clock: Arc<dyn Clock>,
    table: String,
    prefix: String,
}

impl Wiring {
    /// Reads the environment and starts logging.
    ///
    /// # Errors
    /// [`ConfigError`] naming the first variable that is missing or wrong.
    pub async fn read() -> Result<Self, ConfigError> {
        crate::telemetry::start("info");
        let config = Config::read(lookup)?;
        let (table, prefix) = (required("TABLE_NAME")?, required("SECRET_PREFIX")?);
        Ok(Self { sdk: erased(aws::config()).await, config, clock: Arc::new(SystemClock), table, prefix })
    }

    /// Tenants' sessions: by AssumeRole where the deployment names a role.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        match lookup("TENANT_ROLE_ARN") {
            Some(role_arn) => {
                Sessions::assumed(self.sdk.clone(), role_arn, self.table.clone(), self.prefix.clone())
            }
            None => Sessions::Fixed(Session { store: self.store(), secrets: self.secrets() }),
        }
    }

    /// The table with the function's own rights.
    #[must_use]
    pub fn store(&self) -> Store {
        Store::new(aws_sdk_dynamodb::Client::new(&self.sdk), &self.table)
    }

    fn secrets(&self) -> Secrets {
        Secrets::new(aws_sdk_secretsmanager::Client::new(&self.sdk), &self.prefix)
    }

    /// The queues.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn bell(&self) -> Result<Bell, ConfigError> {
        let client = aws_sdk_sqs::Client::new(&self.sdk);
        let [initial_url, nightly_url] = [required("QUEUE_INITIAL_URL")?, required("QUEUE_NIGHTLY_URL")?];
        Ok(Bell::new(client, initial_url, nightly_url, required("QUEUE_WRITEBACK_URL")?))
    }

    /// A worker.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn worker(&self) -> Result<Worker, ConfigError> {
        let ses = aws_sdk_ses::Client::new(&self.sdk);
        let mailer = Mailer::new(ses, required("MAIL_FROM")?, required("MAIL_CONFIGURATION_SET")?);
        Ok(Worker {
            sessions: self.sessions(),
            clock: Arc::clone(&self.clock),
            config: self.config.clone(),
            bell: self.bell()?,
            mailer,
            app_url: AppUrl::parse(&required("APP_URL")?)
                .map_err(|error| ConfigError::Invalid { name: "APP_URL", why: error.to_string() })?,
            sole: None,
        })
    }

    /// The planner.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn planner(&self) -> Result<Planner, ConfigError> {
        Ok(Planner { store: self.store(), clock: Arc::clone(&self.clock), bell: self.bell()? })
    }
}

/// Names of the token's claims, as the deployment sets them.
#[must_use]
pub fn claim_names() -> ClaimNames {
    let default = ClaimNames::default();
    let or = |name: &str, default: String| lookup(name).unwrap_or(default);
    ClaimNames {
        tenant: or("TENANT_CLAIM", default.tenant),
        role: or("ROLE_CLAIM", default.role),
        email: or("EMAIL_CLAIM", default.email),
        plan_limit: or("PLAN_LIMIT_CLAIM", default.plan_limit),
    }
}

/// Soft end of a slice in an invocation that is cut off at a deadline (milliseconds since the epoch).
#[must_use]
pub fn soft_limit(deadline_ms: u64, now_ms: u64) -> Duration {
    let left = Duration::from_millis(deadline_ms.saturating_sub(now_ms));
    left.saturating_sub(RESERVE).max(left / 2)
}

fn lookup(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn required(name: &'static str) -> Result<String, ConfigError> {
    lookup(name).ok_or(ConfigError::Missing { name, hint: "infra/template.yaml sets it for every function" })
}

#[cfg(test)]
mod tests {
    use super::soft_limit;

    #[test]
    fn a_slice_leaves_time_for_its_end() {
        assert_eq!(soft_limit(900_000, 0).as_secs(), 800);
        assert_eq!(soft_limit(60_000, 0).as_secs(), 30);
        assert_eq!(soft_limit(0, 5).as_secs(), 0);
    }
}
