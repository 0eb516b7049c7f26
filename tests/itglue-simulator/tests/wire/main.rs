//! The simulator over its real socket: every refusal, paging, the limit, keys, faults and control.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at its first surprise"
)]

mod client;
mod control;
mod faults;
mod keys;
mod lists;
mod refusals;
