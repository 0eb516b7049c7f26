//! The IT Glue client: the only place that spells IT Glue's URLs and headers.
//!
//! Reads organizations and nothing else; it cannot write. Reading order: `client` (what can be asked), `listing` (a list
//! read page by page), `call` (one call with its retries), `error` (what the caller may do).

mod call;
mod client;
mod error;
mod listing;

pub use client::{ItGlueClient, ItGlueConfig, base_url};
pub use error::ItGlueError;
pub use listing::Listing;

#[cfg(test)]
mod tests;
