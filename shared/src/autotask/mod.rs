//! The Autotask client: the only place that spells URLs and headers.
//!
//! Reading order: [`address`] (where credentials may go), `client` (what can be asked), `resolve` (which zone), `call`
//! (one call with its retries), `throttle` (3 calls per endpoint), `pacer` (the hourly limit), `error` (what the caller
//! may do).

pub mod address;
mod call;
mod client;
mod error;
mod exchange;
mod pacer;
mod resolve;
mod throttle;
mod zone;

pub use client::{AutotaskClient, ClientConfig, Credentials};
pub use error::{CallError, CredentialFault};
pub use zone::Zone;
