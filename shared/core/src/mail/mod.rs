//! What is told by mail, and how it is made sure that it is told once.
//!
//! A [`Mail`] holds facts, never wording and never a secret: it is stored as an intent together with what it tells, and
//! put into words when it is sent. [`outbox`] decides what may happen to an intent; [`id`] names intents so that the
//! same event gives the same one; [`address`] says which recipients are usable. Never does I/O.

pub mod address;
pub mod digest;
pub mod id;
mod it_glue;
pub mod outbox;
mod write_back;

use serde::{Deserialize, Serialize};

pub use self::digest::Digest;
pub use self::id::{MailId, MailKind, mail_id};
pub use self::it_glue::ItGlueKeyRefused;
pub use self::outbox::Outbox;
pub use self::write_back::WriteBackStopped;
use crate::counts::Counts;
use crate::entity::Entity;
use crate::ledger::Note;
use crate::run::Kind;

/// One mail, by what it tells.
///
/// # Units
/// Instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mail {
    /// The first load is through.
    InitialComplete(InitialComplete),
    /// The first load broke off.
    InitialFailed(InitialFailed),
    /// Nights failed repeatedly.
    NightlyFailing(NightlyFailing),
    /// Autotask refused the login.
    CredentialsRefused(CredentialsRefused),
    /// It works again.
    Healed(Healed),
    /// The brake holds deletions back.
    Held(Held),
    /// Switched off after too many failed nights.
    Disabled(Disabled),
    /// A night found something that waits for a decision.
    Digest(Digest),
    /// A write-back stopped and needs a person.
    WriteBackStopped(WriteBackStopped),
    /// IT Glue refused the API key.
    ItGlueKeyRefused(ItGlueKeyRefused),
}

impl Mail {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> MailKind {
        match self {
            Self::InitialComplete(_) => MailKind::InitialComplete,
            Self::InitialFailed(_) => MailKind::InitialFailed,
            Self::NightlyFailing(_) => MailKind::NightlyFailing,
            Self::CredentialsRefused(_) => MailKind::CredentialsRefused,
            Self::Healed(_) => MailKind::Healed,
            Self::Held(_) => MailKind::Held,
            Self::Disabled(_) => MailKind::Disabled,
            Self::Digest(_) => MailKind::Digest,
            Self::WriteBackStopped(_) => MailKind::WriteBackStopped,
            Self::ItGlueKeyRefused(_) => MailKind::ItGlueKeyRefused,
        }
    }
}

/// Counters of one entity in the run that a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityCounts {
    /// Which entity.
    pub entity: Entity,
    /// What happened to its records.
    pub counts: Counts,
}

/// The first load is through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InitialComplete {
    /// The run.
    pub run_id: String,
    /// When it began.
    pub started_ms: u64,
    /// When it ended.
    pub ended_ms: u64,
    /// By entity, in the order to be shown.
    pub entities: Vec<EntityCounts>,
    /// Warnings and remarks of the run.
    pub notes: Vec<Note>,
    /// Companies that await a mapping decision.
    pub n_companies_to_map: u64,
    /// Asset types that await a mapping decision.
    pub n_asset_types_to_map: u64,
    /// When the first night is due.
    pub next_night_ms: Option<u64>,
}

/// The first load broke off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InitialFailed {
    /// The run.
    pub run_id: String,
    /// When it broke off.
    pub at_ms: u64,
    /// Why, in a sentence.
    pub why: String,
    /// Records that were stored before; none of them is read again.
    pub n_records_kept: u64,
    /// When it goes on by itself; none: it waits for an admin.
    pub next_try_ms: Option<u64>,
    /// What the admin can do about this very cause, in a sentence.
    pub advice: Option<String>,
}

/// Nights failed repeatedly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightlyFailing {
    /// The run that failed last.
    pub run_id: String,
    /// When the first of these nights failed.
    pub since_ms: u64,
    /// When that run failed.
    pub at_ms: u64,
    /// Failed nights in a row.
    pub n_nights: u32,
    /// When a sync last succeeded.
    pub last_success_ms: Option<u64>,
    /// Why the last one failed, in a sentence.
    pub why: String,
    /// When the next one is due.
    pub next_try_ms: Option<u64>,
    /// Failed nights after which the integration is switched off.
    pub n_nights_until_disabled: u32,
}

/// Autotask refused the login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialsRefused {
    /// The run that met the refusal.
    pub run_id: String,
    /// What that run was for.
    pub during: Kind,
    /// When the one login was tried.
    pub at_ms: u64,
    /// When a login last succeeded.
    pub last_success_ms: Option<u64>,
}

/// What was wrong before it worked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The login was refused.
    Credentials,
    /// Runs failed.
    Failures,
}

/// It works again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Healed {
    /// The run that succeeded.
    pub run_id: String,
    /// What had been wrong.
    pub trouble: Trouble,
    /// Since when it had been wrong.
    pub since_ms: u64,
    /// When the run succeeded.
    pub at_ms: u64,
    /// Nights that were missed or failed meanwhile.
    pub n_nights_missed: u32,
    /// What was caught up, by entity.
    pub entities: Vec<EntityCounts>,
}

/// Deletions of one entity that are held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HeldEntity {
    /// Which entity.
    pub entity: Entity,
    /// Records that Autotask shows no longer.
    pub n_missing: u64,
    /// Records that are live here.
    pub n_live: u64,
}

/// The brake holds deletions back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The run.
    pub run_id: String,
    /// When it ended.
    pub at_ms: u64,
    /// What is held.
    pub entities: Vec<HeldEntity>,
}

/// Switched off after too many failed nights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disabled {
    /// The run that failed last.
    pub run_id: String,
    /// When it was switched off.
    pub at_ms: u64,
    /// When the first of these nights failed.
    pub since_ms: u64,
    /// Failed nights in a row.
    pub n_nights: u32,
    /// Why the last one failed, in a sentence.
    pub why: String,
}
