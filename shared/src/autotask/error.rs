//! What can go wrong with a call to Autotask, by what the caller may do.

use shared_core::login::{Failure, Observed};

use super::address::BadAddress;
use super::exchange;

/// An error of one call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The login was refused. Try nothing more until a human changed the settings: retries lock the API user.
    #[error("{0}")]
    Credentials(CredentialFault),
    /// The API user lacks a right on this endpoint. Leave the entity out and say so.
    #[error("the API user may not read {endpoint} ({said})")]
    Forbidden {
        /// Which endpoint.
        endpoint: String,
        /// Autotask's words.
        said: String,
    },
    /// Autotask refused the request for good.
    #[error("Autotask refused a request to {endpoint} with status {status}: {said}")]
    Refused {
        /// Which endpoint.
        endpoint: String,
        /// HTTP status.
        status: u16,
        /// Autotask's words, truncated.
        said: String,
    },
    /// No usable answer after all tries. Resume later.
    #[error("Autotask gave no usable answer from {endpoint} in {n_attempts} tries (last: {last})")]
    Unavailable {
        /// Which endpoint.
        endpoint: String,
        /// Tries made.
        n_attempts: u32,
        /// What the last one gave.
        last: String,
        /// It was slow, cut off or unusable: a smaller page may come through.
        is_size_suspect: bool,
    },
    /// The hourly limit is used up, or our share of it. Come back after the time given.
    #[error("Autotask's hourly request limit leaves no room for now; next try in {} s", wait_ms / 1_000)]
    Throttled {
        /// Milliseconds to wait.
        wait_ms: u64,
    },
    /// An address that credentials must not be sent to.
    #[error(transparent)]
    Address(#[from] BadAddress),
}

impl CallError {
    /// What this says of a login; `was_sent` when the credentials may have been on their way.
    #[must_use]
    pub fn observed(&self, was_sent: bool) -> Observed {
        match self {
            Self::Credentials(CredentialFault::UnknownUser) => Observed::NoZone,
            Self::Credentials(CredentialFault::LoginRefused) => Observed::Unauthorized,
            Self::Credentials(CredentialFault::IntegrationCode) => Observed::BadIntegrationCode,
            Self::Forbidden { said, .. } => Observed::Forbidden { said: said.clone() },
            Self::Refused { status, said, .. } => Observed::Refused { status: *status, said: said.clone() },
            Self::Throttled { wait_ms } => Observed::HourlyLimit { wait_ms: *wait_ms },
            Self::Unavailable { last, .. } => Observed::NoAnswer { failure: failure_of(last), was_sent },
            Self::Address(_) => Observed::AddressRefused,
        }
    }
}

fn failure_of(last: &str) -> Failure {
    match last {
        exchange::NO_CONNECTION => Failure::NoConnection,
        exchange::NO_TLS => Failure::NoTls,
        exchange::TIMED_OUT => Failure::TimedOut,
        exchange::BROKE_OFF => Failure::BrokeOff,
        _ => Failure::Unusable,
    }
}

/// Which part of the credentials was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialFault {
    /// No zone knows the user name.
    #[error("Autotask knows no zone for this API user name: check the user name (credentials)")]
    UnknownUser,
    /// User name, password or tracking identifier is wrong, or the user is locked or inactive.
    #[error(
        "Autotask refused the login (401): check API user name and password, and that the user is active and not locked"
    )]
    LoginRefused,
    /// Our tracking identifier was refused.
    #[error(
        "Autotask refused the tracking identifier: choose Lifecycle Insights as the API user's integration vendor"
    )]
    IntegrationCode,
}
