//! All secrets.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use shared::clock::Clock;

use super::secret::{CURRENT, Secret};
use super::{faults, wire};
use crate::aws::fault::Fault;
use crate::aws::records::Records;

/// The secrets of the process.
#[derive(Debug)]
pub(in crate::aws) struct Vault {
    clock: Arc<dyn Clock>,
    secrets: Mutex<Records<Secret>>,
}

impl Vault {
    /// Opens the vault with what is in it.
    ///
    /// # Errors
    /// A secret cannot be read.
    pub(in crate::aws) fn open(folder: Option<PathBuf>, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Ok(Self { clock, secrets: Mutex::new(Records::open(folder)?) })
    }

    pub(super) fn create(&self, request: wire::CreateSecret) -> Result<Value, Fault> {
        let new = request.new_value()?;
        let version_id = new.version_id.clone();
        let now_ms = self.clock.now_ms();
        let mut secrets = self.locked();
        let known = find(&secrets, &request.name).cloned();
        let is_repeat = known.as_ref().is_some_and(|known| known.versions.contains_key(&version_id));
        if known.is_some() && !is_repeat {
            return Err(faults::exists("The operation failed because the secret already exists."));
        }
        let mut secret = known.unwrap_or_else(|| Secret::new(&request.name, now_ms));
        if secret.add(new, &[CURRENT.to_owned()], now_ms)? {
            secrets.put(&secret.key.clone(), secret.clone())?;
        }
        Ok(json!({ "ARN": secret.arn(), "Name": secret.name, "VersionId": version_id }))
    }

    pub(super) fn put(&self, request: wire::PutSecretValue) -> Result<Value, Fault> {
        let new = request.new_value()?;
        let version_id = new.version_id.clone();
        let stages = request.version_stages.unwrap_or_else(|| vec![CURRENT.to_owned()]);
        let mut secrets = self.locked();
        let mut secret = found(&secrets, &request.secret_id)?.clone();
        if secret.add(new, &stages, self.clock.now_ms())? {
            secrets.put(&secret.key.clone(), secret.clone())?;
        }
        let stages = secret.versions.get(&version_id).map(|version| &version.stages);
        Ok(
            json!({ "ARN": secret.arn(), "Name": secret.name, "VersionId": version_id, "VersionStages": stages }),
        )
    }

    pub(super) fn update_stage(&self, request: &wire::UpdateSecretVersionStage) -> Result<Value, Fault> {
        let mut secrets = self.locked();
        let mut secret = found(&secrets, &request.secret_id)?.clone();
        secret.update_stage(request, self.clock.now_ms())?;
        let answer = json!({ "ARN": secret.arn(), "Name": secret.name });
        secrets.put(&secret.key.clone(), secret)?;
        Ok(answer)
    }

    pub(super) fn delete(&self, request: &wire::DeleteSecret) -> Result<Value, Fault> {
        if request.force_delete_without_recovery != Some(true) {
            return Err(faults::invalid("deletion with a recovery window is not known here: force it"));
        }
        let mut secrets = self.locked();
        // A forced deletion of what is not there succeeds.
        let secret = find(&secrets, &request.secret_id).cloned();
        if let Some(secret) = &secret {
            secrets.remove(&secret.key)?;
        }
        let now_ms = self.clock.now_ms();
        let secret = secret.unwrap_or_else(|| Secret::new(&request.secret_id, now_ms));
        Ok(json!({ "ARN": secret.arn(), "Name": secret.name, "DeletionDate": seconds(now_ms) }))
    }

    pub(super) fn value(&self, request: &wire::GetSecretValue) -> Result<Value, Fault> {
        let secrets = self.locked();
        let secret = found(&secrets, &request.secret_id)?;
        let stage = request.version_stage.as_deref();
        let id = match &request.version_id {
            Some(id) => Some(id.as_str()),
            None => secret.holder(stage.unwrap_or(CURRENT)),
        };
        let version = id.and_then(|id| secret.versions.get(id));
        let version = version.filter(|version| stage.is_none_or(|stage| version.stages.contains(stage)));
        let version = version.ok_or_else(|| {
            let stage = stage.unwrap_or(CURRENT);
            faults::not_found(&match &request.version_id {
                Some(id) => format!("secret value for VersionId: {id}"),
                None => format!("secret value for staging label: {stage}"),
            })
        })?;
        Ok(json!({
            "ARN": secret.arn(), "Name": secret.name, "VersionId": id, "VersionStages": version.stages,
            "SecretString": version.value.expose_secret(), "CreatedDate": seconds(version.created_ms),
        }))
    }

    pub(super) fn describe(&self, request: &wire::DescribeSecret) -> Result<Value, Fault> {
        let secrets = self.locked();
        let secret = found(&secrets, &request.secret_id)?;
        let staged = secret.versions.iter().filter(|(_, version)| !version.stages.is_empty());
        let stages: Map<String, Value> =
            staged.map(|(id, version)| (id.clone(), json!(version.stages))).collect();
        Ok(json!({
            "ARN": secret.arn(), "Name": secret.name, "VersionIdsToStages": stages,
            "CreatedDate": seconds(secret.created_ms),
        }))
    }

    fn locked(&self) -> MutexGuard<'_, Records<Secret>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The secret of a name or an ARN.
fn find<'a>(secrets: &'a Records<Secret>, id: &str) -> Option<&'a Secret> {
    secrets.rows().values().find(|secret| secret.name == id || secret.arn() == id)
}

fn found<'a>(secrets: &'a Records<Secret>, id: &str) -> Result<&'a Secret, Fault> {
    find(secrets, id).ok_or_else(|| faults::not_found("secret"))
}

/// Seconds with a fraction, as the JSON protocols tell instants.
fn seconds(ms: u64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "instants of this age have 41 bits")]
    let seconds = ms as f64 / 1000.0;
    seconds.into()
}
