//! What a function may touch for one tenant.
//!
//! Deployed, a function's own role reaches neither tables nor secrets: each tenant's come with credentials of their own,
//! got by AssumeRole with the tenant and its Autotask database as session tags, and bound to both by the role's policy.
//! In one process there is one session for all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::SharedCredentialsProvider;
use aws_sdk_sts::types::Tag;

use crate::secrets::Secrets;
use crate::store::{Store, TenantId};

/// Credentials are renewed this long before they run out.
const MARGIN: Duration = Duration::from_secs(20 * 60);
/// Tag of a tenant whose Autotask database is not known yet.
const NO_DATABASE: &str = "none";

/// Access to one tenant's data and secret.
#[derive(Clone, Debug)]
pub struct Session {
    /// The table.
    pub store: Store,
    /// The secret.
    pub secrets: Secrets,
}

/// A session that could not be opened; try again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no session for tenant {tenant}: {why}")]
pub struct SessionError {
    tenant: String,
    why: String,
}

/// Opens sessions.
#[derive(Clone, Debug)]
pub enum Sessions {
    /// The same for every tenant: one process, one folder.
    Fixed(Session),
    /// By AssumeRole, kept per tenant.
    Assumed(Arc<AssumedSessions>),
}

/// What it takes to open sessions by AssumeRole.
#[derive(Debug)]
pub struct AssumedSessions {
    sts: aws_sdk_sts::Client,
    config: SdkConfig,
    role_arn: String,
    table: String,
    secret_prefix: String,
    kept: Mutex<HashMap<(String, String), (SystemTime, Session)>>,
}

impl Sessions {
    /// Sessions of a role that trusts this function's own.
    #[must_use]
    pub fn assumed(config: SdkConfig, role_arn: String, table: String, secret_prefix: String) -> Self {
        let sts = aws_sdk_sts::Client::new(&config);
        let kept = Mutex::default();
        Self::Assumed(Arc::new(AssumedSessions { sts, config, role_arn, table, secret_prefix, kept }))
    }

    /// A session for a tenant, bound to its Autotask database if that is known.
    ///
    /// # Errors
    /// [`SessionError`].
    pub async fn open(&self, tenant: &TenantId, atdb: Option<&str>) -> Result<Session, SessionError> {
        match self {
            Self::Fixed(session) => Ok(session.clone()),
            Self::Assumed(assumed) => assumed.open(tenant, atdb).await,
        }
    }
}

impl AssumedSessions {
    async fn open(&self, tenant: &TenantId, atdb: Option<&str>) -> Result<Session, SessionError> {
        let refuse = |why: &str| SessionError { tenant: tenant.to_string(), why: why.to_owned() };
        let atdb = atdb.unwrap_or(NO_DATABASE);
        if !is_tag(atdb) {
            return Err(refuse(
                "the name of the Autotask database is not 1 to 128 characters of a-z, 0-9 and -",
            ));
        }
        let key = (tenant.to_string(), atdb.to_owned());
        if let Some(session) = self.kept(&key) {
            return Ok(session);
        }
        let credentials = self.assume(tenant, atdb).await.map_err(|why| refuse(&why))?;
        let until = credentials.expiry().unwrap_or_else(SystemTime::now);
        let session = self.session(credentials);
        self.lock().insert(key, (until, session.clone()));
        Ok(session)
    }

    fn kept(&self, key: &(String, String)) -> Option<Session> {
        let kept = self.lock();
        let (until, session) = kept.get(key)?;
        (*until > SystemTime::now() + MARGIN).then(|| session.clone())
    }

    async fn assume(&self, tenant: &TenantId, atdb: &str) -> Result<Credentials, String> {
        let tag = |key: &str, value: &str| {
            Tag::builder().key(key).value(value).build().map_err(|error| error.to_string())
        };
        let answer = self
            .sts
            .assume_role()
            .role_arn(&self.role_arn)
            .role_session_name(format!("lci-{tenant}").chars().take(64).collect::<String>())
            .tags(tag("tenant", tenant.as_str())?)
            .tags(tag("atdb", atdb)?)
            .send()
            .await
            .map_err(|error| format!("AssumeRole: {}", crate::aws::kind_of(&error)))?;
        let given = answer.credentials.ok_or("AssumeRole gave no credentials")?;
        let expiry = SystemTime::try_from(given.expiration).map_err(|error| error.to_string())?;
        let (key, secret, token) = (given.access_key_id, given.secret_access_key, given.session_token);
        Ok(Credentials::new(key, secret, Some(token), Some(expiry), "tenant-session"))
    }

    fn session(&self, credentials: Credentials) -> Session {
        let config = self
            .config
            .clone()
            .into_builder()
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        let secrets = aws_sdk_secretsmanager::Client::new(&config);
        Session {
            store: Store::new(aws_sdk_dynamodb::Client::new(&config), &self.table),
            secrets: Secrets::new(secrets, &self.secret_prefix),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(String, String), (SystemTime, Session)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_tag(text: &str) -> bool {
    let is_fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=128).contains(&text.len()) && text.chars().all(is_fit)
}
