//! The Autotask client: the only place that spells URLs and headers.
//!
//! Reading order: [`address`] (where credentials may go), `client` (what can be asked), `resolve` (which zone), `call`
//! (one call with its retries), `throttle` (3 calls per endpoint), `pacer` (the hourly limit), [`trust`] (whose certificates), `write` (the one change that
//! the product makes), `link` (pages for people), `error` (what
//! the caller may do).

pub mod address;
mod call;
mod client;
mod error;
pub(crate) mod exchange;
mod link;
mod pacer;
mod resolve;
mod throttle;
pub mod trust;
mod write;
mod zone;

pub use client::{AutotaskClient, ClientConfig, Credentials, Patience};
pub use error::{CallError, CredentialFault};
pub use link::asset_link;
pub use write::{NotSent, Patched};
pub use zone::Zone;

pub(crate) use call::secret_header;
