//! The outside world of the Autotask integration.
//!
//! Reading order: [`config`], [`clock`], [`autotask`] (the vendor's wire), [`store`] (DynamoDB), [`engine`] (the sync
//! itself), [`telemetry`].
//! Decisions are made in `shared_core`; nothing here decides what a record, an answer or a count means.

pub mod api;
pub mod autotask;
pub mod aws;
pub mod clock;
pub mod config;
pub mod doorbell;
pub mod engine;
pub mod secrets;
pub mod store;
pub mod telemetry;
