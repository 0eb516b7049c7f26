//! One secret: its versions, and which stage is attached to which.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use super::faults;
use super::wire::{NewValue, UpdateSecretVersionStage};
use crate::aws::fault::Fault;
use crate::aws::{ACCOUNT, REGION, ids};

pub(super) const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";
/// How long a version without a stage is kept. Secrets Manager promises no more.
const KEEP_UNSTAGED_MS: u64 = 24 * 60 * 60 * 1000;

/// A secret as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Secret {
    /// Under which it is kept; a name may hold more than a file's name can.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) created_ms: u64,
    pub(super) versions: BTreeMap<String, Version>,
}

/// One value of a secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Version {
    #[serde(serialize_with = "exposed")]
    pub(super) value: SecretString,
    pub(super) created_ms: u64,
    /// A stage is attached to one version at most.
    pub(super) stages: BTreeSet<String>,
}

impl Secret {
    /// A secret without a version.
    pub(super) fn new(name: &str, now_ms: u64) -> Self {
        let name = name.to_owned();
        Self { key: ids::uuid(), name, created_ms: now_ms, versions: BTreeMap::new() }
    }

    pub(super) fn arn(&self) -> String {
        let suffix = self.key.get(..6).unwrap_or(&self.key);
        format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{}-{suffix}", self.name)
    }

    /// The version that a stage is attached to.
    pub(super) fn holder(&self, stage: &str) -> Option<&str> {
        let mut versions = self.versions.iter();
        versions.find(|(_, version)| version.stages.contains(stage)).map(|(id, _)| id.as_str())
    }

    /// Adds a version; true when it was not there yet.
    ///
    /// # Errors
    /// Its id belongs to a version with another value.
    pub(super) fn add(&mut self, new: NewValue, stages: &[String], now_ms: u64) -> Result<bool, Fault> {
        if let Some(known) = self.versions.get(&new.version_id) {
            if known.value.expose_secret() == new.value.expose_secret() {
                return Ok(false);
            }
            return Err(faults::exists(
                "You can't use this ClientRequestToken because that value is already in use for a version of the secret.",
            ));
        }
        let is_first = self.versions.is_empty();
        let version = Version { value: new.value, created_ms: now_ms, stages: BTreeSet::new() };
        self.versions.insert(new.version_id.clone(), version);
        for stage in stages.iter().map(String::as_str).chain(is_first.then_some(CURRENT)) {
            self.attach(stage, &new.version_id);
        }
        self.prune(now_ms);
        Ok(true)
    }

    /// Moves, attaches or removes a stage.
    ///
    /// # Errors
    /// The request does not name the version that holds the stage, or a version that is not there.
    pub(super) fn update_stage(
        &mut self,
        request: &UpdateSecretVersionStage,
        now_ms: u64,
    ) -> Result<(), Fault> {
        let stage = request.version_stage.as_str();
        let (from, to) = (request.remove_from_version_id.as_deref(), request.move_to_version_id.as_deref());
        if [from, to].into_iter().flatten().any(|version| !self.versions.contains_key(version)) {
            return Err(faults::not_found("secret version"));
        }
        let holder = self.holder(stage);
        match (from, holder, to) {
            (Some(from), holder, _) if holder != Some(from) => {
                return Err(faults::invalid(format!(
                    "Staging label {stage} is not attached to the version in RemoveFromVersionId."
                )));
            }
            (None, _, None) => {
                return Err(faults::invalid("You must provide MoveToVersionId or RemoveFromVersionId."));
            }
            (None, Some(holder), Some(to)) if holder != to => {
                return Err(faults::invalid(format!(
                    "The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to \
                     version {holder}, so you must explicitly reference that version in RemoveFromVersionId."
                )));
            }
            (Some(_), _, None) if stage == CURRENT => {
                return Err(faults::invalid(format!(
                    "You can't remove {CURRENT} without moving it to another version."
                )));
            }
            (Some(_), _, None) => self.detach(stage),
            (_, _, Some(to)) => self.attach(stage, to),
        }
        self.prune(now_ms);
        Ok(())
    }

    /// Attaches a stage; the version that was current becomes the previous one.
    fn attach(&mut self, stage: &str, to: &str) {
        let former = self.holder(stage).filter(|former| *former != to).map(str::to_owned);
        self.detach(stage);
        if let Some(version) = self.versions.get_mut(to) {
            version.stages.insert(stage.to_owned());
        }
        if let Some(former) = former.filter(|_| stage == CURRENT) {
            self.attach(PREVIOUS, &former);
        }
    }

    fn detach(&mut self, stage: &str) {
        for version in self.versions.values_mut() {
            version.stages.remove(stage);
        }
    }

    fn prune(&mut self, now_ms: u64) {
        self.versions.retain(|_, version| {
            !version.stages.is_empty() || version.created_ms.saturating_add(KEEP_UNSTAGED_MS) > now_ms
        });
    }
}

/// The one place where a value is written: into its file, which only the owner may read.
fn exposed<S: Serializer>(value: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.expose_secret())
}
