//! The simulator over its real socket: every refusal, both kinds of paging, the gates, writes and faults.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at its first surprise"
)]

mod client;
mod control;
mod faults;
mod gates;
mod paging;
mod queries;
mod refusals;
mod rights;
mod writes;
