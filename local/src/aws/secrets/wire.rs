//! Requests of Secrets Manager, and the limits on their values.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::faults;
use crate::aws::fault::Fault;

/// Largest value, in bytes. Source: the reference's page on `PutSecretValue`.
const MAX_VALUE_BYTES: usize = 65_536;
const MAX_NAME_CHARACTERS: usize = 512;
const MAX_STAGES: usize = 20;
const MAX_STAGE_CHARACTERS: usize = 256;

/// Fields that are not known here are refused rather than ignored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreateSecret {
    pub(super) name: String,
    client_request_token: Option<String>,
    secret_string: Option<SecretString>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct PutSecretValue {
    pub(super) secret_id: String,
    client_request_token: Option<String>,
    secret_string: Option<SecretString>,
    pub(super) version_stages: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct GetSecretValue {
    pub(super) secret_id: String,
    pub(super) version_id: Option<String>,
    pub(super) version_stage: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeSecret {
    pub(super) secret_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct UpdateSecretVersionStage {
    pub(super) secret_id: String,
    pub(super) version_stage: String,
    pub(super) remove_from_version_id: Option<String>,
    pub(super) move_to_version_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DeleteSecret {
    pub(super) secret_id: String,
    pub(super) force_delete_without_recovery: Option<bool>,
}

/// A value on its way in.
#[derive(Debug)]
pub(super) struct NewValue {
    /// The caller's token, which becomes the version's id.
    pub(super) version_id: String,
    pub(super) value: SecretString,
}

/// Reads a request. What is wrong with it is told by kind only: its text may quote a secret.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| {
        let at = error.column();
        faults::invalid(format!(
            "the request cannot be read, or holds a field not known here, at character {at}"
        ))
    })
}

impl CreateSecret {
    /// The first version.
    pub(super) fn new_value(&self) -> Result<NewValue, Fault> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+=.@-".contains(&byte);
        if !(1..=MAX_NAME_CHARACTERS).contains(&self.name.len()) || !self.name.bytes().all(is_allowed) {
            return Err(faults::invalid(
                "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
            ));
        }
        NewValue::new(self.client_request_token.as_deref(), self.secret_string.clone())
    }
}

impl PutSecretValue {
    /// The new version.
    pub(super) fn new_value(&self) -> Result<NewValue, Fault> {
        if let Some(stages) = &self.version_stages {
            let are_fit = stages.iter().all(|stage| (1..=MAX_STAGE_CHARACTERS).contains(&stage.len()));
            if !are_fit || !(1..=MAX_STAGES).contains(&stages.len()) {
                return Err(faults::invalid("VersionStages must be 1 to 20 texts of 1 to 256 characters"));
            }
        }
        NewValue::new(self.client_request_token.as_deref(), self.secret_string.clone())
    }
}

impl NewValue {
    fn new(token: Option<&str>, value: Option<SecretString>) -> Result<Self, Fault> {
        let token = token.filter(|token| (32..=64).contains(&token.len()));
        let token = token.ok_or_else(|| {
            faults::invalid("You must provide a ClientRequestToken of 32 to 64 characters.")
        })?;
        let value = value.filter(|value| (1..=MAX_VALUE_BYTES).contains(&value.expose_secret().len()));
        let value = value.ok_or_else(|| {
            faults::invalid(format!("You must provide a SecretString of 1 to {MAX_VALUE_BYTES} bytes."))
        })?;
        Ok(Self { version_id: token.to_owned(), value })
    }
}
