//! A tenant's API credentials in Secrets Manager.
//!
//! A new password is first stored beside the current one (stage `AWSPENDING`), tested by the caller, and only then made
//! current; the former one stays as `AWSPREVIOUS` for a rollback. Nothing else in the product stores a password.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::SdkError;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::store::TenantId;

const CURRENT: &str = "AWSCURRENT";
const PENDING: &str = "AWSPENDING";

/// User name and password of a tenant's API user.
#[derive(Clone, Debug)]
pub struct Login {
    /// API user name, exactly as in Autotask.
    pub username: String,
    /// API password, exactly as in Autotask.
    pub password: SecretString,
}

/// A failure of the secret store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// A call failed; try again later.
    #[error("Secrets Manager failed to {doing}: {why}")]
    Call {
        /// What was tried.
        doing: &'static str,
        /// The error's code; never its text, which may quote the request.
        why: String,
    },
    /// What is stored is no login.
    #[error("the stored secret of this tenant cannot be read: save user name and password again")]
    Damaged,
}

/// The secrets of tenants, one each: `<prefix>/<tenant>`.
#[derive(Clone, Debug)]
pub struct Secrets {
    client: Client,
    prefix: String,
}

#[derive(Deserialize)]
struct Stored {
    username: String,
    password: SecretString,
}

#[derive(Serialize)]
struct ToStore<'a> {
    username: &'a str,
    password: &'a str,
}

impl Secrets {
    /// Secrets below a prefix such as `lci/autotask`.
    #[must_use]
    pub fn new(client: Client, prefix: impl Into<String>) -> Self {
        Self { client, prefix: prefix.into() }
    }

    /// The same tenants' keys of IT Glue: the user name is the region, the password the key.
    #[must_use]
    pub fn it_glue(&self) -> Self {
        Self { client: self.client.clone(), prefix: format!("{}/it-glue", self.prefix) }
    }

    fn name(&self, tenant: &TenantId) -> String {
        format!("{}/{tenant}", self.prefix)
    }

    /// A version of the login, or the current one; none if there is none yet.
    ///
    /// # Errors
    /// [`SecretError`].
    pub async fn load(&self, tenant: &TenantId, version: Option<&str>) -> Result<Option<Login>, SecretError> {
        let wanted = self.client.get_secret_value().secret_id(self.name(tenant));
        let wanted = match version {
            Some(version) => wanted.version_id(version),
            None => wanted.version_stage(CURRENT),
        };
        let answer = wanted.send().await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(SdkError::ServiceError(error)) if error.err().is_resource_not_found_exception() => {
                return Ok(None);
            }
            Err(error) => return Err(failed("read a secret")(&error)),
        };
        let stored: Stored = answer
            .secret_string()
            .and_then(|json| serde_json::from_str(json).ok())
            .ok_or(SecretError::Damaged)?;
        Ok(Some(Login { username: stored.username, password: stored.password }))
    }

    /// Stores a login beside the current one; answers the version to [`Self::promote`].
    ///
    /// The first login of a tenant is current at once: there is nothing that it could replace.
    ///
    /// # Errors
    /// [`SecretError`].
    pub async fn stage(&self, tenant: &TenantId, login: &Login) -> Result<String, SecretError> {
        let password = login.password.expose_secret();
        let json = serde_json::to_string(&ToStore { username: &login.username, password })
            .map_err(|_| SecretError::Damaged)?;
        let put = || {
            self.client
                .put_secret_value()
                .secret_id(self.name(tenant))
                .secret_string(&json)
                .version_stages(PENDING)
        };
        match put().send().await {
            Ok(answer) => return Ok(answer.version_id.unwrap_or_default()),
            Err(SdkError::ServiceError(error)) if error.err().is_resource_not_found_exception() => {}
            Err(error) => return Err(failed("store a secret")(&error)),
        }
        let created = self.client.create_secret().name(self.name(tenant)).secret_string(&json).send().await;
        match created {
            Ok(answer) => Ok(answer.version_id.unwrap_or_default()),
            // Somebody else saved at the same moment.
            Err(SdkError::ServiceError(error)) if error.err().is_resource_exists_exception() => {
                let answer = put().send().await.map_err(|error| failed("store a secret")(&error))?;
                Ok(answer.version_id.unwrap_or_default())
            }
            Err(error) => Err(failed("create a secret")(&error)),
        }
    }

    /// Makes a staged login the current one; once more changes nothing.
    ///
    /// # Errors
    /// [`SecretError`].
    pub async fn promote(&self, tenant: &TenantId, version: &str) -> Result<(), SecretError> {
        let name = self.name(tenant);
        let found = self.client.describe_secret().secret_id(&name).send().await;
        let found = found.map_err(|error| failed("look at a secret")(&error))?;
        let versions = found.version_ids_to_stages.unwrap_or_default();
        let holder = versions.iter().find(|(_, stages)| stages.iter().any(|stage| stage == CURRENT));
        let former = holder.map(|(id, _)| id.clone());
        if former.as_deref() == Some(version) {
            return Ok(());
        }
        let moved = self
            .client
            .update_secret_version_stage()
            .secret_id(&name)
            .version_stage(CURRENT)
            .move_to_version_id(version)
            .set_remove_from_version_id(former)
            .send()
            .await;
        moved.map(drop).map_err(|error| failed("make a secret current")(&error))
    }

    /// Deletes a tenant's secret for good; one that is not there is no error.
    ///
    /// # Errors
    /// [`SecretError`].
    pub async fn delete(&self, tenant: &TenantId) -> Result<(), SecretError> {
        let deleted = self
            .client
            .delete_secret()
            .secret_id(self.name(tenant))
            .force_delete_without_recovery(true)
            .send()
            .await;
        match deleted {
            Err(SdkError::ServiceError(error)) if error.err().is_resource_not_found_exception() => Ok(()),
            other => other.map(drop).map_err(|error| failed("delete a secret")(&error)),
        }
    }
}

fn failed<E>(doing: &'static str) -> impl Fn(&SdkError<E>) -> SecretError
where
    E: aws_sdk_secretsmanager::error::ProvideErrorMetadata,
{
    move |error| {
        let code = error.as_service_error().and_then(|error| error.meta().code());
        let why = code.map_or_else(|| crate::aws::kind_of(error).to_owned(), str::to_owned);
        SecretError::Call { doing, why }
    }
}
