//! The outside world of the Autotask integration.
//!
//! Reading order: [`config`], [`clock`], [`autotask`] and [`itglue`] (the vendors' wires), [`store`] (DynamoDB), [`engine`] (the sync
//! itself), [`probe`] (is a login good, and what may it do?), [`mail`], [`worker`]
//! (what a doorbell leads to), [`writeback`] (what one of write-back leads to), [`session`] and [`secrets`] (what may be touched for a tenant), [`directory`] and [`mappings`] (companies at a glance, what is shown), [`doorbell`], [`api`] (HTTP),
//! [`aws`] and [`lambda`] (from the environment to the first event), [`telemetry`].
//! Decisions are made in `shared_core`; nothing here decides what a record, an answer or a count means.

pub mod api;
pub mod autotask;
pub mod aws;
pub mod clock;
pub mod config;
pub mod directory;
pub mod doorbell;
pub mod engine;
pub mod itglue;
pub mod lambda;
pub mod mail;
pub mod mappings;
pub mod probe;
pub mod secrets;
pub mod session;
pub mod store;
pub mod telemetry;
pub mod worker;
pub mod writeback;
