//! What can go wrong with a call to IT Glue, by what the caller may do.

use shared_core::itglue::KeyFault;

use crate::autotask::address::BadAddress;

/// An error of one call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ItGlueError {
    /// The key is of no use. Try nothing more until a human changed the settings.
    #[error("{0}")]
    Key(KeyFault),
    /// IT Glue refused the request for good.
    #[error("IT Glue refused a request with status {status}: {said}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// IT Glue's words, truncated.
        said: String,
    },
    /// No usable answer after all tries. Resume later.
    #[error("IT Glue gave no usable answer in {n_attempts} tries (last: {last})")]
    Unavailable {
        /// Tries made.
        n_attempts: u32,
        /// What the last one gave.
        last: String,
        /// It was slow, cut off or unusable: a smaller page may come through.
        is_size_suspect: bool,
    },
    /// The limit of requests is used up, or our part of it. Come back after the time given.
    #[error("IT Glue's limit of requests leaves no room for now; next try in {} s", wait_ms.div_ceil(1_000))]
    Throttled {
        /// Milliseconds to wait.
        wait_ms: u64,
    },
    /// An address that the key must not be sent to.
    #[error(transparent)]
    Address(#[from] BadAddress),
}
