//! Why a slice ended early.

use crate::autotask::CallError;
use crate::store::StoreError;

/// An error of the engine, by what the caller may do.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A call to Autotask failed; see [`CallError`] for what to do.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The store failed, or another worker took over.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A night before the first load: run the initial sync first.
    #[error("tenant {tenant} has no completed initial sync: run the initial sync first")]
    NoInitialSync {
        /// Which tenant.
        tenant: String,
    },
    /// The credentials belong to another Autotask database than the stored records.
    #[error(
        "tenant {tenant} holds records of Autotask database {stored}, but these credentials belong to {given}: use the former credentials, or another tenant"
    )]
    OtherDatabase {
        /// Which tenant.
        tenant: String,
        /// The database of the stored records.
        stored: String,
        /// The database of the credentials.
        given: String,
    },
    /// The stored user name and password are gone or damaged: they must be saved again.
    #[error(
        "the stored API user name and password cannot be read: enter and save them again in the settings"
    )]
    NoLogin,
    /// Impossible by design; the text says why it was thought so.
    #[error("internal error: {0}")]
    Bug(String),
}
