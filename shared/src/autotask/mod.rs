//! The Autotask client: the only place that spells URLs and headers.
//!
//! Reading order: [`address`] (where credentials may go), `client` (what can be asked), `resolve` (which zone), `call`
//! (one call with its retries), `throttle` (3 calls per endpoint), `pacer` (the hourly limit), [`trust`] (whose certificates), `error` (what
//! the caller may do).

pub mod address;
mod call;
mod client;
mod error;
pub(crate) mod exchange;
mod pacer;
mod resolve;
mod throttle;
pub mod trust;
mod zone;

pub use client::{AutotaskClient, ClientConfig, Credentials, Patience};
pub use error::{CallError, CredentialFault};
pub use zone::Zone;

pub(crate) use call::secret_header;
