//! What can go wrong in the store, by what the caller may do.

use std::error::Error;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another worker holds a newer epoch. Stop at once; nothing was written.
    #[error("another worker took this work over; its epoch refuses our writes")]
    Fenced,
    /// The lease is held. Come back later.
    #[error("the lease of Autotask database {atdb} is held until {until_ms} (ms)")]
    LeaseHeld {
        /// Which database.
        atdb: String,
        /// When it ends at the latest, milliseconds of our clock.
        until_ms: u64,
    },
    /// A stored item is not what this version wrote. A human must look.
    #[error("stored item {key} cannot be read: {what}")]
    Damaged {
        /// Sort key of the item.
        key: String,
        /// What is wrong with it.
        what: String,
    },
    /// DynamoDB did not do it, after retries. Resume later.
    #[error("failed to {operation} in DynamoDB")]
    Call {
        /// What was tried.
        operation: &'static str,
        /// What the SDK says.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    /// Wraps an SDK error.
    pub(crate) fn call<E: Error + Send + Sync + 'static>(operation: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Call { operation, source: Box::new(source) }
    }

    /// An item that cannot be read.
    pub(crate) fn damaged(key: &str, what: impl std::fmt::Display) -> Self {
        Self::Damaged { key: key.to_owned(), what: what.to_string() }
    }
}
